"""What messages say in Swedish."""

from common.words.shape import Words

WORDS = Words(
    code="sv",
    found={
        "exact": "som skrivet",
        "folded": "samma bokstäver",
        "inflected": "böjningsform",
        "compound": "sammansättning",
        "variant": "variant",
        "acronym": "förkortning",
        "lexicon": "översättning",
        "related": "närliggande ord",
        "cognate": "besläktat ord",
    },
    sources={
        "news lexicon": "nyhetslexikon",
        "place names": "ortnamn",
        "initials": "initialer",
        "transliteration": "translitterering",
        "names of drugs": "läkemedelsnamn",
    },
    how="{how}, {language}",
    reason="{words} — {how} — för {term}",
    more_words="{words} och {n} till",
    alone="ännu ingen annan källa",
    outlets=("+{n} källa", "+{n} källor"),
    articles=("+{n} artikel", "+{n} artiklar"),
    in_languages="{told}, {n} språk",
    seen="sedd {time}",
    stories=("{n} nyhet", "{n} nyheter"),
    left_out=("och {n} nyhet till", "och {n} nyheter till"),
    priorities={
        "low": "låg",
        "high": "hög",
        "critical": "kritisk",
    },
    footer="regel {rule}",
    look_up="slå upp: {command}",
    read="Läs",
    test="Test",
    notice="Meddelande",
    digest="Sammandrag",
    test_title='Kanalen "{name}" fungerar',
    test_text=(
        "Det här är ett test. Larm från dina regler ser ut som nyheter, med de funna "
        "orden markerade."
    ),
    notice_title="Något behöver dig",
    limit_title="En gräns är nådd",
    first="först: {outlet}",
    held={
        "digest": (
            "{n} larm samlades till det här sammandraget",
            "{n} larm samlades till det här sammandraget",
        ),
        "budget": (
            "{n} larm var mer än vad som får skickas på en dag eller en timme",
            "{n} larm var mer än vad som får skickas på en dag eller en timme",
        ),
        "quiet": (
            "{n} larm kom under tysta timmar",
            "{n} larm kom under tysta timmar",
        ),
        "paused": (
            "{n} larm kom medan det var pausat",
            "{n} larm kom medan det var pausat",
        ),
        "storm": (
            "{n} larm kom i en storm",
            "{n} larm kom på en gång",
        ),
        "backfill": (
            "{n} larm fanns sparat innan regeln fanns",
            "{n} larm fanns sparade innan regeln fanns",
        ),
        "silenced": (
            "{n} larm var tystat",
            "{n} larm var tystade",
        ),
    },
    last_of={
        "day": 'Meddelande {n} av {n} i dag för regeln "{rule}"',
        "all_day": "Meddelande {n} av {n} i dag",
        "hour": "Meddelande {n} av {n} den här timmen",
        "minute": "Meddelande {n} inom en minut",
    },
    used_up={
        "day": 'Gränsen på {n} om dagen för regeln "{rule}" är nådd: {sent} har skickats i dag',
        "all_day": "Gränsen på {n} om dagen är nådd: {sent} har skickats i dag",
        "hour": "Gränsen på {n} i timmen är nådd: {sent} har skickats den här timmen",
    },
    rest_waits="{what}: det som kommer därefter samlas i ett sammandrag {time} ({look_up})",
)
