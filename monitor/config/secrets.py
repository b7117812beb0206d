"""What a channel needs and the database must not hold: one file a channel, for this user alone.

`HOME/secrets/<channel id>-<settings id>.json`, mode 0600, holds the settings of a channel's kind:
its full URL, its signing secret. The database knows the masked target only.

Settings that change are another file: written before the commit that names it, and the old one
removed after it. So a channel never sends to what nobody has committed, and another host that has
the old file only leaves the channel alone.
"""

import json
import os
import stat
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from monitor.base.errors import Refusal, quoted
from monitor.base.files import read_text
from notifiers.api import Settings
from storage.model import Channel, ChannelState

_LIMIT_BYTES = 64 * 1024


class MissingTarget(Exception):
    """A channel's settings are not on this machine, or cannot be used; the text says why."""


def read(home: Path, channel: Channel) -> Settings:
    """Return the channel's settings with its secrets.

    Raises:
        MissingTarget: They are not there, damaged, or everybody on this machine can read them.
    """
    path = _path(home, channel)
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        content = json.loads(read_text(path, limit_bytes=_LIMIT_BYTES))
    except FileNotFoundError:
        if _needs_nothing(channel):
            return {}
        raise MissingTarget(
            f"the settings of channel {quoted(channel.name)} are not on this machine: {path}; "
            "copy the file here, or say again where it sends to"
        ) from None
    except (Refusal, OSError, ValueError) as error:
        # A JSON error may quote the file, so only its class is told.
        reason = str(error) if isinstance(error, Refusal) else type(error).__name__
        raise MissingTarget(f"channel {quoted(channel.name)}: {path}: {reason}") from None
    if mode & stat.S_IROTH:
        raise MissingTarget(f"{path}: everybody can read it (mode {mode:04o}); chmod 600 it")
    if not isinstance(content, dict):
        raise MissingTarget(
            f"channel {quoted(channel.name)}: {path}: is damaged; say again where it sends to"
        )
    return {str(key): str(value) for key, value in content.items()}


def write(home: Path, channel: Channel, settings: Mapping[str, str]) -> None:
    """Write a channel's settings, whole or not at all, readable by this user alone."""
    path = _path(home, channel)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(dict(settings), file, indent=1)
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)


def forget(home: Path, channel: Channel) -> None:
    """Remove these settings of a channel; nothing happens when there are none."""
    _path(home, channel).unlink(missing_ok=True)


def collect(home: Path, known: Callable[[str], Channel | None], *, before: datetime) -> int:
    """Remove the files that no channel needs any more; return how many.

    They are there when somebody was killed between a commit and the removal. A file stays whose
    channel is not known, as in another database, and one that is younger than `before`, whose
    commit may be on its way.

    Args:
        known: Returns the channel with an id, removed ones too.
    """
    count = 0
    for path in sorted((home / "secrets").glob("*.json")):
        channel = known(path.stem.partition("-")[0])
        if channel is None or path.stat().st_mtime > before.timestamp():
            continue
        if channel.state is ChannelState.REMOVED or path != _path(home, channel):
            path.unlink(missing_ok=True)
            count += 1
    return count


def _needs_nothing(channel: Channel) -> bool:
    from notifiers.channels.kinds import KINDS

    return channel.kind in KINDS and not KINDS[channel.kind].needs_settings


def _path(home: Path, channel: Channel) -> Path:
    name = f"{channel.id}-{channel.settings_id}" if channel.settings_id else channel.id
    return home / "secrets" / f"{name}.json"
