"""Charts at the level of their specification, and as the SVG that a reader gets."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pandas as pd
import pytest

from kpikit.views.charts import attainment_chart, breakdown_chart, standing
from kpikit.views.courses import path_chart, trend_chart
from kpikit.views.pipeline_charts import deal_trend_chart
from kpikit.views.theme import STATUS, THEME
from tests.views.frames import HOSTILE, LONG, NAN, addresses, attained, grouped, months, strings

LOOKS = {"unit": "money", "currency": "USD", "language": "en"}
SVG = "{http://www.w3.org/2000/svg}"


def path_rows() -> pd.DataFrame:
    days = pd.date_range("2026-09-01", "2026-09-30")
    actual = [float(place) if place < 14 else NAN for place in range(len(days))]
    return pd.DataFrame(
        {"day": days, "actual": actual, "expected": [place * 0.9 for place in range(len(days))]}
    )


def draw(name: str, label: str = "A", title: str = "A finding", language: str = "en"):
    told = LOOKS | {"title": title, "subtitle": f"about {label}", "language": language}
    if name == "attainment":
        rows = attained(
            (label, 9_000, 10_000, "missed"), ("B", 12_000, 10_000, "reached"), ("C", 5, NAN, "not available")
        )
        return attainment_chart(rows, **told)
    if name == "breakdown":
        rows = grouped(x=(3_000, 1_000), y=(1_000, 2_000)).replace({"channel": {"x": label}})
        return breakdown_chart(rows, kpi="revenue", by="channel", **told)
    if name == "trend":
        return trend_chart(
            months([1_000, 2_000, 3_000], [900, 2_100, NAN]), kpi="revenue", grain="month", **told
        )
    return path_chart(path_rows(), kpi="revenue", target=26.1, as_of=date(2026, 9, 14), **told)


CHARTS = ["attainment", "breakdown", "trend", "path"]


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_holds_no_address(name):
    assert addresses(draw(name).specification) == []
    assert re.findall(r"(?:href|src|url)\s*[=(]", draw(name).svg.replace("url(#", "")) == []


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_tells_what_it_shows_to_who_cannot_see_it(name):
    picture = draw(name)
    root = ElementTree.fromstring(picture.svg)
    assert root.get("role") == "img" and root.get("aria-label") == "A finding"
    assert root.find(f"{SVG}title").text == "A finding"
    assert root.find(f"{SVG}desc").text == picture.description
    assert picture._repr_mimebundle_()["text/plain"].startswith("A finding\nabout A")


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_as_wide_as_a_notebook_cell(name):
    assert 600 <= float(ElementTree.fromstring(draw(name, LONG, LONG * 3).svg).get("width")) <= 868


@pytest.mark.parametrize("name", CHARTS)
def test_hostile_text_stays_text(name):
    svg = draw(name, HOSTILE, HOSTILE).svg
    assert "<img" not in svg and "&lt;img" in svg
    ElementTree.fromstring(svg)


@pytest.mark.parametrize("name", ["attainment", "breakdown", "trend"])
def test_bars_start_at_zero(name):
    domains = [
        scale["domain"]
        for scale in scales(draw(name).specification)
        if isinstance(scale.get("domain"), list) and scale.get("nice") is False
    ]
    assert domains and all(low <= 0 <= high for low, high in domains)


def scales(part):
    if isinstance(part, dict):
        if "scale" in part and isinstance(part["scale"], dict):
            yield part["scale"]
        for value in part.values():
            yield from scales(value)
    elif isinstance(part, list):
        for value in part:
            yield from scales(value)


@pytest.mark.parametrize(
    ("name", "unit"),
    [("trend", "(USD)"), ("breakdown", "(USD)"), ("attainment", "(% of the target)"), ("path", "(USD)")],
)
def test_axes_carry_units(name, unit):
    assert any(unit in text for text in strings(draw(name).specification))


def test_members_are_sorted_and_their_status_is_a_word_with_a_symbol():
    told = draw("attainment").description
    assert told.index("B: ● reached · 120% · $12K of $10K") < told.index("A: × missed · 90% · $9K of $10K")
    assert "C: no target · $5" in told


def test_every_status_has_its_own_look_in_words():
    good = {name for name, (_, mood) in STATUS.items() if mood == "good"}
    bad = {name for name, (_, mood) in STATUS.items() if mood == "bad"}
    signs = lambda names: {STATUS[name][0] for name in names}  # noqa: E731
    assert not signs(good) & signs(bad)
    assert THEME.good != THEME.bad


def test_only_the_chosen_member_has_the_accent():
    rows = attained(("A", 9, 10, "missed"), ("B", 12, 10, "reached"))
    values = attainment_chart(rows, title="t", subtitle="s", chosen="A", **LOOKS).specification
    rows = [row for data in datasets(values) for row in data if "accent" in row]
    assert {(row["name"], row["accent"]) for row in rows} == {("A", True), ("B", False)}


def datasets(specification):
    return list(specification["datasets"].values())


def test_thirty_members_stay_apart():
    rows = attained(*((f"Member {place:02}", place, 20, "missed") for place in range(30)))
    root = ElementTree.fromstring(attainment_chart(rows, title="t", subtitle="s", **LOOKS).svg)
    assert float(root.get("height")) > 30 * 20
    assert {f"Member {place:02}" for place in range(30)} <= set(root.itertext())


def test_a_long_name_is_whole_in_the_description_and_shortened_on_the_axis():
    picture = draw("attainment", LONG)
    texts = [one.text for one in ElementTree.fromstring(picture.svg).iter(f"{SVG}text")]
    assert any(text and text.endswith("…") and LONG.startswith(text[:-1].rstrip()) for text in texts)


def test_two_members_whose_shortened_names_are_alike_have_two_bars():
    rows = attained((LONG + "1", 5, 10, "missed"), (LONG + "2", 6, 10, "missed"))
    root = ElementTree.fromstring(attainment_chart(rows, title="t", subtitle="s", **LOOKS).svg)
    shown = [one for one in root.iter(f"{SVG}text") if (one.text or "").startswith("× missed")]
    assert len(shown) == 2


def test_numbers_and_dates_follow_the_language():
    texts = set(strings(draw("trend", language="id").specification))
    assert any("US$1\\u00a0rb" in text or "US$1\xa0rb" in text for text in texts)
    root = ElementTree.fromstring(draw("trend", language="id").svg)
    assert "Jan 2026" in set(root.itertext()) and "Mar" in set(root.itertext())


def test_a_path_draws_nothing_after_the_as_of_date():
    lines = [data for data in datasets(draw("path").specification) if data and "at" in data[0]]
    actual = next(data for data in lines if len(data) == 14)
    assert actual[-1]["at"] == 13


def test_empty_and_missing_values_draw():
    rows = grouped(x=(NAN, NAN), y=(0.0, NAN))
    assert breakdown_chart(rows, kpi="revenue", by="channel", title="t", subtitle="s", **LOOKS).svg
    assert trend_chart(months([NAN, 0.0]), kpi="revenue", grain="month", title="t", subtitle="s", **LOOKS).svg


@pytest.mark.parametrize(
    ("reached", "of", "actual", "expected", "is_over", "told"),
    [
        # Over: the mark says what the words say, whatever the sum is.
        (3, 3, 130, 100, True, ("● 3 of 3 reached", True)),
        (1, 3, 102, 100, True, ("◊ 1 of 3 reached", False)),
        (0, 3, 23, 100, True, ("× 0 of 3 reached", False)),
        # Running: the sum beside what was expected by now.
        (0, 1, 60, 50, False, ("► 0 of 1 reached", True)),
        (1, 2, 40, 50, False, ("◊ 1 of 2 reached", False)),
        # Without a deadline nothing is expected by now.
        (1, 1, 106, NAN, False, ("● 1 of 1 reached", True)),
        (0, 1, 93, NAN, False, ("◊ 0 of 1 reached", False)),
        (0, 0, 93, NAN, False, ("– not judged", False)),
    ],
)
def test_the_standing_of_several_occurrences(reached, of, actual, expected, is_over, told):
    one = {"occurrences": 3, "reached": reached, "of": of, "actual": actual, "target_value": 100.0}
    assert standing(one | {"expected": expected, "is_over": is_over}) == told


@pytest.mark.parametrize("name", ["constructor", "hasOwnProperty", "__proto__", "toString", "datum"])
@pytest.mark.parametrize("chart", ["attainment", "breakdown"])
def test_words_of_the_language_that_draws_are_names_as_any_other(chart, name):
    assert f">{name}</text>" in draw(chart, name).svg


def domains(part: object) -> list[list[float]]:
    """All vertical domains of a specification."""
    if isinstance(part, list):
        return [one for each in part for one in domains(each)]
    if not isinstance(part, dict):
        return []
    own = part.get("encoding", {}).get("y", {}).get("scale") or {}
    return [*([own["domain"]] if "domain" in own else []), *domains(list(part.values()))]


def test_a_target_below_zero_stands_within_the_chart():
    told = LOOKS | {"title": "t", "subtitle": "s"}
    picture = path_chart(path_rows(), kpi="operating_profit", target=-40, as_of=date(2026, 9, 14), **told)
    found = domains(picture.specification)
    # The largest that was expected is 29 times 0.9.
    assert found and all(low <= -40 and high >= 26.1 for low, high in found)


def test_bars_that_are_all_below_zero_start_at_zero():
    """Deals that are won at a negative amount have a negative velocity."""
    rows = pd.DataFrame({"kpi": "sales_velocity", "period": ["2026-01", "2026-02"], "value": [-10.0, -20.0],
                         "start": pd.to_datetime(["2026-01-01", "2026-02-01"]), "n": 9, "is_chosen": False,
                         "is_complete": True})  # fmt: skip
    told = {"title": "t", "subtitle": "s", "currency": "USD", "language": "en"}
    found = domains(deal_trend_chart(rows, grain="month", **told).specification)
    assert found and all(low <= -20 and high > 0 for low, high in found)
