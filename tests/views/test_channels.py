"""The figures of channels: of many the smaller ones together, and what a rate is judged by."""

from __future__ import annotations

import pandas as pd
import pytest

import kpikit as kp
from kpikit.views.channel_findings import cost_finding, cost_notes
from kpikit.views.channel_table import marked
from kpikit.views.channels import ALL, channel_rows, cost_rows, mix_rows, split, trend_rows
from kpikit.views.team import View, open_view
from tests.views.frames import NAN


def company(channels: int, *more: tuple[str | None, str, float]) -> View:
    """Channel Cn sold n in January and 1 in February, the last one nothing in February."""
    rows = [*more]
    rows += [(f"C{number:02d}", "2026-01-10", float(number)) for number in range(1, channels + 1)]
    rows += [(f"C{number:02d}", "2026-02-10", 1.0) for number in range(1, channels)]
    orders = pd.DataFrame(rows, columns=["channel", "order_date", "amount"])
    orders = orders.assign(order_id=[str(one) for one in range(len(orders))], customer_id="K",
                           order_date=pd.to_datetime(orders["order_date"]))  # fmt: skip
    return open_view(kp.Dataset({"orders": orders}), period="2026-01", as_of="2026-02-28")


def test_of_many_channels_the_smaller_ones_are_measured_together():
    figures = company(10).figures
    rows = split(figures, ["revenue", "average_order_value"])
    assert list(rows.loc[rows["kpi"] == "revenue", "channel"]) == [
        "C10", "C09", "C08", "C07", "C06", "C05", "C04", "3 others"
    ]  # fmt: skip
    others = rows[rows["channel"] == "3 others"].set_index("kpi")
    # 3 + 2 + 1, and the mean of three orders: a ratio of sums, not a mean of ratios.
    assert others["value"].to_dict() == {"revenue": 6, "average_order_value": 2}
    assert mix_rows(figures, "revenue")["share"].sum() == pytest.approx(1)
    assert set(channel_rows(figures)["channel"]) == {*rows["channel"], ALL}
    # C10 sold nothing in February: that is 0, and no gap.
    trend = trend_rows(figures)
    assert trend[trend["channel"] == "C10"]["value"].iloc[-1] == 10


def test_eight_channels_stand_by_themselves():
    rows = split(company(8).figures, ["revenue"])
    assert len(rows) == 8 and not rows["channel"].str.contains("others").any()


def test_what_has_no_channel_is_not_one_of_the_others():
    nameless = (None, "2026-01-10", 50.0)
    rows = split(company(10, nameless).figures, ["revenue"])
    assert rows[["channel", "value"]].values.tolist()[-2:] == [["3 others", 6], ["no channel", 50]]
    rows = split(company(8, nameless).figures, ["revenue"])
    assert len(rows) == 9 and list(rows["channel"])[-2:] == ["C01", "no channel"]
    # C09 sold in December alone, and is never "1 others": of nine channels the last two are one.
    figures = company(8, ("C09", "2025-12-10", 5.0)).figures
    assert list(dict.fromkeys(trend_rows(figures)["channel"]))[-2:] == ["C02", "2 others"]


def spender(*, lines: int = 1) -> View:
    """web and shop spent 31 each in January; all have so many orders, each of a customer of its own."""
    sizes = {"web": 100.0, "shop": 10.0, "mail": 50.0}
    rows = [(f"{one}{number}", size, one) for one, size in sizes.items() for number in range(lines)]
    orders = pd.DataFrame(rows, columns=["order_id", "amount", "channel"])
    orders = orders.assign(customer_id=orders["order_id"], order_date=pd.Timestamp("2026-01-10"))
    costs = pd.DataFrame({"month": pd.to_datetime(["2026-01-01"] * 2), "amount": 31.0,
                          "channel": ["web", "shop"]})  # fmt: skip
    tables = {"orders": orders, "costs": costs}
    return open_view(kp.Dataset(tables), period="2026-01", kpi="revenue_per_cost", as_of="2026-02-01")


def test_revenue_per_cost_is_judged_by_its_order_lines():
    few, many = spender(), spender(lines=5)
    rows = cost_rows(few.figures)
    web = rows[(rows["kpi"] == "revenue_per_cost") & (rows["channel"] == "web")].iloc[0]
    # 31 days of costs, and one order.
    assert (web["value"], web["n"], web["basis"]) == (pytest.approx(100 / 31), 31, 1)
    told = few.drawn("channel_costs").text
    assert told.startswith("Most was spent on web and shop") and "3.2× (few: n = 1)" in told
    assert "few: of fewer than 5 new customers or order lines" in told
    assert not {"best", "last"} & set(marked(channel_rows(few.figures))["standing"])
    assert set(trend_rows(few.figures)["kpi"]) == {"revenue_per_cost"}
    assert "web, 2026-01: 3.2× (few: n = 1)" in few.drawn("channel_trend").description
    told = many.drawn("channel_costs").text
    assert told.startswith("Revenue per cost was highest for web (16.1×)") and "few" not in told


def test_a_channel_without_costs_has_no_cost_of_a_new_customer():
    view = spender(lines=5)
    rows = marked(channel_rows(view.figures))
    own = rows[rows["kpi"] == "customer_acquisition_cost"].set_index("channel")
    # 31 for five new customers each; 62 for all fifteen.
    wanted = {"web": 6.2, "shop": 6.2, "mail": NAN, ALL: 62 / 15}
    assert own["value"].to_dict() == pytest.approx(wanted, nan_ok=True)
    assert set(own["standing"]) == {""}
    for part in ("channels", "channel_costs"):
        assert "not known where no costs are recorded: mail." in view.drawn(part).text


def rows_of(kpi: str, *rows: tuple[str, float, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["channel", "value", "n"]).assign(kpi=kpi, convention="x", note="")


def test_several_channels_together_are_neither_cheapest_nor_dearest():
    rows = rows_of("revenue_per_cost", ("A", 3, 9), ("B", 2, 9), ("5 others", 1, 9), (ALL, 2, 9))
    assert cost_finding(rows, lambda _, value: f"{value:g}x") == (
        "Revenue per cost was highest for A (3x) and lowest for B (2x)"
    )


def test_notes_are_only_of_what_is_there():
    costs = rows_of("costs", ("A", 9, 31), (ALL, 9, 31))
    assert cost_notes(costs) == ["A month's cost is spread over its days."]
    sold = cost_notes(pd.concat([costs, rows_of("revenue", ("A", 9, 9))]))
    assert len(sold) == 2 and sold[1].startswith("Revenue comes from old customers too")
    told = spender().drawn("channels").text
    assert "best, last:" not in told and "few: a rate of fewer than 5 rows" in told
