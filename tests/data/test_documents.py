import pytest
from pydantic import BaseModel, ConfigDict

from kpikit.data.documents import check, read_document
from kpikit.data.wording import placed
from kpikit.errors import DataError, PlanError


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    file: str
    size: int = 0


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = ""
    parts: dict[str, Inner] = {}
    either: int | Inner | list[int] = 0


@pytest.fixture
def written(tmp_path):
    def write(text: str | bytes):
        path = tmp_path / "some.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def fault(path) -> str:
    with pytest.raises(DataError) as caught:
        check(Outer, read_document(path))
    return str(caught.value)


def test_only_true_and_false_are_truths(written):
    data = read_document(written("{on: yes, no: off, a: true, b: False, y: n}")).data
    assert data == {"on": "yes", "no": "off", "a": True, "b": False, "y": "n"}


def test_numbers_are_decimal_and_times_are_words(written):
    data = read_document(
        written("[17:00, 010, 0x1f, 1_000, 1.5, -2, 1.5e+3, .5, 1:30:00, .inf, .nan, 0, +7]")
    ).data
    assert data == ["17:00", "010", "0x1f", 1000, 1.5, -2, 1500.0, 0.5, "1:30:00", ".inf", ".nan", 0, 7]


def test_each_entry_has_its_line(written):
    document = read_document(written("name: a\nparts:\n  x:\n    file: f\n  y: {file: g}\n"))
    assert [document.line(place) for place in [("name",), ("parts", "x", "file"), ("parts", "y")]] == [
        1,
        4,
        5,
    ]
    assert document.where(("parts", "x", "nowhere")) == "some.yaml, line 3"


def test_an_empty_document_is_a_mapping_without_entries(written):
    assert read_document(written("# nothing\n")).data == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "name: a\nparts:\n\tx: 1\n",
            "some.yaml, line 3: this is not YAML: found character '\\t' that cannot start any token. "
            "Hint: indent with spaces, not with tabs.",
        ),
        (
            "name: [a\nparts: b\n",
            "some.yaml, line 2: this is not YAML: expected ',' or ']', but got ':'. Hint: check "
            "indents and quotes.",
        ),
        (
            "name: a\nname: b\n",
            "some.yaml, line 2: 'name' stands twice (first on line 1). Hint: keep one of them.",
        ),
        (
            "a: !!python/object/apply:os.system [ls]",
            "some.yaml, line 1: the tag '!!python/object/apply:os.system' is not known. Known: !!str, !!int, "
            "!!float, !!bool, !!timestamp, !!null, !!seq, !!map. Hint: leave the tag away.",
        ),
        (
            "name: a\nday: 2026-02-30\n",
            "some.yaml, line 2: '2026-02-30' cannot be read: day is out of range for month.",
        ),
        (
            "{a: 1}: b\n",
            "some.yaml, line 1: a name is expected here. Hint: quote text that starts with [ or {.",
        ),
        (
            b"name: a\nlast: \x00\n",
            "some.yaml, line 2: it holds a character that no text has ('\\x00'). "
            "Hint: remove it, and save the file as UTF-8.",
        ),
        (
            "name: a\nlast: Zoë".encode("cp1252"),
            "some.yaml, line 2: the text is not UTF-8. Hint: save it as UTF-8.",
        ),
        ("name: *gone\n", "some.yaml, line 1: this is not YAML: found undefined alias 'gone'. "),
        ("a: 1\n---\nb: 2\n", "some.yaml, line 2: this is not YAML: but found another document. "),
        ("- a\n", "some.yaml, line 1: a mapping of names to values is expected. Hint: name: value."),
        ("parts: {x: {}}\n", "some.yaml, line 1: 'parts.x.file' is missing."),
        (
            "parts:\n  x:\n    file: f\n    sise: 3\n",
            "some.yaml, line 4: 'parts.x.sise' is not known here. Known: file, size. Hint: Did "
            "you mean 'size'?",
        ),
        (
            "parts:\n  x: {file: 7}\n",
            "some.yaml, line 2: 'parts.x.file': a text is expected. Given: '7'. Hint: write it in quotes.",
        ),
        ("parts: 3\n", "some.yaml, line 1: 'parts': a mapping of names to values is expected. Given: '3'."),
        (
            "parts:\n  x: {file: f, size: a}\n  y: {}\n",
            "some.yaml: 2 faults\n"
            "some.yaml, line 2: 'parts.x.size': a whole number is expected. Given: 'a'.\n"
            "some.yaml, line 3: 'parts.y.file' is missing.",
        ),
    ],
    ids=lambda text: str(text)[:20],
)
def test_a_fault_is_told_with_its_line(written, text, message):
    told = fault(written(text))
    assert told.startswith(message) and told.count("some.yaml") <= 1 + text.count(
        "\n" if isinstance(text, str) else b"\n"
    )


def test_the_member_of_a_union_is_no_part_of_the_name(written):
    told = fault(written("either: {fle: a}"))
    assert "'either.fle' is not known here" in told
    assert "Inner" not in told


def test_a_bomb_of_aliases_is_refused(written):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert fault(written("\n".join(lines))) == (
        "some.yaml: the document is too large or nested too deep. "
        "At most 100,000 entries in 50 levels, aliases written out."
    )


@pytest.mark.parametrize(
    "text", ["[" * 60 + "]" * 60, "[" * 100_000, "{a: " * 100_000, "- " * 100_000, "!!seq " + "[" * 5_000]
)
def test_deep_nests_are_refused(written, text):
    assert "nested too deep" in fault(written(text))


