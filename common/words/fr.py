"""What messages say in French."""

from common.words.shape import Words

WORDS = Words(
    code="fr",
    found={
        "exact": "tel quel",
        "folded": "mêmes lettres",
        "inflected": "forme du mot",
        "compound": "mot composé",
        "variant": "variante",
        "acronym": "sigle",
        "lexicon": "traduction",
        "related": "mot de sens voisin",
        "cognate": "mot apparenté",
    },
    sources={
        "news lexicon": "lexique d’actualité",
        "place names": "noms de lieux",
        "initials": "initiales",
        "transliteration": "translittération",
        "names of drugs": "noms de médicaments",
    },
    how="{how}, {language}",
    reason="{words} — {how} — pour {term}",
    more_words="{words} et {n} de plus",
    alone="aucun autre média pour l’instant",
    outlets=("+{n} média", "+{n} médias"),
    articles=("+{n} article", "+{n} articles"),
    in_languages="{told}, {n} langues",
    seen="vu {time}",
    stories=("{n} sujet", "{n} sujets"),
    left_out=("et {n} autre sujet", "et {n} autres sujets"),
    priorities={
        "low": "faible",
        "high": "élevée",
        "critical": "critique",
    },
    footer="règle {rule}",
    look_up="détails : {command}",
    read="Lire",
    test="Essai",
    notice="Avis",
    digest="Récapitulatif",
    test_title="Le canal « {name} » fonctionne",
    test_text=(
        "Ceci est un essai. Les alertes de vos règles ressembleront à des nouvelles, "
        "avec les mots trouvés."
    ),
    notice_title="Votre intervention est requise",
    limit_title="Une limite est atteinte",
    first="premier : {outlet}",
    held={
        "digest": (
            "{n} alerte a été réunie pour ce récapitulatif",
            "{n} alertes ont été réunies pour ce récapitulatif",
        ),
        "budget": (
            "{n} alerte dépassait ce qui peut être envoyé en un jour ou une heure",
            "{n} alertes dépassaient ce qui peut être envoyé en un jour ou une heure",
        ),
        "quiet": (
            "{n} alerte est arrivée pendant les heures calmes",
            "{n} alertes sont arrivées pendant les heures calmes",
        ),
        "paused": (
            "{n} alerte est arrivée pendant la pause",
            "{n} alertes sont arrivées pendant la pause",
        ),
        "storm": (
            "{n} alerte est arrivée dans une rafale",
            "{n} alertes sont arrivées d’un seul coup",
        ),
        "backfill": (
            "{n} alerte était enregistrée avant la règle",
            "{n} alertes étaient enregistrées avant la règle",
        ),
        "silenced": (
            "{n} alerte était mise en sourdine",
            "{n} alertes étaient mises en sourdine",
        ),
    },
    last_of={
        "day": "Message {n} sur {n} aujourd’hui pour la règle « {rule} »",
        "all_day": "Message {n} sur {n} aujourd’hui",
        "hour": "Message {n} sur {n} cette heure-ci",
        "minute": "Message {n} en une minute",
    },
    used_up={
        "day": "La limite de {n} par jour pour la règle « {rule} » est atteinte : "
        "{sent} ont été envoyés aujourd’hui",
        "all_day": "La limite de {n} par jour est atteinte : {sent} ont été envoyés aujourd’hui",
        "hour": "La limite de {n} par heure est atteinte : {sent} ont été envoyés cette heure-ci",
    },
    rest_waits="{what} : la suite arrivera en un seul récapitulatif, {time} ({look_up})",
)
