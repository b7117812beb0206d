"""Reads rules, sources and channels from one file; collects all mistakes, each with its line."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from ingester.kinds import KINDS
from monitor.base.errors import Refusal, clipped, did_you_mean, quoted
from monitor.base.files import read_text
from monitor.base.names import checked_name
from monitor.rules_file.model import (
    EXAMPLE_KEYS,
    KEYS,
    ChannelEntry,
    Example,
    Problem,
    RuleEntry,
    RulesFile,
    SourceEntry,
    VariantEntry,
)
from monitor.rules_file.tree import FileMistake, Items, Node, Table, Text, read_tree
from monitor.services.fields.channel_fields import FIELDS as CHANNEL_FIELDS
from monitor.services.fields.field_kind import FieldKind
from monitor.services.fields.rule_fields import FIELDS, RuleField
from monitor.services.fields.source_fields import READING

_LIMIT_BYTES = 64 * 1024 * 1024
MOST_RULES = 10_000
ASIDE = "x-"
"""What keys at the top begin with that only hold anchors for the rest of the file."""

_PLAIN_FIELDS = tuple(field for field in FIELDS if field.name not in ("name", "query", "variants"))

_CALLED = {word: field.key for field in FIELDS for word in (field.option, field.json)}
"""What fields of rules are called elsewhere, and in a file."""

_NOUNS = {"rules": "rule", "sources": "source", "channels": "channel"}


def read_file(path: Path) -> RulesFile:
    """Return what stands in a YAML or TOML file.

    Raises:
        Refusal: The file itself cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix not in (".yaml", ".yml", ".toml"):
        raise Refusal(f"{clipped(str(path), 200)}: expected a name that ends in .yaml or .toml")
    text = read_text(path, limit_bytes=_LIMIT_BYTES)
    try:
        tree = read_tree(text, is_toml=suffix == ".toml")
    except FileMistake as mistake:
        return RulesFile(path=path, problems=(Problem(mistake.line, "mistake", "", str(mistake)),))
    reading = _Reading()
    reading.unknown(tree, KEYS, "")
    rules = reading.entries(tree, "rules", reading.rule)
    if len(rules) > MOST_RULES:
        reading.mistake(tree.lines["rules"], "", f"at most {MOST_RULES:,} rules in one file")
        rules = []
    sources = reading.entries(tree, "sources", reading.source)
    channels = reading.entries(tree, "channels", reading.channel)
    reading.unique("rule", rules)
    reading.unique("source", [source for source in sources if source.name is not None])
    reading.unique("channel", channels)
    return RulesFile(
        path=path,
        sections=frozenset(tree.values.keys() & KEYS.keys()),
        rules=tuple(rules),
        sources=tuple(sources),
        channels=tuple(channels),
        problems=tuple(reading.problems),
    )


FileEntry = TypeVar("FileEntry")
Named = RuleEntry | SourceEntry | ChannelEntry


