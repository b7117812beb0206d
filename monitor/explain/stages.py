"""The stages of an article up to its story, with one rule: what happened at each."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from common.language_names import language_name
from common.records import dataclass
from common.zones import shown_in
from ingester.articles import sighting_of
from ingester.entry import Entry
from ingester.kinds import FULL_TEXT, spec_of
from ingester.pages.fulltext import is_summary
from ingester.text.language import detect
from ingester.urls.urls import canonical_url
from monitor.base.errors import quoted
from monitor.base.times import show_instant
from rules.data.tables import primary
from rules.explain.trace import Clause
from storage.api.articles import Known
from storage.api.storage import Transaction
from storage.model import Alert, Article, Match, Rule, RuleState, Source

STAGES = (
    "fetched",
    "extracted",
    "language",
    "concerned",
    "query",
    "dedupe",
    "story",
    "alert",
    "silence",
    "limit",
    "deliveries",
)
"""In the order in which an article passes them."""

NOT_STORED = "not stored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What happened at one stage.

    Attributes:
        name: One of `STAGES`.
        outcome: "yes" (passed), "no" (it ends here), "none" (nothing to do) or "not stored".
        text: For people; sentences without a full stop, one a line.
        facts: The same for programs.
    """

    name: str
    outcome: str
    text: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A rule and an article, and what the store knows of both.

    Attributes:
        now: What time it is, in the zone of whoever reads it.
        how_to_search: How a sentence goes on that says that the archive was not searched.
    """

    rule: Rule
    article: Article
    source: Source
    now: datetime
    tx: Transaction | None
    is_trial: bool
    how_to_search: str = ""

    def shown(self, instant: datetime) -> str:
        """Return an instant as the reader's clock shows it."""
        return shown_in(instant, self.now.tzinfo)

    @property
    def alert(self) -> Alert | None:
        """The alert of the rule about the article's story."""
        if self.tx is None or self.is_trial:
            return None
        told = self.tx.alerts.of_stories([self.article.story_id])
        return next((alert for alert in told if alert.rule_id == self.rule.id), None)


# --- what came in --------------------------------------------------------------------------------


def fetched(case: Case) -> Stage:
    """Say where it came from, and when."""
    article, source = case.article, case.source
    if case.tx is None:
        return Stage(name="fetched", outcome=NOT_STORED, text="a document in a file")
    how = "at its quiet first poll" if article.baseline else "by a poll"
    at = case.shown(article.first_seen_at)
    lines = [f"from {quoted(source.name)} (a {source.kind}), {how}, at {at}"]
    if article.published_at is not None:
        lines.append(f"published, it says, at {case.shown(article.published_at)}")
    facts = {
        "source": source.name,
        "kind": source.kind,
        "first_seen_at": show_instant(article.first_seen_at),
        "published_at": show_instant(article.published_at),
        "quiet": article.baseline,
    }
    return Stage(name="fetched", outcome="yes", text="\n".join(lines), facts=facts)


def extracted(case: Case) -> Stage:
    """Say what was kept of it, and from what."""
    article = case.article
    origin = "the document" if case.tx is None else origin_of(article, case.source)
    count = f"{len(article.text):,} characters of text"
    text = f"{count} from {origin}" if article.text else f"no text from {origin}"
    facts = {"title": article.title, "characters": len(article.text), "from": origin}
    outcome = "yes" if article.title or article.text else "no"
    return Stage(name="extracted", outcome=outcome, text=f"a title, {text}", facts=facts)


def origin_of(article: Article, source: Source) -> str:
    """Return where the text of a stored article is from, in words.

    That a page was read for it is not stored with an article; where both are possible, both
    are named.
    """
    if article.text and article.text == article.summary:
        return "the summary that the source gives"
    spec = spec_of(source.kind)
    itself = f"the {spec.label}"
    if not spec.reads_pages:
        return "the document"
    if not spec.gives_text:
        is_itself = article.url == canonical_url(source.url) or not article.text
        return itself if is_itself else "the article's page"
    if source.options.get(FULL_TEXT) == "no" or not article.summary:
        return itself
    if article.text.startswith(f"{article.summary}\n\n"):
        return f"{itself} and the article's page"
    return f"the article's page, or {itself}" if is_summary(article.summary) else itself


def language(case: Case) -> Stage:
    """Say which language it is taken for, and whether its own words say the same."""
    article = case.article
    shown = detect(f"{article.title}\n{article.text}")
    if not article.language:
        text = "not known: the source declares none, and the text does not show it"
    elif shown == article.language:
        text = f"{_named(article.language)}, as its words show"
    elif shown:
        text = f"{_named(article.language)}, declared; its words look like {_named(shown)}"
    else:
        text = f"{_named(article.language)}, declared; its words do not show it"
    facts = {"language": article.language, "detected": shown}
    outcome = "yes" if article.language else "none"
    return Stage(name="language", outcome=outcome, text=text, facts=facts)


def _named(code: str) -> str:
    name = language_name(code)
    return name if name == code else f"{name} ({code})"


# --- whether the rule looks at it ---------------------------------------------------------------


