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
        "related": "sinnverwandtes Wort",
        "cognate": "verwandtes Wort",
    },
    sources={
        "news lexicon": "Nachrichtenlexikon",
        "place names": "Ortsnamen",
        "initials": "Initialen",
        "transliteration": "Umschrift",
        "names of drugs": "Arzneimittelnamen",
    },
    how="{how}, {language}",
    reason="{words} — {how} — für {term}",
    more_words="{words} und {n} weitere",
    alone="noch keine andere Quelle",
    outlets=("+{n} Quelle", "+{n} Quellen"),
    articles=("+{n} Artikel", "+{n} Artikel"),
    in_languages="{told}, {n} Sprachen",
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
    limit_title="Eine Grenze ist erreicht",
    first="zuerst: {outlet}",
    held={
        "digest": (
            "{n} Alarm wurde für diese Übersicht gesammelt",
            "{n} Alarme wurden für diese Übersicht gesammelt",
        ),
        "budget": (
            "{n} Alarm war mehr, als an einem Tag oder in einer Stunde gesendet werden darf",
            "{n} Alarme waren mehr, als an einem Tag oder in einer Stunde gesendet werden darf",
        ),
        "quiet": (
            "{n} Alarm kam während der Ruhezeit",
            "{n} Alarme kamen während der Ruhezeit",
        ),
        "paused": (
            "{n} Alarm kam während der Pause",
            "{n} Alarme kamen während der Pause",
        ),
        "storm": (
            "{n} Alarm kam in einem Ansturm",
            "{n} Alarme kamen alle auf einmal",
        ),
        "backfill": (
            "{n} Alarm war schon vor der Regel gespeichert",
            "{n} Alarme waren schon vor der Regel gespeichert",
        ),
        "silenced": (
            "{n} Alarm war stummgeschaltet",
            "{n} Alarme waren stummgeschaltet",
        ),
    },
    last_of={
        "day": 'Nachricht {n} von {n} heute für die Regel "{rule}"',
        "all_day": "Nachricht {n} von {n} heute",
        "hour": "Nachricht {n} von {n} in dieser Stunde",
        "minute": "Nachricht {n} innerhalb einer Minute",
    },
    used_up={
        "day": 'Die Grenze von {n} am Tag für die Regel "{rule}" ist erreicht: '
        "heute wurden {sent} gesendet",
        "all_day": "Die Grenze von {n} am Tag ist erreicht: heute wurden {sent} gesendet",
        "hour": "Die Grenze von {n} in der Stunde ist erreicht: "
        "in dieser Stunde wurden {sent} gesendet",
    },
    rest_waits="{what}: alles Weitere kommt gesammelt um {time} ({look_up})",
)
