"""Reading and writing dictzip files."""

import gzip
import random
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from monitor.lexicons.dictzip import DictionaryError, DictText, whole_text, write_packed

TEXT = bytes(random.Random(7).choices(b"abcdefgh \n", k=200_000))


@pytest.mark.parametrize(
    ("start", "size"), [(0, 10), (58_310, 12), (58_315, 1), (100_000, 90_000), (199_990, 10)]
)
def test_any_part_is_read_back_from_the_pieces_that_hold_it(
    tmp_path: Path, start: int, size: int
) -> None:
    path = tmp_path / "a.dict.dz"
    write_packed(path, [TEXT[:70_000], TEXT[70_000:]])
    text = DictText(path)
    assert text.read(start, size) == TEXT[start : start + size]
    text.close()


def test_what_is_written_is_gzip_that_other_programs_read(tmp_path: Path) -> None:
    path = tmp_path / "a.dict.dz"
    write_packed(path, [TEXT])
    assert gzip.decompress(path.read_bytes()) == TEXT
    assert whole_text(path) == TEXT
    if program := shutil.which("gzip"):
        subprocess.run([program, "--test", str(path)], check=True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.dict.dz"]


def test_a_header_with_a_name_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "a.dict.dz"
    write_packed(path, [TEXT])
    packed = path.read_bytes()
    length = int.from_bytes(packed[10:12], "little")
    end = 12 + length
    named = packed[:3] + bytes([packed[3] | 8]) + packed[4:end] + b"a.dict\0" + packed[end:]
    path.write_bytes(named)
    text = DictText(path)
    assert text.read(60_000, 5) == TEXT[60_000:60_005]
    text.close()


def test_a_plain_file_is_read_where_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "a.dict"
    path.write_bytes(TEXT)
    text = DictText(path)
    assert text.read(1_000, 20) == TEXT[1_000:1_020]
    text.close()


@pytest.mark.parametrize(
    "broken",
    [gzip.compress(b"text", mtime=0), b"\x1f\x8b\x08\x04", b"\x1f\x8b\x08\x04" + b"\xff" * 40],
    ids=["plain gzip", "cut short", "nonsense"],
)
def test_a_file_that_is_not_dictzip_is_refused_in_a_sentence(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "a.dict.dz"
    path.write_bytes(broken)
    with pytest.raises(DictionaryError, match=r"a\.dict\.dz: the dictionary cannot be read"):
        DictText(path)


def test_damage_inside_is_told_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.dict.dz"
    write_packed(path, [TEXT])
    packed = bytearray(path.read_bytes())
    packed[40:400] = b"\xff" * 360
    path.write_bytes(packed)
    with closing(DictText(path)) as text, pytest.raises(DictionaryError):
        text.read(0, 100)
