"""How a view reaches its reader."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kpikit.views import display
from kpikit.views.display import Picture, Screen, is_interactive, notice

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
