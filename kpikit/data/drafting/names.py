"""Names of the contract's tables and columns in the files of companies, in English and in Indonesian.

The better known a name, the earlier it stands. Names after a bar (|) are weak: they can mean something else.
"""

from __future__ import annotations

import re
from functools import cache

from kpikit.data.drafting.contents import squash
from kpikit.data.drafting.names_facts import FACTS
from kpikit.data.drafting.names_people import PEOPLE
from kpikit.data.drafting.names_shared import CODES

__all__ = ["ENTITIES", "entities_of", "known_names", "strength"]

_NAMES = FACTS | PEOPLE
_MONEY = ("amount", "cost", "discount", "value")
_CURRENCY = re.compile(rf"\s*(?:[(\[]\s*|\b(?:in|dalam)\s+|\s)(?:{CODES}|Rp\.?|(?:US|S)?\$|€|£)\s*[)\]]?\s*$")

_ENTITIES = {
    "lines": """order detail; order details; order item; order items; orderitem; line item; line items;
        order line; order lines; detail pesanan; rincian; detail order; sales order detail; detail
        transaksi""",
    "orders": """sales order header; order; orders; sales order; sales orders; pesanan; penjualan;
        transaksi; transaction; transactions; invoice; invoices; faktur; sales data; sales""",
    "deal_stages": """opportunity history; deal stages; deal stage; stage history; deal history; riwayat
        tahap; riwayat peluang; stage changes; opportunity stage history""",
    "deals": """deal; deals; opportunity; opportunities; sales pipeline; pipeline; peluang; prospek;
        leads; kesepakatan; lead""",
    "conversations": """conversation; conversations; chat; chats; ticket; tickets; percakapan; tiket; case""",
    "quotas": "quota; quotas; target; targets; kuota; quota history; sales person quota history",
    "reps": """rep; reps; user; users; owner; owners; employee; employees; sales person; salesperson;
        sales team; sales teams; sales rep; sales reps; staff; agents; karyawan; tenaga penjual; tim
        sales; salespeople; pegawai; anggota""",
    "contacts": "contact; contacts; people; person; persons; kontak; orang",
    "customers": """customer; customers; account; accounts; company; companies; organization;
        organizations; client; clients; pelanggan; konsumen; klien; perusahaan""",
    "costs": "cost; costs; spend; ad spend; biaya; marketing spend; expenses; pengeluaran",
    "credits": "credit; credits; splits; opportunity split; kredit; pembagian",
    "product": "product; products; produk; item; items; barang; sku; product2",
    "product_line": """category; categories; kategori; product category; family; product line; lini produk""",
    "region": "territory; territories; region; regions; sales territory; wilayah; area; areas; cabang",
    "team": "team; teams; tim",
    "channel": "channel; channels; saluran; kanal; sources",
}
ENTITIES = {
    entity: tuple(" ".join(one.split()) for one in names.split(";")) for entity, names in _ENTITIES.items()
}
"""What a file may hold rows of, and its names. Some are tables of the contract, some only joined to these."""

_WORDS = {entity: {squash(name) for name in names} for entity, names in ENTITIES.items()}
_OWN = {
    "deals": {"deals", "deal_stages"},
    "orders": {"orders", "lines"},
}


@cache
def known_names(table: str, column: str) -> dict[str, int]:
    """Give the names of a column, squashed, to how well they fit: up to 100 weak, above that strong."""
    strong, _, weak = _NAMES[table][column].partition("|")
    found = {squash(column): 201}
    for top, names in ((200, strong), (100, weak)):
        for place, name in enumerate(one for one in names.split(";") if one.strip()):
            found.setdefault(squash(name), top - place)
    return found


def strength(table: str, column: str, header: str) -> int:
    """Say how well a header fits a column of the contract: above 100 strong, above 0 weak, 0 not at all.

    Words of the table itself before the name (`Deal - Value`) are overlooked, and behind the name of an
    amount the currency (`Net Sales (USD)`).

    Examples
    --------
    >>> from kpikit.data.drafting.names import strength
    >>> strength("orders", "amount", "Net Sales (USD)") > 100, strength("orders", "rep_id", "Rep (USD)")
    (True, False)
    >>> strength("deals", "amount", "Deal - Value") > 100, strength("deals", "amount", "Website")
    (True, False)
    """
    names = known_names(table, column)
    text = squash(_CURRENCY.sub("", header) if column in _MONEY else header)
    best = names.get(text, 0)
    for entity in _OWN.get(table, {table}):
        for word in _WORDS[entity]:
            rest = text
            while rest.startswith(word) and len(rest) > len(word):
                rest = rest.removeprefix(word)
                best = max(best, names.get(rest, 0) - 1)
    return max(0, best) or False


def entities_of(stem: str) -> list[str]:
    """Say what a file may hold rows of, by the words of its name; the longest name that fits comes first.

    Examples
    --------
    >>> from kpikit.data.drafting.names import entities_of
    >>> entities_of("ms_order_details")[0], entities_of("SalesTerritory")[0]
    ('lines', 'region')
    """
    text = squash(stem)
    found = []
    for entity, words in _WORDS.items():
        fits = [word for word in words if (word in text and len(word) > 3) or word == text]
        if fits:
            word = max(fits, key=len)
            # The last word says what a file holds: a product category is a category.
            found.append((text.endswith(word), len(word), text.rfind(word), entity))
    return [entity for *_, entity in sorted(found, reverse=True)]
