"""What the variants of a rule say stands in one row, too, for who reads those of all rules."""

import sqlalchemy as sa
from alembic import op

from storage.sql.tables.columns import Packed, Words

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_FIELDS = ("language", "text", "of", "kind", "state")


def upgrade() -> None:
    op.create_table(
        "rule_wording",
        sa.Column("rule_id", Words(), sa.ForeignKey("rule.id"), primary_key=True),
        sa.Column("said", Packed(), nullable=False),
    )
    connection = op.get_bind()
    wording = sa.table("rule_wording", sa.column("rule_id", Words()), sa.column("said", Packed()))
    rule = sa.table("rule", sa.column("id"))
    every = list(connection.execute(sa.select(rule.c.id)).scalars())
    for start in range(0, len(every), _AT_ONCE):
        ids = every[start : start + _AT_ONCE]
        said = _said(connection, ids)
        rows = [{"rule_id": id_, "said": said.get(id_, "")} for id_ in ids]
        connection.execute(sa.insert(wording), rows)


def _said(connection: sa.Connection, ids: list[str]) -> dict[str, str]:
    """Return the variants of some rules as one text each."""
    variant = sa.table("variant", *map(sa.column, ("rule_id", "place", "key", *_FIELDS)))
    named = [variant.c[name] for name in _FIELDS]
    some = sa.select(variant.c.rule_id, *named).where(variant.c.rule_id.in_(ids))
    in_order = some.order_by(variant.c.rule_id, variant.c.place, variant.c.key)
    rules: dict[str, dict[tuple[str, str, str, bool], list[str]]] = {}
    for id_, language, text, of, kind, state in connection.execute(in_order):
        key = (_plain(of), kind, state, not language)
        groups = rules.setdefault(id_, {})
        groups.setdefault(key, ["\x1e"]).append(f"{language}\t{_plain(text)}\x1e")
    return {
        id_: "\x1d".join("\x1f".join((*key[:3], "".join(said))) for key, said in groups.items())
        for id_, groups in rules.items()
    }


def _plain(text: str) -> str:
    return text.translate({29: " ", 30: " ", 31: " "})
