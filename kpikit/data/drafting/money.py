"""Amounts: computed from price and quantity where a line has no total; and the currency."""

from __future__ import annotations

import re
from collections import Counter

from kpikit.data.drafting.contents import squash
from kpikit.data.drafting.names_shared import CODES
from kpikit.data.drafting.roles import Entry
from kpikit.data.drafting.sheets import Line, Sheet

__all__ = ["add_amounts", "currency_of", "operand"]

_PRICES = (
    *(
        "unitprice",
        "salesprice",
        "price",
        "hargasatuan",
        "harga",
        "hargajual",
        "unitsellingprice",
        "sellingprice",
    ),
    *("hargaperunit", "itemprice", "hargabarang"),
)
_SHARES = (
    "discount",
    "diskon",
    "discountrate",
    "discountpercent",
    "discountpct",
    "unitpricediscount",
    "persendiskon",
    "disc",
)
_CODES = re.compile(rf"(?<![A-Z])({CODES})(?![A-Z])")
_BESIDE = {
    "Rp": "IDR",
    "Rp.": "IDR",
    "IDR": "IDR",
    "USD": "USD",
    "EUR": "EUR",
    "€": "EUR",
    "£": "GBP",
    "US$": "USD",
    "S$": "SGD",
}
_COUNTS, _MOST_PIECES = ("jumlah", "jml", "total", "count", "pcs"), 10_000
_TRIED = 2000  # rows on which a total is checked


def operand(header: str) -> str | None:
    """Write a column as an operand of `compute`: in brackets where its name is no word; None if it cannot be.

    Examples
    --------
    >>> from kpikit.data.drafting.money import operand
    >>> operand("Quantity"), operand("Unit Price")
    ('Quantity', '[Unit Price]')
    """
    if re.fullmatch(r"[A-Za-z_]\w*", header, re.ASCII):
        return header
    return None if any(sign in header for sign in "[]\r\n") or not header.isprintable() else f"[{header}]"


def _numbers(sheet: Sheet, header: str) -> list[float | None]:
    numbers = sheet.contents[header].numbers
    found: list[float | None] = []
    for text in sheet.start.columns[header][:_TRIED]:
        plain = text.replace(numbers.thousands, "") if numbers.thousands else text
        try:
            found.append(float(plain.replace(numbers.decimal, ".")))
        except ValueError:
            found.append(None)
    return found


def _find(sheet: Sheet, names: tuple[str, ...]) -> str | None:
    fits = [sheet.squashed[one] for one in names if one in sheet.squashed]
    return next((one for one in fits if sheet.contents[one].numbers.share > 0.9), None)


def add_amounts(entry: Entry) -> None:
    """Compute amount and discount of order lines from price, quantity and the share of discount."""
    price = _find(entry.sheet, _PRICES)
    _rename_quantity(entry, price)
    quantity = entry.lines.get("quantity")
    if entry.table != "orders" or quantity is None or quantity.how != "columns" or price is None:
        return
    share = _find(entry.sheet, _SHARES)
    parts = [operand(one) for one in (price, quantity.source, share) if one is not None]
    if None in parts:
        return
    gross, off, unsure = f"{parts[0]} * {parts[1]}", "", ""
    if share is not None:
        off, unsure = _off(entry.sheet, share, str(parts[2]))
    total = f"{gross} * (1 - {off})" if off else f"{gross}{unsure and f' - {parts[2]}'}"
    line = entry.lines.get("amount")
    if line is not None and line.source not in (price, share):
        holds = _holds(entry.sheet, line.source, price, quantity.source)
        if holds > 0.9:
            line.why += f"; price × quantity in {holds:.0%} of rows"
    elif share is None or off:
        entry.lines["amount"] = Line(
            "amount", total, "likely", f"price, quantity{off and ' and share of discount'}", how="compute"
        )
    else:
        entry.lines["amount"] = Line(
            "amount", total, "guess", "price, quantity and discount", unsure, how="compute"
        )
    if off:
        entry.lines["discount"] = Line(
            "discount", f"{gross} * {off}", "likely", f"{share} is a share, not an amount", how="compute"
        )
    elif share is not None and "discount" in entry.lines and unsure:
        entry.lines["discount"].question = "the total of the line, or of one unit?"


