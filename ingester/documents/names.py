"""Which files are documents, by their names, and how large they may be."""

MAX_BYTES = 10 * 1024 * 1024

HASHED = "sha256:"
"""How the id of an entry begins that has neither an id nor an address of its own."""

TEXTS = frozenset(
    {".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".jsonl", ".ndjson", ".json"}
)
OFFICE = frozenset({".docx", ".odt", ".rtf", ".pdf"})
MAIL = frozenset({".eml", ".mht", ".mhtml"})
SHOWN = ".txt, .md, .html, .mhtml, .docx, .odt, .rtf, .pdf, .eml or .jsonl"
"""What to save a document as that is of another kind."""


def is_readable(name: str) -> bool:
    """Whether a file of this name is a document that `ingester.documents.parse` reads."""
    return suffix_of(name) in TEXTS | OFFICE | MAIL


def suffix_of(name: str) -> str:
    """Return what follows the last dot of a file's name, lower case with the dot, or ""."""
    base = name.rpartition("/")[2]
    start, dot, end = base.rpartition(".")
    return f".{end.lower()}" if dot and start else ""