class _Reading:
    """Reads entries and collects what is wrong."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def mistake(self, line: int, subject: str, text: str) -> None:
        self.problems.append(Problem(line, "mistake", subject, text))

    def note(self, line: int, subject: str, text: str) -> None:
        self.problems.append(Problem(line, "note", subject, text))

    def unknown(self, table: Table, known: Iterable[str], subject: str) -> None:
        known = tuple(known)
        for key, line in table.lines.items():
            if key not in known and (subject or not key.startswith(ASIDE)):
                hint = did_you_mean(key, known) or f"; known: {', '.join(known)}"
                if subject.startswith("rule ") and (meant := _CALLED.get(key, key)) in known:
                    hint = f'; in a file it is "{meant}"'
                if key == "id" and subject:
                    hint = "; it is known by its name"
                self.mistake(line, subject, f'unknown key "{clipped(key)}"{hint}')

    def entries(
        self, tree: Table, section: str, read: Callable[["_Keys"], FileEntry | None]
    ) -> list[FileEntry]:
        node = tree.values.get(section)
        if node is None or (isinstance(node, Text) and node.is_missing):
            return []
        if not isinstance(node, Items):
            example = "- name: ..." if isinstance(node, Text) else "a list: - name: ..., or [[...]]"
            self.mistake(tree.lines[section], "", f"expected {section}: to be {example}")
            return []
        entries = []
        for part in node.parts:
            if not isinstance(part, Table):
                text = f"expected keys such as name: in each of {section}"
                self.mistake(part.line, "", text)
                continue
            keys = _Keys(self, part, _NOUNS[section])
            self.unknown(part, KEYS[section], keys.subject)
            entry = read(keys)
            if entry is not None:
                entries.append(entry)
        return entries

    def unique(self, noun: str, entries: Iterable[Named]) -> None:
        seen: dict[str, int] = {}
        for entry in entries:
            name = entry.name or ""
            if name in seen:
                lines = f"lines {seen[name]} and {entry.line}"
                self.mistake(entry.line, "", f"duplicate {noun} {quoted(name)} ({lines})")
            seen.setdefault(name, entry.line)

    def rule(self, keys: "_Keys") -> RuleEntry | None:
        query = keys.text("query")
        if query is None and keys.flag("any"):
            query = Text("", keys.table.line)
        name = keys.name(of=query)
        if query is None and keys.is_missing("query"):
            keys.needs("query")
        if query is not None and query.cut:
            self.note(
                query.line,
                keys.subject,
                f'"{clipped(query.cut)}" is a comment in YAML; put the query in single quotes',
            )
        given = {
            field.name: keys.given(field)
            for field in _PLAIN_FIELDS
            if field.key in keys.table.values
        }
        variants, backfill, is_any = keys.variants(), keys.text("backfill"), keys.flag("any")
        examples = (*keys.examples("must_match"), *keys.examples("must_not_match"))
        if query is None or name is None:
            return None  # after all that is wrong was noted
        return RuleEntry(
            name=name,
            line=keys.table.line,
            query=query,
            given=given,
            variants=variants,
            backfill=backfill,
            any=is_any,
            examples=examples,
        )

    def source(self, keys: "_Keys") -> SourceEntry | None:
        url, folder = keys.text("url"), keys.text("folder")
        name = keys.name() if "name" in keys.table.values else None
        location = url or folder
        if url and folder:
            keys.needs("url or folder, not both")
        elif location is None and keys.is_missing("url") and keys.is_missing("folder"):
            keys.needs("url or folder")
        kind = keys.choice("kind", tuple(KINDS))
        given = {row.name: keys.one_of(row.name, tuple(row.file_words)) for row in READING}
        given["every"] = keys.text("every")
        tags, backfill = keys.texts("tags"), keys.whole("backfill", least=0) or 0
        if location is None or (url and folder):
            return None  # after all that is wrong was noted
        if kind is not None and KINDS[kind].is_remote != (folder is None):
            keys.wrong("kind", f"kind {kind} does not go with {'folder' if folder else 'url'}:")
        return SourceEntry(
            line=keys.table.line,
            location=location,
            is_folder=folder is not None,
            name=name,
            kind=kind,
            tags=tuple(text.value for text in tags),
            backfill=backfill,
            given={name: text for name, text in given.items() if text is not None},
        )

    def channel(self, keys: "_Keys") -> ChannelEntry | None:
        name = keys.name()
        target, target_file = keys.text("target"), keys.text("target_file")
        if target and target_file:
            keys.needs("target or target_file, not both")
        elif keys.is_missing("target") and keys.is_missing("target_file"):
            keys.needs("target or target_file")
        kind, secret, headers = (keys.text(key) for key in ("kind", "secret_file", "headers_file"))
        given = {row.name: keys.texts(row.name) for row in CHANNEL_FIELDS}
        if name is None or (target is None) == (target_file is None):
            return None  # after all that is wrong was noted
        return ChannelEntry(
            name=name,
            line=keys.table.line,
            target=target,
            target_file=target_file,
            kind=kind.value if kind else None,
            secret_file=secret,
            headers_file=headers,
            given=given,
        )


class _Keys:
    """The keys of one entry; what is wrong with them is collected."""

    def __init__(self, reading: _Reading, table: Table, noun: str) -> None:
        self._reading = reading
        self.table = table
        name = table.values.get("name") or table.values.get("query") or table.values.get("url")
        named = isinstance(name, Text) and name.value
        self.subject = f"{noun} {quoted(name.value)}" if named and isinstance(name, Text) else noun

    def wrong(self, key: str, text: str) -> None:
        """Note a mistake at a key."""
        self._reading.mistake(self.table.lines.get(key, self.table.line), self.subject, text)

    def needs(self, what: str) -> None:
        """Note that a key is missing."""
        self._reading.mistake(self.table.line, self.subject, f"needs {what}")

    def is_missing(self, key: str) -> bool:
        """Whether there is no value, rather than one that is wrong."""
        node = self.table.values.get(key)
        return node is None or (isinstance(node, Text) and node.is_missing)

    def text(self, key: str) -> Text | None:
        """Return a single text, None when there is none."""
        node = self.table.values.get(key)
        if node is None or (isinstance(node, Text) and node.is_missing):
            return None
        if not isinstance(node, Text):
            self.wrong(key, f"expected {key}: to be one text, not a {_kind(node)}")
            return None
        if any(0xD800 <= ord(letter) <= 0xDFFF for letter in node.value):
            self.wrong(key, f"{key}: is not UTF-8")
            return None
        return node

    def texts(self, key: str) -> tuple[Text, ...]:
        """Return a list of texts; a single text is a list of one."""
        node = self.table.values.get(key)
        if node is None or (isinstance(node, Text) and node.is_missing):
            return ()
        parts = node.parts if isinstance(node, Items) else (node,)
        texts = []
        for part in parts:
            if isinstance(part, Text) and part.value.strip():
                texts.append(Text(part.value.strip(), part.line))
            else:
                self._reading.mistake(
                    part.line, self.subject, f"expected {key}: to be a list of texts"
                )
        return tuple({text.value: text for text in reversed(texts)}.values())[::-1]

    def name(self, of: Text | None = None) -> str | None:
        """Return the checked name; without one, that of the query."""
        from monitor.services.rules.rules import name_of

        text = self.text("name")
        if text is None and of is not None:
            return name_of(of.value)
        if text is None:
            self.needs("name")
            return None
        try:
            return checked_name(text.value)
        except Refusal as refusal:
            self.wrong("name", str(refusal))
            return None

    def given(self, field: RuleField) -> tuple[Text, ...]:
        """Return the texts of a field, none when nothing is said or it is wrong."""
        match field.kind:
            case FieldKind.NAMES:
                return self.texts(field.key)
            case FieldKind.LANGUAGES:
                languages = self.texts(field.key)
                said = [language.value.lower() for language in languages]
                return () if said == [field.clear] else languages
            case FieldKind.CHOICE | FieldKind.SWITCH:
                text = self.one_of(field.key, field.choices)
            case FieldKind.COUNT:
                text = self.text(field.key) if self.whole(field.key, least=1) else None
            case _:
                text = self.text(field.key)
        return () if text is None else (text,)

    def choice(self, key: str, known: tuple[str, ...]) -> str | None:
        """Return one of a few words, None when nothing is said."""
        text = self.one_of(key, known)
        return text.value if text else None

    def one_of(self, key: str, known: tuple[str, ...]) -> Text | None:
        """Return one of a few words, or any text when none is known, with its line."""
        text = self.text(key)
        if text is None or not known or text.value in known:
            return text
        hint = did_you_mean(text.value, known)
        self.wrong(
            key,
            f'expected {key}: to be one of {", ".join(known)}; got "{clipped(text.value)}"{hint}',
        )
        return None

    def whole(self, key: str, *, least: int) -> int | None:
        """Return a whole number, None when nothing is said."""
        text = self.text(key)
        if text is None:
            return None
        if text.value.isdecimal() and text.value.isascii() and len(text.value) < 10:
            number = int(text.value)
            if number >= least:
                return number
        expected = f"a whole number from {least}"
        self.wrong(key, f'expected {key}: to be {expected}; got "{clipped(text.value)}"')
        return None

    def flag(self, key: str) -> bool:
        """Return whether it is true; False when nothing is said."""
        text = self.text(key)
        if text is None:
            return False
        if text.value not in ("true", "false"):
            self.wrong(key, f'expected {key}: true or false; got "{clipped(text.value)}"')
        return text.value == "true"

    def variants(self) -> tuple[VariantEntry, ...]:
        """Return the variants."""
        node = self.table.values.get("variants")
        if node is None or (isinstance(node, Text) and node.is_missing):
            return ()
        parts = node.parts if isinstance(node, Items) else (node,)
        return tuple(variant for part in parts for variant in self._variant(part))

    def _variant(self, node: Node) -> Iterable[VariantEntry]:
        match node:
            case Text(value, line) if ":" in value:
                language, _, text = value.partition(":")
                yield VariantEntry(line=line, language=language.strip(), text=text.strip())
            case Table() if "text" in node.values:
                inner = _Keys(self._reading, node, "variant")
                inner.subject = self.subject
                self._reading.unknown(node, ("language", "text", "of"), self.subject)
                form, of = inner.text("text"), inner.text("of")
                said = inner.text("language")
                if form is not None:
                    spoken = said.value if said else "any"
                    yield VariantEntry(
                        line=node.line,
                        language=spoken,
                        text=form.value.strip(),
                        of=of.value if of else "",
                    )
            case Table():
                for key, forms in node.values.items():
                    for part in forms.parts if isinstance(forms, Items) else (forms,):
                        if isinstance(part, Text):
                            text = part.value.strip()
                            yield VariantEntry(line=part.line, language=key, text=text)
                        else:
                            self.wrong("variants", _EXPECTED_VARIANTS)
            case _:
                self._reading.mistake(node.line, self.subject, _EXPECTED_VARIANTS)

    def examples(self, key: str) -> tuple[Example, ...]:
        """Return the texts that must match, or must not."""
        node = self.table.values.get(key)
        if node is None or (isinstance(node, Text) and node.is_missing):
            return ()
        parts = node.parts if isinstance(node, Items) else (node,)
        examples = []
        for number, part in enumerate(parts, start=1):
            example = self._example(part, f"{key} {number}", key == "must_match")
            if example is not None:
                examples.append(example)
        return tuple(examples)

    def _example(self, node: Node, label: str, wanted: bool) -> Example | None:
        if isinstance(node, Text) and node.value.strip():
            fields = {"text": node.value}
            return Example(line=node.line, label=label, is_wanted=wanted, fields=fields)
        if not isinstance(node, Table):
            text = f"{label}: expected a text, or keys such as title, text and language"
            self._reading.mistake(node.line, self.subject, text)
            return None
        self._reading.unknown(node, EXAMPLE_KEYS, f"{self.subject}: {label}")
        inner = _Keys(self._reading, node, "")
        inner.subject = f"{self.subject}: {label}"
        given = {key: inner.text(key) for key in EXAMPLE_KEYS if key != "tags"}
        fields = {key: text.value for key, text in given.items() if text is not None}
        if not fields.keys() & {"title", "text", "file"}:
            inner.needs("title, text or file")
            return None
        tags = tuple(text.value for text in inner.texts("tags"))
        return Example(line=node.line, label=label, is_wanted=wanted, fields=fields, tags=tags)


_EXPECTED_VARIANTS = (
    "expected variants: to be a list of LANG:TEXT such as sv:Hanoikonventionen, or of keys "
    "language, text and of"
)


def _kind(node: Items | Table) -> str:
    return "list" if isinstance(node, Items) else "table of keys"
