"""Strict YAML-LD: what is read, what is refused and where, and that both readers agree."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.findings import Position
from communique.read import nodes, yamlld
from communique.read.yamlld import MAX_BYTES, MAX_DEPTH, position, read_yaml
from tests.conftest import DATA, SLUG

RECORD = (DATA / "releases" / SLUG / "record.yaml").read_text(encoding="utf-8")


def refusals(data: bytes | str) -> list[tuple[str, int, int]]:
    value, findings = read_yaml(data.encode() if isinstance(data, str) else data, "record.yaml")
    assert value is None
    assert {(f.file, f.severity) for f in findings} == {("record.yaml", "violation")}
    return [(f.code, f.line, f.column) for f in findings]


@pytest.fixture(params=["libyaml", "pure"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both loaders of PyYAML, with the quick reader out of the way."""
    monkeypatch.setattr(yamlld, "_read_plain", lambda text: None)
    if request.param == "pure":
        monkeypatch.setattr(nodes, "_Loader", yaml.Loader)
    nodes.compose.cache_clear()
    return str(request.param)


SCALARS: list[tuple[str, Any]] = [
    ("2015-05-29", "2015-05-29"),
    ("2015-05-29T10:00:00Z", "2015-05-29T10:00:00Z"),
    ("no", "no"),
    ("NO", "NO"),
    ("on", "on"),
    ("yes", "yes"),
    ("y", "y"),
    ("12:30:45", "12:30:45"),
    ("1_000", "1_000"),
    ("0b101", "0b101"),
    ("017", 17),
    ("0o17", 15),
    ("0x1F", 31),
    ("+7", 7),
    ("-7", -7),
    ("79460201", 79460201),
    ("123456789012345678901234567890", 123456789012345678901234567890),
    ("1.5", 1.5),
    ("1e3", 1000.0),
    (".5", 0.5),
    (".inf", math.inf),
    ("-.INF", -math.inf),
    ("true", True),
    ("False", False),
    ("TRUE", True),
    ("tRUE", "tRUE"),
    ("null", None),
    ("~", None),
    ("", None),
    ("Null", None),
    ("nULL", "nULL"),
    ("=", "="),
    ("<<", "<<"),
    (".", "."),
    ("a#b", "a#b"),
    ("a # b", "a"),
    ("32-47.327", "32-47.327"),
    ("№ 32-47.327", "№ 32-47.327"),
    ("+44 (20) 79460201/46/47", "+44 (20) 79460201/46/47"),
    ('"79460201"', "79460201"),
    ("'true'", "true"),
    ("'it''s'", "it's"),
    (r'"\x41\u0416\U0001F600\/\_"', "AЖ😀/\xa0"),
    ('"a\\\n   b"', "ab"),
    ("|\n  a\n  b\n", "a\nb\n"),
    (">-\n  a\n  b\n\n  c\n", "a b\nc"),
    ("a\n  b", "a b"),
    ("|\n ", ""),
    (">+\n\n  ", "\n"),
    ("a\xa0b", "a\xa0b"),
    ("a\u2028b", "a\u2028b"),
    ("a\u2029b", "a\u2029b"),
    ("a\x85b", "a\x85b"),
    ("😀", "😀"),
    ("Қазақстан’s", "Қазақстан’s"),
    ("[x, y,]", ["x", "y"]),
    ("{x: y, z: [u]}", {"x": "y", "z": ["u"]}),
]


@pytest.mark.parametrize(("written", "value"), SCALARS)
def test_a_value_is_read_by_the_core_schema(written: str, value: Any) -> None:
    assert read_yaml(f"a: {written}".encode(), "record.yaml") == ({"a": value}, [])


@pytest.mark.parametrize(("written", "value"), SCALARS)
def test_the_strict_reader_gives_the_same_value_with_either_loader(loader: str, written: str, value: Any) -> None:
    assert read_yaml(f"a: {written}".encode(), "record.yaml") == ({"a": value}, [])


