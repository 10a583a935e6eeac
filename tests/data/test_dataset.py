from datetime import date, datetime
from decimal import Decimal

import pandas as pd
import pytest

import kpikit as kp
from kpikit.data import engines
from kpikit.data.hiding import newest_day
from kpikit.errors import DataError
from tests.data.conftest import plain

DAY = pd.Timestamp("2026-01-05")


def orders(**columns) -> pd.DataFrame:
    made = {
        "order_id": ["1", "2"],
        "order_date": [DAY, DAY],
        "customer_id": ["C", None],
        "amount": [1.0, None],
    }
    return pd.DataFrame(made | columns)


def native(table: pd.DataFrame, engine: str, name: str = "orders"):
    return engines.convert({name: table}, engine)[name]


def fault(tables) -> str:
    with pytest.raises(DataError) as caught:
        kp.Dataset(tables)
    return str(caught.value)


# Tables in memory


def test_tables_in_memory_make_a_dataset(engine):
    made = kp.Dataset({"orders": native(orders(), engine)})
    assert made.has("orders", "amount")
    assert not made.has("orders", "cost")
    assert not made.has("deals", "amount")
    assert made.as_of == date(2026, 1, 5)
    assert made.warnings == ()


@pytest.mark.polars
def test_lazy_frames_of_polars_are_tables():
    made = kp.Dataset({"orders": native(orders(), "polars").lazy()})
    assert made.as_of == date(2026, 1, 5)
    assert len(engines.to_pandas(made.hidden(date(2026, 1, 4))["orders"])) == 0


def test_a_missing_column_is_told(engine):
    made = native(orders().drop(columns=["customer_id", "amount"]), engine)
    assert fault({"orders": made}) == (
        "Dataset: orders lacks customer_id, amount. Columns: order_id, order_date. "
        "Hint: rename the columns to these names."
    )


def test_tables_must_be_known_and_enough():
    assert fault({"order": orders()}) == (
        "Dataset: no table has the name 'order'. Tables: orders, deals, deal_stages, "
        "conversations, reps, customers, "
        "credits, quotas, costs. Hint: Did you mean 'orders'?"
    )
    assert fault({}) == "Dataset: neither orders nor deals is there. Tables: none."
    assert fault({"reps": pd.DataFrame({"rep_id": ["R"]})}) == (
        "Dataset: neither orders nor deals is there. Tables: reps."
    )


@pytest.mark.parametrize("table", [[1], {"order_id": ["1"]}, None, pd.Series([1])])
def test_what_is_no_table_is_told(table):
    assert fault({"orders": table}) == (
        f"Dataset: a {type(table).__name__} is not a table. Tables are pandas frames, Polars "
        f"frames or DuckDB relations."
    )


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"order_date": ["2026-01-05", None]},
            "orders.order_date holds text values, not dates. "
            "Hint: convert it, with pandas.to_datetime for example.",
        ),
        (
            {"amount": ["1", None]},
            "orders.amount holds text values, not numbers. Hint: convert it, with "
            "pandas.to_numeric for example.",
        ),
        (
            {"amount": [True, False]},
            "orders.amount holds truth values, not numbers. "
            "Hint: convert it, with pandas.to_numeric for example.",
        ),
        (
            {"customer_id": [1.0, None]},
            "orders.customer_id holds number values, not text or whole numbers. Hint: write the ids as text.",
        ),
        ({"region": [DAY, DAY]}, "orders.region holds date values, not text. Hint: write it as text."),
    ],
)
def test_a_column_that_holds_something_else_is_told(engine, columns, message):
    assert fault({"orders": native(orders(**columns), engine)}) == f"Dataset: {message}"


