"""The other notebooks by hand: all is drawn, Apply shows a rep, and no page reaches a network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.lab import Lab, jupyter_lab
from tests.browser.pages import apply, choose, opened, picture, shown

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Notebook, how many charts it has, what the page says at first, and what it says of a rep.
NOTEBOOKS = [
    ("rep_scorecard", 3, "Who leads in what", "Ayu Lestari is among the strongest in"),
    ("target_review", 1, "could be set better", "Ayu Lestari is on pace, or already there,"),
    ("channel_review", 7, "Revenue per cost was highest for", "Ayu Lestari, 2026-Q3: no new"),
    ("customer_review", 5, "customers who have ordered have gone quiet", "One of 13 active customers who"),
    ("pipeline_review", 4, "The running targets are reached mostly without deals", "Ayu Lestari, 2026-Q3"),
    ("target_brief", 0, "Agreed for 2027-Q1", "Ayu Lestari: 2027-Q1 asks for $45,000 of revenue"),
    ("explore", 3, "from 1,127 order lines", "24% of team Jakarta ($219,843)"),
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with jupyter_lab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.mark.parametrize(("name", "charts", "first", "told"), NOTEBOOKS, ids=lambda one: str(one)[:15])
def test_it_is_drawn_and_drawn_again_for_a_rep(lab, name, charts, first, told):
    with opened(lab, f"notebooks/{name}.ipynb", charts, first) as watched:
        page = watched.page
        picture(page, name)
        assert page.locator(".jp-RenderedText[data-mime-type*=stderr]").count() == 0
        assert told not in shown(page)
        choose(page, "Rep", "Ayu Lestari")
        apply(page, told)
        picture(page, f"{name}-rep")
        assert 'rep="Ayu Lestari"' in shown(page)
        assert watched.refused == [] and watched.errors == []
