"""Arabic letters as the language of a text writes them, whose keyboards typed a neighbour's."""

from common.patterns import pattern

_FROM_ARABIC = str.maketrans("يك", "یک")
_FROM_ARABIC_TO_URDU = str.maketrans("يكه", "یکہ")
_TO_ARABIC = str.maketrans("یک", "يك")
_OF_OTHERS = pattern("[ښڅځړټډڼېۍێۆڵڕۇۈۋەڀٿڄڳڱڻڪݢڠۏ]")
"""Of Pashto, Kurdish, Uyghur, Sindhi and Malay, which write both letters, or either."""
_OF_URDU = pattern("[ٹڈڑںے]")
_OF_PERSIAN = pattern("[پچژگ]")
_PERSIAN_WORD = pattern(r"\b(?:از|را|[كک]ه|است|ا[يی]ن|برا[يی]|ها[يی]|م[يی]|شد|[كک]رد)\b")
_ARTICLE = pattern(r"\b[وفبك]?ال\w\w|\bلل\w\w")
_WORDS_AN_ARTICLE = 10
"""Arabic has one for less than so many words, others in names and loans."""


def at_home(text: str) -> str:
    """Return the text with the yeh and the kaf of its language.

    Persian is typed with those of Arabic, Arabic with those of Persian and Urdu with either:
    readers see no difference, but what a language is guessed from does.
    """
    has_arabic, has_persian = "ي" in text or "ك" in text, "ی" in text or "ک" in text
    if has_arabic == has_persian or _OF_OTHERS.search(text):
        return text
    is_urdu = _OF_URDU.search(text) is not None
    if has_arabic and is_urdu:
        return text.translate(_FROM_ARABIC_TO_URDU)
    articles = len(_ARTICLE.findall(text))
    is_arabic = articles * _WORDS_AN_ARTICLE > text.count(" ")
    if has_arabic:
        is_persian = _OF_PERSIAN.search(text) or _PERSIAN_WORD.search(text)
        return text.translate(_FROM_ARABIC) if is_persian and not is_arabic else text
    return text.translate(_TO_ARABIC) if is_arabic and not is_urdu else text
