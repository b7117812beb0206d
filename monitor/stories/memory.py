"""What is remembered of the stories that are told these days, between one turn and the next."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from common.records import dataclass
from ingester.stories.frequencies import Frequencies
from ingester.stories.nearby import MOST_STORIES, Nearby
from ingester.stories.prints import Print, days
from ingester.stories.sums import Traits, unpacked, unpacked_prints
from storage.api.storage import Transaction
from storage.story import Lesson, LiveStory, Story, Turn

MOST_KEPT = 2_048
"""What is compared of so many stories is kept in memory, those that were met last: 2 kB of each, as
it is stored.
"""


@dataclass(slots=True, kw_only=True)
class Live:
    """A story that is told these days, with what new articles are compared with.

    Attributes:
        story: None until it is asked for: most are compared only.
        keys: Under which it is found.
        packed: What it is compared with, as it is stored; nothing if this turn has changed it.
        prints: What it keeps of its articles, if that was asked for, or this turn has changed it.
        made: What it is compared with, if that was asked for in this turn.
    """

    story: Story | None
    keys: bytes
    packed: bytes = b""
    prints: tuple[Print, ...] = ()
    made: Traits | None = None


class Memory:
    """What was read of the stories that are told these days; the database has the truth.

    Attributes:
        turn, who: The last turn that it knows of, and who had it.
        learned: From how many articles, since all of it was last put together.
    """

    def __init__(self, tx: Transaction) -> None:
        self.stories: OrderedDict[str, Live] = OrderedDict()
        self._unpacked: list[Live] = []
        self.turn, self.who, self.learned = 0, "", 0
        self._file_all(tx)
        lessons = tx.placing.lessons(since=0)
        whole = max((n for n, lesson in enumerate(lessons) if lesson.is_whole), default=None)
        self.frequencies = Frequencies(b"" if whole is None else lessons[whole].data)
        self._learn(lessons if whole is None else lessons[whole + 1 :])

    def file_anew(self, tx: Transaction) -> None:
        """File the stories of these days in an index that has room for more; all else is known."""
        del self.nearby  # gone before the next one is filled: two of them are large
        self._file_all(tx)

    def _file_all(self, tx: Transaction) -> None:
        live = tx.placing.changed(after=0, limit=MOST_STORIES)
        self.nearby = Nearby(len(live))
        self._read_again(live)

    def follows(self, tx: Transaction, turn: Turn) -> bool:
        """Take in what others have done since; False if that cannot be told."""
        if (self.turn, self.who) == (turn.number - 1, turn.before):
            return True
        lessons = tx.placing.lessons(since=self.turn)
        if not lessons or (lessons[0].turn, lessons[0].who) != (self.turn, self.who):
            return False
        if any(lesson.is_whole for lesson in lessons[1:]):
            return False
        self._learn(lessons[1:])
        changed = tx.placing.changed(after=self.turn, limit=MOST_STORIES)
        for story in changed:
            self.stories.pop(story.story_id, None)
        self._read_again(changed)
        return True

    def _learn(self, lessons: Iterable[Lesson]) -> None:
        for lesson in lessons:
            before = self.frequencies.articles
            self.frequencies.learn(lesson.data)
            self.learned += max(0, self.frequencies.articles - before)

    def _read_again(self, stories: list[LiveStory]) -> None:
        """File what was changed in several turns, the last one first; what is filed is let go."""
        while stories:
            of_turn = [stories.pop()]
            while stories and stories[-1].turn == of_turn[0].turn:
                of_turn.append(stories.pop())
            self.file((story.story_id, story.keys, story.seen_at) for story in of_turn)

    def file(self, changed: Iterable[tuple[str, bytes, datetime]]) -> None:
        """File all that one turn has changed: each by its id, its keys and when it was told last.

        In the order of their ids, whether that turn is ending or was ended by others: so the same
        is found after a new start.
        """
        self.nearby.file_all([(id_, keys, days(at)) for id_, keys, at in sorted(changed)])

    def _read(self, tx: Transaction, ids: Iterable[str]) -> None:
        stories, missing = self.stories, list[str]()
        for id_ in ids:
            if id_ in stories:
                stories.move_to_end(id_)
            else:
                missing.append(id_)
        if not missing:
            return
        for id_, live in tx.placing.live(missing).items():
            stories[id_] = Live(story=None, keys=live.keys, packed=live.traits)

    def tell(self, tx: Transaction, ids: Sequence[str]) -> None:
        """Have these stories in memory, and tell what they are compared with."""
        self._read(tx, ids)
        some = ((id_, self.stories.get(id_)) for id_ in ids)
        self.nearby.tell({id_: live.packed if live else b"" for id_, live in some})

    def traits(self, id: str) -> Traits:
        """Return what new articles are compared with of a story that is in memory."""
        live = self.stories[id]
        if live.made is None:
            traits = unpacked(live.packed) if live.packed else self.nearby.traits(id)
            live.made = replace(traits, prints=live.prints) if live.prints else traits
            self._unpacked.append(live)
        return live.made

    def prints(self, id: str) -> tuple[Print, ...]:
        """Return what a story that is in memory keeps of its articles."""
        live = self.stories[id]
        if not live.prints and live.packed:
            live.prints = live.made.prints if live.made else unpacked_prints(live.packed)
        return live.prints

    def keep(self, id: str, live: Live) -> None:
        """Remember a story as it is now."""
        self.stories[id] = live
        self.stories.move_to_end(id)

    def forget_some(self) -> None:
        """Bound what is kept, those first that were not met for longest; of all as it is stored."""
        for live in self._unpacked:
            live.prints, live.made = (), None
        self._unpacked.clear()
        while len(self.stories) > MOST_KEPT:
            self.stories.popitem(last=False)
