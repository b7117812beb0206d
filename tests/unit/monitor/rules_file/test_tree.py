"""YAML and TOML as plain text with lines: traps, limits, and what a mistake is answered with."""

import pytest

from monitor.rules_file.tree import FileMistake, Items, Table, Text, read_tree


def value(text: str, key: str, *, is_toml: bool = False) -> str:
    node = read_tree(text, is_toml=is_toml).values[key]
    assert isinstance(node, Text)
    return node.value


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("007", "007"),
        ("1e3", "1e3"),
        ("2026-12-31", "2026-12-31"),
        ("0x10", "0x10"),
        ("12:30", "12:30"),
        ("'it''s'", "it's"),
        ('"a\\tb"', "a\tb"),
        ("title:rail -bus", "title:rail -bus"),
        (">\n  a OR\n  b", "a OR b"),
    ],
)
def test_a_value_is_the_text_that_is_written(written: str, read: str) -> None:
    assert value(f"no: {written}\n", "no").strip() == read


@pytest.mark.parametrize(("written", "read"), [("'no'", "no"), ("7", "7"), ("true", "true")])
def test_a_value_of_toml_is_text_as_well(written: str, read: str) -> None:
    assert value(f"x = {written}\n", "x", is_toml=True) == read
    assert value("x = 2026-12-31\n", "x", is_toml=True) == "2026-12-31"


def test_no_value_is_told_from_an_empty_text() -> None:
    tree = read_tree("a:\nb: ~\nc: ''\n", is_toml=False)
    missing = [node.is_missing for node in tree.values.values() if isinstance(node, Text)]
    assert missing == [True, True, False]


def test_lines_are_counted_through_line_ends_of_any_kind() -> None:
    tree = read_tree("a: 1\r\nrules:\r\n- name: x\r\n  query: y\r\n", is_toml=False)
    rules = tree.values["rules"]
    assert isinstance(rules, Items)
    entry = rules.parts[0]
    assert isinstance(entry, Table)
    assert (entry.line, entry.lines["query"]) == (3, 4)


def test_tables_of_toml_know_their_lines_though_strings_look_like_headers() -> None:
    text = '[[rules]]\nname = """\n[[rules]]\nname = "x"\n"""\nquery = "b"\n[[rules]]\nname = "c"\n'
    rules = read_tree(text, is_toml=True).values["rules"]
    assert isinstance(rules, Items)
    assert [(part.line, part.lines["name"]) for part in rules.parts if isinstance(part, Table)] == [
        (1, 2),
        (7, 8),
    ]


def test_what_a_comment_takes_from_a_value_is_remembered() -> None:
    tree = read_tree("a: rail #metoo\nb: rail # strike\nc: 'rail #metoo'\n", is_toml=False)
    cuts = [node.cut for node in tree.values.values() if isinstance(node, Text)]
    assert cuts == ["#metoo", "", ""]


def test_an_anchor_may_be_used_again_and_merged() -> None:
    tree = read_tree("x-b: &b {every: 5m, kind: feed}\na:\n  <<: *b\n  kind: page\n", is_toml=False)
    merged = tree.values["a"]
    assert isinstance(merged, Table)
    written = {key: node.value for key, node in merged.values.items() if isinstance(node, Text)}
    assert written == {"every": "5m", "kind": "page"}


BOMB = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        pytest.param("a: 1\nb: 2\na: 3\n", 3, 'duplicate key "a" (lines 1, 3)', id="twice"),
        pytest.param("a: !!python/object:os.system x\n", 1, "is a tag", id="an object"),
        pytest.param("a: !!str 5\n", 1, "is a tag", id="a type"),
        pytest.param(BOMB, 7, "more than 50 aliases", id="a bomb"),
        pytest.param("a: &a [*a]\n", 1, "no anchor &a", id="an alias of itself"),
        pytest.param("query: *quake\n", 1, "put it in quotes", id="a star at first"),
        pytest.param("a: " + "[" * 21 + "]" * 21, 1, "20 levels", id="too deep"),
        pytest.param("[" * 100_000, 1, "nest", id="far too deep"),
        pytest.param("rules:\n\t- query: x\n", 2, "a tab stands before", id="a tab"),
        pytest.param("a:\n  - b: 1\n\t  c: 2\n", 3, "a tab stands before", id="a tab later"),
        pytest.param('a: 1\nb: "x y" -z\n', 2, "in single quotes", id="text after quotes"),
        pytest.param("a: b: c\n", 1, "in single quotes", id="a colon"),
        pytest.param("target: console:\n", 1, "in single quotes", id="a colon at the end"),
        pytest.param("a: @x\n", 1, "in single quotes", id="a sign that YAML keeps"),
        pytest.param("a: *\n", 1, "in single quotes", id="a star alone"),
        pytest.param('a:\n  - "b\n  - c\n', 2, "quote at column 5 is not closed", id="a quote"),
        pytest.param("a:\n  - b: 1\n   c: 2\n", 3, "compare its indentation", id="indentation"),
        pytest.param("? [a]\n: b\n", 1, "a key, which is text", id="a list as a key"),
        pytest.param("", 1, "is empty", id="empty"),
        pytest.param("# only this\n", 1, "is empty", id="only a comment"),
        pytest.param("- a\n", 1, "keys such as rules:", id="a list"),
        pytest.param("a: 1\n---\nb: 2\n", 1, "several documents", id="two documents"),
        pytest.param("a: 1\nb: x\x07y\n", 2, "control character (0x07)", id="a bell"),
        pytest.param('a: 1\nb: "\\0"\n', 2, "control character (0x00)", id="an escaped NUL"),
    ],
)
def test_yaml_that_we_do_not_read_is_answered_with_the_line(
    text: str, line: int, said: str
) -> None:
    with pytest.raises(FileMistake) as caught:
        read_tree(text, is_toml=False)
    assert caught.value.line == line
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        pytest.param('[[rules]]\nname = "a"\nname = "b"\n', 3, "(lines 2, 3)", id="twice"),
        pytest.param("a = 1\nb =\n", 2, "text stands in quotes", id="no value"),
        pytest.param("a = " + "[" * 3_000 + "]" * 3_000, 1, "20 levels", id="far too deep"),
        pytest.param("a = " + "[" * 30 + "]" * 30, 1, "20 levels", id="too deep"),
    ],
)
def test_toml_that_we_do_not_read_is_answered_with_the_line(
    text: str, line: int, said: str
) -> None:
    with pytest.raises(FileMistake) as caught:
        read_tree(text, is_toml=True)
    assert caught.value.line == line
    assert said in str(caught.value)
