from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from kpikit.errors import ParameterError, without_login
from kpikit.reports.hiding import mask_of
from kpikit.reports.job import Job
from kpikit.reports.masking import Mask, is_secret_name, secrets_of
from kpikit.reports.notebooks import Notebook

CANARY = "c4n4ry/with+odd@signs"


@pytest.mark.parametrize(
    "name",
    ["password", "DB_PASSWORD", "passwd", "PGPASSWORD", "api_key", "apiKey", "API-KEY", "token",
     "accessToken", "SLACK_TOKEN", "client_secret", "AWS_SECRET_ACCESS_KEY", "credentials", "pwd", "dsn",
     "authorization"],
)  # fmt: skip
def test_what_is_named_like_a_secret_is_one(name):
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name", ["period", "rep", "key", "author", "passenger_count", "compass", "tokenizer", ""]
)
def test_other_names_are_none(name):
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("postgresql://ann:pw@host:5432/db", "postgresql://***@host:5432/db"),
        ("at 'postgres://ann@host/db'", "at 'postgres://***@host/db'"),
        ("postgresql://host/db?user=a&password=pw&sslmode=x", "postgresql://host/db?user=a&password=***&sslmode=x"),
        ("duckdb:/ann:pw@host", "duckdb:/***@host"),
        ("host=h password='p w' user=u", "host=h password=*** user=u"),
        ("https://example.com/@ann and a@b.org", "https://example.com/@ann and a@b.org"),
        ("postgresql://host/db", "postgresql://host/db"),
    ],
)  # fmt: skip
def test_logins_in_addresses_are_hidden_without_knowing_them(text, hidden):
    assert Mask().text(text) == hidden


def test_a_known_secret_is_hidden_in_every_way_it_may_be_written():
    mask = Mask([CANARY])
    for form in (CANARY, "c4n4ry%2Fwith%2Bodd%40signs", json.dumps(CANARY), f"x{CANARY}x"):
        assert "c4n4ry" not in mask.text(f"it is {form}, said twice: {form}")
    quoted = 'a"b\\c<d>&é'
    for form in (repr(quoted), json.dumps(quoted), "a&quot;b\\c&lt;d&gt;&amp;é"):
        assert "b" not in Mask([quoted]).text(form)


def test_short_secrets_and_figures_do_not_spoil_words_and_figures():
    mask = Mask(["pw", "123456", "secret"])
    assert mask.text("pwd 123456.0000 secretary, a secret.") == "pwd 123456.0000 secretary, a ***."


def test_code_keeps_what_is_only_named_like_a_secret():
    code = "connect(password=pw)\naddress = 'postgresql://a:b@h/d'"
    assert Mask().text(code, is_code=True) == "connect(password=pw)\naddress = 'postgresql://***@h/d'"


def test_parameters_are_hidden_at_any_depth_and_the_given_ones_stay():
    given = {"login": {"user": "ann", "password": "x"}, "urls": ["postgresql://a:b@h/d"], "token": None,
             "is_secret": False, "period": "2026", "pin_password": 12}  # fmt: skip
    kept = json.dumps(given)
    assert Mask().parameters(given) == {
        "login": {"user": "ann", "password": "***"}, "urls": ["postgresql://***@h/d"], "token": None,
        "is_secret": False, "period": "2026", "pin_password": "***",
    }  # fmt: skip
    assert json.dumps(given) == kept


def test_a_run_notebook_holds_no_secret_in_cells_outputs_or_metadata():
    code = nbformat.v4.new_code_cell
    cells = [
        code(
            'db_password = "x"  # short\naddress: str = "postgresql://a:longer-one@h/d"\nmonths = 3',
            metadata={"tags": ["parameters"]},
        ),
        code(f"# Parameters\napi_token = '{CANARY}'", metadata={"tags": ["injected-parameters"]}),
        code("print(1)", outputs=[nbformat.v4.new_output("stream", text=f"said {CANARY} and longer-one")]),
        nbformat.v4.new_markdown_cell(f"see {CANARY}"),
    ]
    told = {"parameters": {"api_token": CANARY, "months": 3}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"papermill": told})
    masked = Mask([CANARY, "longer-one"]).notebook(notebook)
    nbformat.validate(masked)
    text = nbformat.writes(masked)
    assert "c4n4ry" not in text and "longer-one" not in text
    assert masked.cells[0].source == "db_password = '***'\naddress = 'postgresql://***@h/d'\nmonths = 3"
    assert masked.cells[1].source == "# Parameters\napi_token = '***'"
    assert masked.metadata.papermill.parameters == {"api_token": "***", "months": 3}
    assert CANARY in nbformat.writes(notebook)


def test_secrets_come_from_parameters_their_defaults_and_the_environment(notebook):
    path = notebook("1", parameters='data = ""\naddress = "postgresql://ann:from-default@h/d"\n')
    job = Job("rep", "A", "rep-a", path, {"token": "from-parameter"}, "A", "T")
    mask = mask_of(
        job, {"SALES_DB": "postgresql://a:from-address@h/d", "MY_SECRET": "from-name", "PLACE": "/srv/x"}
    )
    text = "from-default from-parameter from-address from-name /srv/x"
    assert mask.text(text) == "*** *** *** *** /srv/x"


def test_a_missing_notebook_leaves_the_rest_of_the_mask():
    job = Job("rep", "A", "rep-a", Path("none.ipynb"), {"token": "from-parameter"}, "A", "T")
    assert mask_of(job, {"A": "b"}).text("from-parameter") == "***"


def test_a_password_with_any_sign_is_found_in_an_address():
    assert secrets_of({"X": "postgresql://ann:p@s/s:w#rd@host/db"}) == {"p@s/s:w#rd", "ann:p@s/s:w#rd"}


def test_no_message_shows_a_login():
    assert "pw" not in str(ParameterError("load", "there is no postgresql:/ann:pw@host/db"))
    assert without_login("a postgresql://ann:pw@host") == "a postgresql://***@host"


def test_a_secret_that_does_not_fit_its_parameter_is_not_shown():
    book = Notebook(Path("n.ipynb"), "N", {"pin_password": 1, "login": {"password": "old", "user": "a"}})
    with pytest.raises(ParameterError, match=r"'\*\*\*' does not fit the parameter 'pin_password'"):
        book.parse("pin_password", "hunter2")
    with pytest.raises(ParameterError) as told:
        book.parse("login", "['hunter2']")
    assert "old" not in str(told.value)
