import pytest
from pydantic import BaseModel, ConfigDict

from kpikit.data.documents import check, read_document
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
            "some.yaml, line 1: this is not YAML: could not determine a constructor for the tag "
            "'tag:yaml.org,2002:python/object/apply:os.system'. Hint: check indents and quotes.",
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
            b"name: \x00\n",
            "some.yaml: this is not YAML: it holds characters that no text has. Hint: save it as UTF-8 text.",
        ),
        ("name: Zoë".encode("cp1252"), "the file is not UTF-8 text. Hint: save it as UTF-8."),
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
            "some.yaml, line 2: 'parts.x.file': input should be a valid string. Given: '7'. "
            "Hint: write it in quotes.",
        ),
        ("parts: 3\n", "some.yaml, line 1: 'parts': input should be a valid dictionary. Given: '3'."),
        (
            "parts:\n  x: {file: f, size: a}\n  y: {}\n",
            "some.yaml: 2 faults\n"
            "some.yaml, line 2: 'parts.x.size': input should be a valid integer, unable to parse "
            "string as an "
            "integer. Given: 'a'.\n"
            "some.yaml, line 3: 'parts.y.file' is missing.",
        ),
    ],
    ids=lambda text: str(text)[:20],
)
def test_a_fault_is_told_with_its_line(written, text, message):
    told = fault(written(text))
    assert told == message or (message in told and not message.startswith("some.yaml, line 1: '"))


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


@pytest.mark.parametrize("text", ["a: &a [*a]", "[" * 60 + "]" * 60, "[" * 100_000])
def test_endless_and_deep_nests_are_refused(written, text):
    assert "nested too deep" in fault(written(text))


def test_a_huge_file_is_refused(written):
    assert "the file is too large. At most 5,000,000 bytes of YAML." in fault(written("# " + "x" * 5_000_000))


def test_a_missing_file_or_a_folder_is_told(tmp_path):
    assert fault(tmp_path / "some.yaml") == f"{tmp_path / 'some.yaml'}: there is no such file."
    assert fault(tmp_path) == f"{tmp_path}: this is not a file. Hint: name the YAML file itself."


def test_the_kind_of_error_is_the_callers(tmp_path):
    with pytest.raises(PlanError):
        read_document(tmp_path / "plan.yaml", PlanError)
