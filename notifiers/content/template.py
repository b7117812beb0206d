"""Templates that people write: text with named fields in braces, and nothing else."""

import difflib
import json
import re
from collections.abc import Iterator, Mapping

LONGEST = 4_000
MOST_LINES = 40

FIELDS: Mapping[str, str] = {
    "title": "the headline",
    "link": "where it leads to",
    "outlet": "who published it",
    "language": "the article's language, by its name",
    "time": "when it was published, in the reader's zone",
    "excerpt": "the words around the match",
    "why": "why it counts",
    "carried": "how many others tell the story",
    "note": "what else is to be said",
    "priority": "low, high or critical; nothing for a normal one",
    "rule": "the rule's name",
    "query": "the rule's text",
    "code": "the code to look it up by",
    "look_up": "the command that does, or its address on the page",
    "text": "the whole message as plain text",
}
"""What may stand in braces, and what it becomes."""

_FIELD = re.compile(r"\{([a-z_]+)\}")


def checked_template(text: str) -> str:
    r"""Return a template, with line breaks where `\n` is written.

    Raises:
        ValueError: It names a field that there is not, or it is too long; in a sentence.
    """
    text = text.replace("\\n", "\n").strip("\n")
    if len(text) > LONGEST or text.count("\n") >= MOST_LINES:
        raise ValueError(f"at most {LONGEST:,} characters in {MOST_LINES} lines")
    for name in _FIELD.findall(text):
        if name not in FIELDS:
            near = difflib.get_close_matches(name, FIELDS, n=1)
            hint = f'did you mean "{{{near[0]}}}"?' if near else f"there are: {', '.join(FIELDS)}"
            raise ValueError(f'no field "{{{name}}}"; {hint}')
    if not text.strip():
        raise ValueError("the template is empty")
    return text


def check_json_template(text: str) -> None:
    """Check that a template is JSON whatever its fields hold.

    Raises:
        ValueError: It is not, in a sentence.
    """
    try:
        json.loads(filled_json(text, dict.fromkeys(FIELDS, 'a "b" \\ c\n')))
    except ValueError:
        raise ValueError(
            "a webhook's template must be JSON, its fields inside of strings: "
            '{"content": "{text}"}'
        ) from None


def pieces(line: str) -> Iterator[tuple[str, bool]]:
    """Return a line in pieces: text, and names of fields; each with whether it is a name."""
    at = 0
    for match in _FIELD.finditer(line):
        if match.start() > at:
            yield line[at : match.start()], False
        yield match[1], True
        at = match.end()
    if at < len(line):
        yield line[at:], False


def filled_json(text: str, values: Mapping[str, str]) -> str:
    """Return a JSON template with these values in its strings."""

    def inside(match: re.Match[str]) -> str:
        return json.dumps(values[match[1]], ensure_ascii=False)[1:-1]

    return _FIELD.sub(inside, text)
