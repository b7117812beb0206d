"""What a message is about, for every kind alike: an alert, more of it, a digest, a note."""

from datetime import UTC, datetime, tzinfo

from common.records import dataclass
from storage.model import Alert, Article, DeliveryKind, Rule, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertContent:
    """Everything that an alert's message may say.

    Attributes:
        articles: How many articles tell the story by now, this one included.
        outlets: Of how many outlets these are.
        languages: In which languages, as BCP 47 primary subtags.
        first: Who told it first, where that is somebody else.
        priority: "low", "normal", "high" or "critical".
        note: What else is to be said, one sentence in the reader's words; "" for nothing.
        mute: A signed token with which its reader may silence the story; "" for none.
        reasons: Why it counts, one sentence each, in the reader's words; when empty they are
            made from the evidence.
        publisher: The host that published the article, where its source only lists it.
        beside: Alerts of other rules about the same story that the message tells of as well.
    """

    alert: Alert
    rule: Rule
    article: Article
    source: Source
    articles: int = 1
    outlets: int = 1
    languages: tuple[str, ...] = ()
    first: str = ""
    priority: str = "normal"
    note: str = ""
    mute: str = ""
    reasons: tuple[str, ...] = ()
    publisher: str = ""
    beside: tuple["AlertContent", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """An article that joined a story after its reader was told of it; fields as of an alert."""

    article: Article
    source: Source
    publisher: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateContent:
    """More of a story that its reader was told of.

    Attributes:
        alert: As it was raised, with the counts of now.
        new: What joined since the last message, oldest first.
    """

    alert: AlertContent
    new: tuple[Newcomer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestContent:
    """Several alerts in one message.

    Attributes:
        alerts: Best first.
        name: Of what: a rule or a channel; "" for no name.
        lines: What else is to be said, in the reader's words, a sentence each.
        left_out: How many alerts it is about beside those.
        more_stories: How many stories these are that none of those is about; None for one each.
        since: From when on they were raised; None when that is not known.
    """

    alerts: tuple[AlertContent, ...]
    name: str = ""
    lines: tuple[str, ...] = ()
    left_out: int = 0
    more_stories: int | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A message that is not about news: a notice, or a test of a channel.

    Attributes:
        kind: NOTICE or TEST.
        title: One line.
        text: Sentences, a line each.
    """

    kind: DeliveryKind
    title: str
    text: str


Content = AlertContent | UpdateContent | DigestContent | Note


def kind_of(content: Content) -> DeliveryKind:
    """Return what a delivery of this is."""
    match content:
        case AlertContent():
            return DeliveryKind.ALERT
        case UpdateContent():
            return DeliveryKind.UPDATE
        case DigestContent():
            return DeliveryKind.DIGEST
        case Note():
            return content.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a message carries beside what it says; fixed when the delivery is made.

    Attributes:
        id: The delivery's id.
        at: When the delivery was made.
        recipient: Whom it is for, or "" for kinds without recipients.
        sender: Whom e-mail is from, or "".
        zone: In which people read times; None for this machine's own.
        language: In which they read, BCP 47; English where we have no words of it.
        thread: The id of the delivery that told of the story first; "" for none.
        template: As its reader wants alerts worded (`notifiers.content.template`); "" for as usual.
        leave: Where its recipient leaves the list; "" where there is no such page.
        command: What is typed, where it was sent from, to reach the program.
        pages: Where readers reach the page of this program; "" where they do not.
    """

    id: str
    at: datetime
    recipient: str = ""
    sender: str = ""
    zone: tzinfo | None = UTC
    language: str = "en"
    thread: str = ""
    template: str = ""
    leave: str = ""
    command: str = "monitor"
    pages: str = ""
