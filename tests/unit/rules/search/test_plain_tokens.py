"""What the search index is told of letters is kept from one start to the next."""

from rules.search import plain_tokens, sounding
from tests.files_read import others_read


def test_what_is_kept_is_what_would_be_made() -> None:
    assert sounding.sounding_letters() == sounding._sounding_letters()
    table = plain_tokens._table()
    assert table.classes.tobytes() + table.sounding.tobytes() == plain_tokens._made()


def test_what_is_kept_is_made_anew_when_anything_changes_that_it_is_made_of() -> None:
    made = """from rules.search import plain_tokens, sounding
plain_tokens._made(), sounding._sounding_letters()"""
    assert others_read(made, plain_tokens.made_by_files()) == set()