def test_moments_with_a_zone_are_told(engine):
    zoned = pd.Series(pd.to_datetime(["2026-01-05", None], utc=True))
    table = orders(order_date=zoned)
    if engine == "pandas":
        made = table
    else:
        import pyarrow as pa

        arrow = pa.Table.from_pandas(table)
        made = (
            __import__("polars").from_arrow(arrow)
            if engine == "polars"
            else __import__("duckdb").from_arrow(arrow)
        )
    assert fault({"orders": made}) == (
        "Dataset: orders.order_date holds moments with a time zone, not dates. "
        "Hint: put them on the clock of the dataset, without a zone."
    )


@pytest.mark.parametrize(
    "columns",
    [
        {"order_id": [1, 2]},
        {"order_id": pd.array([1, None], dtype="Int64")},
        {"customer_id": pd.Categorical(["a", "b"])},
        {"order_date": [date(2026, 1, 5), None]},
        {"order_date": [datetime(2026, 1, 5, 10, 30), None]},
        {"amount": [1, 2]},
        {"rep_id": [None, None]},
        {"rep_id": [float("nan"), float("nan")]},
        {"colour": [True, False]},
        {"product": pd.array(["a", None], dtype="string[pyarrow]")},
    ],
)
def test_columns_of_other_forms_are_accepted(engine, columns):
    kp.Dataset({"orders": native(orders(**columns), engine)})


def test_decimals_and_objects_are_accepted():
    kp.Dataset(
        {"orders": orders(amount=[Decimal("1.5"), None], order_id=pd.Series(["1", None], dtype=object))}
    )


def test_two_columns_of_one_name_are_told():
    table = pd.concat([orders(), orders()[["amount"]]], axis=1)
    assert fault({"orders": table}) == (
        "Dataset: orders has two columns with the name amount. Hint: rename one of them."
    )


def test_small_tables_have_one_form_on_every_engine(engine):
    reps = pd.DataFrame(
        {"rep_id": ["1", "2"], "name": ["Ayu", None], "hired_on": [DAY, pd.NaT], "colour": ["red", "blue"]}
    )
    made = kp.Dataset({"orders": native(orders(), engine), "reps": native(reps, engine, "reps")})
    expected = reps.astype({"rep_id": "str", "name": "str", "hired_on": "datetime64[s]"})
    pd.testing.assert_frame_equal(made.reps.drop(columns="colour"), expected.drop(columns="colour"))


def test_whole_ids_of_small_tables_are_text():
    made = kp.Dataset({"orders": orders(), "reps": pd.DataFrame({"rep_id": [1, 2]})})
    assert made.reps["rep_id"].tolist() == ["1", "2"]


def test_a_small_table_that_is_absent_has_its_columns():
    quotas = kp.Dataset({"orders": orders()}).small("quotas")
    assert (len(quotas), str(quotas["start"].dtype), str(quotas["value"].dtype)) == (
        0,
        "datetime64[s]",
        "float64",
    )


def test_the_tables_of_the_caller_are_not_changed(engine):
    table = orders()
    made = kp.Dataset({"orders": native(table, engine)})
    made.hidden(date(2026, 1, 4))
    assert made.as_of
    pd.testing.assert_frame_equal(table, orders())
    assert len(plain(made, "orders")) == 2


# The as-of date


def days(*spans) -> list:
    return [pd.Timestamp(day) for day, count in spans for _ in range(count)]


def ordered(*spans) -> pd.DataFrame:
    when = days(*spans)
    ids = [str(number) for number in range(len(when))]
    return pd.DataFrame({"order_id": ids, "order_date": when, "customer_id": "C", "amount": 1.0})


SIX_WEEKS = ("2026-01-05", "2026-02-15", "2026-03-30", "2026-05-20", "2026-07-10")