def concerned(case: Case) -> Stage:
    """Say whether the rule looks at this article at all, and if not, all that keeps it from it."""
    reasons = [*against(case.rule, case.article, case.source), *_not_asked(case)]
    if reasons:
        text = "\n".join(reasons)
        return Stage(name="concerned", outcome="no", text=text, facts={"against": reasons})
    wanted = [
        f"articles in {', '.join(map(_named, case.rule.languages))}" if case.rule.languages else "",
        f"articles of {', '.join(case.rule.sources)}" if case.rule.sources else "",
    ]
    limits = " and ".join(limit for limit in wanted if limit)
    text = f"the rule wants {limits}, and this is one" if limits else "the rule wants all articles"
    return Stage(name="concerned", outcome="yes", text=text, facts={"against": []})


def against(rule: Rule, article: Article, source: Source) -> list[str]:
    """Return why the rule would not match this article, whatever its query says."""
    reasons = []
    codes = [primary(code) for code in rule.languages]
    if codes and article.language and primary(article.language) not in codes:
        wanted = ", ".join(map(_named, rule.languages))
        reasons.append(f"it is in {_named(article.language)}; the rule wants {wanted}")
    names = [source.casefold() for source in rule.sources]
    if names and source.name.casefold() not in names:
        wanted = ", ".join(rule.sources)
        reasons.append(f"it is from {quoted(source.name)}; the rule wants {wanted}")
    return reasons


def _not_asked(case: Case) -> list[str]:
    """Return why nobody asked the rule about this article, though it may match."""
    if case.tx is None or case.is_trial:
        return []
    rule, article, reasons = case.rule, case.article, []
    # A paused rule goes on finding; what it finds is held.
    if rule.state is RuleState.REMOVED:
        reasons.append(f"the rule is {rule.state.value}")
    if rule.expires_at is not None and rule.expires_at <= case.now:
        reasons.append(f"the rule expired at {case.shown(rule.expires_at)}")
    if case.alert is not None and case.alert.article_id == article.id:
        return reasons  # it was asked, if only when the article was edited
    if article.baseline:
        reasons.append("it came with its source's first poll, about which rules say nothing")
    if rule.created_at > article.first_seen_at and not _is_searched_for(case):
        reasons.append(
            f"the rule was added later, at {case.shown(rule.created_at)}, "
            f"and not to search what was stored{case.how_to_search}"
        )
    return reasons


def _is_searched_for(case: Case) -> bool:
    """Whether the archive is searched for this article when the rule is newer."""
    since = case.rule.backfill_since
    if spec_of(case.source.kind).is_always_news:
        return True
    return since is not None and case.article.first_seen_at >= since


def query(clause: Clause | None, match: Match | None, broken: str | None) -> Stage:
    """Say whether the query holds; its clauses say why."""
    if clause is None:
        return Stage(name="query", outcome="no", text=f"cannot be read: {broken}")
    score = match.score if match else clause.score
    text = f"holds, score {score:.2f}" if clause.holds else "does not hold"
    outcome = "yes" if clause.holds else "no"
    return Stage(name="query", outcome=outcome, text=text, facts={"score": score})


# --- what it is part of -------------------------------------------------------------------------


def dedupe(case: Case) -> Stage:
    """Say by which fingerprints it is recognised when it is listed again."""
    if case.tx is None:
        return absent("dedupe", case)
    article = case.article
    entry = Entry(
        url=article.url,
        title=article.title,
        text=article.text,
        published_at=article.published_at,
        language=article.language,
    )
    sighting = sighting_of(entry, case.source, seen_at=article.first_seen_at)
    prints = [print_ for print_ in (sighting.url, sighting.number, sighting.title) if print_]
    known = case.tx.articles.known([print_.key for print_ in prints])
    its_own = Known(article.id, "")
    kinds = [print_.kind for print_ in prints if known.get(print_.key) == its_own]
    if not kinds:
        kinds = ["id"]
    by = " and ".join(_PRINTS[kind] for kind in dict.fromkeys(kinds))
    text = f"stored once; recognised by {by}"
    return Stage(name="dedupe", outcome="yes", text=text, facts={"prints": kinds})


_PRINTS = {
    "url": "its address",
    "id": "the id that its source gives",
    "number": "the number in its address",
    "title": "title and day",
}


def story(case: Case) -> Stage:
    """Say which story it tells."""
    article = case.article
    if case.tx is None:
        return absent("story", case)
    facts = {"story_id": article.story_id, "is_first": article.story_id == article.id}
    if case.tx.stories.get(article.story_id) is None:
        text = "none yet: after a silent first poll the daemon looks for it within a minute or so"
        return Stage(name="story", outcome="none", text=text, facts=facts)
    if article.story_id == article.id:
        return Stage(
            name="story", outcome="yes", text="the first article of its story", facts=facts
        )
    first = case.tx.articles.get(article.story_id)
    called = f': "{first.title}"' if first else ""
    text = f"tells the story that another article began{called}"
    return Stage(name="story", outcome="yes", text=text, facts=facts)


def absent(name: str, case: Case) -> Stage:
    """Return the stage of what is not stored, about which nothing can be said."""
    text = "the rule is only tried" if case.is_trial and case.tx else "the article is not stored"
    return Stage(name=name, outcome=NOT_STORED, text=text)