def test_not_a_number_is_read_as_a_number() -> None:
    value, findings = read_yaml(b"a: .nan", "record.yaml")
    assert value is not None and math.isnan(value["a"]) and findings == []


@pytest.mark.parametrize(
    "number", ["9" * 5000, "0x" + "f" * 4000, "0o" + "7" * 4000, "-" + "1" * 1000, "1." + "0" * 1000]
)
def test_a_number_that_python_refuses_is_one_finding_at_its_place(number: str) -> None:
    value, findings = read_yaml(f"a: b\nc: [d, {number}]".encode(), "record.yaml")
    assert value is None
    assert [(f.code, f.line, f.column, f.length) for f in findings] == [("not-text", 2, 8, len(number))]
    assert findings[0].message == f"a number of {len(number):,} characters is not read"


@pytest.mark.parametrize(
    "text",
    [
        "a: {b: |\n  x}\n",
        "a: {\n  b: |\n   x\n}\n",
        "a: {\n  b:\n   >-\n   x\n}\n",
        "a: [\n |\n  x\n]\n",
        "a: [\n  b, # c\n  >-\n  d]\n",
        'a: ["]",\n |\n y\n]\n',
        "a: {\n |\n  b: c\n}\n",
        "a: [{\n |\n  : c}]\n",
    ],
)
def test_a_block_scalar_inside_brackets_is_refused(text: str) -> None:
    value, findings = read_yaml(text.encode(), "record.yaml")
    assert (value, [f.code for f in findings]) == (None, ["yaml-syntax"])


def test_text_that_begins_like_a_block_scalar_is_text_in_quotation_marks() -> None:
    assert read_yaml(b"a: '| x'\n'> b': |\n  > c\n", "record.yaml") == ({"a": "| x", "> b": "> c\n"}, [])


def test_a_number_of_a_thousand_characters_is_read() -> None:
    assert read_yaml(b"a: 0x" + b"f" * 998, "record.yaml") == ({"a": int("f" * 998, 16)}, [])


def test_a_byte_order_mark_is_left_out_and_lines_end_in_lf() -> None:
    assert read_yaml(b"\xef\xbb\xbfa: |\r\n  b\r\n  c\r\nd: e\rf: g", "x") == ({"a": "b\nc\n", "d": "e", "f": "g"}, [])


DEEP_OK = "{a: " * MAX_DEPTH + "b" + "}" * MAX_DEPTH
DEEP = "{a: " * (MAX_DEPTH + 1) + "b" + "}" * (MAX_DEPTH + 1)
BOMB = "a: &a [x, x]\n" + "".join(f"{chr(k + 1)}: &{chr(k + 1)} [{f'*{chr(k)}, ' * 9}]\n" for k in range(97, 105))

