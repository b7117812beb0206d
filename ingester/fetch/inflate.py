"""Undoing a body's compression within bounds: a few bytes can ask for gigabytes."""

import zlib

_GZIP_MAGIC = b"\x1f\x8b\x08"
_STEP = 64 * 1024
_UNDONE = ("gzip", "x-gzip", "deflate")
_OTHERS = ("br", "zstd", "compress", "x-compress", "bzip2", "dcb", "dcz", "exi", "pack200-gzip")
"""What else packs a body. What a header names besides is no packing ("utf-8", "none")."""
_MOST_MEMBERS = 10_000
_SNIFFED = 512
"""Bytes to look at before deciding whether a body is compressed."""
_RATIO_FROM = 1024 * 1024
"""Bytes of output from which on the ratio counts: short texts compress strangely well."""


class CannotDecode(Exception):
    """The body is not what its header says; the text is one sentence."""


class TooLarge(Exception):
    """The body is larger than allowed; the text names the bound."""


class Inflater:
    """Takes a body in pieces and gives its bytes, at most `limit` of them.

    `encoding` is the Content-Encoding header, "" when there is none. A body that begins as gzip
    does is unpacked whatever the header says; one that the header calls packed but that is not,
    or packed in a way that nobody knows, is taken as it is, as browsers do. There is one layer,
    never two.

    Attributes:
        is_full: Whether there is more than `limit`, of which no more is taken.
    """

    def __init__(self, encoding: str, *, limit: int, ratio: int, keeps_start: bool = False) -> None:
        """Prepare for one body; one that is too large is refused, or with `keeps_start` cut.

        Raises:
            CannotDecode: We cannot undo this encoding.
        """
        named = [part.strip().lower() for part in encoding.split(",")]
        codings = [part for part in named if part in (*_UNDONE, *_OTHERS)]
        if len(codings) > 1 or any(coding in _OTHERS for coding in codings):
            raise CannotDecode(f"cannot decode {encoding[:40]!r}: only gzip or deflate, once")
        self._deflated = codings == ["deflate"]
        self._limit = limit
        self._ratio = ratio
        self._keeps_start = keeps_start
        self.is_full = False
        self._unpacker: zlib._Decompress | None = None
        self._start: bytes | None = b""
        self._between = b""
        self._members = 0
        self._is_over = False
        self._read = 0
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, data: bytes) -> None:
        """Take the next piece of the body.

        Raises:
            CannotDecode: The compressed data is damaged, or packed twice.
            TooLarge: There is more than allowed.
        """
        self._read += len(data)
        if self._start is not None:
            self._start += data
            if len(self._start) >= _SNIFFED:
                self._begin()
        else:
            self._unpack(data)

    def finish(self) -> tuple[bytes, bool]:
        """Return the body, and whether its compressed form ended too early.

        Raises:
            CannotDecode, TooLarge: As `add` does, or it is packed twice.
        """
        self._begin()
        body = b"".join(self._pieces)
        if self._unpacker is not None and body.startswith(_GZIP_MAGIC):
            raise CannotDecode("cannot decode: the body is compressed twice")
        return body, self._unpacker is not None and not self._unpacker.eof

    def _begin(self) -> None:
        if self._start is None:
            return
        start, self._start = self._start, None
        if start.startswith(_GZIP_MAGIC):
            self._unpacker = zlib.decompressobj(31)
        elif self._deflated:
            # RFC 9110 means zlib's wrapping; some servers send the bare stream.
            for window in (15, -15):
                if _reads(start, window):
                    self._unpacker = zlib.decompressobj(window)
                    break
        self._unpack(start)

    def _unpack(self, data: bytes) -> None:
        if self._unpacker is None:
            self._keep(data)
            return
        data, self._between = self._between + data, b""
        while data and not self._is_over and not self.is_full:
            if self._unpacker.eof and not self._next_member(data):
                return
            try:
                self._keep(self._unpacker.decompress(data, _STEP))
            except zlib.error:
                raise CannotDecode("cannot decode: the compressed body is damaged") from None
            ended = self._unpacker.eof
            data = self._unpacker.unused_data if ended else self._unpacker.unconsumed_tail

    def _next_member(self, data: bytes) -> bool:
        """Begin the next member: several after each other are one body (RFC 1952).

        Where a member ends, so may the piece, in the middle of the next one's beginning. What is
        no member is padding.
        """
        if len(data) < len(_GZIP_MAGIC) and _GZIP_MAGIC.startswith(data):
            self._between = data
            return False
        self._is_over = not data.startswith(_GZIP_MAGIC)
        if self._is_over:
            return False
        self._members += 1
        if self._members > _MOST_MEMBERS:
            raise CannotDecode(f"cannot decode: over {_MOST_MEMBERS:,} gzip members")
        self._unpacker = zlib.decompressobj(31)
        return True

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        packed = self._unpacker is not None
        if self._size > self._limit and self._keeps_start:
            self.is_full = True
            data = data[: max(self._limit - (self._size - len(data)), 0)]
        elif self._size > self._limit:
            allowed = f"{self._limit / (1 << 20):.3g} MiB"
            if packed:
                ratio = self._size // max(1, self._read)
                raise TooLarge(f"decompressed size over {allowed} (ratio {ratio})")
            raise TooLarge(f"size over {allowed}")
        if packed and self._size > max(_RATIO_FROM, self._ratio * self._read):
            raise TooLarge(f"decompressed size is over {self._ratio} times what was sent")
        self._pieces.append(data)


def _reads(start: bytes, window: int) -> bool:
    try:
        return bool(zlib.decompressobj(window).decompress(start, 1024))
    except zlib.error:
        return False
