"""How a view reaches its reader."""

from __future__ import annotations

from html.parser import HTMLParser
from types import SimpleNamespace

import pandas as pd
import pytest

from kpikit.course.questions import Exercise
from kpikit.course.sheet import head
from kpikit.views import display
from kpikit.views.cards import cards
from kpikit.views.display import Picture, Screen, is_interactive, notice
from kpikit.views.lists import frame, lists
from kpikit.views.tables import members_table
from tests.views.frames import attained

PICTURE = Picture({"mark": "bar", "data": {"values": [{"a": 1}]}}, "A title", "A description")


def asked(monkeypatch: pytest.MonkeyPatch, request: dict) -> None:
    shell = SimpleNamespace(kernel=SimpleNamespace(get_parent=lambda channel: request))
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)


def test_a_person_is_who_may_be_asked(monkeypatch):
    assert not is_interactive()
    asked(monkeypatch, {"content": {"allow_stdin": True}})
    assert is_interactive()
    asked(monkeypatch, {"content": {"allow_stdin": False}})
    assert not is_interactive()
    asked(monkeypatch, {"msg_type": "comm_msg", "content": {}})
    assert is_interactive()


def test_voila_has_a_person_too(monkeypatch):
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.8")
    assert is_interactive()


def test_in_batch_a_picture_carries_a_png_for_notebooks_that_others_open(monkeypatch):
    assert set(PICTURE._repr_mimebundle_()) == {"image/svg+xml", "text/plain", "image/png"}
    monkeypatch.setattr(display, "is_interactive", lambda: True)
    assert set(PICTURE._repr_mimebundle_()) == {"image/svg+xml", "text/plain"}


def test_a_notice_is_escaped():
    assert "<b>" not in notice("<b>").html and notice("<b>").text == "<b>"


class Read(HTMLParser):
    """Collects the texts that stand outside of what JupyterLab passes over."""

    def __init__(self) -> None:
        super().__init__()
        self.open, self.texts = [], []

    def handle_starttag(self, tag: str, attributes: list) -> None:
        if tag not in ("br", "col", "meta", "input"):
            self.open.append("mathjax_ignore" in (dict(attributes).get("class") or "").split())

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.open):
            self.texts.append(data)


def test_whatever_may_hold_two_dollars_is_no_formula():
    two = "Between $100 and $200"
    one = {"kpi": "revenue", "convention": "default", "rep": "a", "value": 1.0, "reference": 2.0}
    figures = pd.DataFrame([one | {"change": -1.0, "change_ratio": -0.5, "n": 1}])
    amounts = {"currency": "USD", "language": "en"}
    members = {"title": two, "subtitle": two, "whole": "All", "notes": [two], **amounts}
    drawn = [
        notice(two), frame(two, two, two, two), lists(two, two, {two: [two]}, notes=[two]),
        cards(figures, title=two, subtitle=two, note=two, reference=two, **amounts),
        members_table(figures, figures, attained(("a", 100, 200, "missed")), **members),
        head(1, Exercise(two, two, (two,), ("", two), ((two, two),))),
    ]  # fmt: skip
    for part in drawn:
        reader = Read()
        reader.feed(part.html)
        assert "$100" in part.html and "".join(reader.texts).strip() == ""


def test_a_screen_draws_all_before_it_shows_any(monkeypatch):
    shown, state = [], {"value": 1}

    def show(drawn: object, display_id: bool) -> SimpleNamespace:
        return SimpleNamespace(update=shown.append)

    monkeypatch.setattr("IPython.display.display", show)
    screen = Screen()
    screen.show("a", lambda: state["value"])
    screen.show("b", lambda: 10 // state["value"])
    state["value"] = 0
    with pytest.raises(ZeroDivisionError):
        screen.draw_again()
    assert shown == []
    state["value"] = 2
    screen.draw_again()
    assert shown == [2, 5]
