"""The one code by which articles, rules and variants name a language."""

from functools import cache

ONE_CODE = {
    "arz": "ar",
    "ary": "ar",
    "ckb": "ku",
    "cmn": "zh",
    "cnr": "sr",
    "fil": "tl",
    "hbs": "sr",
    "in": "id",
    "iw": "he",
    "ji": "yi",
    "jw": "jv",
    "mo": "ro",
    "nb": "no",
    "nn": "no",
    "prs": "fa",
    "pes": "fa",
    "sh": "sr",
    "tgl": "tl",
    "uzs": "uz",
    "wuu": "zh",
    "yue": "zh",
    "zsm": "ms",
}
"""Members of a macro-language whose written form is that of the whole go to the macro code."""

_OF_ISO_639_3 = 3


def one_code(code: str) -> str:
    """Return how we say a language of which a source writes any code of ISO 639, in lower case."""
    if len(code) == _OF_ISO_639_3 and code not in ONE_CODE:
        code = _shortened(code)
    return ONE_CODE.get(code, code)


@cache
def _shortened(code: str) -> str:
    """Return what CLDR writes for a code of three letters: sv for swe, sw for swh, et for ekk."""
    from babel.core import get_global  # few sources write them, and to read it takes 15 ms

    written: str = get_global("language_aliases").get(code, code)
    return written.partition("_")[0]
