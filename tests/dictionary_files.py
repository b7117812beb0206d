"""Writes small dictionaries in the real formats: dictd index, dictzip text, lines of EDICT."""

from pathlib import Path

from monitor.lexicons.dictd import index_line, key_of
from monitor.lexicons.dictzip import write_packed


def write_dictionary(
    folder: Path, name: str, entries: dict[str, str], *, packed: bool = True
) -> None:
    """Write a dictd dictionary of headword lines and what stands below them.

    Args:
        entries: The text of each headword's line ("word /wɜːd/ <n>") and of the lines below. The
            index has it under the words before the first "/", "<" or "|".
        packed: Pack the text with dictzip.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = b"00-database-info\nA dictionary of a test.\n"
    lines = [("00databaseinfo", 0, len(text))]
    for head, body in entries.items():
        entry = f"{head}\n{body}\n\n".encode()
        heads = head.split("|") if "|" in head else [head.split(" /")[0].split(" <")[0]]
        lines.extend((key_of(head), len(text), len(entry)) for head in heads)
        text += entry
    index = b"".join(index_line(*line) for line in sorted(lines, key=lambda x: x[0].encode()))
    (folder / f"{name}.index").write_bytes(index)
    if packed:
        write_packed(folder / f"{name}.dict.dz", [text])
    else:
        (folder / f"{name}.dict").write_bytes(text)


def write_edict(folder: Path, lines: list[str]) -> None:
    """Write a list of Japanese words as the package edict installs it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "edict.utf8").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
