"""A keyword as it was typed, and as it is read: word by word, and each verb whole.

大臣が辞任 is 大臣, が and 辞任; Gericht lehnt Antrag ab is Gericht, lehnt ab and Antrag.
"""

import re

from rules.data.tables import separable
from rules.languages.verbs import says_by_verb

_SIGN = "A-Za-z0-9\u3005\u3400-\u4dbf\u4e00-\u9fff\u30a1-\u30fa\u30fc"
_PARTICLE = re.compile(
    f"(?<=[{_SIGN}]{{2}})(から|が(?![丘関原崎])|[をはにでへ])(?=[{_SIGN}][{_SIGN}\u3041-\u3096])"
)
"""What Japanese writes behind a word, between two that are no kana: not in 関ヶ原 or 霞が関.

Not の, which is in many names: 進撃の巨人.
"""


def as_read(text: str) -> str:
    """Return a keyword with spaces around Japanese particles, and what belongs to a verb behind it.

    German and Dutch write that at the end of the clause, where nothing tells whose it is.
    """
    if not text.isascii():
        text = _PARTICLE.sub(r" \1 ", text)
    before, _, last = text.rpartition(" ")
    if last in separable():
        words = before.split(" ")
        for place, word in enumerate(words[:-1]):
            if says_by_verb(f"{word} {last}"):
                return " ".join((*words[: place + 1], last, *words[place + 1 :]))
    return text
