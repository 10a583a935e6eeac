"""Names of the contract's tables and columns in the files of companies, in English and in Indonesian.

The better known a name, the earlier it stands. Names after a bar (|) are weak: they can mean something else too.
"""

from __future__ import annotations

from functools import cache

from kpikit.data.contract import TABLES
from kpikit.data.drafting.contents import squash

__all__ = ["ENTITIES", "entities_of", "known_names", "strength"]

_REP = """sales rep id; rep id; salesperson id; sales person id; sales rep; sales representative; rep; salesperson;
    sales person; sales agent; owner id; owner; deal owner; opportunity owner; ticket owner; assigned to; assignee;
    seller; seller id; salesman; id sales; kode sales; nama sales; sales; penjual; tenaga penjual; wiraniaga; nama rep;
    id penjual; agent id; agent; assigned to user; pramuniaga | employee id; employee; user id; user; staff id; staff;
    karyawan; id karyawan; account owner; assigned user; account manager; contact owner; petugas; pegawai"""
_CUSTOMER = """customer id; customer no; customer number; cust id; customer code; client id; account id; customer;
    client; account; company id; associated company ids primary; organization; organization id; organisation; id pelanggan;
    kode pelanggan; no pelanggan; nomor pelanggan; pelanggan; customer name; account name; client name; nama pelanggan;
    contact id; associated company ids; associated company; company | contact; company name; buyer; store id; konsumen;
    buyer id; contact person; sold to; bill to; nama konsumen; id konsumen; klien; pembeli; nama perusahaan; nama toko"""
_REGION = """region; sales region; regional office; territory; wilayah; area; daerah; region name; nama wilayah | province;
    provinsi; state; state province; country; country region; negara; ship country; ship region; billing country;
    billing state; city; kota; kabupaten; location; office location; lokasi; cabang; branch; country of address;
    cakupan wilayah; shipping country"""
_CHANNEL = """channel; sales channel; saluran; kanal; source channel; saluran penjualan; kanal penjualan; marketplace |
    lead source; original traffic source; original source; source; account source; sumber; order channel; medium"""
_LINE = """product line; product family; product category; line of product; lini produk; kategori produk | category;
    kategori; family; series; category name; product group; kelompok produk; product type; jenis produk"""
_NAME = """name; full name; nama; nama lengkap; display name; {0} name; nama {1}"""

