from __future__ import annotations

import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpikit.errors import ParameterError
from kpikit.reports.files import file_stems, output_folder, sweep, write_whole

NAMES = [
    "Ann", "ann", "ANN", "Änn", "a/b", "a\\b", "..", ".", "", " ", "CON", "nul", "x" * 200, "x" * 201,
    "李", "王", "a\nb", '"quoted"', "{rep}", "{rep.__class__}", "%41", "a?b", "a:b", "a*b", "a|b", "-",
    "--help", "\x00", "a" * 60 + "b", "a" * 60 + "c", "ann-", "🙂", "é", "e\u0301",
]  # fmt: skip


def test_names_are_safe_and_unique_without_regard_to_case():
    stems = file_stems([("rep", name) for name in NAMES])
    assert len({stem.lower() for stem in stems}) == len(NAMES)
    assert all(re.fullmatch(r"rep[a-z0-9-]*", stem) and len(stem) < 90 for stem in stems)


@given(st.lists(st.tuples(st.sampled_from(["rep", "team"]), st.text(max_size=80)), unique=True, max_size=30))
def test_any_names_are_safe_and_unique(names):
    stems = file_stems(names)
    assert len(set(stems)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]+", stem) for stem in stems)


def test_a_name_does_not_depend_on_its_place():
    forth = dict(zip(NAMES, file_stems([("rep", name) for name in NAMES]), strict=True))
    back = dict(zip(NAMES[::-1], file_stems([("rep", name) for name in NAMES[::-1]]), strict=True))
    assert forth == back


def test_a_plain_name_stays_readable():
    assert file_stems([("rep", "Marcus D'Angelo"), ("team", "Lower 48")]) == [
        "rep-marcus-d-angelo",
        "team-lower-48",
    ]


def test_a_report_asked_for_twice_is_refused():
    with pytest.raises(ParameterError, match="asked for twice"):
        file_stems([("rep", "Ann"), ("rep", "Ann")])


def test_a_file_is_whole_and_nothing_is_left_beside_it(tmp_path):
    write_whole(tmp_path / "a.txt", "é\n")
    assert (tmp_path / "a.txt").read_bytes() == "é\n".encode()
    assert os.listdir(tmp_path) == ["a.txt"]


def test_an_earlier_file_stays_where_writing_fails(tmp_path, monkeypatch):
    write_whole(tmp_path / "a.txt", "earlier")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "a.txt", "later")
    assert (tmp_path / "a.txt").read_text() == "earlier"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_an_output_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "reports").write_text("")
    with pytest.raises(ParameterError, match="cannot write into"):
        output_folder(tmp_path / "reports")


def test_a_folder_where_a_file_is_to_be_is_refused(tmp_path):
    (tmp_path / "index.html").mkdir()
    (tmp_path / "a.html").write_text("earlier")
    assert output_folder(tmp_path, ["a.html", "b.html"]) == tmp_path.resolve()
    with pytest.raises(ParameterError, match=r"index\.html in .* is a folder. Hint: move it away"):
        output_folder(tmp_path, ["a.html", "index.html"])


def test_what_a_killed_process_left_is_swept_and_nothing_else(tmp_path):
    for name in (".unfinished-12-a", ".unfinished-12-b", ".unfinished-123-a", "unfinished-12-a"):
        (tmp_path / name).touch()
    sweep(tmp_path, 12)
    assert sorted(os.listdir(tmp_path)) == [".unfinished-123-a", "unfinished-12-a"]
