"""Names of the columns of members, customers, credits, quotas and costs. Those after a bar (|) are weak."""

from __future__ import annotations

from kpikit.data.drafting.names_shared import CHANNEL, CUSTOMER, LINE, NAME, REGION, REP

__all__ = ["PEOPLE"]

PEOPLE: dict[str, dict[str, str]] = {
    "reps": {
        "rep_id": f"""{REP}; code; kode | id; record id; name; nama; email; business entity id; username;
            no; nomor""",
        "name": NAME.format("sales rep", "sales")
        + "; employee name; nama karyawan; rep name; salesperson; sales agent; sales rep",
        "team": """team; sales team; team name; tim; nama tim; tim penjualan; teams | department;
            division; group; departemen; divisi""",
        "manager": """manager; manager name; supervisor; reports to; sales manager; team lead; manajer;
            atasan; nama manajer; nama atasan; penyelia; manajer penjualan | manager id; lead; head;
            koordinator""",
        "role": """role; job title; title; position; jabatan; posisi; peran | job; user role; level; grade""",
        "region": REGION,
        "hired_on": """hired on; hire date; start date; joined on; join date; date of joining; hiring
            date; tanggal masuk; tanggal bergabung; tgl masuk; tgl bergabung; mulai kerja; tanggal mulai
            kerja; employed since |""",
        "left_on": """left on; end date; termination date; leave date; date left; resigned on; last day;
            tanggal keluar; tgl keluar; tanggal berhenti; tgl berhenti; tanggal resign; hari terakhir |""",
        "valid_from": "valid from; effective from; berlaku dari; berlaku mulai |",
        "valid_to": "valid to; effective to; effective until; berlaku sampai; berlaku hingga |",
    },
    "customers": {
        "customer_id": f"{CUSTOMER}; code; kode | id; record id; name; nama; no; nomor; email",
        "name": NAME.format("customer", "pelanggan")
        + """; company name; account name; client name; organization name; nama perusahaan; nama konsumen;
            company; nama toko; nama klien | contact name; title""",
        "segment": """segment; customer segment; segmen; industry; industri; sector; sektor; segmen
            pelanggan; customer type; jenis pelanggan; tipe pelanggan; kelompok pelanggan; bidang usaha |
            type; tier; category; kategori; tipe; class; lead stage""",
        "region": REGION,
        "channel": CHANNEL,
        "acquired_on": """acquired on; customer since; became a customer date; acquisition date; client
            since; first purchase date; first order date; pelanggan sejak; tanggal akuisisi; tanggal jadi
            pelanggan; tanggal menjadi pelanggan; bergabung sejak | sign up date; signup date; registered
            on; registration date; join date; tanggal daftar; tanggal bergabung; tanggal registrasi""",
        "left_on": """left on; churn date; churned on; cancellation date; cancelled on; tanggal berhenti;
            tanggal keluar; tgl berhenti | end date""",
    },
    "credits": {
        "order_id": """order id; order no; no pesanan; nomor pesanan; id pesanan; sales order id; order
            number |""",
        "deal_id": "deal id; opportunity id; id peluang; id deal |",
        "rep_id": REP,
        "share": """share; credit share; split; split percentage; split percent; credit; percentage;
            porsi; bagian; pembagian; persentase; porsi kredit | percent; weight""",
    },
    "quotas": {
        "kpi": "kpi; metric; measure; indikator; nama kpi; ukuran |",
        "start": """start; start date; period start; quota date; from; month; period; quarter; bulan;
            periode; tanggal mulai; mulai; dari; awal periode; target month; bulan target | date; tanggal;
            fiscal month; tgl""",
        "value": """quota; quota amount; sales quota; target; target amount; sales target; target value;
            kuota; nilai target; target penjualan; quota value; jumlah target; value; nilai; nilai kuota |
            amount; goal""",
        "end": "end; end date; period end; to; until; tanggal akhir; sampai; akhir periode; akhir |",
        "rep_id": f"{REP} ; business entity id",
        "team": "team; team name; tim; sales team; nama tim |",
        "region": REGION,
        "product_line": LINE,
        "channel": CHANNEL,
    },
    "costs": {
        "month": "month; period; date; bulan; periode; tanggal; spend date; day; tgl |",
        "amount": """cost; costs; spend; amount spent; ad spend; marketing cost; expense; expenses; biaya;
            pengeluaran; belanja iklan; biaya iklan; biaya pemasaran; total biaya; budget spent | amount;
            total; jumlah; nilai""",
        "channel": CHANNEL,
        "region": REGION,
    },
}
