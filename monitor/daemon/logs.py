"""Log lines: one a line, for people or as JSON, safe for terminals and for log readers."""

import json
import logging
import sys
from datetime import UTC, datetime

from monitor.base.errors import escaped

_OURS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class _Lines(logging.Formatter):
    """`12:00:01 warning a poll failed source=BBC why="HTTP 503"`; text from outside is escaped."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%d %H:%M:%S")
        words = [at, record.levelname.lower(), escaped(record.getMessage())]
        words += [f"{key}={_value(value)}" for key, value in _extra(record).items()]
        line = " ".join(words)
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


class _Json(logging.Formatter):
    """One JSON object a line: `at`, `level`, `message`, `logger`, then what the line is about."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        entry |= {
            key: value if isinstance(value, int | float | bool | None) else str(value)
            for key, value in _extra(record).items()
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry)


def _extra(record: logging.LogRecord) -> dict[str, object]:
    """Return what the caller said in `extra`, without what is None."""
    return {
        key: value for key, value in vars(record).items() if key not in _OURS and value is not None
    }


def _value(value: object) -> str:
    if isinstance(value, datetime):
        value = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = escaped(str(value))
    return json.dumps(text, ensure_ascii=False) if " " in text or '"' in text else text


def start_logging(*, level: str, form: str) -> None:
    """Send log lines of this level and above to standard error, as `text` or `json`.

    Libraries speak only when something is wrong: httpx, for one, would print whole URLs,
    and URLs carry tokens.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for loud in (
        "httpx",
        "httpcore",
        "apscheduler",
        "trafilatura",
        "htmldate",
        "alembic",
    ):
        logging.getLogger(loud).setLevel(logging.ERROR)
    logging.raiseExceptions = False  # a full or closed log must not stop the daemon