@pytest.mark.parametrize(
    ("spans", "as_of", "ignored"),
    [
        ([("2026-01-05", 9), ("2026-02-04", 4)], date(2026, 1, 5), 4),
        ([("2026-01-05", 9), ("2026-02-03", 4)], date(2026, 2, 3), 0),
        ([("2026-01-05", 9), ("2026-02-04", 5)], date(2026, 2, 4), 0),
        ([("2026-01-05", 9), ("2026-02-04", 2), ("2026-02-05", 3)], date(2026, 2, 5), 0),
        ([("2026-01-05", 9), ("2026-02-04", 2), ("2099-02-05", 2)], date(2026, 1, 5), 4),
        ([("2026-01-05", 9), ("2026-02-04", 4), ("2099-02-05", 1)], date(2026, 2, 4), 1),
        # A company that sells every six weeks: long are 80 years, and 22 weeks.
        ([(day, 1) for day in SIX_WEEKS], date(2026, 7, 10), 0),
        ([*((day, 2) for day in SIX_WEEKS), ("2106-07-10", 2)], date(2026, 7, 10), 2),
        ([*((day, 2) for day in SIX_WEEKS), ("2026-11-20", 2)], date(2026, 11, 20), 0),
        ([*((day, 2) for day in SIX_WEEKS), ("2026-12-11", 2)], date(2026, 7, 10), 2),
        # Two of two: who could say which is the mistake?
        ([("2026-01-05", 1), ("2062-01-05", 1)], date(2062, 1, 5), 0),
    ],
)
def test_a_few_rows_after_a_long_gap_are_ignored_with_a_warning(engine, spans, as_of, ignored):
    made = kp.Dataset({"orders": native(ordered(*spans), engine)})
    assert made.as_of == as_of
    last = spans[-1][0]
    many = f"{ignored} later facts, up to {last}, stand alone and are ignored"
    told = f"1 later fact, on {last}, stands alone and is ignored" if ignored == 1 else many
    expected = [f"dataset: the as-of date is {as_of}: {told}"]
    assert [str(one) for one in made.warnings] == (expected if ignored else [])


def deals(*rows) -> pd.DataFrame:
    columns = ["deal_id", "stage", "outcome", "created_on", "closed_on"]
    made = pd.DataFrame(rows, columns=columns)
    return made.assign(**{name: pd.to_datetime(made[name]) for name in columns[3:]}).astype(
        dict.fromkeys(columns[:3], "str")
    )


def test_the_as_of_date_is_the_newest_of_all_that_happened(engine):
    tables = {
        "orders": ordered(("2026-01-05", 9)),
        "deals": deals(
            ("D1", "a", "won", "2026-01-01", "2026-01-07"),
            ("D2", "a", None, "2026-01-06", "2026-01-20"),
        ),
        "conversations": pd.DataFrame(
            {
                "conversation_id": ["V"],
                "started_at": pd.to_datetime(["2026-01-08 23:59"]),
                "channel": ["phone"],
                "closed_at": pd.to_datetime(["2026-01-12 10:00"]),
            }
        ),
    }
    made = {name: native(table, engine, name) for name, table in tables.items()}
    assert kp.Dataset(made).as_of == date(2026, 1, 8)
    del made["conversations"]
    assert kp.Dataset(made).as_of == date(2026, 1, 7)
    made["deals"] = native(deals(("D2", "a", None, "2026-01-06", "2026-01-20")), engine, "deals")
    assert kp.Dataset(made).as_of == date(2026, 1, 6)


def test_without_a_date_there_is_no_as_of_date_and_no_crash(engine):
    made = kp.Dataset({"orders": native(ordered().astype({"order_date": "datetime64[s]"}), engine)})
    assert made.warnings == ()
    with pytest.raises(DataError) as caught:
        _ = made.as_of
    assert str(caught.value) == (
        "Dataset: no row has a date, so there is no as-of date. Hint: give order_date, or "
        "created_on of the deals."
    )


def test_one_day_is_enough():
    assert newest_day({date(2026, 1, 5): 1}) == (date(2026, 1, 5), ())


# What is known on a day


