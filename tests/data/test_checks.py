import pytest

LINE = "1,2026-01-05,C1,10"


def told(dataset) -> list[str]:
    return [str(finding) for finding in dataset.warnings]


# Errors


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "deals",
            "deal_id,stage,outcome\nD1,a,\nD2,a,\nD1,b,won\nD2,c,\n",
            "load: deals.csv, line 4: deal_id 'D1' stands more than once (2 such rows). Hint: "
            "keep one of the rows.",
        ),
        (
            "customers",
            "customer_id\nC1\nC1\n",
            "load: customers.csv, line 3: customer_id 'C1' stands more than once. Hint: keep one "
            "of the rows.",
        ),
        (
            "conversations",
            "conversation_id,started_at,channel\nV1,2026-01-05 10:00,phone\nV1,2026-01-05 10:00,phone\n",
            "load: conversations.csv, line 3: conversation_id 'V1' stands more than once. "
            "Hint: keep one of the rows.",
        ),
        (
            "reps",
            "rep_id,valid_from\nR1,\nR1,2026-01-01\nR1,2026-01-01\n",
            "load: reps.csv, line 4: rep_id 'R1', valid_from '2026-01-01' stands more than once. "
            "Hint: keep one of the rows.",
        ),
        (
            "reps",
            "rep_id,valid_from\nR1,\nR1,\n",
            "load: reps.csv, line 3: rep_id 'R1' stands more than once. Hint: keep one of the rows.",
        ),
        (
            "orders",
            "order_id,order_date,customer_id,amount,line_id\n1,2026-01-05,C1,10,1\n1,2026-01-05,C1,10,1.0\n",
            "load: orders.csv, line 3: order_id '1', line_id '1' stands more than once. Hint: "
            "keep one of the rows.",
        ),
        (
            "quotas",
            "kpi,start,value,rep_id\nrevenue,2026-01-01,5,R1\nrevenue,2026-01-01,6,R1\n",
            "load: quotas.csv, line 3: kpi 'revenue', start '2026-01-01', rep_id 'R1' stands more than once. "
            "Hint: keep one of the rows.",
        ),
        (
            "orders",
            "order_id,order_date,customer_id,amount\n1,2026-01-05,C1,10\n,2026-01-05,C1,10\nNULL,2026-01-05,C1,10\n",
            "load: orders.csv, line 3: order_id is empty (2 such rows). Hint: fill it, or drop the row.",
        ),
        (
            "deals",
            "deal_id,stage,outcome\nD1,a,\n,b,\n",
            "load: deals.csv, line 3: deal_id is empty. Hint: fill it, or drop the row.",
        ),
        (
            "quotas",
            "kpi,start,value\nrevenue,,5\n",
            "load: quotas.csv, line 2: start is empty. Hint: fill it, or drop the row.",
        ),
        (
            "quotas",
            "kpi,start,value,end\nrevenue,2026-01-02,5,2026-01-02\nrevenue,2026-01-03,5,2026-01-02\n",
            "load: quotas.csv, line 3: the quota ends on 2026-01-02, before it starts on 2026-01-03.",
        ),
        (
            "deals",
            "deal_id,stage,outcome\nD1,a,won\nD2,a,Won\nD3,a,lost\nD4,a,open\nD5,a,\n",
            "load: deals.csv, line 3: outcome 'Won' is not known (2 such rows). "
            "Outcomes: won, lost, or empty for an open deal.",
        ),
        (
            "orders",
            "order_id,order_date,customer_id,amount,currency\n1,2026-01-05,C1,10,USD\n2,2026-01-05,C1,10,\n"
            "3,2026-01-05,C1,10,EUR\n",
            "load: orders.csv, line 4: currency 'EUR' is not the dataset's USD. "
            "Hint: convert the amounts, or leave these rows out.",
        ),
    ],
)
def test_an_error_is_told_with_its_line(folder, name, text, message):
    folder.orders(LINE)
    folder.write(f"{name}.csv", text)
    assert folder.fault() == message


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
def test_dates_out_of_time_are_an_error_where_they_are_many(folder, day):
    folder.orders(LINE, *(f"{number},{day},C1,10" for number in range(2, 7)))
    assert folder.fault() == (
        f"load: orders.csv, line 3: order_date '{day}' is out of time (5 such rows). "
        "Years 1900 to 2200 are read. Hint: where it stands for a date that is not known, "
        f"name it in dataset.yaml (nulls: ['{day}'])."
    )
    folder.map(f"tables: {{orders: {{file: orders.csv, nulls: ['{day}']}}}}")
    assert told(folder.load()) == ["orders: 5 lines have no date: counted in all time only"]


def test_a_few_dates_out_of_time_are_told(folder):
    folder.orders(*(f"{number},2026-01-05,C1,10" for number in range(1, 6)), "6,0206-01-05,C1,10")
    assert told(folder.load()) == [
        "orders: 1 row has its order_date out of time: in no period. Years 1900 to 2200 are read"
    ]
    folder.orders("2,0206-01-05,C1,10")
    assert "order_date '0206-01-05' is out of time." in folder.fault()
    folder.orders(LINE)
    folder.write("quotas.csv", "kpi,start,value\nrevenue,1800-01-01,5\n")
    assert "load: quotas.csv, line 2: start '1800-01-01' is out of time." in folder.fault()


