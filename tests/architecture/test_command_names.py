"""How sentences say what to type: the same everywhere, by `monitor.base.checkout`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
TYPED = re.compile(
    r"(?<!\./run )\bmonitor (?:[a-z]+-[a-z]+\b|(?:run|init|search|migrate|copy|apply)\b)"
)
READ_ELSEWHERE = {
    "monitor/cli/commands/docs.py",
    "monitor/cli/commands/rules_file.py",
    "monitor/quiet/policy.py",
    "notifiers/content/wording.py",
}
"""What these write is read on other machines: files, and messages to whoever a channel has."""


def _said(path: Path) -> Iterator[str]:
    """Yield the texts of a file that are no docstrings, which help shows as README does."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def test_no_sentence_says_by_itself_what_starts_the_program() -> None:
    wrong = [
        (str(path.relative_to(ROOT)), text)
        for folder in ("monitor", "storage", "ingester", "rules", "notifiers", "common")
        for path in (ROOT / folder).rglob("*.py")
        if str(path.relative_to(ROOT)) not in READ_ELSEWHERE
        for text in _said(path)
        if TYPED.search(text)
    ]
    assert wrong == []
