"""Errors that are accepted, errors that are all listed, and warnings with file, line and value."""

import pytest

from kpikit.data.findings import CHECKS, Example, Finding
from kpikit.data.tables import inspect

LINE = "1,2026-01-05,C1,10"
TWO = "2,2026-01-05,C,2"
DEALS = "deal_id,stage,outcome\n"
WITH_REPS = "order_id,order_date,customer_id,amount,rep_id\n"
CREDITS = "order_id,rep_id,share\n"


def accept(folder, check, action, **tables):
    files = {"orders": "orders.csv", **tables}
    entries = ", ".join(f"{name}: {{file: {file}}}" for name, file in files.items())
    folder.map(f"accept: {{{check}: {action}}}\ntables: {{{entries}}}")


def accepted(folder):
    (found,) = [one for one in folder.load().warnings if one.severity == "accepted"]
    return found


# Accepted errors


@pytest.mark.parametrize(
    ("check", "action", "lines", "left", "rows"),
    [
        ("unparseable_date", "set_null", ["1,2026-01-05,C,1", "2,soon,C,2"], [("1", 1.0), ("2", 2.0)], 1),
        ("unparseable_date", "drop_row", ["1,2026-01-05,C,1", "2,soon,C,2"], [("1", 1.0)], 1),
        ("unparseable_number", "set_null", ["1,2026-01-05,C,one", TWO], [("1", None), ("2", 2.0)], 1),
        ("unparseable_number", "drop_row", ["1,2026-01-05,C,one", "2,2026-01-05,C,2"], [("2", 2.0)], 1),
        ("foreign_currency", "set_null", ["1,2026-01-05,C,€5", TWO], [("1", None), ("2", 2.0)], 1),
        ("empty_key", "drop_row", [",2026-01-05,C,1", "2,2026-01-05,C,2"], [("2", 2.0)], 1),
        ("lines_disagree", "drop_row", ["1,2026-01-05,C,1", "1,2026-01-06,C,2"], [("1", 1.0)], 1),
        ("out_of_time", "drop_row", [TWO, *(f"{n},0001-01-01,C,1" for n in range(3, 9))], [("2", 2.0)], 6),
    ],
)  # fmt: skip
def test_an_accepted_error_is_let_through_and_counted(folder, values, check, action, lines, left, rows):
    folder.orders(*lines)
    accept(folder, check, action)
    table = folder.table()
    assert list(zip(values(table["order_id"]), values(table["amount"]), strict=True)) == left
    found = accepted(folder)
    assert (found.check, found.rows) == (check, rows)
    assert found.message.endswith(": left out" if action == "drop_row" else ": set to null")


def test_lines_that_disagree_lose_the_field_on_every_line_of_the_order(folder, values):
    folder.orders("1,2026-01-05,C,1", "1,2026-01-05,D,2", "1,2026-01-05,C,2", "2,2026-01-05,E,4")
    accept(folder, "lines_disagree", "set_null")
    assert values(folder.table()["customer_id"]) == [None, None, None, "E"]
    assert accepted(folder).examples == (Example("orders.csv", "line 3", "D"),)


def test_the_first_of_rows_with_one_key_is_kept(folder, values):
    folder.orders(LINE)
    folder.write("deals.csv", DEALS + "D1,a,won\nD1,b,lost\nD2,a,\nD1,c,\n")
    accept(folder, "duplicate_key", "drop_row", deals="deals.csv")
    assert values(folder.table("deals")["stage"]) == ["a", "a"]
    found = accepted(folder)
    assert [one.line for one in found.examples] == ["line 3", "line 5"]


def test_an_unknown_outcome_can_be_an_open_deal(folder, values):
    folder.orders(LINE)
    folder.write("deals.csv", DEALS + "D1,a,Won\nD2,a,won\n")
    accept(folder, "unknown_outcome", "set_null", deals="deals.csv")
    assert values(folder.table("deals")["outcome"]) == [None, "won"]


