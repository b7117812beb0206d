"""Calls about who may ask: tokens of programs, users with a password."""

from starlette.requests import Request

from monitor.access import tokens, users
from monitor.access.passwords import checked_password, kept_of
from monitor.access.view import token_shape, user_shape
from monitor.base.errors import Refusal
from monitor.web.api.bodies import TEXT, Field, Fields, Given, choice_of
from monitor.web.api.nouns import Body
from monitor.web.base.desk import Desk
from storage.access import Role, Scope

_ROLE = choice_of(tuple(Role))
_PASSWORD = "Of it nothing is kept from which it could be made again."  # noqa: S105  # its purpose
NEW_TOKEN: Fields = {
    "name": Field(kind=TEXT, purpose="What to call it.", is_needed=True),
    "scope": Field(kind=choice_of(tuple(Scope)), purpose="What it is for; read unless said."),
}
NEW_USER: Fields = {
    "name": Field(kind=TEXT, purpose="With what to log in.", is_needed=True),
    "role": Field(kind=_ROLE, purpose="What this user may do; reader unless said."),
    "password": Field(kind=TEXT, purpose=_PASSWORD, is_needed=True),
}
USER_CHANGES: Fields = {
    "role": Field(kind=_ROLE, purpose="What this user may do from now on."),
    "password": Field(kind=TEXT, purpose=f"Ends all sessions. {_PASSWORD}"),
}


def all_tokens(desk: Desk, request: Request) -> Body:
    """List the tokens."""
    with desk.app.storage.reading() as tx:
        return {"tokens": [token_shape(token) for token in tx.access.all()]}


def add_token(desk: Desk, request: Request, given: Given) -> Body:
    """Make a token, and show it this once."""
    scope = Scope(str(given.get("scope", Scope.READ)))
    with desk.app.storage.changing() as tx:
        token, secret = tokens.add_token(tx, str(given["name"]), scope, now=desk.app.now())
    return {**token_shape(token), "token": secret}


def remove_token(desk: Desk, request: Request, given: Given) -> Body:
    """Let nobody in any more who shows a token, nor the browsers that showed it."""
    with desk.app.storage.changing() as tx:
        token = tokens.token_named(tx, request.path_params["id"])
        tx.access.remove(token.id)
    return dict(token_shape(token))


def all_users(desk: Desk, request: Request) -> Body:
    """List the users."""
    with desk.app.storage.reading() as tx:
        return {"users": [user_shape(user) for user in tx.users.all()]}


def add_user(desk: Desk, request: Request, given: Given) -> Body:
    """Let a person log in."""
    role = Role(str(given.get("role", Role.READER)))
    user = users.new_user(str(given["name"]), role, str(given["password"]), now=desk.app.now())
    with desk.app.storage.changing() as tx:
        users.add_user(tx, user)
    return dict(user_shape(user))


def edit_user(desk: Desk, request: Request, given: Given) -> Body:
    """Change what a user may do, or the password."""
    if not given:
        raise Refusal("nothing to change was given")
    word, kept = request.path_params["id"], None
    if "password" in given:
        with desk.app.storage.reading() as tx:
            name = users.user_named(tx, word).name
        kept = kept_of(checked_password(str(given["password"]), name=name))
    role = Role(str(given["role"])) if "role" in given else None
    with desk.app.storage.changing() as tx:
        user = users.user_named(tx, word)
        return dict(user_shape(users.change_user(tx, user, role=role, password=kept)))


def remove_user(desk: Desk, request: Request, given: Given) -> Body:
    """Let a person log in no more."""
    with desk.app.storage.changing() as tx:
        user = users.user_named(tx, request.path_params["id"])
        tx.users.remove(user.id)
    return dict(user_shape(user))
