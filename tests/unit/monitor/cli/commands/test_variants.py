"""Commands about variants: what people see of them, and what they decide."""

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.base import clock
from monitor.lexicons.registry import Lexicons
from rules.query.parse import parse
from storage.api.storage import Transaction
from storage.model import Variant, VariantState
from storage.variant_use import VariantHit
from tests.builders import a_source, an_alert, an_article, store
from tests.unit.monitor.cli.conftest import Monitor

RAST = Variant(language="sv", text="rast", of="strike", kind="word", source="a list", score=0.9)
STREJK = replace(RAST, text="strejk")
STREIK = replace(RAST, language="no", text="streik")
DOUBTED = replace(RAST, text="konflikt", state=VariantState.PROPOSED)
MADE = (RAST, STREJK, STREIK, DOUBTED)


@contextmanager
def writing(monitor: Monitor) -> Iterator[Transaction]:
    storage = monitor.storage()
    try:
        with storage.transaction() as tx:
            yield tx
    finally:
        storage.close()


def add(monitor: Monitor, query: str = "ferry strike", made: Sequence[Variant] = MADE) -> str:
    """Add a rule whose variants are known, whatever lists this machine has; return its id."""
    monitor("add-rule", query)
    with writing(monitor) as tx:
        rule = tx.rules.find(query)
        assert rule is not None
        tx.rules.update(replace(rule, variants=tuple(made)))
    return rule.id


def raised(monitor: Monitor, rule_id: str, title: str, language: str, **changes: Any) -> str:
    """Store an article and an alert of the rule about it; return the alert's id."""
    article = an_article(title, text=changes.pop("text", "Mer."), language=language)
    with writing(monitor) as tx:
        if tx.sources.get(article.source_id) is None:
            tx.sources.add(a_source())
        rule = tx.rules.get(rule_id)
        assert rule is not None
        alert = an_alert(rule, article, **changes)
        store(tx, [article, alert])
    return alert.id


def states(monitor: Monitor, rule: str = "ferry strike") -> dict[str, str]:
    shown = monitor.one("show-rule", rule)["variants"]
    return {f"{variant['language']}:{variant['text']}": variant["state"] for variant in shown}


# --- what is shown ---------------------------------------------------------------------------


def test_show_rule_groups_variants_and_sets_those_apart_that_wait(monitor: Monitor) -> None:
    add(monitor, made=(*MADE, replace(STREJK, of="", text="färjestrejk")))
    out = monitor("show-rule", "ferry strike")
    assert "variants:   4 active, 1 proposed" in out
    whole, part, waiting = (
        out.index(heading)
        for heading in ('For all of "ferry strike":', 'For "strike":', "Proposed;")
    )
    assert whole < out.index("färjestrejk") < part < out.index("rast") < waiting
    assert waiting < out.index("konflikt") < out.index("accept-variant 'ferry strike' sv:konflikt")
    assert "Norwegian (no)" in out


def test_show_rule_says_what_each_variant_has_found(monitor: Monitor) -> None:
    rule_id = add(monitor)
    with writing(monitor) as tx:
        tx.rules.count_hits([VariantHit(rule_id, "strejk")], now=clock.now())
    shown = {
        variant["text"]: variant for variant in monitor.one("show-rule", "ferry strike")["variants"]
    }
    assert (shown["strejk"]["hits"], shown["rast"]["hits"]) == (1, 0)
    assert shown["strejk"]["last_hit_at"] is not None
    assert shown["rast"]["last_hit_at"] is None
    assert shown["rast"]["key"] == RAST.key
    assert not any(variant["idle"] for variant in shown.values()), "the rule is young"