REFUSED: list[tuple[str, bytes | str, list[tuple[str, int, int]]]] = [
    ("a key twice", "a: b\nc: d\na: e", [("duplicate-key", 3, 1)]),
    ("a key twice in a flow mapping", "x: {a: b, a: c}", [("duplicate-key", 1, 11)]),
    ("two keys twice", "a: b\na: c\na: d", [("duplicate-key", 2, 1), ("duplicate-key", 3, 1)]),
    ("a key twice, once in quotes", 'a: b\n"a": c', [("duplicate-key", 2, 1)]),
    ("a number as a key", "1: b", [("key-not-text", 1, 1)]),
    ("true as a key", "true: b", [("key-not-text", 1, 1)]),
    ("nothing as a key", "a:\n  ~: b", [("key-not-text", 2, 3)]),
    ("a list as a key", "[1]: b", [("key-not-text", 1, 1)]),
    ("a mapping as a key", "? {a: b}\n: c", [("key-not-text", 1, 3)]),
    ("a second document", "a: b\n---\nc: d", [("second-document", 2, 1)]),
    ("UTF-16", "a: b".encode("utf-16"), [("bad-encoding", 1, 1)]),
    ("bad UTF-8", b"a: b\nc: \xd1\x84\xff", [("bad-encoding", 2, 5)]),
    ("UTF-8 cut short", b"a: \xe2\x80", [("bad-encoding", 1, 4)]),
    ("a surrogate in UTF-8", b"a: \xed\xa0\x80", [("bad-encoding", 1, 4)]),
    ("NUL", "a: b\nc: x\0y", [("bad-character", 2, 5)]),
    ("a control character", "a: x\x07y", [("bad-character", 1, 5)]),
    ("DEL", "a: x\x7fy", [("bad-character", 1, 5)]),
    ("half of a surrogate pair", r'a: "\ud800"', [("yaml-syntax", 1, 5)]),
    ("a surrogate pair", r'a: "\ud83d\ude00"', [("yaml-syntax", 1, 5)]),
    ("all private characters", "a: \u2028" + "".join(map(chr, range(0xE000, 0xF900))), [("bad-character", 0, 0)]),
    ("a tag", "a: !!str b", [("yaml-tag", 1, 4)]),
    ("a tag of our own", "a: !x b", [("yaml-tag", 1, 4)]),
    ("a tag of Python", "a: !!python/object/apply:os.system [ls]", [("yaml-tag", 1, 4)]),
    ("a tag on a mapping", "--- !x\na: b", [("yaml-tag", 1, 5)]),
    ("an anchor", "a: &x b", [("yaml-alias", 1, 4)]),
    ("an alias", "a: &x b\nc: *x", [("yaml-alias", 1, 4)]),
    ("a star without quotes", "evidence: {*: b}", [("yaml-syntax", 1, 12)]),
    ("a bomb of aliases", BOMB, [("yaml-alias", 1, 4)]),
    ("an alias of itself", "a: &a [*a]", [("yaml-alias", 1, 4)]),
    ("65 levels", DEEP, [("too-deep", 1, 4 * MAX_DEPTH + 1)]),
    ("50,000 brackets", "a: " + "[" * 50_000, [("too-deep", 1, 4 + MAX_DEPTH - 1)]),
    ("50,000 nested lists", "- " * 50_000, [("too-deep", 1, 2 * MAX_DEPTH + 1)]),
    ("50,000 nested keys", "? " * 50_000, [("too-deep", 1, 2 * MAX_DEPTH + 1)]),
    ("300,000 nested values", "a: b\n" + ":  " * 300_000, [("yaml-syntax", 2, 1)]),
    ("1,400 steps", "".join(" " * k + "-\n" for k in range(1400)), [("too-deep", MAX_DEPTH + 1, MAX_DEPTH + 1)]),
    ("one byte too many", b"a: " + b"b" * (MAX_BYTES - 2), [("too-large", 0, 0)]),
    ("nothing", "", [("not-a-mapping", 0, 0)]),
    ("only a comment", "# a\n", [("not-a-mapping", 0, 0)]),
    ("a list", "\n- a", [("not-a-mapping", 2, 1)]),
    ("text", "a", [("not-a-mapping", 1, 1)]),
    ("a tab before a key", "a:\n\tb: c", [("yaml-syntax", 2, 1)]),
    ("a second colon", "a: b: c", [("yaml-syntax", 1, 5)]),
    ("a value that begins with @", "a: @b", [("yaml-syntax", 1, 4)]),
    ("a percent sign at the beginning", "a: %b", [("yaml-syntax", 1, 4)]),
    ("an unknown escape", r'a: "\q"', [("yaml-syntax", 1, 5)]),
    ("quotes that do not end", 'a: "b', [("yaml-syntax", 1, 4)]),
    ("a list in the place of a value", "a: - b", [("yaml-syntax", 1, 4)]),
    ("text after quotes", 'a: "b" c', [("yaml-syntax", 1, 8)]),
]