_NAMES: dict[str, dict[str, str]] = {
    "orders": {
        "order_id": """order id; order no; order number; sales order id; order; transaction id; invoice no; invoice id;
            no pesanan; nomor pesanan; id pesanan; kode pesanan; no order; nomor order; no faktur; nomor faktur; no invoice;
            nomor invoice; id transaksi; no transaksi; nomor transaksi; kode transaksi; sales order; so number; so no;
            invoice number; receipt no | document no; pesanan; faktur; invoice; transaction; no nota; nota; reference""",
        "line_id": """line id; order line id; order item id; line no; line number; item no; order item number;
            sales order detail id; no baris; nomor baris; row id; baris | order detail id; line""",
        "order_date": """order date; date of order; sales date; transaction date; invoice date; purchase date; tanggal pesanan;
            tanggal pesan; tgl pesanan; tgl pesan; tanggal order; tgl order; tanggal transaksi; tgl transaksi; tanggal faktur;
            tgl faktur; tanggal penjualan; tgl penjualan; tanggal invoice; effective date; ordered at; ordered on;
            order created | date; tanggal; tgl; created at; created date; order time; waktu pesanan; placed at""",
        "customer_id": _CUSTOMER,
        "amount": """amount; net amount; line amount; line total; net sales; subtotal; sub total; total price; net price;
            net revenue; sales amount; extended price; order amount; jumlah bersih; nilai penjualan; total penjualan;
            nilai transaksi; penjualan bersih; nilai pesanan; total harga; harga total; jumlah harga | revenue; sales;
            value; order value; total; total amount; nilai; jumlah; jumlah bayar; total bayar; total due; grand total;
            nominal; omzet; omset; pendapatan; gross amount; total sales""",
        "rep_id": _REP,
        "quantity": """quantity; qty; units; order quantity; order qty; kuantitas; jumlah barang; jumlah unit; jumlah pesanan;
            qty terjual; units sold; kuantitas barang | count; pcs; banyaknya; jumlah item; jml""",
        "cost": """cost; cost of goods; cogs; cost of goods sold; total cost; line cost; hpp; harga pokok; harga pokok penjualan;
            biaya pokok; modal; cost amount | biaya; standard cost""",
        "discount": """discount amount; total discount; line discount; jumlah diskon; nilai diskon; jumlah potongan;
            nilai potongan; total diskon; potongan harga; potongan | discount; diskon; rabat; rebate""",
        "product": """product; product name; item; item name; nama produk; nama barang; produk; barang; product id; sku;
            kode produk; kode barang; product code; item code; article; model | description; item description; title""",
        "product_line": _LINE,
        "region": _REGION,
        "channel": _CHANNEL,
        "currency": "currency; currency code; currency iso code; mata uang; kode mata uang | curr; valuta",
        "refund_of": """refund of; original order id; refunded order; return of; refund for; retur dari; pesanan asal |
            original order""",
    },
    "deals": {
        "deal_id": """deal id; opportunity id; deal; opportunity; lead id; record id; id peluang; no peluang; kode peluang;
            id deal; id kesepakatan; id prospek; nomor peluang; kode prospek | id; no; nomor; deal no""",
        "stage": """stage; deal stage; stage name; opportunity stage; sales stage; pipeline stage; tahap; tahapan;
            tahap penjualan; nama tahap; tahap peluang; tahap prospek | stage id; status; fase""",
        "outcome": """outcome; deal outcome; result; hasil; hasil akhir; won lost; win loss; deal status; status deal;
            opportunity status | status; stage; deal stage; stage name; opportunity stage; sales stage; tahap; tahapan;
            tahap penjualan; tahap peluang; pipeline stage; state""",
        "created_on": """created on; create date; created date; date created; created at; deal created; creation date; add time;
            engage date; opened on; open date; tanggal dibuat; tgl dibuat; tanggal pembuatan; tanggal masuk; tanggal mulai;
            tgl masuk; created; opportunity created date | start date; date; tanggal; tgl; entered on; lead date""",
        "closed_on": """closed on; close date; closed date; deal closed on; closing date; date closed; actual close date;
            closed at; close time; tanggal tutup; tgl tutup; tanggal penutupan; tanggal closing; tgl closing;
            tanggal selesai; tanggal ditutup; tgl selesai | end date; won time; decision date; won date; tanggal deal""",
        "expected_close_on": """expected close date; expected close on; expected closing; estimated close date; forecast close date;
            target close date; perkiraan tanggal tutup; perkiraan tutup; estimasi tutup; estimasi closing; perkiraan closing;
            target closing; tanggal perkiraan tutup | close date; closing date; target date; due date""",
        "amount": """amount; deal amount; deal value; value; close value; opportunity amount; opportunity value; deal size;
            contract value; nilai; nilai deal; nilai peluang; nilai kesepakatan; nilai kontrak; amount in company currency;
            nilai prospek | total; jumlah; revenue; total value; acv; tcv; price; nominal""",
        "rep_id": _REP,
        "customer_id": _CUSTOMER,
        "region": _REGION,
        "channel": _CHANNEL,
        "product_line": _LINE,
    },
    "deal_stages": {
        "deal_id": "deal id; opportunity id; deal; opportunity; id peluang; id deal; lead id; no peluang | record id",
        "stage": "stage; stage name; to stage; new stage; new value; tahap; deal stage; tahapan; nama tahap | status; stage id",
        "entered_on": """entered on; entered at; stage entered; created date; changed at; changed on; date entered; moved on;
            stage change time; change date; tanggal masuk; tanggal perubahan; tgl perubahan; edit date | date; created at;
            timestamp; time; last modified date; tanggal; tgl""",
    },
    "conversations": {
        "conversation_id": """conversation id; ticket id; chat id; thread id; conversation; id percakapan; no percakapan;
            no tiket; id tiket; id chat; session id; case number; kode percakapan; nomor tiket | id; record id; case id""",
        "started_at": """started at; conversation started at; start time; started; create date; created at; created date;
            opened at; waktu mulai; mulai; mulai pada; tanggal mulai; waktu masuk; created; first message at;
            date time opened; waktu dibuat | date; time; tanggal; waktu; tgl; timestamp""",
        "channel": """channel; channel type; source; saluran; kanal; platform; case origin; origin; channel name | medium;
            sumber; inbox; aplikasi; media""",
        "rep_id": _REP,
        "customer_id": _CUSTOMER,
        "deal_id": "deal id; opportunity id; associated deal ids; id peluang; id deal | deal; opportunity",
        "first_reply_at": """first reply at; first response at; first reply; first response time; first response; replied at;
            first agent email response date; first replied at; first agent reply date; balasan pertama; waktu balasan pertama;
            dibalas pada; waktu balas; waktu dibalas; respon pertama; waktu respon pertama | response time; reply time""",
        "closed_at": """closed at; close date; closed date; resolved at; closed on; close time; ended at; date time closed;
            waktu selesai; waktu tutup; ditutup pada; selesai pada; waktu ditutup; tanggal selesai; selesai | end time;
            finished at""",
    },
    "reps": {
        "rep_id": f"{_REP}; code; kode | id; record id; name; nama; email; business entity id; username; no; nomor",
        "name": _NAME.format("sales rep", "sales")
        + "; employee name; nama karyawan; rep name; salesperson; sales agent; sales rep",
        "team": "team; sales team; team name; tim; nama tim; tim penjualan; teams | department; division; group; departemen; divisi",
        "manager": """manager; manager name; supervisor; reports to; sales manager; team lead; manajer; atasan; nama manajer;
            nama atasan; penyelia; manajer penjualan | manager id; lead; head; koordinator""",
        "role": "role; job title; title; position; jabatan; posisi; peran | job; user role; level; grade",
        "region": _REGION,
        "hired_on": """hired on; hire date; start date; joined on; join date; date of joining; hiring date; tanggal masuk;
            tanggal bergabung; tgl masuk; tgl bergabung; mulai kerja; tanggal mulai kerja; employed since |""",
        "left_on": """left on; end date; termination date; leave date; date left; resigned on; last day; tanggal keluar;
            tgl keluar; tanggal berhenti; tgl berhenti; tanggal resign; hari terakhir |""",
        "valid_from": "valid from; effective from; berlaku dari; berlaku mulai |",
        "valid_to": "valid to; effective to; effective until; berlaku sampai; berlaku hingga |",
    },
    "customers": {
        "customer_id": f"{_CUSTOMER}; code; kode | id; record id; name; nama; no; nomor; email",
        "name": _NAME.format("customer", "pelanggan")
        + """; company name; account name; client name; organization name; nama perusahaan; nama konsumen; company;
            nama toko; nama klien | contact name; title""",
        "segment": """segment; customer segment; segmen; industry; industri; sector; sektor; segmen pelanggan; customer type;
            jenis pelanggan; tipe pelanggan; kelompok pelanggan; bidang usaha | type; tier; category; kategori; tipe;
            class; lead stage""",
        "region": _REGION,
        "channel": _CHANNEL,
        "acquired_on": """acquired on; customer since; became a customer date; acquisition date; client since; first purchase date;
            first order date; pelanggan sejak; tanggal akuisisi; tanggal jadi pelanggan; tanggal menjadi pelanggan;
            bergabung sejak | sign up date; signup date; registered on; registration date; join date; tanggal daftar;
            tanggal bergabung; tanggal registrasi""",
        "left_on": """left on; churn date; churned on; cancellation date; cancelled on; tanggal berhenti; tanggal keluar;
            tgl berhenti | end date""",
    },
    "credits": {
        "order_id": "order id; order no; no pesanan; nomor pesanan; id pesanan; sales order id; order number |",
        "deal_id": "deal id; opportunity id; id peluang; id deal |",
        "rep_id": _REP,
        "share": """share; credit share; split; split percentage; split percent; credit; percentage; porsi; bagian; pembagian;
            persentase; porsi kredit | percent; weight""",
    },
    "quotas": {
        "kpi": "kpi; metric; measure; indikator; nama kpi; ukuran |",
        "start": """start; start date; period start; quota date; from; month; period; quarter; bulan; periode; tanggal mulai;
            mulai; dari; awal periode; target month; bulan target | date; tanggal; fiscal month; tgl""",
        "value": """quota; quota amount; sales quota; target; target amount; sales target; target value; kuota; nilai target;
            target penjualan; quota value; jumlah target; value; nilai; nilai kuota | amount; goal""",
        "end": "end; end date; period end; to; until; tanggal akhir; sampai; akhir periode; akhir |",
        "rep_id": f"{_REP} ; business entity id",
        "team": "team; team name; tim; sales team; nama tim |",
        "region": _REGION,
        "product_line": _LINE,
        "channel": _CHANNEL,
    },
    "costs": {
        "month": "month; period; date; bulan; periode; tanggal; spend date; day; tgl |",
        "amount": """cost; costs; spend; amount spent; ad spend; marketing cost; expense; expenses; biaya; pengeluaran; belanja iklan;
            biaya iklan; biaya pemasaran; total biaya; budget spent | amount; total; jumlah; nilai""",
        "channel": _CHANNEL,
        "region": _REGION,
    },
}