def test_orders_that_came_later_are_hidden_and_those_without_a_date_stay(engine):
    table = ordered(("2026-01-05", 1), ("2026-01-06", 1))
    table.loc[2] = ["9", pd.NaT, "C", 1.0]
    made = kp.Dataset({"orders": native(table, engine)})
    assert engines.to_pandas(made.hidden(date(2026, 1, 5))["orders"])["order_id"].tolist() == ["0", "9"]
    assert len(engines.to_pandas(made.hidden(date(2026, 1, 6))["orders"])) == 3


def test_a_later_closing_is_blanked_with_its_outcome_and_stage(engine, values):
    table = deals(
        ("D1", "shut", "won", "2026-01-01", "2026-01-05"),
        ("D2", "shut", "won", "2026-01-01", "2026-01-06"),
        ("D3", "open", None, "2026-01-06", None),
        ("D4", "open", None, None, None),
    )
    hidden = kp.Dataset({"deals": native(table, engine, "deals")}).hidden(date(2026, 1, 5))
    known = plain(kp.Dataset(hidden), "deals")
    assert {name: values(known[name]) for name in known} == {
        "deal_id": ["D1", "D2", "D4"],
        "stage": ["shut", None, "open"],
        "outcome": ["won", None, None],
        "created_on": ["2026-01-01", "2026-01-01", None],
        "closed_on": ["2026-01-05", None, None],
    }


def test_later_replies_and_leavings_are_blanked(engine, values):
    moments = pd.to_datetime(["2026-01-05 23:59", "2026-01-06 00:00"])
    tables = {
        "orders": ordered(("2026-01-05", 1)),
        "conversations": pd.DataFrame(
            {
                "conversation_id": ["A", "B"],
                "started_at": pd.to_datetime(["2026-01-05"] * 2),
                "channel": "phone",
                "first_reply_at": moments,
                "closed_at": moments[::-1],
            }
        ),
        "reps": pd.DataFrame({"rep_id": ["1", "2"], "left_on": moments, "hired_on": moments}),
        "customers": pd.DataFrame({"customer_id": ["1", "2"], "left_on": moments, "acquired_on": moments}),
        "deal_stages": pd.DataFrame({"deal_id": ["1", "2"], "stage": "a", "entered_on": moments}),
    }
    made = kp.Dataset({name: native(table, engine, name) for name, table in tables.items()})
    hidden = kp.Dataset(made.hidden(date(2026, 1, 5)))
    conversations = plain(hidden, "conversations")
    assert conversations["first_reply_at"].isna().tolist() == [False, True]
    assert conversations["closed_at"].isna().tolist() == [True, False]
    for name in ("reps", "customers"):
        assert plain(hidden, name)["left_on"].isna().tolist() == [False, True]
    assert plain(hidden, "reps")["hired_on"].notna().all()
    assert plain(hidden, "customers")["acquired_on"].notna().all()
    assert plain(hidden, "deal_stages")["deal_id"].tolist() == ["1"]


def test_hidden_tables_keep_their_engine(engine):
    made = kp.Dataset({"orders": native(orders(), engine)})
    hidden = made.hidden(date(2026, 1, 5))["orders"]
    assert engines.engine_of(hidden) == engine
    assert engines.kinds(hidden) == engines.kinds(made.tables["orders"])


# Load as a whole


def test_the_samples_load_in_half_a_second():
    # The time of the processor, which does not care for what else the machine does.
    from time import process_time

    def once() -> float:
        start = process_time()
        kp.load("data/samples")
        return process_time() - start

    assert min(once() for _ in range(3)) < 0.5


def test_measures_are_the_same_on_every_engine(engine):
    figures = kp.measure(
        kp.load("data/samples", engine=engine), ["revenue", "win_rate"], period="2026-Q2", by="rep"
    )
    expected = kp.measure(kp.load("data/samples"), ["revenue", "win_rate"], period="2026-Q2", by="rep")
    pd.testing.assert_frame_equal(figures, expected)