@pytest.mark.parametrize("text", ["&a [*a]", "&a {x: *a}", "&a {<<: *a}", "[&a [1, [2, *a]]]"])
def test_an_alias_within_what_it_names_is_refused(written, text):
    assert fault(written(f"name: x\na: {text}\n")) == (
        "some.yaml, line 2: an alias stands within what it names, and would never end."
    )


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("!!bool abc", "'abc' is not true or false. Hint: leave the tag !!bool away."),
        ("!!int x", "'x' is not a whole number. Hint: leave the tag !!int away."),
        ("!!int ''", "'' is not a whole number. Hint: leave the tag !!int away."),
        ("!!int 1:30", "'1:30' is not a whole number. Hint: leave the tag !!int away."),
        ("!!float x", "'x' is not a number. Hint: leave the tag !!float away."),
        ("!!float .inf", "'.inf' is not a number. Hint: leave the tag !!float away."),
        ("!!timestamp abc", "'abc' is not a day."),
        ("!!seq x", "this is not a list. Hint: leave the tag !!seq away."),
        ("!!seq {a: b}", "this is not a list. Hint: leave the tag !!seq away."),
        ("!!map [a]", "this is not a mapping. Hint: leave the tag !!map away."),
        ("!!int {=: 1}", "this is not a whole number. Hint: leave the tag !!int away."),
        ("!!binary '%%%'", "the tag '!!binary' is not known. Known: !!str"),
        ("!!set {a, b}", "the tag '!!set' is not known. Known: !!str"),
        ("!mine x", "the tag '!mine' is not known. Known: !!str"),
        ("2026-02-30", "'2026-02-30' cannot be read: day is out of range for month."),
        ("2026-01-01T00:00:00+99:00", "'2026-01-01T00:00:00+99:00' is not a day."),
        ("9" * 5000, f"'{'9' * 60}…' is not a whole number."),
        ('"\\ud800"', r"'\ud800' holds a character that no text has ('\ud800'). Hint: remove it."),
        ('"a\\0"', r"'a\x00' holds a character that no text has ('\x00'). Hint: remove it."),
        ('"\\U00110000"', "this is not YAML: there is no such character. Hint: check what follows \\U."),
        ('"\\UFFFFFFFF"', "this is not YAML: there is no such character. Hint: check what follows \\U."),
        ("{<<: 5}", "this is not YAML: expected a mapping or list of mappings for merging"),
        ("{1: 5}", "a name is expected here, and '1' is a whole number. Hint: write it in quotes."),
        ("{true: 5}", "a name is expected here, and 'true' is true or false. Hint: write it in quotes."),
        ("{!!int x: 5}", "a name is expected here, and 'x' is a whole number. Hint: write it in quotes."),
    ],
)
def test_an_entry_that_is_not_what_it_says_is_told(written, entry, told):
    assert fault(written(f"name: x\na: {entry}\n")).startswith(f"some.yaml, line 2: {told}")


def test_equals_and_arrows_are_words(written):
    assert read_document(written("[=, <<, {=: <<}]")).data == ["=", "<<", {"=": "<<"}]


def test_what_is_merged_in_keeps_its_line(written):
    document = read_document(written("base: &base\n  size: 3\nparts:\n  x:\n    <<: *base\n    file: f\n"))
    assert document.data["parts"]["x"] == {"size": 3, "file": "f"}
    assert document.line(("parts", "x", "size")) == 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_named(written, encoding):
    path = written("name: a\n".encode(encoding))
    assert fault(path) == f"{path}: the file is {encoding[:6].upper()}, not UTF-8. Hint: save it as UTF-8."


def test_a_path_that_cannot_be_is_told(tmp_path):
    assert fault(tmp_path / ("x" * 5000)).endswith("the file cannot be read (File name too long).")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    assert "there is no such file" in fault(tmp_path / "loop.yaml")
    assert "there is no such file" in fault(tmp_path / "a\0b")


def test_the_place_of_a_fault_is_told_in_words():
    data = {"goals": [{"name": "G", "objectives": [{"targets": [{"name": "x"}, {"name": 5}]}]}]}
    target = ("goals", 0, "objectives", 0, "targets")
    assert placed((*target, 0, "level"), data) == "goal 1, objective 1, target 'x', 'level'"
    assert placed((*target, 1), data) == "goal 1, objective 1, target 2"
    assert placed(("goals", 0, "objectives"), data) == "goal 'G', 'objectives'"
    assert placed(("goals", 0, "name"), data) == "goal 'G', 'name'"
    assert placed(("thresholds", "behind"), data) == "'thresholds.behind'"
    assert placed(("tables", "orders", "joins", 1, "take", "x"), {}) == "table 'orders', join 2, 'take.x'"
    assert placed(("tables", "orders", "columns", "amount"), {}) == "table 'orders', column 'amount'"
    assert placed((), data) == ""


def test_a_huge_file_is_refused(written):
    assert "the file is too large. At most 5,000,000 bytes of YAML." in fault(written("# " + "x" * 5_000_000))


def test_a_missing_file_or_a_folder_is_told(tmp_path):
    assert fault(tmp_path / "some.yaml") == f"{tmp_path / 'some.yaml'}: there is no such file."
    assert fault(tmp_path) == f"{tmp_path}: this is not a file. Hint: name the YAML file itself."


def test_the_kind_of_error_is_the_callers(tmp_path):
    with pytest.raises(PlanError):
        read_document(tmp_path / "plan.yaml", PlanError)
