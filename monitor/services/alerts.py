"""Alerts as people look at them: with their rule, their article and where that is from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from common.records import dataclass
from monitor.base.errors import Refusal
from monitor.base.evidence import as_it_stands
from monitor.base.names import one_named
from monitor.quiet.held import held_by_alert
from monitor.services.deliveries import Owed, with_channels
from monitor.stories.carried import publisher_of
from storage.api.storage import Transaction
from storage.model import Alert, Article, DeliveryKind, Rule, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An alert with what it is about.

    Attributes:
        alert: Its evidence stands where it stands in the article as it is now.
        rule: None when nothing is known of it any more.
        articles: How many articles tell the story by now.
        source_name: Its source's id when nothing is known of the source; "" without an article.
        held: Its deliveries that are held back for a digest.
        source: None when nothing is known of it, or there is no article.
    """

    alert: Alert
    rule: Rule | None
    article: Article | None
    source_name: str
    held: tuple[Owed, ...] = ()
    articles: int = 1
    source: Source | None = None

    @property
    def publisher(self) -> str:
        """The host that published the article, where its source only lists it; else ""."""
        return publisher_of(self.article, self.source) if self.article and self.source else ""

    @property
    def rule_name(self) -> str:
        """What its rule is called, or the rule's id."""
        return self.rule.name if self.rule else self.alert.rule_id

    @property
    def written_in(self) -> tuple[str, ...]:
        """The language of its rule, or the few that it may be of; none where it is gone."""
        return self.rule.written_in if self.rule else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """How the article of an alert differs from what it said at another time.

    Attributes:
        title: What it was called before, or when the alert was raised; "" where only its text
            was another.
        at: When it was seen to be edited.
        is_why: Whether the edit raised the alert; else it came after.
    """

    title: str
    at: datetime
    is_why: bool


_AT_ONCE = timedelta(minutes=1)
"""What was edited so shortly before an alert raised it: both are stored in one transaction."""


def edits_of(tx: Transaction, alert: Alert) -> list[Edited]:
    """Return the edit that raised an alert, and what was edited since; mostly there is neither."""
    article = tx.articles.get(alert.article_id)
    versions = tx.articles.versions(alert.article_id) if article else []
    if article is None or not versions:
        return []
    later = [version for version in versions if version.until > alert.raised_at]
    then = later[-1].title if later else article.title
    edits = []
    before = versions[len(later)] if len(later) < len(versions) else None
    if before is not None and alert.raised_at - before.until <= _AT_ONCE:
        title = before.title if before.title != then else ""
        edits.append(Edited(title=title, at=before.until, is_why=True))
    if later:
        title = then if then != article.title else ""
        edits.append(Edited(title=title, at=later[0].until, is_why=False))
    return edits


def alert_named(tx: Transaction, word: str) -> Alert:
    """Return the alert with this id, beginning of an id or code; raises as `names.one_named`."""
    return one_named("alert", word.removeprefix("#"), tx.alerts.find, lambda: ())


def article_found(tx: Transaction, word: str) -> Article | None:
    """Return the article with this id, beginning of an id or URL, or that an alert is about.

    An alert is named as in messages, by its code, with or without its sign.

    Raises:
        storage.api.errors.Ambiguous: The word begins several ids.
    """
    code = word.removeprefix("#")
    article = tx.articles.find(word) if code == word else None
    if article is not None or not code:
        return article
    alert = tx.alerts.find(code)
    return tx.articles.get(alert.article_id) if alert else tx.articles.find(code)


def article_named(tx: Transaction, word: str) -> Article:
    """Return the article as `article_found` finds it; raises as `names.one_named`."""
    return one_named("article", word, lambda text: article_found(tx, text), lambda: ())


def raised(tx: Transaction, alerts: Iterable[Alert]) -> list[Raised]:
    """Return alerts with what they are about; their rules are without their variants."""
    alerts = list(alerts)
    rules = {rule.id: rule for rule in tx.rules.outlines(alert.rule_id for alert in alerts)}
    return _raised(tx, alerts, rules)


def raised_one(tx: Transaction, alert: Alert) -> Raised:
    """Return an alert with what it is about, its rule as a whole."""
    rule = tx.rules.get(alert.rule_id)
    [shown] = _raised(tx, [alert], {rule.id: rule} if rule else {})
    return shown


def _raised(tx: Transaction, alerts: Sequence[Alert], rules: Mapping[str, Rule]) -> list[Raised]:
    held = held_by_alert(tx, [alert.id for alert in alerts])
    stories = tx.stories.some(alert.story_id for alert in alerts)
    articles = tx.articles.some(alert.article_id for alert in alerts)
    sources = tx.sources.some(article.source_id for article in articles.values())
    complete = []
    for alert in alerts:
        story, article = stories.get(alert.story_id), articles.get(alert.article_id)
        source = sources.get(article.source_id) if article else None
        name = source.name if source else article.source_id if article else ""
        complete.append(
            Raised(
                alert=as_it_stands(alert, article) if article else alert,
                rule=rules.get(alert.rule_id),
                article=article,
                source_name=name,
                held=tuple(with_channels(tx, held.get(alert.id, ()))),
                articles=story.articles if story else 1,
                source=source,
            )
        )
    return complete


def held_alerts(tx: Transaction, *, rule_id: str | None, limit: int | None) -> list[Alert]:
    """Return the alerts of which something is held back for a digest, newest first."""
    held = tx.held.waiting()
    alerts = tx.alerts.some({each.alert_id for each in held if each.alert_id is not None})
    wanted = [alert for alert in alerts if rule_id in (None, alert.rule_id)]
    return wanted[::-1][:limit]


def told_by(tx: Transaction, word: str) -> list[Alert]:
    """Return the alerts that a digest tells, or a message of several, newest first.

    Raises as `names.one_named`.
    """
    digest = one_named("delivery", word.removeprefix("#"), tx.outbox.find, lambda: ())
    members = tx.held.members(digest.id)
    if not members and digest.kind is not DeliveryKind.DIGEST:
        raise Refusal(f"{digest.id} is no digest", misuse=False)
    ids = {each.alert_id for each in (digest, *members) if each.alert_id is not None}
    return tx.alerts.some(ids)[::-1]
