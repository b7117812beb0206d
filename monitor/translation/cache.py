"""Answers of translators, kept in the data folder so that nothing is asked twice."""

import contextlib
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from common.own_files import replacing
from monitor.translation.api import Answer, Question
from rules.expand.translations import Proposal
from storage.model import stable_id

KEPT_FOR = timedelta(days=90)
MOST_ANSWERS = 2_000
_LARGEST_BYTES = 256 << 10
_FORM = "1"
"""Grows when answers are read or asked for in another way, so that old ones are not used."""


class AnswerCache:
    """One small file an answer; what is broken, old or unreadable counts as not there.

    Never an error: a cache that cannot be written only makes things slower. Safe to use from
    many threads and processes.
    """

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made when there is something to keep."""
        self._folder = folder

    def get(self, identity: tuple[str, ...], question: Question, *, now: datetime) -> Answer | None:
        """Return what this translator answered to this question, if that is not long ago."""
        try:
            with self._path(identity, question).open("rb") as file:
                kept = json.loads(file.read(_LARGEST_BYTES))
            at = datetime.fromtimestamp(kept["at"], UTC)
            answer = _read(kept)
        except (OSError, ValueError, LookupError, TypeError, RecursionError, OverflowError):
            return None
        fresh = timedelta(0) <= now - at < KEPT_FOR
        return answer if fresh and len(answer.proposals) == len(question.texts) else None

    def put(
        self, identity: tuple[str, ...], question: Question, answer: Answer, *, now: datetime
    ) -> None:
        """Keep an answer; one that says nothing is not worth it, and may be better next time."""
        if not answer.says_something:
            return
        content = json.dumps(_written(answer, now), ensure_ascii=False).encode()
        if len(content) > _LARGEST_BYTES:
            return
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._make_room()
            with replacing(self._path(identity, question), mode=0o600) as file:
                file.write(content)

    def _path(self, identity: tuple[str, ...], question: Question) -> Path:
        texts, languages, context, source = question
        name = stable_id(_FORM, *identity, context, source, str(len(texts)), *texts, *languages)
        return self._folder / f"{name}.json"

    def _make_room(self) -> None:
        """Remove the oldest answers, a tenth at a time, when there are too many."""
        files = []
        with os.scandir(self._folder) as listed:
            for entry in listed:
                # Others write and remove answers at the same time.
                with contextlib.suppress(OSError):
                    files.append((entry.stat().st_mtime, entry.path))
        if len(files) < MOST_ANSWERS:
            return
        for _, path in sorted(files)[: MOST_ANSWERS // 10]:
            with contextlib.suppress(OSError):
                os.unlink(path)


def _written(answer: Answer, now: datetime) -> dict[str, Any]:
    return {
        "at": now.timestamp(),
        "proposals": [[list(proposal) for proposal in one] for one in answer.proposals],
        "confusable": list(answer.confusable),
    }


def _read(kept: dict[str, Any]) -> Answer:
    proposals = tuple(
        tuple(
            Proposal(str(language), str(text), float(confidence), bool(doubted))
            for language, text, confidence, doubted in one
        )
        for one in kept["proposals"]
    )
    return Answer(proposals=proposals, confusable=tuple(map(str, kept["confusable"])))