def test_show_rule_says_what_has_found_nothing_for_long(monitor: Monitor) -> None:
    rule_id = add(monitor)
    with writing(monitor) as tx:
        rule = tx.rules.get(rule_id)
        assert rule is not None
        tx.rules.update(replace(rule, created_at=clock.now() - timedelta(days=31)))
        tx.rules.count_hits([VariantHit(rule_id, "strejk")], now=clock.now())
        tx.rules.count_hits([VariantHit(rule_id, "rast")], now=clock.now() - timedelta(days=40))
    out = monitor("show-rule", "ferry strike")
    assert "3 active, 1 proposed, 2 never matched in 30 days" in out
    assert "0; none in 30 days" in out
    assert "never in 30 days" in out
    idle = [
        variant["text"]
        for variant in monitor.one("show-rule", "ferry strike")["variants"]
        if variant["idle"]
    ]
    assert sorted(idle) == ["rast", "streik"]


def test_show_rule_names_the_last_alert(monitor: Monitor) -> None:
    rule_id = add(monitor)
    assert monitor.one("show-rule", "ferry strike")["last_alert_at"] is None
    raised(monitor, rule_id, "Ferry strejk", "sv", raised_at=clock.now() - timedelta(hours=3))
    assert monitor.one("show-rule", "ferry strike")["last_alert_at"] is not None
    assert "1, the last 3h ago" in monitor("show-rule", "ferry strike")


