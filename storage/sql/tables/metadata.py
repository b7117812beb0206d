"""What all tables belong to, and how what is theirs is called."""

from sqlalchemy import CheckConstraint, MetaData

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_name)s_fk",
        "ck": "%(table_name)s_%(constraint_name)s_ck",
        "uq": "%(table_name)s_%(column_0_name)s_uq",
    }
)


def one_of(column: str, values: type) -> CheckConstraint:
    """Return the constraint that a column holds one of an enum's values."""
    names = ", ".join(f"'{value.value}'" for value in values)  # type: ignore[attr-defined]  # an enum
    return CheckConstraint(f"{column} IN ({names})", name=column)
