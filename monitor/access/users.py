"""People who log in: added, found by name and password, changed, removed."""

from dataclasses import replace
from datetime import datetime

from monitor.access.passwords import checked_password, is_right, kept_of
from monitor.base.errors import Refusal, clipped, quoted
from monitor.base.names import checked_name, one_named
from storage.access import Role, User
from storage.api.storage import Transaction
from storage.model import stable_id


def new_user(name: str, role: Role, password: str, *, now: datetime) -> User:
    """Return a user who is not stored yet; slow, so outside of any transaction.

    Raises:
        Refusal: The name or the password cannot be used.
    """
    name = checked_name(name)
    kept = kept_of(checked_password(password, name=name))
    return User(id=stable_id("user", name), name=name, role=role, password=kept, created_at=now)


def add_user(tx: Transaction, user: User) -> None:
    """Store a new user.

    Raises:
        Refusal: The name is taken.
    """
    if not tx.users.add(user):
        name = clipped(user.name)
        raise Refusal(f"user {quoted(name)} is there already; choose another name", misuse=False)


def user_named(tx: Transaction, word: str) -> User:
    """Return the user with this name or beginning of an id; raises as `names.one_named`."""
    return one_named("user", word, lambda text: _found(tx, text), tx.users.all)


def _found(tx: Transaction, word: str) -> User | None:
    users = tx.users.all()
    exact = [user for user in users if user.name == word]
    begun = [user for user in users if word and user.id.startswith(word)]
    found = exact or begun
    return found[0] if len(found) == 1 else None


def user_shown(users: list[User], name: str, password: str) -> User | None:
    """Return the user with this name and this password; slow, so outside of any transaction.

    How long it takes does not tell whether there is such a name.

    Raises:
        monitor.access.passwords.Crowded: Too many are being checked.
    """
    user = next((each for each in users if each.name == name.strip()), None)
    right = is_right(password, user.password if user else None)
    return user if right else None


def change_user(
    tx: Transaction, user: User, *, role: Role | None = None, password: str | None = None
) -> User:
    """Change what a user may do, at once, and the password, which ends all sessions.

    Args:
        password: What is kept of it (`passwords.kept_of`).
    """
    changed = replace(user, role=role or user.role, password=password or user.password)
    tx.users.update(changed)
    if password is not None:
        tx.sessions.end_all(user.id)
    return changed
