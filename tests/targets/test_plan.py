"""Reading a plan: what it may say, and every fault with its line."""

from datetime import date
from pathlib import Path

import pytest

from kpikit.errors import PlanError, UnknownNameError
from kpikit.targets import read_plan

HEAD = """\
goals:
  - name: Grow
    objectives:
      - name: Sell more
        kpis: [revenue]
        targets:
          - name: T
"""
# The entries of the target start on line 8.
GOOD = {"kpi": "revenue", "level": "100", "period": "2026-Q3", "set_on": "2026-06-15"}


def write(folder, entries, head=HEAD):
    path = Path(folder) / "plan.yaml"
    path.write_text(head + "".join(f"            {key}: {value}\n" for key, value in entries.items()))
    return path


@pytest.fixture
def read(tmp_path):
    """Read a plan of one target from its entries; None takes an entry away."""

    def make(**entries):
        merged = {
            k: v for k, v in (GOOD | {k.rstrip("_"): v for k, v in entries.items()}).items() if v is not None
        }
        return read_plan(write(tmp_path, merged))

    return make


def test_a_plan_is_read_with_its_defaults(read):
    plan = read()
    assert (plan.days, plan.thresholds.on_pace, plan.thresholds.behind, plan.currency) == (
        "business",
        1.0,
        0.9,
        None,
    )
    ((goal, objective, target),) = plan.placed
    assert (goal.name, objective.name, objective.kpis) == ("Grow", "Sell more", ["revenue"])
    assert (target.level, target.set_on, target.scope, target.per) == (100.0, date(2026, 6, 15), {}, None)
    assert plan.where(target) == "plan.yaml, line 7"


def test_days_may_be_dates_or_text(read):
    for written in ("2026-06-15", "'2026-06-15'", '"2026-06-15"'):
        assert read(set_on=written).placed[0].target.set_on == date(2026, 6, 15)


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2022", "2022"),
        ("2026-09", "2026-09"),
        ("2026-09-14", "2026-09-14"),
        ("next quarter", "next quarter"),
    ],
)
def test_periods_may_be_written_plain(read, written, period):
    assert read(period=written).placed[0].target.period == period


@pytest.mark.parametrize(
    ("written", "share"), [("15%", 0.15), ("0.15", 0.15), ("'-7.5 %'", -0.075), ("150%", 1.5)]
)
def test_growth_is_a_share_or_in_percent(read, written, share):
    assert read(level=None, growth=written).placed[0].target.growth == pytest.approx(share)


def test_a_level_of_a_share_may_be_in_percent(read):
    assert read(kpi="win_rate", level="30%").placed[0].target.level == 0.3
    assert read(kpi="acquisition_rate", level="150%").placed[0].target.level == 1.5


def test_a_scope_has_one_label_or_several(read):
    scope = read(scope="{region: Bali, channel: [WhatsApp, null], product: 7}").placed[0].target.scope
    assert scope == {"region": ("Bali",), "channel": ("WhatsApp", None), "product": ("7",)}


def test_the_dataset_is_relative_to_the_plan(tmp_path):
    path = write(tmp_path, GOOD, "dataset: ../company\n" + HEAD)
    assert read_plan(path).dataset_path == tmp_path / "../company"


def test_targets_are_chosen_by_name(read):
    plan = read()
    assert [one.target.name for one in plan.choose("T")] == ["T"]
    assert plan.choose([]) == []
    with pytest.raises(UnknownNameError, match=r"no target 'TT'. Targets: T."):
        plan.choose(["TT"])


# Faults: (what is written, the line it is told of, what is told)