ENTITIES: dict[str, tuple[str, ...]] = {
    "lines": (
        *(
            "order detail",
            "order details",
            "order item",
            "order items",
            "orderitem",
            "line item",
            "line items",
            "order line",
        ),
        *(
            "order lines",
            "detail pesanan",
            "rincian",
            "detail order",
            "sales order detail",
            "detail transaksi",
        ),
    ),
    "orders": (
        *(
            "sales order header",
            "order",
            "orders",
            "sales order",
            "sales orders",
            "pesanan",
            "penjualan",
            "transaksi",
        ),
        *("transaction", "transactions", "invoice", "invoices", "faktur", "sales data", "sales"),
    ),
    "deal_stages": (
        *(
            "opportunity history",
            "deal stages",
            "deal stage",
            "stage history",
            "deal history",
            "riwayat tahap",
        ),
        *("riwayat peluang", "stage changes", "opportunity stage history"),
    ),
    "deals": (
        *(
            "deal",
            "deals",
            "opportunity",
            "opportunities",
            "sales pipeline",
            "pipeline",
            "peluang",
            "prospek",
            "leads",
        ),
        *("kesepakatan", "lead"),
    ),
    "conversations": (
        "conversation",
        "conversations",
        "chat",
        "chats",
        "ticket",
        "tickets",
        "percakapan",
        "tiket",
        "case",
    ),
    "quotas": (
        "quota",
        "quotas",
        "target",
        "targets",
        "kuota",
        "quota history",
        "sales person quota history",
    ),
    "reps": (
        *(
            "rep",
            "reps",
            "user",
            "users",
            "owner",
            "owners",
            "employee",
            "employees",
            "sales person",
            "salesperson",
        ),
        *(
            "sales team",
            "sales teams",
            "sales rep",
            "sales reps",
            "staff",
            "agents",
            "karyawan",
            "tenaga penjual",
            "tim sales",
        ),
        *("salespeople", "pegawai", "anggota"),
    ),
    "contacts": ("contact", "contacts", "people", "person", "persons", "kontak", "orang"),
    "customers": (
        *(
            "customer",
            "customers",
            "account",
            "accounts",
            "company",
            "companies",
            "organization",
            "organizations",
            "client",
        ),
        *("clients", "pelanggan", "konsumen", "klien", "perusahaan"),
    ),
    "costs": ("cost", "costs", "spend", "ad spend", "biaya", "marketing spend", "expenses", "pengeluaran"),
    "credits": ("credit", "credits", "splits", "opportunity split", "kredit", "pembagian"),
    "product": ("product", "products", "produk", "item", "items", "barang", "sku", "product2"),
    "product_line": (
        "category",
        "categories",
        "kategori",
        "product category",
        "family",
        "product line",
        "lini produk",
    ),
    "region": (
        "territory",
        "territories",
        "region",
        "regions",
        "sales territory",
        "wilayah",
        "area",
        "areas",
        "cabang",
    ),
    "team": ("team", "teams", "tim"),
    "channel": ("channel", "channels", "saluran", "kanal", "sources"),
}
"""What a file may hold rows of, and its names. Some are tables of the contract, some only joined to these."""