def test_a_quota_that_ends_before_it_starts_can_end_before_the_next_one(folder, values):
    folder.orders(LINE)
    folder.write(
        "quotas.csv", "kpi,start,end,value\nrevenue,2026-01-01,2025-01-31,5\nrevenue,2026-02-01,,5\n"
    )
    accept(folder, "quota_ends_early", "set_null", quotas="quotas.csv")
    assert values(folder.table("quotas")["end"]) == ["2026-01-31", None]


@pytest.mark.parametrize(
    ("action", "left"), [("set_null", [None, "Bali", None]), ("drop_row", ["Bali", None])]
)
def test_a_join_whose_key_stands_twice_never_multiplies_rows(folder, values, action, left):
    folder.orders("1,2026-01-05,C1,1", "2,2026-01-05,C2,1", "3,2026-01-05,C3,1")
    folder.write("side.csv", "c,r\nC1,Java\nC2,Bali\nC1,Java\n")
    joins = "joins: [{file: side.csv, on: {customer_id: c}, take: {region: r}}]"
    folder.map(f"accept: {{join_multiplies: {action}}}\ntables: {{orders: {{file: orders.csv, {joins}}}}}")
    assert values(folder.table()["region"]) == left
    assert accepted(folder).examples == (Example("side.csv", "line 4", "C1"),)


def test_a_bad_value_of_a_joined_file_drops_the_rows_that_look_it_up(folder, values):
    folder.orders("1,2026-01-05,C1,1", "2,2026-01-05,C2,1", "3,2026-01-05,C3,1")
    folder.write("side.csv", "c,k\nC1,free\nC2,5\n")
    joins = "joins: [{file: side.csv, on: {customer_id: c}, take: {cost: k}}]"
    folder.map(f"accept: {{unparseable_number: drop_row}}\ntables: {{orders: {{file: orders.csv, {joins}}}}}")
    assert values(folder.table()["order_id"]) == ["2", "3"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "accept: {no_rep: drop_row}",
            "no error has the name 'no_rep'. Known: ragged_row, ",
        ),
        ("accept: {empty_key: set_null}", "empty_key allows drop_row, not set_null"),
        ("accept: {unparseable_date: ignore}", "'set_null' or 'drop_row' is expected"),
        ("accept: {missing_column: drop_row}", "no error has the name 'missing_column'"),
    ],
)
def test_what_cannot_be_accepted_is_told(folder, text, message):
    folder.orders(LINE)
    folder.map(f"{text}\ntables: {{orders: {{file: orders.csv}}}}")
    assert message in folder.fault()


RAGGED = ["1,2026-01-05,C,1", "2,2026-01-05,C", "3,2026-01-05,C,3,x", "4,2026-01-05,C,four"]


def test_rows_with_more_or_fewer_values_than_columns_can_be_left_out(folder, values):
    folder.orders(*RAGGED)
    accept(folder, "ragged_row", "drop_row")
    assert folder.fault().startswith("load: orders.csv, line 5: amount 'four' is not a number.")
    folder.orders(*RAGGED[:3], "", "4,2026-01-05,C,4", '5,2026-01-05,"a\nb",5')
    assert values(folder.table()["order_id"]) == ["1", "4", "5"]
    found = accepted(folder)
    assert found.message == "2 rows have more or fewer values than the header has columns: left out"
    assert [one.line for one in found.examples] == ["line 3", "line 4"]
    folder.map("tables: {orders: {file: orders.csv}}")
    assert folder.fault().startswith("load: orders.csv, line 3: the row has 3 values, the header 4 columns.")
    assert [(one.check, one.rows) for one in inspect(folder.path)] == [("ragged_row", 2)]


