"""An index that is kept finds what one finds that was built; of another file nothing counts."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from rules.index import rule_index
from rules.index.memory import kept
from rules.index.rule_index import RuleIndex
from rules.index.stored import Stored, stored_here
from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Article, Match, Rule, Variant, VariantState
from storage.stamp import stamp_of
from storage.variant_groups import RuleGroups, packed, unpacked
from tests.builders import a_rule, a_source, an_article, with_variants

BROKEN = "("
QUERIES = (
    "rail strike", '"rail strike"', "Zelenskyy", "Xi Jinping", "Oslo Convention", "Ban Ki-moon",
    "cyber* AND NOT bird", "/str[i]ke[sd]?/", "(Oslo OR Bergen) NEAR/5 convention", "公约",
    "WHO", "Straße", "rail OR rail", BROKEN, "Nguyễn Phú Trọng", "title:strike",
)  # fmt: skip
TEXTS = {
    "": "The rail strike. Zelensky in Oslo: a convention. WHO",
    "en": "A rail strike ended; cyberattack. Zelenskiy met Xi Jinping at the Oslo Convention",
    "sv": "Järnvägsstrejk i Bergen, konventionen. Zelenskyj och Ban Ki Moon. OMS",
    "de": "Bahnstreik an der Strasse. Osloer Konvention, Selenskyj",
    "ru": "Забастовка железнодорожников. Зеленский и Си Цзиньпин. Конвенция в Осло",
    "zh": "铁路罢工 习近平 公约 泽连斯基 阮富仲",
    "ja": "鉄道ストライキ 習近平 ゼレンスキー オスロ条約",
    "ko": "철도 파업 시진핑 젤렌스키 반기문",
    "ar": "إضراب السكك الحديدية زيلينسكي اتفاقية أوسلو",
    "th": "การนัดหยุดงานรถไฟ เซเลนสกี ออสโล",
    "he": "שביתת רכבת זלנסקי אמנת אוסלו",
    "vi": "Đình công đường sắt. Nguyễn Phú Trọng gặp Tập Cận Bình. Công ước Oslo",
}
FIRST = ("", "en", "ru", "zh", "ko")  # of which texts come before the index is kept
SAID = Variant(language="sv", text="tågstopp", of="rail strike")
TRANSLATED = {
    "rail strike": {
        "sv": "järnvägsstrejk", "de": "Bahnstreik", "ru": "забастовка железнодорожников",
        "zh": "铁路罢工", "ja": "鉄道ストライキ", "ko": "철도 파업", "th": "การนัดหยุดงานรถไฟ",
        "he": "שביתת רכבת", "vi": "đình công đường sắt", "no": "togstreik",
    },
    "Convention": {"sv": "konvention", "ru": "конвенция", "zh": "公约", "ar": "اتفاقية"},
    "WHO": {"sv": "OMS", "": "O.M.S."},
}  # fmt: skip


def a_whole_rule(query: str, *more: Variant) -> Rule:
    """A rule with what stands for its words, as lists have it and as its owner says."""
    translated = tuple(
        Variant(language=language, text=text, of=of, kind="acronym" if of == "WHO" else "word")
        for of, texts in TRANSLATED.items()
        if of in query
        for language, text in texts.items()
    )
    rule = a_rule(query, name=query, variants=(*more, *translated))
    return rule if query == BROKEN else with_variants(rule)


def rules_of(queries: Sequence[str]) -> list[Rule]:
    return [a_whole_rule(query) for query in queries]


def article(language: str, more: str = "") -> Article:
    return an_article("Untitled", text=TEXTS[language] + more, language=language)


def found(matcher: RuleMatcher) -> list[list[Match]]:
    return [matcher.matches(article(language), a_source()) for language in TEXTS]


def brute(rules: Sequence[Rule]) -> list[list[Match]]:
    return [by_brute_force(rules, article(language), a_source()) for language in TEXTS]


def built(rules: Sequence[Rule]) -> RuleIndex:
    index = RuleIndex(rules)
    for language in FIRST:
        index.in_language(language)
    return index


def keep(rules: Sequence[Rule], path: Path) -> None:
    assert built(rules).keep(path)


def _is_the_memory(
    index: RuleIndex, write: Callable[..., bool], path: Path, state: bytes, memory: kept.Memory
) -> bool:
    assert np.shares_memory(memory, index.table.engine.memory)
    return write(path, state, memory)


def is_read(path: Path) -> bool:
    return kept.read(path, lambda size: np.empty(size, np.uint8)) is not None


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "rules.index"


def test_it_finds_what_one_finds_that_was_built(path: Path) -> None:
    rules = rules_of(QUERIES)
    keep(rules, path)
    matcher = RuleMatcher(rules, path)
    assert matcher._index.table.ready == len(matcher._index.terms)
    assert matcher._index.languages.keys() == set(FIRST)
    assert path.stat().st_mode & 0o777 == 0o600
    assert sum(map(len, brute(rules))) > len(TEXTS)
    assert found(matcher) == brute(rules)
    assert matcher.broken == RuleMatcher(rules).broken
    assert len(matcher.broken) == 1


def test_it_is_written_where_it_lies_when_nobody_waits(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ends has no room for its native memory twice."""
    rules = rules_of(QUERIES)
    index = built(rules)
    monkeypatch.setattr(rule_index, "write", partial(_is_the_memory, index, rule_index.write))
    assert index.keep(path, nobody_waits=True)
    assert found(RuleMatcher(rules, path)) == brute(rules)