_WORDS = {entity: {squash(name) for name in names} for entity, names in ENTITIES.items()}
_OWN = {
    "deals": {"deals", "deal_stages"},
    "orders": {"orders", "lines"},
}


@cache
def known_names(table: str, column: str) -> dict[str, int]:
    """Give the names of a column, squashed, to how well they fit: 200 and less are strong, 100 and less weak."""
    strong, _, weak = _NAMES[table][column].partition("|")
    found = {squash(column): 201}
    for top, names in ((200, strong), (100, weak)):
        for place, name in enumerate(one for one in names.split(";") if one.strip()):
            found.setdefault(squash(name), top - place)
    return found


def strength(table: str, column: str, header: str) -> int:
    """Say how well a header fits a column of the contract: above 100 strong, above 0 weak, 0 not at all.

    Words of the table itself before the name (`Deal - Value`) are overlooked.

    Examples
    --------
    >>> from kpikit.data.drafting.names import strength
    >>> strength("deals", "amount", "Deal - Value") > 100, strength("deals", "amount", "Website")
    (True, False)
    """
    names = known_names(table, column)
    text = squash(header)
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
    >>> entities_of("ms_order_details")[0], entities_of("SalesTerritory")
    ('lines', ['region'])
    """
    text = squash(stem)
    found = []
    for entity, words in _WORDS.items():
        fits = [word for word in words if word in text and len(word) > 3 or word == text]
        if fits:
            word = max(fits, key=len)
            # The last word says what a file holds: a product category is a category.
            found.append((text.endswith(word), len(word), text.rfind(word), entity))
    return [entity for *_, entity in sorted(found, reverse=True)]


assert all(set(_NAMES[table]) == set(TABLES[table]) for table in TABLES)