# Credits


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("1,R1,0.5\n1,R2,0.4\n", "credits.csv, line 2: the shares of order '1' add up to 0.9 (2 such rows)."),
        ("1,R1,1.5\n1,R2,-0.5\n", "credits.csv, line 2: the share 1.5 of order '1' is not between 0 and 1."),
        (",R1,1\n", "credits.csv, line 2: a credit names an order_id or a deal_id, and not both."),
        ("1,,1\n", "credits.csv, line 2: rep_id is empty."),
        ("1,R1,\n", "credits.csv, line 2: share is empty."),
        ("1,R1,half\n", "credits.csv, line 2: share 'half' is not a number."),
    ],
)
def test_shares_add_up_to_one(folder, lines, message):
    folder.orders(LINE)
    folder.write("credits.csv", CREDITS + lines)
    assert folder.fault().startswith(f"load: {message}")


def test_an_order_with_one_share_that_cannot_be_loses_all_of_its_shares(folder, values):
    folder.orders(LINE, TWO)
    lines = ["1,A,1.2", "1,B,-0.3", "1,C,0.1", "2,A,0.5", "2,B,0.5"]
    folder.write("credits.csv", CREDITS + "".join(f"{one}\n" for one in lines))
    accept(folder, "shares_not_one", "drop_row", credits="credits.csv")
    assert values(folder.table("credits")["order_id"]) == ["2", "2"]
    assert accepted(folder).rows == 3


def test_thirds_add_up_to_one_and_wrong_shares_can_be_dropped(folder, values):
    folder.orders(LINE)
    folder.write("credits.csv", CREDITS + "1,R1,0.333\n1,R2,0.333\n1,R3,0.333\n2,R1,0.5\n")
    accept(folder, "shares_not_one", "drop_row", credits="credits.csv")
    assert values(folder.table("credits")["rep_id"]) == ["R1", "R2", "R3"]
    assert accepted(folder).examples == (Example("credits.csv", "line 5", "0.5"),)


# Every error at once


def test_every_error_is_listed_with_its_lines(folder):
    folder.write(
        "orders.csv",
        "order_id,order_date,customer_id,amount,currency\n1,2026-01-05,C,1,USD\n1,soon,D,one,USD\n,2026-01-05,C,1,EUR\n",
    )
    folder.write("deals.csv", "deal_id,stage\nD1,a\n")
    folder.map("tables: {orders: {file: orders.csv}, deals: {file: deals.csv}, reps: {file: absent.csv}}")
    found = {(one.check, one.table): one for one in inspect(folder.path) if one.severity == "error"}
    assert set(found) == {
        ("unparseable_date", "orders"),
        ("unparseable_number", "orders"),
        ("empty_key", "orders"),
        ("lines_disagree", "orders"),
        ("foreign_currency", "orders"),
        ("missing_column", "deals"),
        ("cannot_read", "reps"),
    }
    assert found["unparseable_date", "orders"].examples == (Example("orders.csv", "line 3", "soon"),)
    assert found["unparseable_number", "orders"].examples == (Example("orders.csv", "line 3", "one"),)
    assert found["foreign_currency", "orders"].examples == (Example("orders.csv", "line 4", "EUR"),)
    assert found["missing_column", "deals"].message.startswith("column 'outcome' not found in deals.csv")


def test_errors_come_first_and_nothing_is_found_in_clean_data(folder):
    folder.orders(LINE)
    assert inspect(folder.path) == []
    folder.orders(LINE, "2,2026-01-05,C,", "3,soon,C,1")
    assert [one.severity for one in inspect(folder.path)] == ["error", "warning", "warning"]


def test_a_finding_goes_through_json_unchanged():
    found = Finding("no_rep", "orders", 2, "m", "warning", "h", (Example("a.csv", "line 2", "x"),))
    assert Finding.from_dict(found.as_dict()) == found


def test_every_check_says_what_it_looks_for():
    for name, check in CHECKS.items():
        assert name.isidentifier() and check.meaning[0].isupper() and not check.meaning.endswith(".")
        assert check.severity == "error" or not check.actions