@pytest.mark.parametrize(("data", "expected"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_the_profile_forbids_is_refused_with_line_and_column(
    data: bytes | str, expected: list[tuple[str, int, int]]
) -> None:
    assert refusals(data) == expected


@pytest.mark.parametrize(("data", "expected"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_pure_python_refuses_the_same(
    data: bytes | str, expected: list[tuple[str, int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nodes, "_Loader", yaml.Loader)
    nodes.compose.cache_clear()
    assert refusals(data)  # the messages and columns of syntax errors differ, the verdict does not


def test_64_levels_and_one_mebibyte_are_read() -> None:
    value, findings = read_yaml(DEEP_OK.encode(), "record.yaml")
    assert (value is not None, findings) == (True, [])
    assert read_yaml(b"a: " + b"b" * (MAX_BYTES - 3), "r") == ({"a": "b" * (MAX_BYTES - 3)}, [])


def test_crlf_and_directives_and_document_markers_are_read() -> None:
    assert read_yaml(b"%YAML 1.2\r\n---\r\na: b\r\nc: d\r\n...\r\n", "r") == ({"a": "b", "c": "d"}, [])


def test_a_tab_inside_text_is_kept() -> None:  # PyYAML without libyaml refuses it
    assert read_yaml(b"a: b\tc", "r") == ({"a": "b\tc"}, [])


def test_a_star_in_quotes_is_a_key() -> None:
    assert read_yaml(b'{"*": a, b: "c*d"}', "r") == ({"*": "a", "b": "c*d"}, [])


# ---- positions

PLACES = """\
a: b
c:
  - d
  - {e: f, "g": [h, i]}
k: >-
  some folded
  text with words
l: 'quoted words here'
мир: Қазақстан words
m:
  n: o
"""


@pytest.mark.parametrize(
    ("pointer", "more", "expected"),
    [
        ((), {}, (1, 1, 1)),
        (("a",), {}, (1, 4, 1)),
        (("a",), {"key": True}, (1, 1, 1)),
        (("a", 0), {}, (1, 4, 1)),
        (("c", 0), {}, (3, 5, 1)),
        (("c", 1), {}, (4, 5, 19)),
        (("c", 1, "e"), {}, (4, 9, 1)),
        (("c", 1, "e"), {"key": True}, (4, 6, 1)),
        (("c", 1, "g", 1), {}, (4, 21, 1)),
        (("c", 1, "g"), {"key": True}, (4, 12, 3)),
        (("k",), {}, (6, 3, 11)),
        (("k",), {"word": "words"}, (7, 13, 5)),
        (("k",), {"word": "word"}, (6, 3, 11)),
        (("l",), {"word": "here"}, (8, 18, 4)),
        (("мир",), {}, (9, 6, 15)),
        (("мир",), {"word": "words"}, (9, 16, 5)),
        (("m",), {}, (11, 3, 1)),
        (("m",), {"key": True}, (10, 1, 1)),
        (("m", "x"), {}, (11, 3, 1)),
        (("c", 7), {}, (3, 3, 1)),
        (("nothing", "here"), {}, (1, 1, 1)),
    ],
)
def test_a_value_a_key_and_a_word_are_found_where_they_stand(
    pointer: tuple[str | int, ...], more: dict[str, Any], expected: tuple[int, int, int]
) -> None:
    assert position(PLACES.encode(), pointer, **more) == Position(*expected)


@pytest.mark.parametrize("data", [b"", b"# nothing", b"\xff", b"a: [", b"a: &x b"])
def test_a_file_that_cannot_be_read_has_no_positions(data: bytes) -> None:
    assert position(data, ("a",)) == Position(0, 0, 1)


def test_columns_count_code_points_also_after_foreign_line_breaks() -> None:
    assert position("a: {b: '😀\u2028\x85', c: d}".encode(), ("a", "c")) == Position(1, 18, 1)


def test_every_value_of_the_real_record_is_where_its_position_says() -> None:
    record, findings = read_yaml(RECORD.encode(), "record.yaml")
    assert record is not None and findings == []
    lines, seen = RECORD.split("\n"), 0
    for k, node in enumerate(record["graph"]):
        at = position(RECORD.encode(), ("graph", k, "id"))
        seen += 1
        assert lines[at.line - 1][at.column - 1 : at.column - 1 + at.length] == node["id"]
    assert seen == len(record["graph"]) > 50


# ---- both readers agree


def agree(text: str) -> None:
    quick = yamlld._read_plain(text)
    if quick is not None:
        assert nodes.read_strict(text, "r") == (quick, [])


WORDS = "a b: c [ ] { } , # | > ' \" ? & * ! % @ ` ~ null true 017 1e3 0x1 .5 .inf 2015-05-29 no << = >- |2 --- ..."
SPACES = ["", " ", "  ", "\n ", "\n  ", "\n    ", ": ", "- ", "a: b\n", '"*": ', "a: ", "\n- "]
PIECES = st.sampled_from(
    [*WORDS.split(), *SPACES, *"é№’\xa0\u2028\x85\ufeff😀\r\0\x7f\n\t", r"\n", r"\ud83d", r"\x41", "\\"]
)


@pytest.mark.parametrize("value", ['|"b"', '{c: |"b"}', "{c: |}", "[>, b]", "|x", "> x", "|-\n  b", "|2 # c\n    b"])
def test_the_readers_agree_on_signs_of_block_scalars(value: str) -> None:
    agree(f"a: {value}\n")


@pytest.mark.slow
@given(st.lists(PIECES, max_size=24).map("".join))
@settings(max_examples=1500)
def test_the_readers_agree_on_any_pieces_of_yaml(text: str) -> None:
    agree(text)


VALUES = st.recursive(
    st.text(max_size=12) | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.slow
@given(st.dictionaries(st.text(max_size=6), VALUES, max_size=4), st.booleans(), st.booleans())
@settings(max_examples=300)
def test_the_readers_agree_on_any_document_that_is_written(value: dict[str, Any], flow: bool, wide: bool) -> None:
    agree(yaml.safe_dump(value, allow_unicode=True, default_flow_style=flow, width=1000 if wide else 20))


@pytest.mark.slow
@given(st.integers(0, len(RECORD)), st.integers(0, 6), st.lists(PIECES, max_size=3).map("".join))
@settings(max_examples=150)
def test_the_readers_agree_on_any_damage_to_the_real_record(at: int, cut: int, instead: str) -> None:
    agree(RECORD[:at] + instead + RECORD[at + cut :])


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
@settings(max_examples=500)
def test_any_bytes_give_a_mapping_or_a_finding(data: bytes) -> None:
    value, findings = read_yaml(data, "r")
    assert (value is None) == bool(findings)
    assert position(data, ("a", 0)) is not None


def test_the_real_record_is_read_plainly_and_both_ways_alike() -> None:
    assert yamlld._read_plain(RECORD) == nodes.read_strict(RECORD, "r")[0] is not None


def test_every_finding_names_the_file(tmp_path: Path) -> None:
    _, findings = read_yaml(b"a: b\na: c", str(tmp_path / "record.yaml"))
    assert [f.file for f in findings] == [str(tmp_path / "record.yaml")]


@pytest.mark.parametrize("line", ["graph: x" + "|" * 9_000, "graph: x" + ":>" * 4_500, "[" + "|" * 9_000, "|" * 9_999])
def test_signs_that_may_begin_a_block_take_no_longer_than_other_signs(line: str) -> None:
    text = "\n".join([line] * 100)
    start = time.process_time()
    for data in (text, line + "|" * 900_000):
        read_yaml(data.encode(), "record.yaml")
    assert time.process_time() - start < 10  # seconds of processor, of which all pairs of signs need hundreds


def test_a_text_of_nothing_but_byte_order_marks_is_read_in_time() -> None:
    start = time.process_time()
    assert read_yaml(b"\xef\xbb\xbf" * 340_000 + b"a: b", "record.yaml") == ({"a": "b"}, [])
    assert time.process_time() - start < 2  # seconds of processor; taking off one after the other needs ten times that
