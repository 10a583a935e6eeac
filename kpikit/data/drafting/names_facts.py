"""Names of the columns of orders, deals, stages and conversations. Those after a bar (|) are weak."""

from __future__ import annotations

from kpikit.data.drafting.names_shared import CHANNEL, CURRENCY, CUSTOMER, LINE, REGION, REP

__all__ = ["FACTS"]

FACTS: dict[str, dict[str, str]] = {
    "orders": {
        "order_id": """order id; order no; order number; sales order id; order; transaction id; invoice
            no; invoice id; no pesanan; nomor pesanan; id pesanan; kode pesanan; no order; nomor order;
            no faktur; nomor faktur; no invoice; nomor invoice; id transaksi; no transaksi; nomor
            transaksi; kode transaksi; sales order; so number; so no; invoice number; receipt no |
            document no; pesanan; faktur; invoice; transaction; no nota; nomor nota; nota; nomor; no;
            reference""",
        "line_id": """line id; order line id; order item id; line no; line number; item no; order item
            number; sales order detail id; no baris; nomor baris; row id; baris | order detail id; line""",
        "order_date": """order date; waktu pesanan dibuat; date of order; sales date; transaction date;
            invoice date; purchase date; tanggal pesanan; tanggal pesan; tgl pesanan; tgl pesan; tanggal
            order; tgl order; tanggal transaksi; tgl transaksi; tanggal faktur; tgl faktur; tanggal
            penjualan; tgl penjualan; tanggal invoice; effective date; ordered at; ordered on; order
            created | date; tanggal; tgl; created at; created date; order time; waktu pesanan; placed at""",
        "customer_id": CUSTOMER,
        "amount": """amount; net amount; untaxed amount; total harga produk; line amount; line total; net
            sales; subtotal; sub total; total price; net price; net revenue; sales amount; extended
            price; order amount; jumlah bersih; nilai penjualan; total penjualan; nilai transaksi;
            penjualan bersih; nilai pesanan; total harga; harga total; jumlah harga | revenue; sales;
            value; order value; total; total amount; nilai; jumlah; jumlah bayar; total bayar; total
            due; grand total; nominal; omzet; omset; pendapatan; gross amount; total sales""",
        "rep_id": REP,
        "quantity": """quantity; qty; units; order quantity; order qty; kuantitas; jumlah barang; jumlah
            unit; jumlah pesanan; qty terjual; units sold; kuantitas barang | count; pcs; banyaknya;
            jumlah item; jml""",
        "cost": """cost; cost of goods; cogs; cost of goods sold; total cost; line cost; hpp; harga pokok;
            harga pokok penjualan; biaya pokok; modal; cost amount | biaya; standard cost""",
        "discount": """discount amount; total discount; line discount; jumlah diskon; nilai diskon; jumlah
            potongan; nilai potongan; total diskon; potongan harga; potongan | discount; diskon; rabat;
            rebate""",
        "product": """product; product name; item; item name; nama produk; nama barang; produk; barang;
            product id; sku; kode produk; kode barang; product code; item code; article; model |
            description; item description; title""",
        "product_line": LINE,
        "region": REGION,
        "channel": CHANNEL,
        "currency": CURRENCY,
        "refund_of": """refund of; original order id; refunded order; return of; refund for; retur dari;
            pesanan asal | original order""",
    },
    "deals": {
        "deal_id": """deal id; opportunity id; deal; opportunity; lead id; record id; id peluang; no
            peluang; kode peluang; id deal; id kesepakatan; id prospek; nomor peluang; kode prospek |
            id; no; nomor; deal no""",
        "stage": """stage; deal stage; stage name; opportunity stage; sales stage; pipeline stage; tahap;
            tahapan; tahap penjualan; nama tahap; tahap peluang; tahap prospek | stage id; status; fase""",
        "outcome": """outcome; deal outcome; result; hasil; hasil akhir; won lost; win loss; deal status;
            status deal; opportunity status | status; stage; deal stage; stage name; opportunity stage;
            sales stage; tahap; tahapan; tahap penjualan; tahap peluang; pipeline stage; state""",
        "created_on": """created on; created time; create time; create date; created date; date created;
            created at; deal created; creation date; add time; engage date; opened on; open date;
            tanggal dibuat; tgl dibuat; tanggal pembuatan; tanggal masuk; tanggal mulai; tgl masuk;
            created; opportunity created date | start date; date; tanggal; tgl; entered on; lead date""",
        "closed_on": """closed on; close date; closed date; deal closed on; closing date; date closed;
            actual close date; closed at; close time; tanggal tutup; tgl tutup; tanggal penutupan;
            tanggal closing; tgl closing; tanggal selesai; tanggal ditutup; tgl selesai | closed; ditutup;
            end date; won time; decision date; won date; tanggal deal""",
        "expected_close_on": """expected close date; expected close on; expected closing; estimated close
            date; forecast close date; target close date; perkiraan tanggal tutup; perkiraan tutup;
            estimasi tutup; estimasi closing; perkiraan closing; target closing; tanggal perkiraan tutup
            | close date; closing date; target date; due date""",
        "amount": """amount; deal amount; deal value; value; close value; opportunity amount; opportunity
            value; deal size; contract value; nilai; nilai deal; nilai peluang; nilai kesepakatan; nilai
            kontrak; amount in company currency; nilai prospek | total; jumlah; revenue; total value;
            acv; tcv; price; nominal""",
        "rep_id": REP,
        "customer_id": CUSTOMER,
        "region": REGION,
        "channel": CHANNEL,
        "product_line": LINE,
        "currency": CURRENCY,
    },
    "deal_stages": {
        "deal_id": """deal id; opportunity id; deal; opportunity; id peluang; id deal; lead id; no peluang
            | record id""",
        "stage": """stage; stage name; to stage; new stage; new value; tahap; deal stage; tahapan; nama
            tahap | status; stage id""",
        "entered_on": """entered on; entered at; stage entered; created date; changed at; changed on; date
            entered; moved on; stage change time; change date; tanggal masuk; tanggal perubahan; tgl
            perubahan; edit date | date; created at; timestamp; time; last modified date; tanggal; tgl""",
    },
    "conversations": {
        "conversation_id": """conversation id; ticket id; chat id; thread id; conversation; id percakapan;
            no percakapan; no tiket; id tiket; id chat; session id; case number; kode percakapan; nomor
            tiket | id; record id; case id""",
        "started_at": """started at; created time; conversation started at; start time; started; create
            date; created at; created date; opened at; waktu mulai; mulai; mulai pada; tanggal mulai;
            waktu masuk; created; first message at; date time opened; waktu dibuat | date; time;
            tanggal; waktu; tgl; timestamp""",
        "channel": """channel; channel type; source; saluran; kanal; platform; case origin; origin;
            channel name | medium; sumber; inbox; aplikasi; media""",
        "rep_id": REP,
        "customer_id": CUSTOMER,
        "deal_id": """deal id; opportunity id; associated deal ids; id peluang; id deal | deal;
            opportunity""",
        "first_reply_at": """first reply at; first response at; first reply; first response time; first
            response; replied at; first agent email response date; first replied at; first agent reply
            date; balasan pertama; waktu balasan pertama; dibalas pada; waktu balas; waktu dibalas;
            respon pertama; waktu respon pertama | response time; reply time""",
        "closed_at": """closed at; close date; closed date; resolved at; closed on; close time; ended at;
            date time closed; waktu selesai; waktu tutup; ditutup pada; selesai pada; waktu ditutup;
            tanggal selesai; selesai | end time; finished at""",
    },
}
