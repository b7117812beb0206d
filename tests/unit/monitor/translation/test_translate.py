"""What is asked of a translator when a rule is saved, and what its answers become."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from threading import Semaphore
from typing import Any

import httpx
import pytest

from monitor.net.client import make_client
from monitor.net.guard import AddressGuard
from monitor.translation import cache as cache_module
from monitor.translation.api import Answer, Question
from monitor.translation.cache import KEPT_FOR, AnswerCache
from monitor.translation.translate import Proposals, Translation
from rules.expand.translations import Proposal
from rules.expand.variants import merged
from rules.languages.scripts import news_languages
from storage.model import Variant, VariantState
from tests.answers import Connection, Seen, reply
from tests.builders import NOON, a_rule
from tests.translator_server import CHAT, MODEL, TranslatorServer

LOCAL = (ip_network("127.0.0.0/8"),)
KINDS = ("libretranslate", "openai")
PROPOSED = VariantState.PROPOSED


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with make_client(AddressGuard(LOCAL), user_agent="tests/1") as client:
        yield client


@pytest.fixture
def server() -> Iterator[TranslatorServer]:
    with TranslatorServer() as server:
        yield server


def texts(found: Proposals, language: str) -> list[str]:
    return [variant.text for variant in found.variants if variant.language == language]


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_gets_the_forms_that_the_translator_knows(
    kind: str, server: TranslatorServer, client: httpx.Client
) -> None:
    found = Translation(server.settings(kind), client).propose("harbour pilot")
    assert found.problem is None
    assert texts(found, "sv") == ["hamnlots"]
    assert texts(found, "fr") == ["pilote de port", "pilote portuaire"]
    assert texts(found, "no") == ["havnelos"]  # asked for as nb; articles say no
    assert texts(found, "zh") == ["港口引航员", "港口領航員"]
    assert texts(found, "ja") == ["水先人"]
    assert {variant.state for variant in found.variants} == {VariantState.ACTIVE}
    assert {variant.kind for variant in found.variants} == {"translation"}
    source = {"libretranslate": "libretranslate", "openai": f"openai:{MODEL}"}[kind]
    assert {variant.source for variant in found.variants} == {source}
    assert {variant.of for variant in found.variants} == {""}


@pytest.mark.parametrize("kind", KINDS)
def test_every_keyword_that_is_not_excluded_is_asked_for(
    kind: str, server: TranslatorServer, client: httpx.Client
) -> None:
    query = "harbour pilot AND (dredging OR Larch) NOT Quiet Seas Treaty"
    found = Translation(server.settings(kind), client).propose(query)
    assert {variant.of for variant in found.variants} == {"", "dredging", "Larch"}
    said = str([body.get("q", body.get("messages", [{}])[-1]) for body in server.asked])
    assert "Term: Quiet" not in said
    assert "'Quiet Seas Treaty'" not in said


@pytest.mark.parametrize("query", ["/harb.ur/", "harb*", "source:harbour", "NOT harbour", "2024"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_query_without_words_of_a_language_asks_nothing(
    kind: str, query: str, server: TranslatorServer, client: httpx.Client
) -> None:
    assert Translation(server.settings(kind), client).propose(query) == Proposals()
    assert server.requests == []


def test_libretranslate_is_asked_once_a_language_for_all_terms_together(
    server: TranslatorServer, client: httpx.Client
) -> None:
    settings = server.settings("libretranslate", languages=("sv", "de", "zh-Hant", "ka"))
    Translation(settings, client).propose("harbour pilot OR dredging")
    assert sorted(body["target"] for body in server.asked) == ["de", "sv", "zh-Hant"]
    assert {str(body["q"]) for body in server.asked} == {"['harbour pilot', 'dredging']"}
    assert {body["format"] for body in server.asked} == {"text"}
    assert len(server.seen("/languages")) == 1


def test_a_model_is_asked_for_a_dozen_languages_at_a_time_with_the_context(
    server: TranslatorServer, client: httpx.Client
) -> None:
    translation = Translation(server.settings("openai"), client)
    translation.of_rule(a_rule("harbour pilot -Larch", name="Those who bring ships in"))
    prompts = [body["messages"][-1]["content"] for body in server.asked]
    assert len(prompts) == -(-len(news_languages()) // 12)
    assert all("Those who bring ships in" in prompt and "-Larch" in prompt for prompt in prompts)
    shape = server.asked[0]["response_format"]["json_schema"]
    assert shape["strict"]
    assert shape["schema"]["additionalProperties"] is False
    assert {body["model"] for body in server.asked} == {MODEL}
    assert "temperature" not in server.asked[0]  # some models refuse any but their own


def test_of_a_long_query_only_the_beginning_is_told(
    server: TranslatorServer, client: httpx.Client
) -> None:
    query = " OR ".join(f"harbour{letter}" for letter in "abcdefghij" * 100)
    translation = Translation(server.settings("openai", languages=("sv",)), client)
    translation.propose(query, description="ships\nand pilots")
    prompts = [body["messages"][-1]["content"] for body in server.asked]
    assert len(prompts) == 8
    assert all("ships and pilots - harboura OR" in prompt for prompt in prompts)
    assert max(map(len, prompts)) < 2_500


@pytest.mark.parametrize("kind", KINDS)
def test_few_questions_are_asked_at_the_same_time(
    kind: str, server: TranslatorServer, client: httpx.Client
) -> None:
    path = {"libretranslate": "/translate", "openai": CHAT}[kind]
    working = server._routes[path].answers[0]
    under_way, seen_at_once = Semaphore(3), []

    def counted(connection: Connection, seen: Seen) -> None:
        seen_at_once.append(under_way.acquire(blocking=False))
        connection.wait(0.005)
        under_way.release()  # before the answer: then the next question may come
        working(connection, seen)

    server.on(path, counted)
    Translation(server.settings(kind), client).propose("harbour pilot OR dredging OR Larch")
    assert len(seen_at_once) > 3
    assert all(seen_at_once)


@pytest.mark.parametrize("kind", KINDS)
def test_the_key_goes_where_the_protocol_has_it(kind: str, client: httpx.Client) -> None:
    with TranslatorServer(key="sesame-123") as server:
        found = Translation(server.settings(kind), client).propose("harbour pilot")
        assert found.problem is None
        assert texts(found, "sv") == ["hamnlots"]


def test_a_rule_for_its_own_words_asks_nobody(
    server: TranslatorServer, client: httpx.Client
) -> None:
    translation = Translation(server.settings("openai"), client)
    for strictness in ("exact", "forms"):
        rule = a_rule("harbour pilot", strictness=strictness)
        assert translation.of_rule(rule) == Proposals()
    assert server.requests == []
    assert translation.of_rule(a_rule("harbour pilot", strictness="broad")).variants


def test_a_rule_of_some_languages_is_asked_for_in_those(
    server: TranslatorServer, client: httpx.Client
) -> None:
    translation = Translation(server.settings("libretranslate"), client)
    found = translation.of_rule(a_rule("harbour pilot", languages=("sv", "no")))
    assert {variant.language for variant in found.variants} == {"sv", "no"}
    assert sorted(body["target"] for body in server.asked) == ["nb", "sv"]


def test_what_another_rule_excludes_is_no_variant(
    server: TranslatorServer, client: httpx.Client
) -> None:
    translation = Translation(server.settings("openai"), client)
    found = translation.of_rule(a_rule("harbour pilot"), [a_rule("Havn NOT hamnlots")])
    assert texts(found, "sv") == []
    assert texts(found, "de") == ["Hafenlotse"]


def test_several_rules_are_asked_for_until_it_is_in_vain(
    server: TranslatorServer, client: httpx.Client
) -> None:
    translation = Translation(server.settings("openai", languages=("sv",)), client)
    rules = [a_rule(each) for each in ("harbour pilot", "dredging NOT hamnlots", "Larch")]
    first, second, _ = translation.of_rules(rules)
    assert texts(first, "sv") == []  # the second excludes it
    assert texts(second, "sv") == ["muddring"]
    before = len(server.seen(CHAT))
    server.on(CHAT, reply(status=401))
    problems = {rule.problem for rule in translation.of_rules(rules)}
    assert problems == {"HTTP 401 Unauthorized; check translator_key"}
    assert len(server.seen(CHAT)) == before + 1


@pytest.mark.parametrize("source", ["libretranslate", "openai:m"])
@pytest.mark.parametrize("kind", ["translation", "acronym"])
def test_what_a_translator_said_stays_while_the_query_does(kind: str, source: str) -> None:
    said = Variant(language="sv", text="hamnlots", kind=kind, source=source)
    listed = Variant(language="sv", text="lots", kind="word", source="a list")
    fresh = Variant(language="sv", text="pilot", kind="word", source="a list")
    assert set(merged((said, listed), (fresh,))) == {said, fresh}
    assert merged((said, listed), (fresh,), same_query=False) == (fresh,)


def test_a_translator_confirms_what_the_lists_only_propose() -> None:
    doubtful = Variant(language="", text="QST", kind="acronym", source="initials", state=PROPOSED)
    sure = Variant(language="", text="QST", kind="acronym", source="openai:m")
    assert merged((), (doubtful, sure)) == (sure,)
    assert merged((), (sure, doubtful)) == (sure,)
    refused = replace(doubtful, state=VariantState.REJECTED)
    assert merged((refused,), (doubtful, sure)) == (refused,)


def test_near_names_are_told_and_exclude_nothing(client: httpx.Client) -> None:
    with TranslatorServer(confusable=["  harbour pilot whale. ", "test pilot", ""]) as server:
        found = Translation(server.settings("openai"), client).propose("harbour pilot")
    assert found.confusable == ("harbour pilot whale", "test pilot")
    assert texts(found, "sv") == ["hamnlots"]


def test_low_confidence_is_only_proposed(client: httpx.Client) -> None:
    with TranslatorServer(confidence=0.3) as server:
        found = Translation(server.settings("openai"), client).propose("harbour pilot")
    assert {variant.state for variant in found.variants} == {VariantState.PROPOSED}
    assert {variant.score for variant in found.variants} == {0.3}


def test_what_does_not_come_back_in_the_check_is_only_proposed(client: httpx.Client) -> None:
    known = {"harbour pilot": {"sv": ["hamnlots"], "de": ["Hafenlotse"]}}
    lost = {"hamnlots": {"en": ["a bird of the sea"]}}
    with TranslatorServer({**known, **lost}) as server:
        settings = server.settings("libretranslate", check_back=True, languages=("sv", "de"))
        found = Translation(settings, client).propose("harbour pilot")
    states = {variant.language: variant.state for variant in found.variants}
    assert states == {"sv": VariantState.PROPOSED, "de": VariantState.ACTIVE}


def test_an_alternative_for_a_single_word_must_mean_it_when_it_is_translated_back(
    client: httpx.Client,
) -> None:
    known = {
        "dredging": {"sv": ["muddring", "mudderverk", "grävning", "sugning"]},
        "mudderverk": {"en": ["dredging plant"]},
        "grävning": {"en": ["digging", "burrow"]},
        "sugning": {"en": ["sugning"]},  # which it does not know
    }
    with TranslatorServer(known) as server:
        settings = server.settings("libretranslate", languages=("sv",))
        found = Translation(settings, client).propose("dredging")
        assert [body["q"] for body in server.asked] == [
            "dredging",
            ["mudderverk", "grävning", "sugning"],
        ]
        assert len(server.asked) == 2
        Translation(settings, client).propose("harbour dredging")
        assert len(server.asked) == 3  # several words are seldom mistaken
    assert {variant.text: variant.state.value for variant in found.variants} == {
        "muddring": "active",
        "mudderverk": "active",
        "grävning": "proposed",
        "sugning": "active",
    }


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param({"most_alternatives": 0}, id="no alternatives"),
        pytest.param({"most_texts": 1}, id="one text at a time"),
    ],
)
def test_a_libretranslate_with_limits_is_asked_within_them(
    limits: dict[str, int], client: httpx.Client
) -> None:
    with TranslatorServer(**limits) as server:
        settings = server.settings("libretranslate", languages=("sv", "de"))
        found = Translation(settings, client).propose("harbour pilot OR dredging")
    assert found.problem is None
    assert texts(found, "sv") == ["hamnlots", "muddring"]


def test_a_libretranslate_that_lists_no_languages_is_asked_for_ours(
    server: TranslatorServer, client: httpx.Client
) -> None:
    server.on("/languages", reply("no such page", status=404, content_type="text/plain"))
    settings = server.settings("libretranslate", languages=("sv", "xx"))
    found = Translation(settings, client).propose("harbour pilot")
    assert found.problem is None
    assert texts(found, "sv") == ["hamnlots"]


@pytest.mark.parametrize(
    ("formats", "requests"),
    [
        pytest.param(("json_object", None), 2, id="an object"),
        pytest.param((None,), 3, id="nothing"),
    ],
)
def test_an_endpoint_that_refuses_a_schema_is_asked_for_less(
    formats: tuple[str | None, ...], requests: int, client: httpx.Client
) -> None:
    with TranslatorServer(formats=formats) as server:
        settings = server.settings("openai", languages=("sv", "de"))
        found = Translation(settings, client).propose("harbour pilot")
        assert len(server.seen(CHAT)) == requests
    assert found.problem is None
    assert texts(found, "sv") == ["hamnlots"]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("```json\n{}\n```", id="a code fence"),
        pytest.param("Here is what I found:\n\n```\n{}\n```\nAnything else?", id="a fence in talk"),
        pytest.param("Sure! {} I hope that helps.", id="between sentences"),
        pytest.param("<think>sv: {{maybe}}</think>\n{}", id="after thoughts"),
    ],
)
def test_json_is_found_in_what_a_model_writes_around_it(written: str, client: httpx.Client) -> None:
    with TranslatorServer(written=written.format) as server:
        found = Translation(server.settings("openai"), client).propose("harbour pilot")
    assert found.problem is None
    assert texts(found, "sv") == ["hamnlots"]


# --- the cache -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_asked_twice(
    kind: str, server: TranslatorServer, client: httpx.Client, tmp_path: Path
) -> None:
    def ask(**changes: Any) -> Proposals:
        cache = AnswerCache(tmp_path / "translations")
        settings = server.settings(kind, languages=("sv", "de"), **changes)
        return Translation(settings, client, cache=cache, now=lambda: now).propose("harbour pilot")

    now = NOON
    first = ask()
    count = len(server.requests)
    assert ask() == first
    assert len(server.requests) == count
    now = NOON + KEPT_FOR
    assert ask() == first
    assert len(server.requests) > count


def test_what_is_missing_is_asked_again_and_the_rest_is_not(
    server: TranslatorServer, client: httpx.Client, tmp_path: Path
) -> None:
    cache = AnswerCache(tmp_path / "translations")
    settings = server.settings("libretranslate", languages=("sv", "de", "fr"))
    translation = Translation(settings, client, cache=cache, pause=lambda seconds: None)
    working = server._routes["/translate"].answers[0]
    server.on("/translate", working, reply(status=403))
    first = translation.propose("harbour pilot")
    assert first.problem is not None
    assert first.problem.startswith("HTTP 403")
    assert len(first.variants) < 4
    done = {variant.language for variant in first.variants}
    server.on("/translate", working)
    before = len(server.seen("/translate"))
    again = Translation(settings, client, cache=cache).propose("harbour pilot")
    assert again.problem is None
    assert texts(again, "sv") + texts(again, "de") == ["hamnlots", "Hafenlotse"]
    assert len(server.seen("/translate")) - before == 3 - len(done)


def test_another_model_is_asked_for_itself(
    server: TranslatorServer, client: httpx.Client, tmp_path: Path
) -> None:
    cache = AnswerCache(tmp_path / "translations")
    for model in ("one", "two"):
        settings = server.settings("openai", model=model, languages=("sv",))
        Translation(settings, client, cache=cache).propose("harbour pilot")
    assert len(server.seen(CHAT)) == 2


def test_a_folder_that_cannot_be_written_only_costs_time(
    server: TranslatorServer, client: httpx.Client, tmp_path: Path
) -> None:
    (tmp_path / "translations").write_text("a file, not a folder")
    cache = AnswerCache(tmp_path / "translations")
    settings = server.settings("openai", languages=("sv",))
    found = Translation(settings, client, cache=cache).propose("harbour pilot")
    assert texts(found, "sv") == ["hamnlots"]


def test_a_broken_answer_in_the_cache_is_asked_again(
    server: TranslatorServer, client: httpx.Client, tmp_path: Path
) -> None:
    cache = AnswerCache(tmp_path / "translations")
    settings = server.settings("openai", languages=("sv",))
    Translation(settings, client, cache=cache).propose("harbour pilot")
    [kept] = (tmp_path / "translations").iterdir()
    for broken in ("", "[]", '{"at": 1e99, "proposals": [], "confusable": []}', "{" * 5000):
        kept.write_text(broken)
        found = Translation(settings, client, cache=cache).propose("harbour pilot")
        assert texts(found, "sv") == ["hamnlots"]
    assert len(server.seen(CHAT)) == 5


def test_answers_that_come_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "translations")
    answer = Answer(proposals=((Proposal("sv", "hamnlots"),),))
    questions = [Question(texts=(str(number),), languages=("sv",)) for number in range(300)]

    def put(question: Question) -> None:
        cache.put(("x",), question, answer, now=NOON)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, questions))
    assert [cache.get(("x",), question, now=NOON) for question in questions] == [answer] * 300


def test_old_answers_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "MOST_ANSWERS", 20)
    cache = AnswerCache(tmp_path / "translations")
    answer = Answer(proposals=((Proposal("sv", "hamnlots"),),))
    for number in range(50):
        question = Question(texts=(str(number),), languages=("sv",))
        cache.put(("x",), question, answer, now=NOON)
    assert cache.get(("x",), question, now=NOON + timedelta(days=1)) == answer
    assert len(list((tmp_path / "translations").iterdir())) <= 20
