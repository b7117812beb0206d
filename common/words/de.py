"""What messages say in German."""

from common.words.shape import Words

WORDS = Words(
    code="de",
    found={
        "exact": "wie geschrieben",
        "folded": "gleiche Buchstaben",
        "inflected": "Wortform",
        "compound": "Zusammensetzung",
        "variant": "Variante",
        "acronym": "Abkürzung",
        "lexicon": "Übersetzung",
        "cognate": "verwandtes Wort",
    },
    how="{how}, {language}",
    reason="{words} — {how} — für {term}",
    more_words="{words} und {n} weitere",
    alone="noch keine andere Quelle",
    outlets=("+{n} Quelle", "+{n} Quellen"),
    articles=("+{n} Artikel", "+{n} Artikel"),
    in_languages="{told} in {n} Sprachen",
    seen="gesehen {time}",
    stories=("{n} Meldung", "{n} Meldungen"),
    left_out=("und {n} weitere Meldung", "und {n} weitere Meldungen"),
    priorities={
        "low": "niedrig",
        "high": "hoch",
        "critical": "kritisch",
    },
    footer="Regel {rule}",
    look_up="nachschlagen: {command}",
    read="Lesen",
    test="Test",
    notice="Hinweis",
    digest="Überblick",
    test_title="Kanal „{name}“ funktioniert",
    test_text=(
        "Dies ist ein Test. Alarme Ihrer Regeln sehen wie Nachrichten aus, mit den "
        "gefundenen Wörtern."
    ),
    notice_title="Etwas braucht Sie",
    first="zuerst: {outlet}",
)
