"""Commands about tokens: what a program shows to be let in."""

import click

from monitor.access.view import token_shape
from monitor.base.times import show_age
from monitor.cli import output
from monitor.cli.params import TEXT
from monitor.cli.session import Command, Session, pass_session
from monitor.cli.states import change_state, show_list
from storage.access import Scope, Token
from storage.api.storage import Transaction


@click.command("add-token", cls=Command)
@click.argument("name", type=TEXT)
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    default=Scope.READ.value,
    show_default=True,
    help="What it is for; write changes rules, sources and silences, admin channels, too.",
)
@pass_session
def add_token(session: Session, /, name: str, scope: str) -> None:
    """Let somebody ask over HTTP who shows what this prints; it is printed this once.

    A program sends it as `Authorization: Bearer TOKEN`, a person types it into the page. It is
    asked for wherever the page can be reached from other machines.

    \b
    Example:
        monitor add-token dashboard --scope read
    """
    from monitor.access.tokens import add_token as add

    with session.storage() as storage, storage.changing() as tx:
        token, secret = add(tx, name, Scope(scope), now=session.now())
    session.show({**token_shape(token), "token": secret}, secret)
    if not session.json:
        output.warn(
            f"Token {output.quoted(token.name)} is for {token.scope.value}; it is not shown again."
        )


@click.command("list-tokens", cls=Command)
@pass_session
def list_tokens(session: Session) -> None:
    """List who may ask over HTTP.

    \b
    Example:
        monitor list-tokens
    """
    with session.storage() as storage, storage.reading() as tx:
        tokens = tx.access.all()
    now, command = session.now(), session.config.command_name
    show_list(
        session,
        tokens,
        shape=token_shape,
        columns={
            "ID": lambda token: output.short_id(token.id),
            "NAME": lambda token: token.name,
            "SCOPE": lambda token: token.scope.value,
            "ADDED": lambda token: show_age(token.created_at, now=now),
        },
        nothing=f"There is no token. Make one: {command} add-token NAME --scope read",
    )


@click.command("remove-token", cls=Command)
@click.argument("token", type=TEXT)
@click.option("--yes", is_flag=True, help="Do not ask; needed without a terminal.")
@pass_session
def remove_token(session: Session, /, token: str, yes: bool) -> None:
    """Let nobody in any more who shows this token, nor the browsers that showed it.

    \b
    Example:
        monitor remove-token dashboard --yes
    """
    from monitor.access.tokens import token_named

    def change(tx: Transaction, removed: Token) -> output.Object:
        tx.access.remove(removed.id)
        return token_shape(removed)

    change_state(
        session,
        token,
        named=token_named,
        change=change,
        sentence="Token {} is removed.",
        question="Remove token {}?",
        yes=yes,
    )