FAULTS = [
    ({"kpi": "revenu"}, 8, "target 'T': no KPI 'revenu'"),
    ({"kpi": "revenu"}, 8, "Did you mean 'revenue'?"),
    ({"kpi": "win_rate:cohort", "level": "0.3"}, 8, "Hint: write win_rate, and convention: cohort"),
    ({"kpi": "win_rate", "level": "0.3", "convention": "cohrt"}, 12, "Did you mean 'cohort'?"),
    ({"kpi": "customer_lifetime_value"}, 7, "customer_lifetime_value has no default convention"),
    ({"kpi": "customer_lifetime_value"}, 7, "Conventions: historic, simple"),
    ({"levl": "5"}, 12, "goal 1, objective 1, target 'T', 'levl' is not known here"),
    ({"levl": "5"}, 12, "Did you mean 'level'?"),
    ({"level": None}, 7, "nothing says what is to be reached. One of level, growth, from + to, from_quotas"),
    ({"growth": "15%"}, 12, "level and growth stand together. Exactly one of"),
    ({"from": "1", "to": "2"}, 12, "level and from + to stand together"),
    ({"from_quotas": "true"}, 12, "level and from_quotas stand together"),
    ({"level": None, "from": "1"}, 11, "'from' stands without 'to'"),
    ({"level": None, "to": "1"}, 11, "'to' stands without 'from'"),
    ({"level": None, "from": "5", "to": "5"}, 12, "from and to are both 5"),
    ({"level": None, "from": "5", "to": "4"}, 12, "it falls, and higher is better for revenue"),
    (
        {"kpi": "customer_acquisition_cost", "level": None, "from": "4", "to": "5"},
        12,
        "it rises, and lower is better for customer_acquisition_cost",
    ),
    ({"level": "1.2M"}, 9, "a plain number is expected"),
    ({"level": "'1,200,000'"}, 9, "a plain number is expected"),
    ({"level": "true"}, 9, "a plain number is expected"),
    ({"level": ".inf"}, 9, "a plain number is expected"),
    ({"level": "30%"}, 9, "revenue is no share, so 30% means nothing. Its unit: money"),
    ({"kpi": "win_rate", "level": "30"}, 9, "win_rate is a share, and 30 is 3000%"),
    ({"kpi": "win_rate", "level": "30"}, 9, "Hint: write 30%"),
    ({"level": None, "growth": "0"}, 11, "growth of zero is no target"),
    ({"level": None, "growth": "15"}, 11, "growth of 15 is 1500%. Above 1, write it with %. Hint: write 15%"),
    ({"level": None, "growth": "-1"}, 11, "growth of -100% leaves nothing"),
    ({"level": None, "growth": "much"}, 11, "a plain number is expected"),
    (
        {"level": None, "growth": "15%", "period": None},
        10,
        "growth without a period has nothing to compare with",
    ),
    ({"level": None, "growth": "15%", "baseline": "last_year"}, 12, "no baseline 'last_year'"),
    ({"level": None, "growth": "15%", "baseline": "previus"}, 12, "Did you mean 'previous'?"),
    ({"level": None, "growth": "15%", "baseline": "-5"}, 12, "the baseline of growth is not positive"),
    ({"level": None, "growth": "15%", "baseline": ".nan"}, 12, "number"),
    ({"baseline": "5"}, 12, "'baseline' belongs to growth"),
    ({"level": None, "growth": "15%", "on": "last_actual"}, 12, "'on' belongs to targets with every"),
    ({"level": None, "growth": "15%", "on": "both"}, 12, "'baseline' or 'last_actual'"),
    (
        {
            "level": None,
            "growth": "5%",
            "period": None,
            "every": "month",
            "on": "last_actual",
            "baseline": "7",
        },
        12,
        "last_actual takes no baseline of 7.0",
    ),
    ({"period": "2026-Q5"}, 10, "quarter 5 does not exist"),
    ({"period": "next quater"}, 10, "Did you mean 'next quarter'?"),
    ({"period": "all time"}, 10, "all time is no period of a target"),
    ({"period": "2026-09-14 10:30:00"}, 10, "give the date without time"),
    ({"every": "month"}, 10, "period and every stand together"),
    ({"period": None, "every": "quater"}, 11, "no unit of time 'quater'. Did you mean 'quarter'?"),
    ({"until": "2026-12-31"}, 12, "'until' belongs to targets with every"),
    ({"period": None, "every": "month", "until": "2026-01-31"}, 12, "not after it was set on 2026-06-15"),
    (
        {"level": None, "period": None, "from_quotas": "true", "every": "month"},
        11,
        "each quota has a period of its own",
    ),
    ({"per": "reps"}, 12, "no dimension 'reps'. Did you mean 'rep'?"),
    ({"scope": "{regio: Bali}"}, 12, "no dimension 'regio'. Did you mean 'region'?"),
    ({"scope": "Bali"}, 12, "a scope is a mapping"),
    ({"scope": "{region: []}"}, 12, "no label for region"),
    ({"scope": "{region: true}"}, 12, "a label is a text"),
    ({"set_on": None}, 7, "goal 1, objective 1, target 'T', 'set_on' is missing"),
    ({"set_on": "15.06.2026"}, 11, "is not a day"),
    ({"set_on": "!!timestamp abc"}, 11, "'abc' is not a day"),
    ({"level": "9" * 400}, 9, "'level': the number is too large. At most 461,168,601,842,738"),
    ({"level": "-1.0e+308"}, 9, "'level': the number is too large"),
    ({"level": "'" + "9" * 400 + "%'"}, 9, "'level': the number is too large"),
    ({"level": "9" * 5000}, 9, "is not a whole number"),
    (
        {"kpi": "win_rate", "level": "1.0e-308"},
        9,
        "the number is too near to zero. At least 0.000000001, or 0",
    ),
    ({"level": "!!bool abc"}, 9, "'abc' is not true or false"),
    ({"level": "!!int x"}, 9, "'x' is not a whole number"),
    ({"level": "!!float x"}, 9, "'x' is not a number"),
    ({"level": "!!binary aGk="}, 9, "the tag '!!binary' is not known"),
    ({"level": "&a [*a]"}, 9, "an alias stands within what it names"),
    ({"period": "Q" * 9999}, 10, "… is not a period"),
    ({"period": None, "every": "year", "set_on": "2200-02-01"}, 11, "no year starts after 2200-02-01"),
    (
        {"level": None, "growth": "1000%", "period": None, "every": "day"},
        10,
        "growth of 1,000% every day is more than a millionfold in a year. It adds to that of the day before. "
        "Hint: write the growth of one day",
    ),
    ({"level": None, "growth": "400%", "period": None, "every": "fiscal_month"}, 11, "no unit of time"),
    (
        {"level": None, "growth": "6000%", "period": None, "every": "fiscal_quarter"},
        10,
        "growth of 6,000% every fiscal quarter is more than a millionfold in a year",
    ),
    ({"set_on": "2026-02-30"}, 11, "does not exist"),
]


