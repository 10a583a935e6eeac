import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpikit.data.mapping import parse_expression


def worked_out(text, **columns):
    return parse_expression(text).work_out(columns.__getitem__)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("8 / 4 / 2", 1),
        ("8 - 4 - 2", 2),
        ("-2 * 3", -6),
        ("2 - -3", 5),
        ("2 × 3 ÷ 4 − 1", 0.5),
        ("a * (1 - b)", 7.5),
        ("[a] + [ b]", None),
        (".5 + 1.", 1.5),
        ("((a))", 10),
    ],
)
def test_expressions_follow_the_rules_of_arithmetic(text, value):
    if value is None:
        assert parse_expression(text).columns == ("a", " b")
    else:
        assert worked_out(text, a=10, b=0.25) == value


def test_texts_are_joined():
    assert worked_out("First + ' ' + [Last Name]", **{"First": "Ayu", "Last Name": "D'Or"}) == "Ayu D'Or"
    assert parse_expression('First + "\'"').is_text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "something is missing at the end"),
        ("a +", "something is missing at the end (after '+')"),
        ("a b", "'b' is not expected here (after 'a')"),
        ("(a", "a parenthesis is opened and never closed"),
        ("a)", "')' is not expected here (after 'a')"),
        ("* a", "'*' is not expected here"),
        ("round(a)", "there are no calls, such as round(…)"),
        ("__import__('os')", "there are no calls, such as __import__(…)"),
        ("__import__('os').system('x')", "'.system('x')' cannot be read"),
        ("a.b", "'.b' cannot be read"),
        ("a ** 2", "'*' is not expected here"),
        ("a if b else c", "'if' is not expected here (after 'a')"),
        ("a % 2", "'% 2' cannot be read"),
        ("a; b", "'; b' cannot be read"),
        ("'open", "''open' cannot be read"),
        ("(" * 60 + "1" + ")" * 60, "it is nested deeper than 50 levels"),
        ("-" * 60 + "1", "it is nested deeper than 50 levels"),
        ("1+" * 2000 + "1", "an expression has at most 2,000 letters"),
    ],
)
def test_what_is_no_expression_is_told(text, fault):
    with pytest.raises(ValueError) as caught:
        parse_expression(text)
    assert str(caught.value).startswith(fault)


NUMBERS = st.integers(0, 1000).map(str)
TREES = st.recursive(
    NUMBERS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(" ".join),
        inner.map("({})".format),
        inner.map("-({})".format),
    ),
    max_leaves=12,
)


@given(TREES)
def test_numbers_come_out_as_python_works_them_out(text):
    try:
        expected = float(eval(text))  # the text is made of digits, signs and parentheses alone
    except ZeroDivisionError:
        with pytest.raises(ZeroDivisionError):
            worked_out(text)
        return
    assert math.isclose(worked_out(text), expected, rel_tol=1e-12, abs_tol=1e-12)