def test_the_same_quota_for_two_members_or_two_spans_is_fine(folder):
    folder.orders(LINE)
    folder.write(
        "quotas.csv",
        "kpi,start,value,rep_id,end\nrevenue,2026-01-01,5,R1,2026-01-31\nrevenue,2026-01-01,5,R2,2026-01-31\n"
        "revenue,2026-01-01,9,R1,2026-12-31\n",
    )
    assert len(folder.load().small("quotas")) == 3


ORDER = "order_id,line_id,order_date,customer_id,amount,rep_id,region,channel\n"
FIRST = "1,1,2026-01-05,C1,10,R1,Bali,"


@pytest.mark.parametrize(
    ("second", "fault"),
    [
        ("1,2,2026-01-06,C1,10,R1,Bali,", "order_date '2026-01-06' here and '2026-01-05'"),
        ("1,2,2026-01-05,C2,10,R1,Bali,", "customer_id 'C2' here and 'C1'"),
        ("1,2,2026-01-05,C1,10,R2,Bali,", "rep_id 'R2' here and 'R1'"),
        ("1,2,2026-01-05,C1,10,,Bali,", "rep_id '' here and 'R1'"),
        ("1,2,2026-01-05,C1,10,R1,Alaska,", "region 'Alaska' here and 'Bali'"),
        ("1,2,2026-01-05,C1,10,R1,Bali,phone", "channel 'phone' here and ''"),
    ],
)
def test_lines_of_one_order_that_disagree_are_an_error(folder, second, fault):
    folder.orders("0,1,2026-01-01,C9,10,,,", FIRST, second, header=ORDER)
    assert folder.fault() == (
        f"load: orders.csv, line 4: order '1' has {fault} on another line. An order has one "
        f"date, customer, rep, "
        "region and channel. Hint: give each order an order_id of its own."
    )


def test_a_refund_under_the_number_of_its_order_gets_a_hint(folder):
    folder.orders(FIRST, "1,2,2026-02-06,C1,-10,R1,Bali,", header=ORDER)
    assert folder.fault().endswith(
        "Hint: give a refund an order_id of its own, and name the order that it refunds in refund_of."
    )


def test_lines_without_a_number_are_not_told_apart(folder):
    folder.orders("1,,2026-01-05,C1,10,,,", "1,,2026-01-05,C1,10,,,", header=ORDER)
    assert len(folder.table()) == 2


def test_lines_of_one_order_that_agree_are_fine(folder, engine):
    folder.orders(FIRST, "1,2,2026-01-05,C1,5,R1,Bali,", "1,3,2026-01-05,C1,-5,R1,Bali,", header=ORDER)
    assert len(folder.table(engine=engine)) == 3


# Findings


def test_clean_tables_have_no_warnings(folder):
    folder.orders(LINE)
    assert folder.load().warnings == ()


def test_what_orders_lack_is_counted(folder):
    header = "order_id,order_date,customer_id,amount,rep_id,cost\n"
    folder.orders("1,2026-01-05,C1,,,", "2,,C1,10,,1", "3,2026-01-05,C1,10,R1,1", header=header)
    assert told(folder.load()) == [
        "orders: 1 line has no amount",
        "orders: 1 line has no date: counted in all time only",
        "orders: 2 lines have no rep: shown apart",
        "orders: 1 line has no cost: left out of profits",
    ]


def test_dates_of_deals_that_make_no_sense_are_counted(folder):
    folder.write(
        "deals.csv",
        "deal_id,stage,outcome,created_on,closed_on\nD1,a,won,2026-01-05,2026-01-04\nD2,a,lost,2026-01-05,\n"
        "D3,a,,2026-01-05,2026-01-04\nD4,a,won,2026-01-05,2026-01-05\n",
    )
    assert told(folder.load()) == [
        "deals: 1 closed deal has no closing date: counted in all time only",
        "deals: 1 deal closed before it was created: left out of sales cycles",
    ]


def test_members_and_customers_that_no_table_knows_are_told(folder):
    header = "order_id,order_date,customer_id,amount,rep_id\n"
    folder.orders("1,2026-01-05,C1,1,R1", "2,2026-01-05,C9,1,R8", "3,2026-01-05,C9,1,R9", header=header)
    folder.write("customers.csv", "customer_id\nC1\n")
    folder.write("reps.csv", "rep_id\nR1\n")
    assert told(folder.load()) == [
        "orders: 2 rows have a rep_id that reps does not know: R8, R9",
        "orders: 2 rows have a customer_id that customers does not know: C9",
    ]


def test_costs_without_a_month_are_told(folder):
    folder.orders(LINE)
    folder.write("costs.csv", "month,amount\n2026-01,5\n,6\n")
    assert told(folder.load()) == ["costs: 1 cost has no month: counted in all time only"]


def test_the_same_is_found_on_every_engine(folder, engine):
    header = "order_id,order_date,customer_id,amount,rep_id\n"
    folder.orders("1,2026-01-05,C1,1,", header=header)
    assert told(folder.load(engine=engine)) == ["orders: 1 line has no rep: shown apart"]