@pytest.mark.parametrize(("entries", "line", "text"), FAULTS)
def test_a_fault_is_told_with_its_line(read, tmp_path, entries, line, text):
    if text == "does not exist":  # YAML itself would refuse the date
        entries = {"set_on": "'2026-02-30'"}
    with pytest.raises(PlanError) as error:
        read(**{f"{key}_": value for key, value in entries.items()})
    told = [one for one in str(error.value).split("\n") if text in one]
    assert told, str(error.value)
    assert f"plan.yaml, line {line}: " in told[0], told[0]


@pytest.mark.parametrize(
    "entries",
    [
        {"growth": "3%", "every": "day"},
        {"growth": "1000%", "every": "day", "until": "2026-06-18"},
        {"growth": "1000%", "every": "day", "on": "last_actual"},
        {"growth": "1000%", "every": "day", "baseline": "same_period_last_year"},
        {"growth": "1000%", "every": "year"},
        {"growth": "-99%", "every": "day"},
    ],
    ids=str,
)
def test_growth_may_be_fast_where_it_ends(read, entries):
    assert read(**{f"{key}_": value for key, value in entries.items()}, level=None, period=None).placed


def test_thresholds_may_be_in_percent(tmp_path):
    path = write(tmp_path, GOOD, "thresholds: {on_pace: 95%, behind: 0.8}\n" + HEAD)
    assert read_plan(path).thresholds.on_pace == 0.95


def test_a_period_that_is_a_day_at_midnight_is_that_day(read):
    assert read(period="2026-09-14T00:00:00").placed[0].target.period == "2026-09-14"


def test_all_faults_are_told_at_once_in_the_order_of_their_lines(tmp_path):
    path = Path(tmp_path) / "plan.yaml"
    path.write_text(
        """\
days: workdays
thresholds: {on_pace: 0.8, behind: 0.9}
goals:
  - name: Grow
    objectives:
      - name: Sell more
        kpis: [revenue, profitt]
        targets:
          - {name: A, kpi: revenu, level: 5, set_on: 2026-01-01}
          - {name: B, kpi: revenue, set_on: 2026-01-01}
          - {name: A, kpi: revenue, level: 5, set_on: 2026-01-01}
          - {name: C, kpi: revenue, level: x}
"""
    )
    with pytest.raises(PlanError) as error:
        read_plan(path)
    lines = str(error.value).split("\n")
    assert lines[0] == "plan.yaml: 8 faults"
    wanted = [
        "line 1: 'days'",
        "line 2: 'thresholds.behind': behind starts below on_pace",
        "line 7: no KPI 'profitt'",
        "line 9: target 'A': no KPI 'revenu'",
        "line 10: target 'B': nothing says what is to be reached",
        "line 11: target 'A' stands twice (first on line 9)",
        "line 12: goal 1, objective 1, target 'C', 'level'",
        "line 12: goal 1, objective 1, target 'C', 'set_on' is missing",
    ]
    for told, part in zip(lines[1:], wanted, strict=True):
        assert part in told


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "'goals' is missing"),
        ("- a\n", "a mapping of names to values is expected"),
        ("goals: 5\n", "'goals'"),
        ("goals: [5]\n", "goal 1: a mapping of names to values is expected"),
        ("goals: [{name: G, objectives: [{name: O, targets: 7}]}]\n", "targets"),
        ("days: business\n", "'goals' is missing"),
        ("goals: [\n", "this is not YAML"),
        ("goals: []\ngoals: []\n", "'goals' stands twice"),
    ],
)
def test_what_is_no_plan_is_told(tmp_path, text, fault):
    path = Path(tmp_path) / "plan.yaml"
    path.write_text(text)
    with pytest.raises(PlanError, match=fault):
        read_plan(path)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(PlanError, match="there is no such file"):
        read_plan(tmp_path / "gone.yaml")
