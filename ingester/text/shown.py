"""Values of strangers as messages show them."""


def shown(text: str) -> str:
    """Return a value as a message shows it: one line, at most 80 characters, all visible.

    Control, format and lone characters are escaped; a byte of a file name that is no text is
    shown as `\\xff`.
    """
    parts: list[str] = []
    length = 0
    for character in text:
        part = _visible(character)
        if length + len(part) > 80:
            while length > 79:
                length -= len(parts.pop())
            return "".join(parts) + "…"
        parts.append(part)
        length += len(part)
    return "".join(parts)


def _visible(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"  # a byte of a name, as os.fsdecode gives it
    if character == " " or character.isprintable():
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
