"""Words as they are found in texts, cut so that endings do not matter; and what needs no spaces."""

SPACELESS = frozenset({"zh", "ja", "th", "km", "my", "lo"})
"""Languages that put no space between words."""

LETTERS_AND_MARKS = (
    r"\w\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0971-\u0dff"
    r"\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1000-\u1049\u1050-\u109f\u1780-\u17d3\u200c\u200d"
)
"""What words are made of, as a class of a regular expression: vowels that are marks, too."""

CUT = (0, 1, 2, 3, 4, 4, 4, 5, 5, 6, 6, 7)
"""Of a word of so many letters so many are left."""
_LONGEST_CUT = len(CUT) - 1
MOST_INFLECTED = 4
"""So many letters an inflected word is longer or shorter at most."""
MOST_BEHIND, OF_A_LETTER = 6, 31
"""So many letters of a form are known behind its stem, and these bits of each."""
_LEAST_LEFT = 2
_ENDINGS = {
    "ko": (
        *("에서는", "에서", "에게", "으로", "까지", "부터", "이라고", "라고", "에는", "은", "는"),
        *("이", "가", "을", "를", "의", "에", "도", "로", "와", "과", "만"),
    ),
    "bn": ("গুলোর", "গুলো", "দের", "টির", "টিকে", "এর", "ের", "কে", "তে", "টি", "র"),
}
_BEGINNINGS = {
    "ar": ("وال", "بال", "كال", "فال", "لل", "ال"),
    "he": ("וה", "שה", "מה", "בה", "לה", "ו", "ה", "ב", "ל", "מ", "ש", "כ"),
}
_LEAST_AFTER_A_BEGINNING = 3
_CASES = {
    "fi": "n ssa sta lla lta lle ksi na ta tta hun hin han",
    "et": "s sse st le l lt ga ks",
    "hu": "ban ben nak nek ba be ra re rol bol tol hoz hez nal nel t ert ig "
    + " ".join(f"{letter}al {letter}el" for letter in "bcdfghjklmnprstvz"),
    "kk": "нын нин дын дин тын тин га ге ка ке да де та те дан ден тан тен нан нен ны ни ды ди",
    "eu": "k ren ri n tik ko go ra rekin rako",
    "ka": "ისთვის ისგან სთან იდან დან თან ისა ში ზე მა მდე ით ის ს მ",
    "lv": "s m",
    "lt": "s",
    "sl": "om em ega emu im",
    "hr": "om em og im",
    "sr": "ом ем ог им",
    "cs": "em om ovi ova ove ovou eho emu ym",
    "sk": "em om ovi ova ovej ovu ovou eho emu ym",
    "pl": "em owi ego emu ym im",
    "ru": "ом ем ым им ого его ому ему",
    "uk": "ом ем им ові еві ого ому",
    "be": "ом ем ам ым ага аму",
    "hy": "ը ն ում ից ով ին",
}
"""What languages write onto names, as far as it has a consonant: vowels are not heard."""
_BY_LENGTH = {
    language: tuple(sorted(cases.split(), key=len, reverse=True))
    for language, cases in _CASES.items()
}
_LEAST_OF_A_NAME = 4


def shortened(word: str) -> str:
    """Return the beginning of a folded word that its inflected forms share, about."""
    return word[: CUT[min(len(word), _LONGEST_CUT)]]


def letters_behind(word: str) -> int:
    """Return the letters of a folded word that `shortened` cuts off, 5 bits of each of the first 6.

    The highest of 32 bits is set. Letters of one alphabet that differ mostly differ in these bits.
    """
    said = 1 << 31
    for place, letter in enumerate(word[len(shortened(word)) :][:MOST_BEHIND]):
        said |= (ord(letter) & OF_A_LETTER) << 5 * place
    return said


def beginnings(word: str) -> list[str]:
    """Return what `shortened` leaves of a folded word, and of longer forms of it."""
    cuts = (CUT[min(len(word) + more, _LONGEST_CUT)] for more in range(MOST_INFLECTED + 1))
    return [word[:cut] for cut in sorted({*cuts}) if cut <= len(word)]


def is_joined(language: str) -> bool:
    """Whether a language writes together with words what others write apart."""
    return language in _ENDINGS or language in _BEGINNINGS


def bare(word: str, language: str) -> str:
    """Return a folded word without what its language writes together with it, if anything."""
    endings, begun = _ENDINGS.get(language, ()), _BEGINNINGS.get(language, ())
    if not word.endswith(endings) and not word.startswith(begun):
        return word  # most words: asked of all at once
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_LEFT:
            return word[: -len(ending)]
    for beginning in begun:
        if word.startswith(beginning) and len(word) - len(beginning) >= _LEAST_AFTER_A_BEGINNING:
            return word[len(beginning) :]
    return word


def has_cases(language: str) -> bool:
    """Whether `without_case` knows what a language writes onto names."""
    return language in _BY_LENGTH


def without_case(name: str, language: str) -> str:
    """Return a folded name without what may be its case in this language; "" if nothing may be."""
    cases = _BY_LENGTH.get(language, ())
    if not name.endswith(cases):
        return ""
    left = next(name.removesuffix(case) for case in cases if name.endswith(case))
    return left if len(left) >= _LEAST_OF_A_NAME else ""
