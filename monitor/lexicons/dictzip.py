"""Random access to dictzip files: gzip whose header says where its pieces begin."""

import gzip
import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_PIECE = 58_315
"""So many bytes are compressed together, as the dictzip program does it."""

_EXTRA, _NAME, _COMMENT, _CHECK = 4, 8, 16, 2
_MOST_PIECES = 32_000


class DictionaryError(Exception):
    """A dictionary cannot be read; the text says which file and why."""


class DictText:
    """The text of a dictionary: a plain file, or one packed by dictzip. Close it after use.

    Raises:
        DictionaryError: The file is missing or damaged, now or at any later read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise _broken(path, error) from error
        try:
            self._length, self._places = _pieces(self._file.read(64 * 1024 + 4096))
        except (ValueError, struct.error, IndexError) as error:
            self.close()
            raise _broken(path, error) from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def read(self, start: int, size: int) -> bytes:
        """Return `size` bytes of the text from `start`; only the pieces that hold them are read."""
        try:
            if not self._places:
                self._file.seek(start)
                return self._file.read(size)
            end = start + size
            first, last = start // self._length, (end - 1) // self._length
            whole = b"".join(
                self._unpack(number, end - number * self._length)
                for number in range(first, last + 1)
            )
            at = start - first * self._length
            return whole[at : at + size]
        except (OSError, IndexError, zlib.error) as error:
            raise _broken(self._path, error) from error

    def _unpack(self, number: int, most: int) -> bytes:
        """Return the beginning of a piece, so far as it is needed: that takes most of the time."""
        start, size = self._places[number]
        self._file.seek(start)
        packed = self._file.read(size)
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, min(most, self._length))


def whole_text(path: Path) -> bytes:
    """Return the whole text of a dictionary, packed or not.

    Raises:
        DictionaryError: The file is missing or damaged.
    """
    try:
        if path.suffix != ".dz":
            return path.read_bytes()
        with gzip.open(path, "rb") as file:
            return file.read()
    except (OSError, EOFError, zlib.error) as error:
        raise _broken(path, error) from error


def write_packed(path: Path, parts: Iterable[bytes]) -> None:
    """Write a dictzip file of these parts, one behind the other; replaces the file at once."""
    body = path.with_name(f"{path.name}.{os.getpid()}.body")
    sizes: list[int] = []
    total = check = 0
    try:
        with body.open("wb") as packed:
            pack = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
            for piece in _regular(parts):
                total += len(piece)
                check = zlib.crc32(piece, check)
                data = pack.compress(piece) + pack.flush(zlib.Z_FULL_FLUSH)
                sizes.append(len(data))
                packed.write(data)
            packed.write(pack.flush(zlib.Z_FINISH))
            packed.write(struct.pack("<LL", check, total & 0xFFFFFFFF))
        if len(sizes) > _MOST_PIECES:
            raise DictionaryError(f"{path}: too large for a dictzip file; leave some out")
        field = struct.pack(f"<HHH{len(sizes)}H", 1, _PIECE, len(sizes), *sizes)
        extra = b"RA" + struct.pack("<H", len(field)) + field
        head = b"\x1f\x8b\x08\x04" + bytes(4) + b"\x02\x03" + struct.pack("<H", len(extra)) + extra
        whole = path.with_name(f"{path.name}.{os.getpid()}.part")
        with whole.open("wb") as file, body.open("rb") as packed:
            file.write(head)
            while data := packed.read(1 << 20):
                file.write(data)
        whole.replace(path)
    finally:
        body.unlink(missing_ok=True)


def _regular(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces of one length; the last may be shorter."""
    pending = bytearray()
    for part in parts:
        pending += part
        while len(pending) >= _PIECE:
            yield bytes(pending[:_PIECE])
            del pending[:_PIECE]
    if pending:
        yield bytes(pending)


def _pieces(head: bytes) -> tuple[int, list[tuple[int, int]]]:
    """Return the length of a piece unpacked, and where each lies; none for a plain file.

    Raises:
        ValueError, struct.error, IndexError: It is gzip without the table of its pieces.
    """
    if head[:2] != b"\x1f\x8b":
        return 0, []
    flags = head[3]
    if not flags & _EXTRA:
        raise ValueError("gzip, but not dictzip; unpack it with gunzip")
    (length,) = struct.unpack_from("<H", head, 10)
    at, end = 12, 12 + length
    sizes: tuple[int, list[int]] | None = None
    while at < end:
        kind, (size,) = head[at : at + 2], struct.unpack_from("<H", head, at + 2)
        if kind == b"RA":
            _, piece, count = struct.unpack_from("<HHH", head, at + 4)
            sizes = piece, list(struct.unpack_from(f"<{count}H", head, at + 10))
        at += 4 + size
    if sizes is None or not sizes[0]:
        raise ValueError("gzip, but not dictzip; unpack it with gunzip")
    for flag in (_NAME, _COMMENT):
        if flags & flag:
            end = head.index(b"\0", end) + 1
    start = end + (2 if flags & _CHECK else 0)
    places = []
    for size in sizes[1]:
        places.append((start, size))
        start += size
    return sizes[0], places


def _broken(path: Path, error: Exception) -> DictionaryError:
    reason = str(getattr(error, "strerror", None) or error) or type(error).__name__
    return DictionaryError(f"{path}: the dictionary cannot be read ({reason}); it is left out")