# Warnings: the check, how many, and where


def places(folder, check):
    found = [one for one in folder.load().warnings if one.check == check]
    assert len(found) == 1, [str(one) for one in folder.load().warnings]
    assert found[0].severity == "warning"
    return found[0].rows, [(one.file, one.line, one.value) for one in found[0].examples]


WARNED = {
    "closed_early": ("deals", "created_on,closed_on", ["2026-01-05,2026-01-04", "2026-01-05,2026-01-05"]),
    "no_closing": ("deals", "created_on,closed_on", ["2026-01-05,", "2026-01-05,2026-01-05"]),
}


@pytest.mark.parametrize("check", WARNED)
def test_dates_of_deals_that_contradict_are_listed(folder, check):
    table, header, lines = WARNED[check]
    rows = "".join(f"D{n},a,won,{line}\n" for n, line in enumerate(lines))
    folder.write("deals.csv", f"deal_id,stage,outcome,{header}\n{rows}")
    value = {"closed_early": "2026-01-04", "no_closing": "won"}[check]
    assert places(folder, check) == (1, [(f"{table}.csv", "line 2", value)])


def test_names_that_no_table_knows_are_listed(folder):
    folder.orders(
        "1,2026-01-05,C1,1,R1",
        "2,2026-01-05,C9,1,R9",
        header="order_id,order_date,customer_id,amount,rep_id\n",
    )
    folder.write("reps.csv", "rep_id\nR1\n")
    folder.write("customers.csv", "customer_id\nC1\n")
    folder.write("credits.csv", "order_id,rep_id,share\n7,R1,1\n")
    assert places(folder, "unknown_rep_id") == (1, [("orders.csv", "line 3", "R9")])
    assert places(folder, "unknown_customer_id") == (1, [("orders.csv", "line 3", "C9")])
    assert places(folder, "unknown_order_id") == (1, [("credits.csv", "line 2", "7")])


def test_orders_without_a_rep_or_an_amount_are_listed(folder):
    folder.orders("1,2026-01-05,C1,1,", "2,,C9,,R9", header=WITH_REPS)
    assert places(folder, "no_rep") == (1, [("orders.csv", "line 2", "")])
    assert places(folder, "no_amount") == (1, [("orders.csv", "line 3", "")])
    assert places(folder, "no_date") == (1, [("orders.csv", "line 3", "")])


@pytest.mark.parametrize(("rows", "skip"), [(255, 0), (256, 0), (5, 253), (5, 300)])
def test_lines_are_counted_beyond_what_a_byte_holds(folder, rows, skip):
    header = "order_id,order_date,customer_id,amount"
    lines = [f"{number},2026-01-05,C,1" for number in range(rows - 1)]
    folder.write("orders.csv", "\n".join([*["-"] * skip, header, *lines, "last,2026-01-05,C,bad"]) + "\n")
    accept = "accept: {unparseable_number: set_null}\n"
    folder.write("dataset.yaml", f"tables: {{orders: {{file: orders.csv, skip: {skip}}}}}\n{accept}")
    (found,) = [one for one in folder.load().warnings if one.severity == "accepted"]
    assert [(one.line, one.value) for one in found.examples] == [(f"line {skip + 1 + rows}", "bad")]


def test_a_far_future_date_is_listed(folder):
    folder.orders(*(f"{n},2026-01-05,C,1" for n in range(9)), "9,2062-01-07,C,1")
    assert places(folder, "far_future") == (1, [("orders.csv", "line 11", "2062-01-07")])
    assert folder.load().as_of.isoformat() == "2026-01-05"