def test_another_process_finds_the_same_though_it_numbers_texts_otherwise(path: Path) -> None:
    code = f"from {__name__} import *; keep(rules_of(QUERIES), Path({str(path)!r}))"
    environ = os.environ | {"PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environ, timeout=120)
    rules = rules_of(QUERIES)
    matcher = RuleMatcher(rules, path)
    assert matcher._index.table.ready == len(matcher._index.terms)
    assert found(matcher) == brute(rules)


def test_rules_that_were_added_changed_and_removed_meanwhile_are_as_they_are_now(
    path: Path,
) -> None:
    rules = rules_of(QUERIES)
    keep(rules, path)
    changed = a_whole_rule("rail strike", SAID)
    now = [*rules_of(["Selenskyj Konvention", "Bergen"]), changed, *rules[:0:-2]]
    matcher = RuleMatcher(now, path)
    assert found(matcher) == brute(now)
    swedish = article("sv", " Tågstopp!")
    expected = by_brute_force(now, swedish, a_source())
    assert changed.id in {match.rule_id for match in expected}
    assert matcher.matches(swedish, a_source()) == expected
    left = [rule for rule in now if rule not in (changed, rules[3])]
    matcher.remove(changed.id)
    matcher.add(rules[3])
    assert found(matcher) == brute([*left, rules[3]])


def test_a_find_names_the_variants_that_a_rule_has_now_that_was_met_before(path: Path) -> None:
    rules = rules_of(QUERIES)
    keep(rules, path)
    matcher = RuleMatcher(rules, path)
    found(matcher)
    changed = replace(rules[0], variants=(SAID,))
    matcher.add(changed)
    expected = by_brute_force([changed], article("sv", " Tågstopp!"), a_source())
    assert expected[0].evidence[0].variants == (SAID.text,)
    assert expected[0] in matcher.matches(article("sv", " Tågstopp!"), a_source())


def test_it_is_kept_again_with_what_came_since(path: Path) -> None:
    rules = rules_of(QUERIES)
    keep(rules[::2], path)
    for _ in range(2):
        assert is_read(path)
        index = RuleIndex.of(stored_here(rules), path)
        index.in_language("vi")
        assert index.keep(path)
    matcher = RuleMatcher(rules[1:], path)
    assert matcher._index.size.terms == len(matcher._index.terms)
    assert set(matcher._index.languages) == {*FIRST, "vi"}
    assert found(matcher) == brute(rules[1:])


def test_rejected_variants_count_as_the_rule_has_them_now(path: Path) -> None:
    (rule,) = rules_of(["rail strike"])
    keep([rule], path)
    rejected = Variant(
        language="de", text="Bahnstreik", of="rail strike", state=VariantState.REJECTED
    )
    now = a_whole_rule("rail strike", rejected)
    assert found(RuleMatcher([now], path)) == brute([now]) != brute([rule])


def stored_in(here: dict[str, Rule], asked: list[str], in_groups: list[str]) -> Stored:
    """What a store is to an index, with what was asked for."""
    outlines = [replace(rule, variants=()) for rule in here.values()]
    stamps = {rule.id: stamp_of(rule) for rule in here.values()}

    def whole(ids: Sequence[str]) -> list[Rule]:
        asked.extend(ids)
        return [here[each] for each in ids]

    def some(ids: Sequence[str]) -> Iterator[RuleGroups]:
        in_groups.extend(ids)
        for each in ids:
            rule = here[each]
            groups = unpacked(packed(rule.variants))
            yield RuleGroups(rule.id, rule.revision, stamp_of(rule), groups)

    return Stored(outlines, stamps.__getitem__, whole, some)


def test_stored_rules_are_read_in_groups_and_whole_if_an_article_may_concern_them(
    path: Path,
) -> None:
    said = replace(SAID, state=VariantState.REJECTED)
    rejecting = replace(a_rule("Oslo", name="but not", variants=(said,)), strictness="exact")
    rules = [*rules_of(QUERIES), a_whole_rule("rail", SAID), a_whole_rule("strike", said)]
    here = {rule.id: rule for rule in [*rules, rejecting]}
    asked: list[str] = []
    in_groups: list[str] = []
    matcher = RuleMatcher(kept=path, stored=stored_in(here, asked, in_groups))
    assert in_groups == list(here)
    assert asked == []
    expected = brute(list(here.values()))
    assert found(matcher) == expected
    assert 0 < len(asked) == len(set(asked)) < len(here)
    assert found(matcher) == expected
    assert matcher._index.keep(path)
    assert found(RuleMatcher(kept=path, stored=stored_in(here, asked, in_groups))) == expected
    assert len(in_groups) == len(here) + 1  # the broken one


def test_a_stored_rule_that_changed_since_it_was_listed_counts_as_it_is_now(path: Path) -> None:
    rules = rules_of(["rail strike", "Oslo Convention"])
    here = {rule.id: rule for rule in rules}
    asked: list[str] = []
    stored = stored_in(here, asked, [])
    now = replace(rules[0], query="Bergen", variants=(), revision=2)
    here[now.id] = now
    matcher = RuleMatcher(kept=path, stored=stored)
    assert asked == [now.id]
    assert found(matcher) == brute([now, rules[1]])


def test_of_stored_rules_only_those_are_read_whole_that_may_concern_an_article(path: Path) -> None:
    rules = rules_of(QUERIES)
    keep(rules, path)
    new = a_whole_rule("Bergen")
    here = {rule.id: rule for rule in [*rules[1:], new]}
    asked: list[str] = []
    in_groups: list[str] = []
    stored = stored_in(here, asked, in_groups)
    matcher = RuleMatcher(kept=path, stored=stored)
    assert in_groups == [a_rule(BROKEN, name=BROKEN).id, new.id]
    strike, expected = article("ru"), brute(list(here.values()))
    assert len(matcher.matches(strike, a_source())) == len(expected[list(TEXTS).index("ru")])
    assert 0 < len(asked) < len(here) - 2
    assert found(matcher) == expected
    assert len(asked) == len(set(asked))
    changed = replace(rules[1], variants=(), revision=2)
    here[changed.id] = changed
    again = RuleMatcher(kept=path, stored=stored)
    assert changed.id not in {match.rule_id for some in found(again) for match in some}
    again.add(here.pop(changed.id))
    assert found(again) == brute([*here.values(), changed])


@pytest.mark.parametrize("part", range(24))
def test_what_is_damaged_anywhere_is_not_read(path: Path, part: int) -> None:
    rules = rules_of(["rail strike", "Zelenskyy"])
    keep(rules, path)
    content = bytearray(path.read_bytes())
    near = part * 9 if part < 12 else (part - 12) * (len(content) - 1) // 11
    content[near] ^= 1 << part % 8
    path.write_bytes(content)
    assert not is_read(path)
    assert found(RuleMatcher(rules, path)) == brute(rules)


@pytest.mark.parametrize("size", [0, 1, 40, 60, 3_000, -1])
def test_what_is_cut_off_is_not_read_nor_what_is_longer(path: Path, size: int) -> None:
    keep(rules_of(["rail strike"]), path)
    content = path.read_bytes()
    path.write_bytes(content[:size])
    assert not is_read(path)
    path.write_bytes(content + b"x")
    assert not is_read(path)
    path.write_bytes(content)
    assert is_read(path)


def test_what_another_program_kept_is_not_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(rules_of(["rail strike"]), path)
    monkeypatch.setattr(kept, "program", lambda: bytes(32))
    assert not is_read(path)


def test_what_a_program_keeps_whose_files_were_replaced_is_for_nobody(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.program.cache_clear()
    monkeypatch.setattr(kept, "were_replaced", lambda files: True)
    keep(rules_of(["rail strike"]), path)
    kept.program.cache_clear()
    monkeypatch.undo()
    assert not is_read(path)


READ_AND_LOADED = """
import sys
from datetime import UTC, datetime
from pathlib import Path

opened = set()
sys.addaudithook(lambda event, args: opened.add(str(args[0])) if event == "open" else None)
from rules.index import rule_index
from rules.index.memory import kept
from rules.index.rule_index import RuleIndex
from storage.model import Rule, Variant

said = (Variant(language="sv", text="konvention"), Variant(language="zh", text="公约"))
rules = [
    Rule(id=query, name="", query=query, created_at=datetime(2026, 1, 1, tzinfo=UTC), variants=said)
    for query in sys.argv[1:]
]
index = RuleIndex(rules)
index.prepare(["", "en", "ru", "zh", "ko", "vi", "ar"])
opened.update(getattr(module, "__file__", None) or "" for module in [*sys.modules.values()])
files = {Path(path).resolve() for path in opened if path and "__pycache__" not in path}
for each in sorted(files.difference(kept._files())):
    if any(each.is_relative_to(folder) for folder in kept._FOLDERS):
        print(each.relative_to(kept._ROOT))
"""


def test_a_file_knows_of_all_that_an_index_is_made_of() -> None:
    command = [sys.executable, "-c", READ_AND_LOADED, *QUERIES]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"rules/lexicons/__init__.py", "rules/lexicons/api.py"}


def test_what_others_may_write_is_not_read(path: Path, tmp_path: Path) -> None:
    keep(rules_of(["rail strike"]), path)
    path.chmod(0o666)
    assert not is_read(path)
    path.chmod(0o644)
    os.symlink(path, tmp_path / "link")
    assert not is_read(tmp_path / "link")


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")
    rules = rules_of(["rail strike"])
    assert not built(rules).keep(tmp_path / "cache" / "rules.index")
    assert found(RuleMatcher(rules, tmp_path / "cache" / "rules.index")) == brute(rules)


def test_no_half_of_a_file_is_left_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("common.own_files.os.replace", fails)
    assert not built(rules_of(["rail strike"])).keep(path)
    assert list(path.parent.iterdir()) == []


def test_a_matcher_keeps_what_is_much_more_than_was_kept(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rules.index.rule_index._LEAST_KEPT", 2)
    rules = rules_of(["rail strike", "Zelenskyy", "Oslo"])
    matcher = RuleMatcher(rules, path)
    assert matcher.keep()
    assert not matcher.keep()
    again = RuleMatcher(rules, path)
    assert again._index.table.ready == 3
    assert not again.keep()
    assert found(again) == brute(rules)
    assert again.keep()  # languages came
    assert RuleMatcher(rules, path)._index.languages.keys() == set(TEXTS)
    assert not RuleMatcher(rules).keep()


def test_few_rules_are_not_kept(path: Path) -> None:
    matcher = RuleMatcher(rules_of(["rail strike"]), path)
    matcher.prepare()
    assert not matcher.keep()
    assert not path.exists()


def test_where_it_cannot_be_kept_nobody_tries_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rules.index.rule_index._LEAST_KEPT", 1)
    path.parent.write_text("a file, not a folder")
    matcher = RuleMatcher(rules_of(["rail strike"]), path)
    matcher.prepare()
    assert not matcher.keep()
    path.parent.unlink()
    assert not matcher.keep()
    assert not path.exists()
