"""The exercises of the first lesson: what is right passes, what is wrong is told why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

import kpikit as kp
from kpikit.course.lesson import Lesson
from kpikit.course.questions import Amount, Choice, Exercise, Said
from kpikit.course.sheet import answer_sheet
from kpikit.errors import KpikitError

NUMBERS = range(1, 7)
ALONE = [number for number in NUMBERS if number != 2]  # in the second, all answers are judged together


def said(exercise: Exercise, name: str, answer: Any) -> Said:
    """What is said to one answer, while all others are right."""
    place = [one.name for one in exercise.questions].index(name)
    return exercise.check(exercise.answers | {name: answer})[place]


def singles(exercise: Exercise) -> Iterator[tuple[str, Any, bool]]:
    """Each option alone, and each number that a wrong way leads to: question, answer, whether it is right."""
    for question in exercise.questions:
        if isinstance(question, Amount):
            yield question.name, question.solution, True
            yield from ((question.name, number, False) for number, _ in question.readings)
            continue
        for option in question.options:
            if question.control == "many":
                yield question.name, [option.value], False
            else:
                yield question.name, option.value, option.is_right


@pytest.mark.parametrize("number", NUMBERS)
def test_the_solution_passes(lesson, number):
    exercise = lesson.made(number)
    assert all(one.is_right for one in exercise.check(exercise.answers))


@pytest.mark.parametrize("number", NUMBERS)
def test_nothing_is_solved_before_something_is_chosen(lesson, number):
    assert not any(one.is_right for one in lesson.check(number))
    assert all("yet" in one.text for one in lesson.check(number))


@pytest.mark.parametrize("number", ALONE)
def test_what_is_right_is_right_and_the_rest_is_not(lesson, number):
    exercise = lesson.made(number)
    assert [said(exercise, name, answer).is_right for name, answer, _ in singles(exercise)] == [
        is_right for _, _, is_right in singles(exercise)
    ]


@pytest.mark.parametrize("number", ALONE)
def test_each_option_has_a_message_of_its_own(lesson, number):
    messages = [
        one
        for question in lesson.made(number).questions
        for one in (
            [question.why, question.low, question.high, *(text for _, text in question.readings)]
            if isinstance(question, Amount)
            else [option.message for option in question.options]
        )
    ]
    assert all(len(one.split()) > 5 for one in messages)
    assert [one for one, count in Counter(messages).items() if count > 1] == []


def test_of_several_that_are_right_the_rest_is_asked_for(lesson):
    exercise = lesson.made(1)
    right = exercise.answers["balance"]
    texts = {said(exercise, "balance", right[:count]).text for count in range(1, len(right))}
    assert len(right) == 3 and len(texts) == 2 and "2 more would" in " ".join(texts)
    assert not said(exercise, "balance", [*right, "revenue"]).is_right


# --- The target that is mended

WRONG = {
    "kpi": ["sales", "customer_lifetime_value", "satisfaction", "conversations_handled"],
    "growth": [50, 3, -2],
    "baseline": ["previous"],
    "period": ["none", "last", "this"],
}
FAULTY = {
    ("kpi", "sales"): {"Specific", "Measurable", "Attainable", "Relevant"},
    ("kpi", "customer_lifetime_value"): {"Specific", "Measurable", "Attainable", "Relevant"},
    ("kpi", "satisfaction"): {"Specific", "Measurable", "Attainable", "Relevant"},
    ("kpi", "conversations_handled"): {"Relevant"},
    ("growth", 50): {"Attainable"},
    ("growth", 3): {"Attainable"},
    ("growth", -2): {"Attainable"},
    ("baseline", "previous"): {"Attainable"},
    ("period", "none"): {"Attainable", "Time-bound"},
    ("period", "last"): {"Time-bound"},
    ("period", "this"): {"Time-bound"},
}


@pytest.mark.parametrize(("name", "answer"), FAULTY, ids=str)
def test_each_fault_of_a_target_is_found_by_its_own_check(lesson, name, answer):
    exercise = lesson.made(2)
    told = exercise.check(exercise.answers | {name: answer})
    assert [one.label for one in told] == ["Specific", "Measurable", "Attainable", "Relevant", "Time-bound"]
    assert {one.label for one in told if not one.is_right} == FAULTY[name, answer]


def test_each_wrong_answer_about_a_target_is_told_something_else(lesson):
    exercise = lesson.made(2)
    told = {}
    for name, answers in WRONG.items():
        for answer in answers:
            wrong = [
                one.text for one in exercise.check(exercise.answers | {name: answer}) if not one.is_right
            ]
            told[name, answer] = " ".join(wrong)
    assert len(set(told.values())) == len(told) == len(FAULTY)
    assert all(len(one.split()) > 8 for one in told.values())


def test_every_option_of_a_target_was_tried():
    asked = kp.open_lesson("01", "data/samples", "data/samples/plan.yaml").made(2)
    for question in asked.questions:
        if isinstance(question, Choice):
            tried = {*WRONG[question.name], asked.answers[question.name]}
            assert {one.value for one in question.options} == tried


def test_the_target_is_judged_by_the_check_of_plans(lesson, sales):
    from kpikit.targets import Plan, review

    target = {"name": "t", "kpi": "revenue", "growth": "8%", "baseline": "same_period_last_year"}
    target |= {"period": "2027-Q1", "set_on": sales.as_of}
    under = {"name": "o", "kpis": ["revenue"], "targets": [target]}
    told = review(sales, Plan.model_validate({"goals": [{"name": "g", "objectives": [under]}]}))
    assert set(told["verdict"]) == {"ok"}
    mine = lesson.check(2, kpi="revenue", growth=8, baseline="same_period_last_year", period="next")
    assert all(one.is_right for one in mine)
    assert told["reason"][2] in mine[2].text


# --- Other days, other companies

CASES = [
    {"period": "2026-Q2", "as_of": "2026-09-14"},
    {"period": "2026-09", "language": "id"},
    {"period": "2022-Q1", "as_of": "2022-05-01"},
    {"period": "next quarter"},
    {"period": "all time"},
    {"period": "last year"},
    {"period": "2026-Q3", "as_of": "2019-01-01"},
]


@pytest.mark.slow
@pytest.mark.parametrize("parameters", CASES, ids=str)
def test_whatever_is_asked_for_can_be_solved_or_says_why_not(sales, plan, parameters):
    _can_be_solved(kp.open_lesson("01", sales, plan, **parameters))


@pytest.mark.slow
def test_without_a_plan_or_with_orders_alone_it_can_be_solved_or_says_why_not(sales):
    _can_be_solved(kp.open_lesson("01", sales))
    for tables in (["orders"], ["deals"], ["orders", "reps"], ["deals", "reps"]):
        few = kp.Dataset({name: sales.tables[name] for name in tables}, sales.settings)
        _can_be_solved(kp.open_lesson("01", few))


def test_one_order_is_enough_to_say_that_nothing_can_be_asked():
    orders = pd.DataFrame({"order_id": ["1"], "order_date": pd.to_datetime(["2026-01-05"]),
                           "customer_id": ["C1"], "amount": [100.0]})  # fmt: skip
    small = kp.open_lesson("01", kp.Dataset({"orders": orders}))
    _can_be_solved(small)
    assert small.made(3).lacks == "There is no plan with targets."


def test_without_orders_the_reason_is_told_in_words(sales):
    few = kp.Dataset({"deals": sales.tables["deals"]}, sales.settings)
    told = kp.open_lesson("01", few).made(1).lacks
    assert told.endswith(": the data have no table of orders."), told


GOALS = "goals:\n- {name: Grow, objectives: [{name: Win, kpis: [revenue]}]}\n"


@pytest.mark.parametrize(("more", "told"), [
    ("", "One goal, and one objective that serves it"),
    ("- {name: Keep, objectives: [{name: Stay, kpis: [net_revenue]}]}\n",
     "Two goals, and two objectives that serve them"),
])  # fmt: skip
def test_the_goals_are_counted(sales, tmp_path, capsys, more, told):
    (tmp_path / "plan.yaml").write_text(GOALS + more)
    kp.open_lesson("01", sales, kp.read_plan(tmp_path / "plan.yaml")).goals()
    assert told in capsys.readouterr().out


# Rep, deals of before the quarter that were won and lost in it, and deals of the quarter that are open.
RATES = {
    "everybody's rate is lower": [("A", 2, 2, 1), ("B", 2, 1, 1), ("C", 1, 3, 3)],
    "everybody's rate is higher": [("A", 2, 2, 1), ("B", 2, 1, 1), ("C", 1, 3, 9)],
}


@pytest.mark.parametrize("wrong", RATES)
def test_no_wrong_answer_is_true_of_everybody(wrong):
    # By closing: A 2 of 4, B 2 of 3, C 1 of 4; by creation: A 2 of 1, B 2 of 1, C 1 of 3 or of 9.
    rows = []
    for rep, won, old, new in RATES[wrong]:
        rows += [(rep, "2025-12-01", "won")] * won + [(rep, "2025-12-01", "lost")] * old
        rows += [(rep, "2026-01-05", "open")] * new
    deals = pd.DataFrame(rows, columns=["rep_id", "created_on", "outcome"])
    closed = pd.Series(pd.Timestamp("2026-02-02"), deals.index).where(deals["outcome"] != "open")
    deals = deals.assign(deal_id=[str(one) for one in deals.index], closed_on=closed, amount=1.0,
                         created_on=pd.to_datetime(deals["created_on"]),
                         stage=deals["outcome"])  # fmt: skip
    made = kp.open_lesson("01", kp.Dataset({"deals": deals}), period="2026-Q1").made(5)
    assert f"By creation {wrong}" in [one.text for one in made.questions[-1].options]


# --- What is said holds for any company and period


def messages(exercise: Exercise) -> str:
    """All that can be said to answers."""
    told = []
    for question in exercise.questions:
        if isinstance(question, Amount):
            told += [question.why, question.low, question.high, *(text for _, text in question.readings)]
        else:
            told += [f"{option.text} {option.message}" for option in question.options]
    return " ".join([*exercise.story, *told])


def test_the_years_before_a_quarter_hold_no_later_one(sales, plan):
    told = messages(kp.open_lesson("01", sales, plan, as_of="2025-10-09").made(4))
    # Of 2024-Q1 it is asked; the one step before it is that of 2023-Q1, and 2025-Q1 came later.
    lines = pd.read_csv("data/samples/orders.csv", parse_dates=["order_date"])
    lines = lines[lines["refund_of"].isna()]
    quarters = lines.groupby(lines["order_date"].dt.to_period("Q"))["amount"].sum()
    step = quarters["2023Q1"] / quarters["2022Q4"] - 1
    assert "2024-Q1" in told and f"brought \u2212{abs(step):.0%} in an earlier year." in told


def test_a_target_of_a_scope_is_its_scope_s(sales):
    target = {"name": "t", "kpi": "revenue", "level": 400000, "scope": {"region": ["Alaska", None]}}
    target |= {"period": "2026", "set_on": "2025-12-01"}
    under = {"name": "o", "kpis": ["revenue"], "targets": [target]}
    plan = kp.Plan.model_validate({"goals": [{"name": "g", "objectives": [under]}]})
    exercise = kp.open_lesson("01", sales, plan).made(3)
    assert exercise.story[0].endswith("So Alaska or no region stands:")
    assert exercise.heads == ("", "Alaska or no region") and "the company" not in messages(exercise)


@pytest.mark.parametrize(
    ("period", "is_other"), [("last year", False), ("2026-W38", False), ("2026-Q3", True), ("2026-H1", True)]
)
def test_a_year_before_is_no_other_season(sales, plan, period, is_other):
    exercise = kp.open_lesson("01", sales, plan, period=period).made(6)
    assert ("another season" in messages(exercise)) == is_other
    assert ("on the period before" in {name for name, _ in exercise.rows}) == is_other


def test_who_works_on_saturdays_is_not_told_that_nobody_sells_on_weekends(lesson):
    told = " ".join(messages(lesson.made(number)) for number in NUMBERS)
    assert "weekend" not in told and told.count("nobody sells on days off") == 1


def _can_be_solved(lesson: Lesson) -> None:
    for number in NUMBERS:
        exercise = lesson.made(number)
        if exercise.lacks:
            text = answer_sheet(number, exercise, {}).text
            assert "cannot be done with these data" in text
        else:
            told = exercise.check(exercise.answers)
            assert exercise.questions and all(one.is_right for one in told), (number, told)
            text = answer_sheet(number, exercise, exercise.answers).text
        assert not {"nan", "none", "nat", "<na>"} & set(text.replace("None:", "").lower().split()), text
    assert lesson.written(kp.results).columns[:1] in (["part"], [])


def test_numbers_are_written_in_the_language(sales, plan):
    rows = kp.open_lesson("01", sales, plan, language="id").made(1).rows
    assert "1.416.888" in rows[0][1]


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (lambda: kp.open_lesson("02", "data/samples"), "no lesson '02'.*Lessons: 01"),
        (lambda: kp.open_lesson("01", "data/samples").exercise(7), "no exercise 7.*1 to 6"),
        (lambda: kp.open_lesson("01", "data/samples", language="xx"), "no language 'xx'"),
        (lambda: kp.open_lesson("01", "data/samples").check(5, rep="Kate Lindquist"), "mean 'Kate Lind"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused_with_a_hint(asked, fault):
    with pytest.raises(KpikitError, match=fault):
        asked()