def test_far_future_dates_of_several_tables_are_told_once_for_each(folder):
    folder.orders(*(f"{n},2026-01-05,C,1" for n in range(9)), "9,2062-01-07,C,1")
    lines = "D1,a,won,2026-01-05,2026-01-05\nD2,a,won,2062-01-01,2062-01-02\n"
    folder.write("deals.csv", "deal_id,stage,outcome,created_on,closed_on\n" + lines)
    told = [str(one) for one in folder.load().warnings if one.check == "far_future"]
    assert told == [
        "orders: the as-of date is 2026-01-05: 1 later row stands alone, ignored",
        "deals: the as-of date is 2026-01-05: 1 later row stands alone, ignored",
    ]


def test_rows_that_are_the_same_in_every_column_are_listed(folder):
    folder.orders(
        "1,2026-01-05,C,1", "1,2026-01-05,C,2", "1,2026-01-05,C,1", "2,2026-01-05,C,1", "1,2026-01-05,C,1"
    )
    assert places(folder, "duplicate_rows") == (
        2,
        [("orders.csv", "line 4", "1"), ("orders.csv", "line 6", "1")],
    )


@pytest.mark.parametrize(
    ("values", "odd"),
    [
        ([100, 1000, 100], [3]),
        ([100, 10, 100], [3]),
        ([1000, 100, 100], [2]),
        ([100, 100, 1000], [4]),
        ([100, 700, 100], []),
        ([100, 200, 400, 900, 2000], []),
        ([100, 1000, 10000], []),
        ([100, 1000], [2, 3]),
        ([100], []),
        ([0, 100, 0], []),
    ],
)
def test_a_quota_of_ten_times_its_neighbours_is_listed(folder, values, odd):
    folder.orders(LINE)
    lines = "".join(f"revenue,2026-{n:02}-01,{value},R1\n" for n, value in enumerate(values, start=1))
    folder.write("quotas.csv", "kpi,start,value,rep_id\n" + lines)
    found = [one for one in folder.load().warnings if one.check == "quota_tenfold"]
    assert [place.line for one in found for place in one.examples] == [f"line {line}" for line in odd]


def test_quotas_are_compared_with_those_of_the_same_member(folder):
    folder.orders(LINE)
    lines = "".join(
        f"revenue,2026-{n:02}-01,{value},{rep}\n"
        for n, (small, large) in enumerate([(1, 100), (1, 1000), (12, 100)], start=1)
        for rep, value in (("R1", small), ("R2", large))
    )
    folder.write("quotas.csv", "kpi,start,value,rep_id\n" + lines)
    rows, found = places(folder, "quota_tenfold")
    assert (rows, found) == (2, [("quotas.csv", "line 5", "1000.0"), ("quotas.csv", "line 6", "12.0")])


def test_a_single_quota_is_compared_with_those_of_the_others(folder):
    folder.orders(LINE)
    lines = "".join(f"revenue,2026-01-01,{v},R{n}\n" for n, v in enumerate([100, 120, 90, 1100]))
    folder.write("quotas.csv", "kpi,start,value,rep_id\n" + lines)
    assert places(folder, "quota_tenfold") == (1, [("quotas.csv", "line 5", "1100.0")])


def test_a_member_who_moved_and_has_no_dates_is_listed_and_the_last_row_stands(folder, values):
    folder.orders(LINE)
    folder.write("reps.csv", "rep_id,name,team\nR1,Ayu,East\nR2,Budi,East\nR1,Ayu,West\n")
    assert places(folder, "moved_without_dates") == (1, [("reps.csv", "line 2", "R1")])
    assert values(folder.table("reps")["team"]) == ["East", "West"]
    folder.write("reps.csv", "rep_id,name,team\nR1,Ayu,East\nR1,Dewi,West\n")
    assert "rep_id 'R1' stands more than once" in folder.fault()


def test_days_without_any_row_are_told(folder):
    days = [f"2026-01-{n:02}" for n in range(1, 31)] + [f"2026-03-{n:02}" for n in range(1, 31)]
    folder.orders(*(f"{n},{day},C,1" for n, day in enumerate(days)))
    (found,) = [one for one in folder.load().warnings if one.check == "gap_of_days"]
    assert str(found) == "orders: 29 days without any row, from 2026-01-31 to 2026-02-28"
    folder.orders(*(f"{n},{day},C,1" for n, day in enumerate(days[::5])))
    assert not [one for one in folder.load().warnings if one.check == "gap_of_days"]


