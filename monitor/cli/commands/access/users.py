"""Commands about users: people who log in with a name and a password."""

import sys
from pathlib import Path

import click

from monitor.access.view import user_shape
from monitor.base.errors import Refusal
from monitor.base.files import read_secret
from monitor.base.times import show_age
from monitor.cli import output
from monitor.cli.params import PATH, TEXT
from monitor.cli.session import Command, Session, pass_session
from monitor.cli.states import change_state, show_list
from storage.access import Role, User
from storage.api.storage import Transaction

ROLES = click.Choice([role.value for role in Role])


@click.command("add-user", cls=Command)
@click.argument("name", type=TEXT)
@click.option(
    "--role",
    type=ROLES,
    default=Role.READER.value,
    show_default=True,
    help="A reader reads; an editor changes rules, sources and silences; an admin all.",
)
@click.option("--password-file", type=PATH, help="Holds the password; else it is asked for.")
@pass_session
def add_user(session: Session, /, name: str, role: str, password_file: Path | None) -> None:
    """Let a person log in to the page with a name and a password.

    Of the password nothing is kept from which it could be made again.

    \b
    Example:
        monitor add-user anna --role editor
    """
    from monitor.access.users import add_user as add
    from monitor.access.users import new_user

    user = new_user(name, Role(role), _password(password_file), now=session.now())
    with session.storage() as storage, storage.changing() as tx:
        add(tx, user)
    sentence = f"{output.quoted(user.name)} can log in as {user.role.value}."
    session.show(user_shape(user), sentence)


@click.command("list-users", cls=Command)
@pass_session
def list_users(session: Session) -> None:
    """List who logs in to the page.

    \b
    Example:
        monitor list-users
    """
    with session.storage() as storage, storage.reading() as tx:
        users = tx.users.all()
    now, command = session.now(), session.config.command_name
    show_list(
        session,
        users,
        shape=user_shape,
        columns={
            "ID": lambda user: output.short_id(user.id),
            "NAME": lambda user: user.name,
            "ROLE": lambda user: user.role.value,
            "ADDED": lambda user: show_age(user.created_at, now=now),
        },
        nothing=f"There is no user. Add one: {command} add-user NAME --role admin",
    )


@click.command("edit-user", cls=Command)
@click.argument("user", type=TEXT)
@click.option("--role", type=ROLES, help="What this user may do from now on.")
@click.option("--password", is_flag=True, help="Ask for a new password.")
@click.option("--password-file", type=PATH, help="Holds a new password.")
@pass_session
def edit_user(
    session: Session,
    /,
    user: str,
    role: str | None,
    password: bool,
    password_file: Path | None,
) -> None:
    """Change what a user may do, or the password, which ends all sessions of that user.

    \b
    Example:
        monitor edit-user anna --role admin
        monitor edit-user anna --password
    """
    from monitor.access.passwords import checked_password, kept_of
    from monitor.access.users import change_user, user_named

    is_new = password or password_file is not None
    if role is None and not is_new:
        raise Refusal("nothing to change was given: --role, --password or --password-file")
    with session.storage() as storage:
        with storage.reading() as tx:
            name = user_named(tx, user).name
        kept = kept_of(checked_password(_password(password_file), name=name)) if is_new else None
        with storage.changing() as tx:
            changed = change_user(
                tx, user_named(tx, name), role=Role(role) if role else None, password=kept
            )
    ended = "; whoever was logged in so logs in anew" if is_new else ""
    sentence = f"{output.quoted(changed.name)} is {changed.role.value}{ended}."
    session.show(user_shape(changed), sentence)


@click.command("remove-user", cls=Command)
@click.argument("user", type=TEXT)
@click.option("--yes", is_flag=True, help="Do not ask; needed without a terminal.")
@pass_session
def remove_user(session: Session, /, user: str, yes: bool) -> None:
    """Let a person log in no more, and end all sessions of theirs.

    \b
    Example:
        monitor remove-user anna --yes
    """
    from monitor.access.users import user_named

    def change(tx: Transaction, removed: User) -> output.Object:
        tx.users.remove(removed.id)
        return user_shape(removed)

    change_state(
        session,
        user,
        named=user_named,
        change=change,
        sentence="User {} is removed.",
        question="Remove user {}?",
        yes=yes,
    )


def _password(file: Path | None) -> str:
    """Return the password: a file's, or what is typed twice.

    Raises:
        Refusal: There is nobody to ask.
    """
    if file is not None:
        return read_secret(file)
    if sys.stdin is None or not sys.stdin.isatty():
        raise Refusal("nobody can type a password here; write it into a file: --password-file FILE")
    typed = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return str(typed)
