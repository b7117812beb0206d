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
        "cognate": "mot apparenté",
    },
    how="{how}, {language}",
    reason="{words} — {how} — pour {term}",
    more_words="{words} et {n} de plus",
    alone="aucun autre média pour l’instant",
    outlets=("+{n} média", "+{n} médias"),
    articles=("+{n} article", "+{n} articles"),
    in_languages="{told} en {n} langues",
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
    first="premier : {outlet}",
)
