"""Names of people and firms as other scripts spell them: found by their sound, without any list."""

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article

NAMES = {
    "Angela Merkel": {
        "te": "ఏంజెలా మెర్కెల్",
        "gu": "એન્જેલા મર્કેલ",
        "pa": "ਐਂਜੇਲਾ ਮਰਕੇਲ",
        "si": "ඇන්ජෙලා මර්කෙල්",
        "am": "አንጌላ ሜርክል",
        "ta": "ஏஞ்சலா மெர்க்கெல்",
        "ru": "Ангела Меркель",
        "mn": "Ангела Меркель",
    },
    "Emmanuel Macron": {
        "te": "ఇమ్మాన్యుయేల్ మాక్రాన్",
        "si": "එමානුවෙල් මැක්‍රොන්",
        "ta": "இம்மானுவேல் மேக்ரான்",
    },
    "Donald Trump": {"gu": "ડોનાલ્ડ ટ્રમ્પ", "am": "ዶናልድ ትራምፕ", "si": "ඩොනල්ඩ් ට්‍රම්ප්"},
    "Netflix": {"am": "ኔትፍሊክስ", "pa": "ਨੈੱਟਫਲਿਕਸ", "si": "නෙට්ෆ්ලික්ස්"},
    "Henry Kissinger": {"ru": "Генри Киссинджер", "hi": "हेनरी किसिंजर"},
}


@pytest.mark.parametrize(
    ("name", "language", "text"),
    [(name, language, text) for name, each in NAMES.items() for language, text in each.items()],
)
def test_a_name_is_found_in_another_script(name: str, language: str, text: str) -> None:
    rule, source = a_rule(name), a_source()
    article = an_article("", text=f"2020: {text}", language=language)
    matches = RuleMatcher([rule]).matches(article, source)
    assert matches == by_brute_force([rule], article, source)
    assert [proof.text for proof in matches[0].evidence] == [text]
