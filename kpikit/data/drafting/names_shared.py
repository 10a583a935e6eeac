"""Names of the columns that several tables of the contract have."""

from __future__ import annotations

__all__ = ["CHANNEL", "CODES", "CURRENCY", "CUSTOMER", "LINE", "NAME", "REGION", "REP"]

CODES = "IDR|USD|EUR|GBP|SGD|MYR|AUD|JPY|CNY|INR|THB|PHP|VND|HKD"
CURRENCY = """currency; currency code; currency iso code; amount currency; currency of value; deal currency
    of value; mata uang; kode mata uang | curr; valuta"""
REP = """sales rep id; rep id; salesperson id; sales person id; sales rep; sales representative; rep;
    salesperson; sales person; sales agent; owner id; owner; deal owner; opportunity owner; ticket owner;
    assigned to; assignee; seller; seller id; salesman; id sales; kode sales; nama sales; sales; penjual;
    tenaga penjual; wiraniaga; nama rep; id penjual; agent id; agent; assigned to user; pramuniaga |
    employee id; employee; user id; user; staff id; staff; karyawan; id karyawan; account owner; assigned
    user; account manager; contact owner; petugas; pegawai; nip; nik"""
CUSTOMER = """customer id; customer no; customer number; cust id; customer code; client id; account id;
    customer; client; account; company id; associated company ids primary; organization; organization id;
    organisation; id pelanggan; kode pelanggan; no pelanggan; nomor pelanggan; pelanggan; customer name;
    account name; client name; nama pelanggan; contact id; associated company ids; associated company;
    company | contact; company name; buyer; store id; konsumen; buyer id; contact person; sold to; bill
    to; nama konsumen; id konsumen; username pembeli; klien; pembeli; nama perusahaan; nama toko"""
REGION = """region; sales region; regional office; territory; wilayah; area; daerah; region name; nama
    wilayah | province; provinsi; state; state province; country; country region; negara; ship country;
    ship region; billing country; billing state; city; kota; kabupaten; location; office location; lokasi;
    cabang; branch; country of address; cakupan wilayah; shipping country"""
CHANNEL = """channel; sales channel; saluran; kanal; source channel; saluran penjualan; kanal penjualan;
    marketplace | lead source; original traffic source; original source; source; account source; sumber;
    order channel; medium"""
LINE = """product line; product family; product category; line of product; lini produk; kategori produk |
    category; kategori; family; series; category name; product group; kelompok produk; product type; jenis
    produk"""
NAME = "name; full name; nama; nama lengkap; display name; {0} name; nama {1}"
