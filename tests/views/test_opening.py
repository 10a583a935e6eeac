"""Names of the data in titles and charts: as the data write them, so that nobody is taken for another."""

from __future__ import annotations

import pandas as pd
import pytest

from kpikit.views.channel_findings import mix_finding
from kpikit.views.channel_table import channel_finding, marked
from kpikit.views.findings import breakdown_finding
from kpikit.views.pipeline_charts import win_rate_chart
from kpikit.views.pipeline_findings import win_rate_finding
from tests.views.frames import NAN


@pytest.mark.parametrize(
    ("groups", "opening"),
    [
        ({"online": 3, "Shop": 1}, "Online brought 75%"),
        ({"mobile app": 3, "Shop": 1}, "Mobile app brought 75%"),
        ({"a/b": 3, "Shop": 1}, "a/b brought 75%"),
        ({"p07": 3, "p08": 1}, "p07 brought 75%"),
        ({"eBay": 3, "Shop": 1}, "eBay brought 75%"),
        ({"web": 3, "Web": 1}, "web brought 75%"),
        ({"Web": 3, "web": 1}, "Web brought 75%"),
        ({"web": 3}, "Web brought all revenue"),
        ({"a/b": 3}, "a/b brought all revenue"),
    ],
)
def test_a_title_begins_with_a_name_as_the_data_write_it(groups, opening):
    """A plain word begins with a capital, where no other name is the same but for that."""
    rows = pd.DataFrame({"channel": list(groups), "value": [float(one) for one in groups.values()]})
    assert breakdown_finding(rows, kpi="revenue", by="channel").startswith(opening)
    who = opening.partition(" brought")[0]
    if len(groups) > 1:
        shares = rows.assign(share=rows["value"] / rows["value"].sum(), share_before=NAN)
        assert mix_finding(shares, kpi="revenue").startswith(opening)
        rates = rows.assign(kpi="gross_margin", convention="default", n=9)
        assert channel_finding(marked(rates)).startswith(f"{who} is ahead")
        won = rows.assign(win_rate=rows["value"] / 4, n=9)
        assert win_rate_finding(won, "channel").startswith(f"{who} wins the most")


def test_two_members_that_differ_by_case_alone_are_told_apart():
    rows = pd.DataFrame({"rep": ["ann", "Ann", "276"], "value": [3.0, 2.0, 1.0], "reference": NAN,
                         "cycle": NAN, "n": 9})  # fmt: skip
    assert breakdown_finding(rows, kpi="revenue", by="rep").startswith("ann brought 50% of revenue")
    won = rows.assign(win_rate=rows["value"] / 4)
    assert win_rate_finding(won, "rep") == "ann wins the most (75.0%), Rep 276 the least (25.0%)"
    chart = win_rate_chart(won, by="rep", whole=0.5, title="t", subtitle="s", language="en")
    assert [row[0] for row in chart.table.rows] == ["ann", "Ann", "Rep 276"]
