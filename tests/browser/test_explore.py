"""A person picks a KPI, a period and a region: the page shows what plain pandas finds in the files."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from tests.browser.lab import jupyter_lab
from tests.browser.pages import DRAWN, apply, choose, opened, picture, shown

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def lines(month: str, region: str) -> pd.DataFrame:
    """The sale lines of a month to the customers of a region, by the files alone."""
    folder = "data/samples"
    orders = pd.read_csv(f"{folder}/orders.csv", dtype={"order_id": str})
    customers = pd.read_csv(f"{folder}/customers.csv")[["customer_id", "region"]]
    told = orders.merge(customers, on="customer_id")
    return told[(told["region"] == region) & told["order_date"].str.startswith(month) & (told["amount"] >= 0)]


def test_a_figure_is_picked_and_its_rows_are_shown(tmp_path):
    with (
        jupyter_lab(tmp_path) as lab,
        opened(lab, "notebooks/explore.ipynb", 3, "from 1,127 order") as watched,
    ):
        page = watched.page
        picture(page, "explore")
        assert page.locator(".jp-RenderedText[data-mime-type*=stderr]").count() == 0
        choose(page, "KPI", "Average order value")
        choose(page, "Period", "last month (2026-09)")
        choose(page, "Region", "Bali")
        own = lines("2026-09", "Bali")
        orders, amount = own["order_id"].nunique(), own["amount"].sum()
        figure = f"${amount / orders:,.0f}"
        apply(page, f"Average order value was {figure} in 2026-09")
        picture(page, "explore-region")
        text = shown(page)
        assert f"{amount:,.2f} ÷ order_count {orders} = {figure}" in text
        assert f"from {len(own)} order lines" in text
        largest = own.sort_values("amount", ascending=False).iloc[0]
        assert f"{largest['amount']:,.2f}" in text and largest["order_id"] in text
        assert '"region": ["Bali"]' in text and 'kp.rows(view.dataset, "average_order_value"' in text
        assert page.locator(DRAWN).count() == 2  # no target is set on it: a sentence stands for the path
        assert "no target for average order value" in text

        # What the KPI cannot be kept to cannot be chosen; an earlier day is not later than the data.
        choose(page, "KPI", "Customer acquisition cost")
        field = page.locator(".widget-dropdown", has=page.locator("label", has_text=re.compile("^Segment$")))
        field.locator("select:disabled").wait_for()
        (offered,) = field.locator("option").all_inner_texts()
        assert offered.replace("\xa0", " ") == "all segments (not for this KPI)"
        page.get_by_role("button", name="Reset").click()
        page.wait_for_function("document.body.innerText.includes('from 1,127 order lines')")
        assert watched.refused == [] and watched.errors == []
