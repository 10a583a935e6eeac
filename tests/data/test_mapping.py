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
    assert read(text).tables["quotas"][0].constants == {"kpi": "no", "value": "5", "start": "2026-01-01"}


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
            "dataset.yaml, line 4: table 'orders', join 1, 'on': a join has one key: "
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
            "dataset.yaml, line 1: holiday 1: a day is expected, such as 2026-09-14. Given: 'soon'.",
        ),
        (
            "business_hours: {start: 17:00, end: 09:00}\n" + TABLES,
            "dataset.yaml, line 1: 'business_hours': the hours end before they start.",
        ),
        (
            "tables: {orders: {file: o.csv, dates: dd/mm/yyyy}}",
            "dataset.yaml, line 1: table 'orders', 'dates': dates are written as for strptime, with a year: "
            "'%d/%m/%Y', or 'excel' for numbers. Given: 'dd/mm/yyyy'.",
        ),
        (
            "tables: {orders: {file: o.csv, dates: '%Q %Y'}}",
            "dataset.yaml, line 1: table 'orders', 'dates': this is no format of dates (",
        ),
        (
            "tables: {orders: {file: o.csv, delimiter: ', '}}",
            "dataset.yaml, line 1: table 'orders', 'delimiter': a delimiter is one sign, such as "
            "';', '|' or tab. "
            "Given: ', '.",
        ),
        (
            "tables: {orders: {file: o.csv, encoding: rot13}}",
            "dataset.yaml, line 1: table 'orders', 'encoding': no encoding has this name, such as "
            "utf-8, utf-16 or "
            "cp1252. Given: 'rot13'.",
        ),
        (
            "tables: {orders: {file: o.csv, decimal: ',', thousands: ','}}",
            "dataset.yaml, line 1: table 'orders': decimal and thousands cannot both be ','.",
        ),
        (
            "tables: {orders: {file: o.csv, nulls: [NULL]}}",
            "dataset.yaml, line 1: table 'orders', null word 1: a text is expected. "
            "Hint: write it in quotes.",
        ),
        (
            "tables: {orders: {file: o.csv, constants: {region: true}}}",
            "dataset.yaml, line 1: table 'orders', constant 'region': a text is expected. "
            "Given: 'True'. Hint: write it in quotes.",
        ),
        (
            "business_hours: {start: '09:00+07:00', end: '17:00'}\n" + TABLES,
            "dataset.yaml, line 1: 'business_hours.start': a time of day is expected, such as '09:00', on "
            "the clock of time_zone. Given: '09:00+07:00'.",
        ),
        (
            "business_hours: {start: '09:00', end: 17}\n" + TABLES,
            "dataset.yaml, line 1: 'business_hours.end': a time of day is expected",
        ),
        (
            "holidays: ID\n" + TABLES,
            "dataset.yaml, line 1: 'holidays': holidays are a country, such as {country: ID}, or a list of "
            "days. Given: 'ID'.",
        ),
        (
            "holidays: [1800-01-01]\n" + TABLES,
            "dataset.yaml, line 1: 'holidays': 1800-01-01 is out of time. Years 1900 to 2200 are read.",
        ),
        (
            "holidays: {country: ID, subdivision: zz}\n" + TABLES,
            "dataset.yaml, line 1: subdivision 'zz' of ID is not known. ID has none.",
        ),
        (
            "tables: {orders: {file: o.csv, dates: '%Y%Y'}}",
            "dataset.yaml, line 1: table 'orders', 'dates': this is no format of dates ('%Y' stands in it "
            "twice). Given: '%Y%Y'.",
        ),
        (
            f"tables: {{orders: {{file: {'x' * 5000}.csv}}}}",
            "dataset.yaml, line 1: table 'orders', 'file': no file has so long a name. At most 255 letters. "
            f"Given: '{'x' * 60}…'.",
        ),
        (
            f"folder: {'x/' * 5000}\n" + TABLES,
            "dataset.yaml, line 1: 'folder': no file has so long a name. At most 255 letters. "
            f"Given: '{'x/' * 30}…'.",
        ),
        (
            'tables: {orders: {file: "\\ud800.csv"}}',
            r"dataset.yaml, line 1: '\ud800.csv' holds a character that no text has ('\ud800'). "
            "Hint: remove it.",
        ),
        (
            "tables: {orders: {file: o.csv, delimiter: a}}",
            "dataset.yaml, line 1: table 'orders', 'delimiter': a delimiter is one sign",
        ),
        (
            "week_start: mon\n" + TABLES,
            "dataset.yaml, line 1: 'week_start': 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', "
            "'saturday' or 'sunday' is expected. Given: 'mon'. Hint: Did you mean 'monday'?",
        ),
        (
            "tabels: {}\n",
            "dataset.yaml, line 1: 'tabels' is not known here. Known: name, currency, time_zone, "
            "business_hours, "
            "week_start, fiscal_year, stages, holidays, folder, engine, accept, tables. "
            "Hint: Did you mean 'tables'?",
        ),
    ],
)
def test_a_fault_is_told_with_its_line(read, text, message):
    with pytest.raises(DataError) as caught:
        read(text)
    told = str(caught.value)
    assert told == message or (told.startswith(message) and not message.endswith(("'.", "?")))