def _rename_quantity(entry: Entry, price: str | None) -> None:
    """Take a weak name (Jumlah) for the quantity, where small whole numbers stand beside a price."""
    line = entry.lines.get("amount")
    if price is None or line is None or "quantity" in entry.lines or line.how != "columns":
        return
    if line.source == price or squash(line.source) not in _COUNTS:
        return
    counts = [one for one in _numbers(entry.sheet, line.source) if one is not None]
    prices = [one for one in _numbers(entry.sheet, price) if one is not None]
    if not counts or not prices or not all(one.is_integer() and 0 <= one <= _MOST_PIECES for one in counts):
        return
    if sum(counts) / len(counts) < sum(prices) / len(prices):
        why = f"small whole numbers beside {price}"
        entry.lines["quantity"] = Line("quantity", line.source, "likely", why)
        del entry.lines["amount"]


def _off(sheet: Sheet, share: str, part: str) -> tuple[str, str]:
    """Say how a discount is taken off: as a share, as a percentage; or what is not sure."""
    numbers = sheet.contents[share].numbers
    if numbers.low >= 0 and numbers.high <= 1:
        is_told = any(
            0 < float(one.replace(",", ".")) < 1 for one in sheet.contents[share].counts if _is_plain(one)
        )
        return (part, "") if is_told else ("", "the discount is 0 or 1 throughout: a share, or an amount?")
    if (
        numbers.low >= 0
        and numbers.high <= 100
        and any(one in share.lower() for one in ("%", "percent", "pct", "persen"))
    ):
        return f"{part} / 100", ""
    return "", "is the discount an amount of the whole line, of one unit, or a percentage?"


def _is_plain(text: str) -> bool:
    return re.fullmatch(r"\d*[.,]?\d+", text) is not None


def _holds(sheet: Sheet, total: str, price: str, quantity: str) -> float:
    rows = zip(*(_numbers(sheet, one) for one in (total, price, quantity)), strict=True)
    known = [row for row in rows if None not in row]
    return sum(abs(t - p * q) <= max(0.01, abs(t) * 0.01) for t, p, q in known) / len(known) if known else 0.0


def currency_of(entries: list[Entry]) -> tuple[str, str, str]:
    """Give the currency of the files' amounts, what tells it, and a question where it is not told.

    A column of currencies tells it where it holds one alone; so does a code in the header of an amount, and
    a sign beside the numbers.
    """
    found: Counter[str] = Counter()
    why = ""
    for entry in entries:
        for name in (
            "currency",
            "currencyisocode",
            "currencycode",
            "matauang",
            "currencyofvalue",
            "dealcurrencyofvalue",
        ):
            header = entry.sheet.squashed.get(name)
            if header is None or not entry.table:
                continue
            codes = [one for one in entry.sheet.contents[header].counts if re.fullmatch("[A-Z]{3}", one)]
            if len(codes) > 1:
                return (
                    "",
                    "",
                    f"'{header}' of {entry.sheet.name} holds {', '.join(codes[:5])}: keep one currency",
                )
            if codes:
                found[codes[0]] += 1
                why = f"{header} of {entry.sheet.name} holds {codes[0]} alone"
        line = entry.lines.get("amount")
        for header in [line.source] if line is not None and line.source in entry.sheet.contents else []:
            codes = _CODES.findall(header.upper()) if squash(header) else []
            signs = [one.strip("()[]. ") for one in header.split()[1:]]
            codes += [_BESIDE[one] for one in signs if one in _BESIDE and not codes]
            beside = entry.sheet.contents[header].numbers.sign
            if codes or beside in _BESIDE:
                code = codes[0] if codes else _BESIDE[beside]
                found[code] += 1
                why = f"header '{header}'" if codes else f"{beside} beside the amounts"
    if len(found) == 1:
        return next(iter(found)), why, ""
    return (
        "",
        "",
        "which currency?" if not found else f"which currency? The files name {', '.join(sorted(found))}",
    )
