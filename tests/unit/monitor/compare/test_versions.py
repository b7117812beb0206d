"""How one version of an article became the next."""

from monitor.compare.versions import Piece, changes


def test_words_that_came_and_went_are_told() -> None:
    assert changes("Three men were hurt.", "Two men were badly hurt.") == [
        Piece("removed", "Three"),
        Piece("added", "Two"),
        Piece("same", " men were "),
        Piece("added", "badly "),
        Piece("same", "hurt."),
    ]


def test_a_script_without_spaces_is_compared_by_its_characters() -> None:
    assert changes("港口罢工", "港口停工") == [
        Piece("same", "港口"),
        Piece("removed", "罢"),
        Piece("added", "停"),
        Piece("same", "工"),
    ]


def test_of_what_stayed_only_the_ends_are_kept() -> None:
    before, after = (" ".join(f"{w}{n}" for n in range(200)) for w in ("b", "a"))
    pieces = changes(f"{before} old {after}", f"{before} new {after}")
    assert [piece.kind for piece in pieces] == [
        "left out",
        "same",
        "removed",
        "added",
        "same",
        "left out",
    ]
    assert sum(len(piece.text) for piece in pieces) < 200


def test_nothing_changed_and_everything_changed() -> None:
    assert changes("a", "a") == [Piece("same", "a")]
    assert changes("", "b") == [Piece("added", "b")]


def test_of_very_long_texts_only_the_beginning_is_compared() -> None:
    long = "word " * 10_000
    assert changes(long, f"{long} end")[-1] == Piece("left out", "")
