"""What messages say in Spanish."""

from common.words.shape import Words

WORDS = Words(
    code="es",
    found={
        "exact": "tal como está escrito",
        "folded": "mismas letras",
        "inflected": "forma de la palabra",
        "compound": "palabra compuesta",
        "variant": "variante",
        "acronym": "sigla",
        "lexicon": "traducción",
        "related": "palabra relacionada",
        "cognate": "palabra afín",
    },
    sources={
        "news lexicon": "léxico de noticias",
        "place names": "topónimos",
        "initials": "iniciales",
        "transliteration": "transliteración",
        "names of drugs": "nombres de medicamentos",
    },
    how="{how}, {language}",
    reason="{words} — {how} — por {term}",
    more_words="{words} y {n} más",
    alone="ningún otro medio por ahora",
    outlets=("+{n} medio", "+{n} medios"),
    articles=("+{n} artículo", "+{n} artículos"),
    in_languages="{told}, {n} idiomas",
    seen="visto {time}",
    stories=("{n} noticia", "{n} noticias"),
    left_out=("y {n} noticia más", "y {n} noticias más"),
    priorities={
        "low": "baja",
        "high": "alta",
        "critical": "crítica",
    },
    footer="regla {rule}",
    look_up="consultar: {command}",
    read="Leer",
    test="Prueba",
    notice="Aviso",
    digest="Resumen",
    test_title="El canal «{name}» funciona",
    test_text=(
        "Esto es una prueba. Las alertas de sus reglas parecerán noticias, con las "
        "palabras encontradas."
    ),
    notice_title="Algo requiere su atención",
    limit_title="Se ha agotado un límite",
    first="primero: {outlet}",
    held={
        "digest": (
            "{n} alerta se reunió para este resumen",
            "{n} alertas se reunieron para este resumen",
        ),
        "budget": (
            "{n} alerta superaba lo que se puede enviar en un día o una hora",
            "{n} alertas superaban lo que se puede enviar en un día o una hora",
        ),
        "quiet": (
            "{n} alerta llegó en horas de silencio",
            "{n} alertas llegaron en horas de silencio",
        ),
        "paused": (
            "{n} alerta llegó durante la pausa",
            "{n} alertas llegaron durante la pausa",
        ),
        "storm": (
            "{n} alerta llegó en una avalancha",
            "{n} alertas llegaron todas a la vez",
        ),
        "backfill": (
            "{n} alerta estaba guardada antes de la regla",
            "{n} alertas estaban guardadas antes de la regla",
        ),
        "silenced": (
            "{n} alerta estaba silenciada",
            "{n} alertas estaban silenciadas",
        ),
    },
    last_of={
        "day": "Mensaje {n} de {n} de hoy para la regla «{rule}»",
        "all_day": "Mensaje {n} de {n} de hoy",
        "hour": "Mensaje {n} de {n} de esta hora",
        "minute": "Mensaje {n} en un minuto",
    },
    used_up={
        "day": "El límite de {n} al día para la regla «{rule}» está agotado: "
        "hoy se han enviado {sent}",
        "all_day": "El límite de {n} al día está agotado: hoy se han enviado {sent}",
        "hour": "El límite de {n} por hora está agotado: en esta hora se han enviado {sent}",
    },
    rest_waits="{what}: lo demás llegará en un solo resumen, {time} ({look_up})",
)
