from datetime import date, time

import pytest

from kpikit.data.mapping import read_mapping
from kpikit.errors import DataError

TABLES = "tables: {orders: {file: orders.csv}}\n"


@pytest.fixture
def read(tmp_path):
    def write(text: str):
        (tmp_path / "dataset.yaml").write_text(text)
        return read_mapping(tmp_path / "dataset.yaml")

    return write


def test_settings_have_defaults(read):
    settings = read(TABLES).settings
    assert (settings.name, settings.currency, settings.time_zone) == ("Company", "USD", "UTC")
    assert settings.calendar().holidays == frozenset()


def test_settings_are_read(read):
    settings = read(
        "name: A\ncurrency: IDR\ntime_zone: Asia/Jakarta\nbusiness_hours: {start: 09:00, end: 17:00}\n"
        "week_start: sunday\nfiscal_year: {start_month: 4, named_by: start}\nholidays: [2026-01-01]\n"
        + TABLES
    ).settings
    assert (settings.business_hours.start, settings.business_hours.end) == (time(9), time(17))
    calendar = settings.calendar()
    assert (calendar.week_start, calendar.fiscal_start_month, calendar.fiscal_named_by) == (6, 4, "start")
    assert calendar.holidays == {date(2026, 1, 1)}


def test_holidays_of_a_country_are_known(read):
    assert date(2026, 8, 17) in read("holidays: {country: ID}\n" + TABLES).calendar().holidays


def test_constants_are_kept_as_they_are_written(read):
    text = "tables: {quotas: {file: q.csv, constants: {kpi: no, value: 5, start: 2026-01-01}}}"
    assert read(text).tables["quotas"].constants == {"kpi": "no", "value": "5", "start": "2026-01-01"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: A\n", "dataset.yaml: no tables are named. Hint: tables: {orders: {file: orders.csv}}."),
        (
            "tables:\n  order: {file: o.csv}\n",
            "dataset.yaml, line 2: 'order' is no table. Known: orders, deals, deal_stages, "
            "conversations, reps, "
            "customers, credits, quotas, costs. Hint: Did you mean 'orders'?",
        ),
        (
            "tables:\n  costs:\n    file: c.csv\n    columns:\n      month: m\n      amont: a\n",
            "dataset.yaml, line 6: 'amont' is no column of costs. Known: month, amount, channel, region. "
            "Hint: Did you mean 'amount'?",
        ),
        (
            "tables:\n  costs:\n    file: c.csv\n    constants: {chanel: x}\n",
            "dataset.yaml, line 4: 'chanel' is no column of costs. Known: month, amount, channel, region. "
            "Hint: Did you mean 'channel'?",
        ),
        (
            "tables:\n  costs:\n    file: c.csv\n    joins:\n      - {file: s.csv, on: {a: b}, "
            "take: {area: c}}\n",
            "dataset.yaml, line 5: 'area' is no column of costs. Known: month, amount, channel, region.",
        ),
        (
            "tables:\n  orders:\n    file: o.csv\n    joins: [{file: s.csv, on: {a: b, c: d}, take: {}}]\n",
            "dataset.yaml, line 4: 'tables.orders.joins.0.on': a join has one key: "
            "{column of the table: column of the file}.",
        ),
        (
            "currency: dollar\n" + TABLES,
            "dataset.yaml, line 1: 'currency': a currency is its ISO 4217 code of three capital "
            "letters, such as "
            "USD or IDR. Given: 'dollar'.",
        ),
        (
            "time_zone: Asia/Jakata\n" + TABLES,
            "dataset.yaml, line 1: 'time_zone': no time zone has this name. Did you mean 'Asia/Jakarta'? "
            "Given: 'Asia/Jakata'.",
        ),
        (
            "holidays: {country: Indonesia}\n" + TABLES,
            "dataset.yaml, line 1: country 'Indonesia' is not known.",
        ),
        (
            "holidays:\n  contry: ID\n" + TABLES,
            "dataset.yaml: 2 faults\ndataset.yaml, line 1: 'holidays.country' is missing.\n"
            "dataset.yaml, line 2: 'holidays.contry' is not known here. Known: country, subdivision. "
            "Hint: Did you mean 'country'?",
        ),
        (
            "holidays: [soon]\n" + TABLES,
            "dataset.yaml, line 1: 'holidays.0': input should be a valid date",
        ),
        (
            "business_hours: {start: 17:00, end: 09:00}\n" + TABLES,
            "dataset.yaml, line 1: 'business_hours': the hours end before they start.",
        ),
        (
            "tables: {orders: {file: o.csv, dates: dd/mm/yyyy}}",
            "dataset.yaml, line 1: 'tables.orders.dates': dates are written as for strptime, with a year: "
            "'%d/%m/%Y'. Given: 'dd/mm/yyyy'.",
        ),
        (
            "tables: {orders: {file: o.csv, dates: '%Q %Y'}}",
            "dataset.yaml, line 1: 'tables.orders.dates': this is no format of dates (",
        ),
        (
            "tables: {orders: {file: o.csv, delimiter: ', '}}",
            "dataset.yaml, line 1: 'tables.orders.delimiter': a delimiter is one sign, such as "
            "';', '|' or tab. "
            "Given: ', '.",
        ),
        (
            "tables: {orders: {file: o.csv, encoding: rot13}}",
            "dataset.yaml, line 1: 'tables.orders.encoding': no encoding has this name, such as "
            "utf-8, utf-16 or "
            "cp1252. Given: 'rot13'.",
        ),
        (
            "tables: {orders: {file: o.csv, decimal: ',', thousands: ','}}",
            "dataset.yaml, line 1: 'tables.orders': decimal and thousands cannot both be ','.",
        ),
        (
            "tables: {orders: {file: o.csv, nulls: [NULL]}}",
            "dataset.yaml, line 1: 'tables.orders.nulls.0': input should be a valid string. "
            "Hint: write it in quotes.",
        ),
        (
            "tables: {orders: {file: o.csv, constants: {region: true}}}",
            "dataset.yaml, line 1: 'tables.orders.constants.region': input should be a valid string. "
            "Given: 'True'. Hint: write it in quotes.",
        ),
        (
            "tabels: {}\n",
            "dataset.yaml, line 1: 'tabels' is not known here. Known: name, currency, time_zone, "
            "business_hours, "
            "week_start, fiscal_year, holidays, folder, engine, tables. Hint: Did you mean 'tables'?",
        ),
    ],
)
def test_a_fault_is_told_with_its_line(read, text, message):
    with pytest.raises(DataError) as caught:
        read(text)
    told = str(caught.value)
    assert told == message or (told.startswith(message) and not message.endswith(("'.", "?")))
