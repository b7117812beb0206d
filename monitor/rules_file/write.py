"""Writes rules, sources and channels as the file that `monitor.rules_file.read` reads."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from ingester.kinds import spec_of
from monitor.base.times import show_instant
from monitor.config import secrets as secret_files
from monitor.rules_file.check import MASK
from monitor.services.fields.channel_fields import FIELDS as CHANNEL_FIELDS
from monitor.services.fields.channel_fields import values_of as values_of_channel
from monitor.services.fields.rule_fields import FIELDS
from monitor.services.fields.source_fields import IN_FILE
from monitor.services.rules.queries import matches_everything
from monitor.services.rules.rules import values_of
from notifiers.channels.kinds import KINDS
from notifiers.spec import OwnScheme
from storage.api.storage import Transaction
from storage.model import Channel, Rule, Source, Variant

Thing = Mapping[str, Any]
"""One entry: keys as in the file, with texts, numbers, `True` and lists of texts or tables."""


def everything(tx: Transaction) -> dict[str, list[Thing]]:
    """Return what is stored, by section; what has its default is left out.

    Examples are not stored, and so not written; nor is what is secret about channels.
    """
    channels = tx.channels.all()
    names = {channel.id: channel.name for channel in channels}
    return {
        "channels": [_thing(_channel(channel)) for channel in channels],
        "sources": [_thing(_source(source)) for source in tx.sources.all()],
        "rules": [_thing(_rule(rule, names)) for rule in tx.rules.all()],
    }


def with_more_than_written(tx: Transaction, home: Path) -> list[str]:
    """Return the names of channels that a file cannot say wholly: what else they have is secret."""
    kept = []
    for channel in tx.channels.all():
        try:
            settings = secret_files.read(home, channel)
        except secret_files.MissingTarget:
            continue
        if channel.target.endswith(MASK) or settings.keys() - {"url"}:
            kept.append(channel.name)
    return kept


def alone(rule: Rule, channels: Mapping[str, str]) -> dict[str, list[Thing]]:
    """Return one rule as the only one of a file; its channels are named by their ids."""
    return {"rules": [_thing(_rule(rule, channels))]}


def _thing(pairs: Iterable[tuple[str, Any]]) -> Thing:
    return {key: value for key, value in pairs if value not in (None, [], False)}


def _channel(channel: Channel) -> Iterator[tuple[str, Any]]:
    yield "name", channel.name
    yield "target", channel.target
    spec = KINDS.get(channel.kind)
    if spec is None or not isinstance(spec.target, OwnScheme):
        yield "kind", channel.kind
    values = values_of_channel(channel)
    for row in CHANNEL_FIELDS:
        if values[row.name] != row.default:
            yield row.name, _written(values[row.name])


def _source(source: Source) -> Iterator[tuple[str, Any]]:
    yield "name", source.name
    yield "url" if spec_of(source.kind).is_remote else "folder", source.url
    for row in IN_FILE:
        value = row.shown(source)
        if row.is_lasting and row.name != "name" and value != row.usual(source):
            yield row.name, value


def _rule(rule: Rule, channels: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    values = values_of(rule, channels)
    # An empty list is something else than no list: it tells nobody.
    told = _written(values["notify"]) or ()
    for field in FIELDS:
        value = values[field.name]
        if field.name != "notify" and value != field.default:
            yield field.key, _written(value)
        if field.name == "query":
            yield "any", matches_everything(rule.query)
    yield "notify", told


def _written(value: object) -> Any:
    match value:
        case Variant():
            return _variant(value)
        case datetime():
            return show_instant(value)
        case tuple():
            return [_written(part) for part in value]
        case _:
            return value


def _variant(variant: Variant) -> Any:
    language = variant.language or "any"
    if variant.of or "\n" in variant.text:
        return {"language": language, "text": variant.text, "of": variant.of}
    return f"{language}:{variant.text}"


def to_yaml(sections: Mapping[str, list[Thing]]) -> str:
    """Return the file as YAML."""
    import yaml

    dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    written = [""]
    for section, things in sections.items():
        if things:
            plain = {section: [{key: _plain(value) for key, value in t.items()} for t in things]}
            text = yaml.dump(plain, Dumper=dumper, sort_keys=False, allow_unicode=True, width=1000)
            written.append(text)
    return "\n".join(written) if len(written) > 1 else "rules: []\n"


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def to_toml(sections: Mapping[str, list[Thing]]) -> str:
    """Return the file as TOML."""
    written = [""]
    for section, things in sections.items():
        for thing in things:
            lines = [f"{key} = {_toml(value)}" for key, value in thing.items()]
            written.append("\n".join((f"[[{section}]]", *lines, "")))
    return "\n".join(written) if len(written) > 1 else "rules = []\n"


def _toml(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case list() | tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case dict():
            return f"{{ {', '.join(f'{key} = {_toml(inner)}' for key, inner in value.items())} }}"
        case _:
            # JSON's strings are TOML's basic strings, but for DEL.
            return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
