"""A small company, made anew for each CRM, whose records the tests write below the headers of exports.

Seeded and believable, with the dirt of real exports: open deals without amounts, customers without a date,
texts with quotes, commas and lines, many alphabets.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

FIRST = [
    "Ayu",
    "Budi",
    "Citra",
    "Dewi",
    "Eko",
    "Fajar",
    "Gita",
    "Hadi",
    "Intan",
    "Joko",
    "María",
    "Søren",
    "Wei",
    "Olga",
]
LAST = [
    "Wijaya",
    "Santoso",
    "O'Neill",
    "Müller",
    "Halim",
    "Putri",
    "Siregar",
    "Nguyễn",
    "Smith",
    "Lubis",
    "Pratama",
]
PLACES = [
    ("Denpasar", "Bali", "Indonesia"),
    ("Jakarta", "DKI Jakarta", "Indonesia"),
    ("Juneau", "Alaska", "United States"),
    ("Lyon", "Rhône", "France"),
    ("Perth", "Western Australia", "Australia"),
]
INDUSTRIES = ["Retail", "Hospitality", "Manufacturing", "Technology", "Education"]
PRODUCTS = [
    ("GTX Pro", "GTX", 4821.0),
    ("GTX Basic", "GTX", 550.0),
    ("MG Special", "MG", 55.5),
    ("MG Advanced", "MG", 3393.0),
    ("Toko Kopi", "Coffee", 12.25),
]
CHANNELS = ["Web", "Phone Inquiry", "Partner Referral", "WhatsApp", "Trade Show"]
TALKS = ["whatsapp", "facebook", "instagram", "web chat", "email"]
OPEN = ["Prospecting", "Qualification", "Proposal", "Negotiation"]


class Stamp:
    """How a CRM writes moments, days and ids."""

    def __init__(self, vendor: str) -> None:
        self.vendor = vendor

    def moment(self, at: datetime | None) -> str:
        if at is None:
            return ""
        if self.vendor in ("salesforce", "sleekflow"):
            return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        return at.strftime("%Y-%m-%d %H:%M" if self.vendor == "hubspot" else "%Y-%m-%d %H:%M:%S")

    def id(self, prefix: str, number: int) -> str:
        if self.vendor == "salesforce":
            return f"{prefix}5g00000{number:04d}AbQAI"
        if self.vendor == "sleekflow":
            return f"{number * 7919 % 16**8:08x}-{prefix}-4c1e-9d3a-{number:012x}"
        return str(
            (30_000_000 if self.vendor == "hubspot" else 100) + number * 7 + sum(map(ord, prefix)) * 10_000
        )


def thing(**values: Any) -> SimpleNamespace:
    return SimpleNamespace(**values)


def make(vendor: str, seed: int = 11) -> dict[str, list[SimpleNamespace]]:
    """Make the records of a company, as this CRM writes them."""
    dice, write = random.Random(seed), Stamp(vendor)
    start = datetime(2023, 1, 2, 8, 30)

    def moment(low: int = 0, high: int = 900) -> datetime:
        return start + timedelta(days=dice.randrange(low, high), minutes=dice.randrange(0, 600))

    teams = [thing(id=write.id("0tm", n), name=name) for n, name in enumerate(["North", "South", "Online"])]
    owners: list[SimpleNamespace] = []
    for n in range(12):
        first, last = FIRST[n], LAST[n % len(LAST)]
        city, _, country = PLACES[n % 4]
        team = teams[n % 3]
        owners.append(
            thing(
                id=write.id("005", n),
                number=str(n + 1),
                first=first,
                last=last,
                name=f"{first} {last}",
                city=city,
                country=country,
                email=f"{first}.{last}@acme.example".lower(),
                alias=f"{first[:1]}{last[:4]}",
                team=team.name,
                team_id=team.id,
                role="Sales Manager" if n < 3 else "Account Executive",
                created=write.moment(moment(0, 30)),
                modified=write.moment(moment(700)),
                manager=owners[n % 3] if n > 2 else thing(id=""),
            )
        )
    companies = []
    for n in range(150):
        city, state, country = dice.choice(PLACES)
        made = moment(0, 600)
        companies.append(
            thing(
                id=write.id("001", n),
                name=f"{dice.choice(LAST)} & {dice.choice(FIRST)} {n} Ltd",
                city=city,
                state=state,
                country=country,
                industry=dice.choice(INDUSTRIES),
                owner=dice.choice(owners),
                created=write.moment(made),
                modified=write.moment(moment(700)),
                channel=dice.choice(CHANNELS),
                acquired=write.moment(made + timedelta(days=40)) if n % 4 else "",
            )
        )
    contacts = []
    for n in range(220):
        first, last, firm = dice.choice(FIRST), dice.choice(LAST), dice.choice(companies)
        contacts.append(
            thing(
                id=write.id("003", n),
                first=first,
                last=last,
                name=f"{first} {last}",
                email=f"c{n}@firm.example",
                company=firm,
                owner=dice.choice(owners),
                created=write.moment(moment(0, 600)),
                modified=write.moment(moment(700)),
            )
        )
    products = [
        thing(
            id=write.id("01t", n),
            name=name,
            line=line,
            price=f"{price:.2f}",
            code=f"P-{n:03d}",
            unit=price,
            created=write.moment(start),
        )
        for n, (name, line, price) in enumerate(PRODUCTS)
    ]
    deals, stages = [], []
    for n in range(600):
        firm, owner, made = dice.choice(companies), dice.choice(owners), moment(0, 800)
        end = made + timedelta(days=dice.randrange(5, 120), minutes=dice.randrange(500))
        what = dice.choices(["won", "lost", "open"], [5, 4, 3])[0]
        stage = {"won": "Closed Won", "lost": "Closed Lost"}.get(what) or dice.choice(OPEN)
        value = round(dice.uniform(200, 90_000), 2)
        deal = thing(
            id=write.id("006", n),
            title=f"{firm.name} - order {n}",
            company=firm,
            owner=owner,
            stage=stage,
            amount="" if what == "open" and n % 5 == 0 else f"{value:.2f}",
            created=write.moment(made),
            close_day=end.strftime("%Y-%m-%d"),
            close_moment=write.moment(end),
            modified=write.moment(end),
            modified_day=end.strftime("%Y-%m-%d"),
            kind=dice.choice(["New Business", "Existing Business"]),
            channel=dice.choice(CHANNELS),
            is_closed=str(what != "open").lower(),
            is_won=str(what == "won").lower(),
            is_closed_number=str(int(what != "open")),
            probability=str({"won": 100, "lost": 0, "open": 40}[what]),
            forecast=dice.choice(["Pipeline", "Best Case", "Closed"]),
            expected_revenue=f"{value * 0.4:.2f}",
            contact=dice.choice(contacts),
            status=what.title(),
            won_at=write.moment(end) if what == "won" else "",
            lost_at=write.moment(end) if what == "lost" else "",
            closed_at="" if what == "open" else write.moment(end),
        )
        deals.append(deal)
        steps = OPEN[: dice.randrange(1, 5)] + ([stage] if what != "open" else [])
        for step, name in enumerate(steps):
            entered = write.moment(made + timedelta(days=step))
            stages.append(thing(id=write.id("008", len(stages)), deal=deal, stage=name, entered=entered))
    deal_lines, orders, lines = [], [], []
    for n in range(500):
        firm, made, deal = dice.choice(companies), moment(0, 800), dice.choice(deals)
        order = thing(
            id=write.id("801", n),
            owner=dice.choice(owners),
            company=firm,
            day=made.strftime("%Y-%m-%d"),
            number=f"{n:08d}",
            created=write.moment(made),
            total="0",
        )
        orders.append(order)
        for _ in range(dice.randrange(1, 4)):
            product, count = dice.choice(products), dice.randrange(1, 20)
            price = product.unit * dice.choice([1, 0.9])
            row = {
                "product": product,
                "quantity": f"{count}.00",
                "price": f"{price:.2f}",
                "created": order.created,
                "total": f"{float(f'{price:.2f}') * count:.2f}",
            }
            lines.append(thing(id=write.id("802", len(lines)), order=order, **row))
            deal_lines.append(thing(id=write.id("00k", len(deal_lines)), deal=deal, **row))
    conversations, messages = [], []
    for n in range(400):
        person, made = dice.choice(contacts), moment(0, 850)
        reply = made + timedelta(minutes=dice.randrange(1, 900)) if n % 7 else None
        talk = thing(
            id=write.id("500", n),
            contact=person,
            company=person.company,
            owner=dice.choice(owners),
            channel=dice.choice(TALKS),
            status=dice.choice(["open", "pending", "closed"]),
            started=write.moment(made),
            replied=write.moment(reply),
            ended=write.moment(made + timedelta(hours=dice.randrange(20, 90))),
            subject=f"Question {n}",
        )
        conversations.append(talk)
        messages.append(thing(id=write.id("msg", n), conversation=talk, created=talk.started))
    activities = [
        thing(
            id=write.id("00T", n),
            contact=dice.choice(contacts),
            deal=dice.choice(deals),
            owner=dice.choice(owners),
            company=dice.choice(companies),
            subject=f"Call {n}",
            kind=dice.choice(["Call", "Email", "Task"]),
            day=moment().strftime("%Y-%m-%d"),
            created=write.moment(moment()),
        )
        for n in range(300)
    ]
    return {
        "teams": teams,
        "owners": owners,
        "companies": companies,
        "contacts": contacts,
        "products": products,
        "deals": deals,
        "stages": stages,
        "deal_lines": deal_lines,
        "orders": orders,
        "lines": lines,
        "conversations": conversations,
        "messages": messages,
        "activities": activities,
    }


CHOICES = {
    "yes_no": ["true", "false"],
    "customer_type": ["Customer", "Prospect", "Partner"],
    "ownership": ["Public", "Private"],
    "rating": ["Hot", "Warm", "Cold"],
    "salutation": ["Mr.", "Ms.", "Dr."],
    "job": ["Buyer", "CEO", "CTO"],
    "department": ["IT", "Finance"],
    "source": CHANNELS,
    "pipeline": ["Sales Pipeline"],
    "priority": ["High", "Medium", "Low"],
    "lost_reason": ["Price", "", "No budget", ""],
    "lifecycle": ["Lead", "Customer", "Opportunity"],
    "marketing": ["Marketing contact", "Non-marketing contact"],
    "label": ["Hot", "Cold", ""],
    "zone": ["Asia/Jakarta"],
    "order_status": ["Draft", "Activated"],
    "task_status": ["Completed", "Not Started"],
    "direction": ["inbound", "outbound"],
    "quarter": ["1", "2", "3", "4"],
    "year": ["2023", "2024", "2025"],
    "fiscal": ["2023 1", "2024 3"],
    "no": ["false"],
    "yes": ["true"],
    "empty": [""],
    "same_word": ["Acme"],
    "same_id": ["01s5g000004AbQAI"],
    "currency": ["USD"],
    "zero": ["0"],
}


def filler(kind: str, number: int, dice: random.Random) -> str:
    """Make a value of a column that the contract does not know."""
    if kind in CHOICES:
        return dice.choice(CHOICES[kind])
    return {
        "words": lambda: dice.choice(
            ["", 'call back, then "close"', "Rapat: bahas harga; kirim\npenawaran", "long " * 40]
        ),
        "count": lambda: str(dice.randrange(1, 40)),
        "street": lambda: f"Jl. Raya {number}",
        "serial": lambda: f"{number:08d}",
        "postcode": lambda: str(dice.randrange(10_000, 99_999)),
        "phone": lambda: f"+62 812 {dice.randrange(10**6, 10**7)}",
        "number_code": lambda: f"CD{number:05d}",
        "url": lambda: f"firm{number}.example",
        "big": lambda: str(number * 1000),
        "role_id": lambda: str(dice.randrange(1, 4)),
    }[kind]()


def value(row: SimpleNamespace, path: str, number: int, dice: random.Random) -> str:
    """Follow a path from a record, or make a filler."""
    if path.startswith("~"):
        return filler(path[1:], number, dice)
    found: Any = row
    for part in path.split("."):
        found = getattr(found, part)
    return found


def write_file(
    path: Path, headers: Iterable[str], paths: Iterable[str], rows: list[SimpleNamespace], **manner: Any
) -> None:
    """Write records below headers as a CSV file."""
    dice = random.Random(5)
    made = [[value(row, one, number, dice) for one in paths] for number, row in enumerate(rows)]
    with path.open("w", encoding=manner.pop("encoding", "utf-8"), newline="") as opened:
        writer = csv.writer(opened, **manner)
        writer.writerow(headers)
        writer.writerows(made)