def test_a_long_list_is_shortened_on_a_terminal_only(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(monitor, made=[replace(RAST, text=f"ord{number}") for number in range(40)])
    with writing(monitor) as tx:
        rule = tx.rules.find("ferry strike")
        assert rule is not None
        tx.rules.count_hits([VariantHit(rule.id, "ord39")], now=clock.now())
    assert monitor("show-rule", "ferry strike").count("ord") == 40
    monkeypatch.setattr("monitor.cli.output.terminal_columns", lambda: 100)
    out = monitor("show-rule", "ferry strike")
    assert out.count("ord") == 12
    assert "ord39" in out, "what has found something comes first"
    assert "28 more: ./run monitor show-rule 'ferry strike' --all" in out
    assert monitor("show-rule", "ferry strike", "--all").count("ord") == 40


def test_a_shortened_list_is_of_the_languages_that_are_read(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = ("sv", "de")
    monkeypatch.setattr("monitor.services.rules.told_languages.told_languages", lambda *_: read)
    monkeypatch.setattr("monitor.cli.output.terminal_columns", lambda: 100)
    proposed = VariantState.PROPOSED
    some = [
        replace(RAST, language=code, text=f"{state[0]}{code}{n}", state=state)
        for state in (VariantState.ACTIVE, proposed)
        for code in ("bg", "de", "sv", "hy")
        for n in range(8)
    ]
    add(monitor, made=some)
    parts = monitor("show-rule", "ferry strike").split("Proposed;")
    assert len(parts) == 2
    for part in parts:
        assert part.count("(sv)") == part.count("(de)") == 6
    assert "accept-variant 'ferry strike' sv:psv0" in parts[1]


def test_list_rules_counts_variants(monitor: Monitor) -> None:
    add(monitor)
    assert "3 (+1 proposed)" in monitor("list-rules")


# --- deciding --------------------------------------------------------------------------------


def test_variants_are_accepted_and_rejected_by_text_or_with_the_language(
    monitor: Monitor,
) -> None:
    add(monitor)
    monitor("accept-variant", "ferry strike", "konflikt")
    monitor("reject-variant", "ferry strike", "no:STREIK", "rast")
    assert states(monitor) == {
        "sv:rast": "rejected",
        "sv:strejk": "active",
        "no:streik": "rejected",
        "sv:konflikt": "active",
    }
    assert monitor("accept-variant", "ferry strike", "konflikt") == (
        'Nothing to change in rule "ferry strike".\n'
    )
    changed = monitor.one("reject-variant", "ferry strike", "strejk")
    assert [(variant["text"], variant["state"]) for variant in changed["changed"]] == [
        ("strejk", "rejected")
    ]


def test_all_that_is_proposed_can_be_decided_at_once(monitor: Monitor) -> None:
    add(monitor, made=(*MADE, replace(DOUBTED, text="uppehåll")))
    assert monitor("accept-variant", "ferry strike", "--all-proposed").count("counts from") == 2
    assert set(states(monitor).values()) == {"active"}


def test_of_all_that_is_proposed_those_of_some_languages_can_be_decided(monitor: Monitor) -> None:
    add(monitor, made=(*MADE, replace(DOUBTED, language="da", text="ophold")))
    of_swedes = ("ferry strike", "--all-proposed", "--language", "sv,fi")
    assert "sv:konflikt counts from now on" in monitor("accept-variant", *of_swedes)
    assert states(monitor)["da:ophold"] == "proposed"
    monitor("reject-variant", "ferry strike", "--all-proposed", "--language", "da")
    assert states(monitor)["da:ophold"] == "rejected"
    assert "Nothing to change" in monitor("accept-variant", *of_swedes)


def test_every_decision_moves_the_rule_so_that_a_running_daemon_sees_it(
    monitor: Monitor,
) -> None:
    rule_id = add(monitor)
    seen = []
    for words in (
        ("reject-variant", "ferry strike", "rast"),
        ("accept-variant", "ferry strike", "konflikt"),
        ("add-variant", "ferry strike", "fi:lakko"),
        ("expand-rule", "ferry strike"),
    ):
        monitor(*words)
        with writing(monitor) as tx:
            seen.append((tx.rules.revision(), tx.rules.watching()[rule_id]))
    assert seen == sorted(set(seen))
    assert len({own for _, own in seen}) == 4


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("reject-variant", "ferry strike", "strejkk"), 1, 'did you mean "strejk"?'),
        (("reject-variant", "ferry strike", "da:strejk"), 1, 'did you mean "sv:strejk"?'),
        (("reject-variant", "ferry strike", "zzz"), 1, "see show-rule"),
        (("reject-variant", "ferry strike"), 2, "name a TEXT, or say --all-proposed"),
        (("accept-variant", "ferry strike", "rast", "--all-proposed"), 2, "give TEXT, or"),
        (("accept-variant", "ferry strike", "rast", "--language", "sv"), 2, "as LANG:TEXT"),
        (("add-variant", "ferry strike", "lakko"), 2, "expected LANG:TEXT"),
        (("add-variant", "ferry strike", "fi:lakko", "--of", "boat"), 2, 'it has "ferry strike"'),
        (("expand-rule", "ferry strike", "--translate"), 2, "no translator is configured"),
        (("expand-rule", "fery strike"), 1, 'did you mean "ferry strike"?'),
        (("wrong-match", "zzzz"), 1, 'there is no alert "zzzz"'),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_sentence(
    monitor: Monitor, words: tuple[str, ...], code: int, said: str
) -> None:
    add(monitor)
    before = states(monitor)
    monitor(*words, expect=code)
    assert said in monitor.err
    assert states(monitor) == before


def test_a_variant_is_added_beside_the_others_for_the_whole_or_some_words(
    monitor: Monitor,
) -> None:
    add(monitor)
    monitor("add-variant", "ferry strike", "fi:lauttalakko")
    monitor("add-variant", "ferry strike", "fi:lautta", "sv:färja", "--of", "FERRY")
    shown = monitor.one("show-rule", "ferry strike")["variants"]
    mine = [(v["language"], v["text"], v["of"]) for v in shown if v["kind"] == "user"]
    assert sorted(mine) == [
        ("fi", "lautta", "ferry"),
        ("fi", "lauttalakko", ""),
        ("sv", "färja", "ferry"),
    ]
    assert len(shown) == len(MADE) + 3


def test_making_variants_anew_says_what_came_and_went_and_keeps_decisions(
    monitor: Monitor,
) -> None:
    add(monitor, 'Paris "x y"', made=(STREJK, replace(RAST, of="")))
    monitor("reject-variant", 'Paris "x y"', "rast")
    monitor("add-variant", 'Paris "x y"', "sv:färja")
    done = monitor.one("expand-rule", 'Paris "x y"')
    assert [variant["text"] for variant in done["went"]] == ["strejk"]
    assert {"Париж", "파리"} <= {variant["text"] for variant in done["came"]}
    kept = states(monitor, 'Paris "x y"')
    assert (kept["sv:rast"], kept["sv:färja"]) == ("rejected", "active")
    assert "has the same" in monitor("expand-rule", 'Paris "x y"')
    with writing(monitor) as tx:
        rule = tx.rules.find('Paris "x y"')
    assert rule is not None
    assert rule.expansion == Lexicons().fingerprint
    assert parse(rule.query)


# --- a wrong match ---------------------------------------------------------------------------


def test_a_wrong_match_rejects_the_variant_and_says_what_no_longer_matches(
    monitor: Monitor,
) -> None:
    rule_id = add(monitor)
    other = raised(monitor, rule_id, "Rast på ferry", "sv")
    alert = raised(monitor, rule_id, "Ferry tar rast", "sv")
    kept = raised(monitor, rule_id, "Ferry i strejk", "sv")
    out = monitor("wrong-match", f"#{alert[:6]}")
    assert 'sv:rast (a list) for "strike"; it never counts again' in out
    assert '"Ferry tar rast" no longer matches.' in out
    assert other[:8] in out
    assert kept[:8] not in out
    assert states(monitor)["sv:rast"] == "rejected"
    assert "there is nothing to reject" in monitor("wrong-match", alert)
    monitor("accept-variant", "ferry strike", "rast")
    again = monitor.one("wrong-match", alert)
    assert [variant["text"] for variant in again["rejected"]] == ["rast"]
    assert (again["matches"], again["no_longer"]) == (False, [other])


def test_a_wrong_match_without_a_variant_rejects_the_text_that_was_found(
    monitor: Monitor,
) -> None:
    rule_id = add(monitor, "London Convention", made=())
    alert = raised(monitor, rule_id, "О Лондонской конвенции", "ru")
    done = monitor.one("wrong-match", alert)
    assert [(v["language"], v["text"], v["of"]) for v in done["rejected"]] == [
        ("", "Лондонской конвенции", "")
    ]
    assert done["matches"] is False
    again = monitor("try-rule", "London Convention", str(_file(monitor, "Лондонской конвенции")))
    assert "The document matches." in again, "only this rule has learnt it"
    monitor("remove-rule", "London Convention", "--yes")
    monitor("add-rule", "London Convention")
    assert states(monitor, "London Convention")[":Лондонской конвенции"] == "rejected"


def _file(monitor: Monitor, text: str) -> Any:
    path = monitor.home / "one.txt"
    path.write_text(f"{text}\n", encoding="utf-8")
    return path


def test_a_wrong_match_by_the_rules_own_words_is_refused_with_what_to_do(
    monitor: Monitor,
) -> None:
    rule_id = add(monitor)
    alert = raised(monitor, rule_id, "A ferry strike in a computer game", "en")
    raised(monitor, rule_id, "A ferry strike closes the harbour", "en", text="No game of dice.")
    monitor("wrong-match", alert, expect=1)
    assert '"ferry strike" stands in it as the rule has it' in monitor.err
    assert "Its other alert stays." in monitor.err
    line = "edit-rule 'ferry strike' --query 'ferry strike NOT computer'"
    assert line in monitor.err
    assert "exact" not in monitor.err
    assert states(monitor)["sv:rast"] == "active"
    monitor(*shlex.split(line))
    monitor("explain", "ferry strike", alert, expect=1)


def test_a_name_is_not_to_blame_for_the_word_beside_it(monitor: Monitor) -> None:
    genf = Variant(
        language="de", text="Genf", of="Geneva", kind="name", source="place names", score=0.9
    )
    treffen = replace(RAST, language="de", text="Treffen", of="convention")
    rule_id = add(monitor, "Geneva convention", made=(genf, treffen))
    alert = raised(monitor, rule_id, "Treffen in Genf", "de")
    done = monitor.one("wrong-match", alert)
    assert [variant["text"] for variant in done["rejected"]] == ["Treffen"]


def test_a_wrong_match_rejects_the_variant_of_the_articles_language_only(
    monitor: Monitor,
) -> None:
    both = ("--variant", "sv:konvention", "--variant", "de:Konvention")
    rule_id = monitor.one("add-rule", "convention", *both)["id"]
    alert = raised(monitor, rule_id, "Die Konventionen treten in Kraft", "de")
    kept = raised(monitor, rule_id, "En konvention träder i kraft", "sv")
    article = an_article("Die Konventionen treten in Kraft", text="Mer.", language="de")
    explained = monitor.one("explain", "convention", article.id)["clause"]["evidence"]
    assert [proof["variants"] for proof in explained] == [["Konvention"]]
    done = monitor.one("wrong-match", alert)
    assert [(variant["language"], variant["text"]) for variant in done["rejected"]] == [
        ("de", "Konvention")
    ]
    assert (done["matches"], done["no_longer"]) == (False, [])
    assert monitor.one("wrong-match", kept)["matches"] is False


def test_of_several_words_that_may_be_wrong_the_whole_text_is_rejected_or_the_named_one(
    monitor: Monitor,
) -> None:
    farja = replace(RAST, text="färja", of="ferry")
    rule_id = add(monitor, made=(RAST, farja))
    alert = raised(monitor, rule_id, "En färja har rast", "sv")
    done = monitor.one("wrong-match", alert)
    assert [variant["text"] for variant in done["rejected"]] == ["färja har rast"]
    monitor("accept-variant", "ferry strike", "färja har rast")
    monitor("edit-rule", "ferry strike", "--variant", "any:unused")
    done = monitor.one("wrong-match", alert, "rast")
    assert [variant["text"] for variant in done["rejected"]] == ["rast"]


def test_what_is_refused_behind_not_is_no_part_of_a_wrong_match(monitor: Monitor) -> None:
    rule_id = add(monitor, "ferry strike NOT bus")
    alert = raised(monitor, rule_id, "Ferry tar rast", "sv")
    done = monitor.one("wrong-match", alert)
    assert [variant["text"] for variant in done["rejected"]] == ["rast"]


def test_trying_a_rule_says_which_variant_answered(monitor: Monitor) -> None:
    words = ("try-rule", "ferry strike", "--variant", "sv:färjerast", "--variant", "fi:lakko")
    file = str(_file(monitor, "Färjerasten fortsätter"))
    assert "by sv:färjerast\n" in monitor(*words, file)
    evidence = monitor.one(*words, file)["evidence"]
    assert {tuple(proof["variants"]) for proof in evidence} == {("färjerast",)}


def test_the_doctor_names_rules_that_have_raised_nothing_for_long(monitor: Monitor) -> None:
    rule_id = add(monitor)
    assert "quiet rules" not in monitor("doctor")
    with writing(monitor) as tx:
        rule = tx.rules.get(rule_id)
        assert rule is not None
        tx.rules.update(replace(rule, created_at=clock.now() - timedelta(days=31)))
    assert '1 rule has raised nothing in 30 days, such as "ferry strike"' in monitor("doctor")
    raised(monitor, rule_id, "Ferry strejk", "sv", raised_at=clock.now())
    # An alert without its delivery is something to mend.
    assert "quiet rules" not in monitor("doctor", expect=1)


def test_a_wrong_match_that_no_word_tells_apart_proposes_no_query(monitor: Monitor) -> None:
    rule_id = add(monitor)
    alert = raised(monitor, rule_id, "Ferry strike", "en", text="")
    monitor("wrong-match", alert, expect=1)
    assert "edit-rule 'ferry strike' --language CODES --source NAME" in monitor.err
    assert "NOT" not in monitor.err


def test_the_language_of_a_query_is_one(monitor: Monitor) -> None:
    monitor("add-rule", "ferry strike", "--in", "xx", expect=2)
    assert 'expected one language code such as sv or any; got "xx"' in monitor.err