def test_lines_are_true_where_a_value_holds_line_breaks(folder):
    folder.orders('1,2026-01-05,"a\nb",1', "2,2026-01-05,C,")
    assert places(folder, "no_amount") == (1, [("orders.csv", "line 4", "")])


def test_deals_without_rep_customer_creation_or_amount_are_listed(folder):
    folder.write(
        "deals.csv",
        "deal_id,stage,outcome,created_on,closed_on,amount,rep_id,customer_id\n"
        "D1,a,won,,2026-01-05,5,R1,C1\nD2,a,won,2026-01-05,2026-01-05,,,C1\nD3,a,,2026-01-05,,,R1,\n",
    )
    assert places(folder, "no_created") == (1, [("deals.csv", "line 2", "")])
    assert places(folder, "no_amount") == (1, [("deals.csv", "line 3", "")])
    assert places(folder, "no_rep") == (1, [("deals.csv", "line 3", "")])
    assert places(folder, "no_customer") == (1, [("deals.csv", "line 4", "")])


def test_rows_without_a_key_are_not_told_as_keys_that_stand_twice(folder):
    folder.write("deals.csv", DEALS + ",a,\n,b,\n3,a,\n")
    folder.map("tables: {deals: {file: deals.csv}}")
    errors = [(one.check, one.rows) for one in inspect(folder.path) if one.severity == "error"]
    assert errors == [("empty_key", 2)]


@pytest.mark.parametrize("line", [",2026-01-01,5,R1", "revenue,,5,R1"])
def test_quotas_that_lack_what_they_need_are_all_listed(folder, line):
    folder.orders(LINE)
    folder.write("quotas.csv", f"kpi,start,value,rep_id\n{line}\nrevenue,2026-01-01,5,R2\n")
    folder.map("tables: {orders: {file: orders.csv}, quotas: {file: quotas.csv}}")
    errors = [(one.check, one.rows) for one in inspect(folder.path) if one.severity == "error"]
    assert errors == [("empty_key", 1)]


def test_a_quota_that_loses_its_start_is_told(folder):
    folder.orders(LINE)
    folder.write("quotas.csv", "kpi,start,value,rep_id\nrevenue,0001-01-01,5,R1\nrevenue,2026-01-01,5,R2\n")
    accept(folder, "out_of_time", "set_null", quotas="quotas.csv")
    assert folder.fault().startswith("load: quotas.csv, line 2: start is empty")


def test_deals_in_another_currency_are_an_error(folder):
    folder.write("deals.csv", "deal_id,stage,outcome,amount,currency\nD1,a,won,5,USD\nD2,a,won,5,EUR\n")
    assert folder.fault().startswith("load: deals.csv, line 3: currency 'EUR' is not the dataset's USD.")


def test_quotas_that_name_nobody_are_told_to_name_somebody(folder):
    folder.orders(LINE)
    folder.write("quotas.csv", "kpi,start,value\nrevenue,2026-01-01,5\nrevenue,2026-01-01,6\n")
    assert folder.fault().endswith(
        "Hint: say whose quotas these are: map rep_id, team, region, product_line or channel."
    )


def test_quotas_of_reps_without_a_table_of_reps_are_told(folder):
    folder.orders(LINE)
    folder.write("quotas.csv", "kpi,start,value,rep_id\nrevenue,2026-01-01,5,R1\nrevenue,2026-01-01,9,\n")
    assert places(folder, "quotas_without_reps") == (1, [("quotas.csv", "line 2", "R1")])
    folder.write("reps.csv", "rep_id\nR1\n")
    assert not [one for one in folder.load().warnings if one.check == "quotas_without_reps"]
