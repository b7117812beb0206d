"""The editor of a rule, which shows what it would find while it is typed."""

from collections.abc import Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from monitor.backtest.documents import of_text
from monitor.backtest.run import stored_backtest
from monitor.base.counts import told_next
from monitor.base.errors import Refusal, clipped
from monitor.base.names import channel_names
from monitor.explain.explain import explain
from monitor.services.rules import rules as rulebook
from monitor.services.rules.queries import advice_on, checked_query
from monitor.services.rules.save_rule import save_edited, save_new
from monitor.web.api import rule_writes
from monitor.web.base.desk import Desk
from monitor.web.base.render import marked_text, spans_in
from monitor.web.pages.rule_form import FIELDS, changes_of, shown
from monitor.web.pages.rules import rows_about
from rules.expand.reach import waiting_of
from rules.expand.word_or_name import read_as_word
from rules.explain.reasons import reasons
from rules.patterns.variants import counts
from rules.query.parsed import parsed
from rules.query.sentence import sentence
from storage.model import Rule, VariantState

PREVIEW_SECONDS = 1.5
"""A preview reads as much of the archive as it can in so long."""


def show_new(desk: Desk, request: Request) -> Response:
    """Show the editor with nothing in it, with a query, or with another rule to begin from."""
    params = request.query_params
    with desk.app.storage.reading() as tx:
        channels = tx.channels.all()
        sources = [source.name for source in tx.sources.all()]
        like = rulebook.rule_named(tx, params["like"]) if params.get("like") else None
    values = shown(like, channels)
    if like is None:
        begun = ("query", "match", "languages", "sources")
        values |= {name: params.get(name, "")[:1000] for name in begun}
    return desk.page(
        request,
        "rule_edit.html",
        values={
            "rule": None,
            "values": {**values, "name": ""},
            "fields": FIELDS,
            "channels": channels,
            "told": like.channel_ids if like else (),
            "sources": sources,
            "now": desk.app.now(),
        },
    )


def show_one(desk: Desk, request: Request) -> Response:
    """Show a rule in the editor, with its variants and its alerts."""
    app = desk.app
    with app.storage.reading() as tx:
        rule = rulebook.rule_named(tx, request.path_params["id"])
        [row] = rows_about(desk, tx, [rule])
        uses = tx.rules.variant_uses(rule.id)
        channels = tx.channels.all()
        sources = [source.name for source in tx.sources.all()]
        silences = [each for each in tx.silences.all(now=app.now()) if each.rule_id == rule.id]
    # A form that stands for several words of the query is decided upon as one.
    groups: dict[str, dict[tuple[str, VariantState], int]] = {}
    for use in uses:
        forms = groups.setdefault(use.variant.language, {})
        form = use.variant.text, use.variant.state
        forms[form] = max(use.hits, forms.get(form, 0))
    return desk.page(
        request,
        "rule_edit.html",
        values={
            "rule": rule,
            "row": row,
            "values": shown(rule, channels),
            "fields": FIELDS,
            "channels": channels,
            "told": rule.channel_ids,
            "sources": sources,
            "silences": silences,
            "groups": sorted(groups.items()),
            "waiting": [each.language for each in waiting_of(rule, (), app.lexicons.all)],
            "yaml": _as_file(desk, rule),
            "now": app.now(),
        },
    )


def _as_file(desk: Desk, rule: Rule) -> str:
    from monitor.rules_file.write import alone, to_yaml

    with desk.app.storage.reading() as tx:
        return to_yaml(alone(rule, channel_names(tx, rule))).lstrip()


def add(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Add a rule."""
    changes = changes_of(desk, fields)
    saved = save_new(desk.saving(), changes, forced="force" in fields)
    sentence = f"Rule “{clipped(saved.rule.name)}” is saved."
    return desk.done(request, f"/rules/{saved.rule.id}", sentence)


def edit(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Change a rule."""
    word = request.path_params["id"]
    with desk.app.storage.reading() as tx:
        old = rulebook.rule_named(tx, word)
    changes = changes_of(desk, fields, old)
    saved = save_edited(desk.saving(), old.id, changes, forced="force" in fields)
    sentence = f"Rule “{clipped(saved.rule.name)}” is changed. {told_next(saved.gathered)}"
    return desk.done(request, f"/rules/{saved.rule.id}", sentence.strip())


def preview(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Show what a query means and what it would have found, without keeping anything."""
    if not fields.get("query", "").strip():
        return desk.fragment("_preview.html", {"problem": "", "rule": None})
    try:
        rule = _tried(desk, fields)
    except Refusal as refusal:
        return desk.fragment("_preview.html", {"problem": desk.worded(refusal), "rule": None})
    now = desk.app.now()
    backtest = stored_backtest(desk.app.storage, rule, now=now, longest_s=PREVIEW_SECONDS)
    found = dict(backtest.by_variant)
    by_language: dict[str, dict[str, int]] = {}
    counted = [each for each in rule.variants if counts(each, rule.strictness)]
    waiting = [each for each in rule.variants if each.state is VariantState.PROPOSED]
    usual = desk.app.lexicons.language
    for variant in counted:
        by_language.setdefault(variant.language, {})[variant.text] = found.get(variant.text, 0)
    groups = {
        code: sorted(forms.items(), key=lambda form: -form[1])
        for code, forms in by_language.items()
    }
    values = {
        "problem": "",
        "rule": rule,
        "sentence": sentence(parsed(rule.query).tree),
        "backtest": backtest,
        "groups": sorted(groups.items(), key=lambda group: (-sum(n for _, n in group[1]), group)),
        "forms": sum(map(len, groups.values())),
        "uncertain": len(waiting) if rule.strictness == "all" else 0,
        "advice": list(filter(None, (*advice_on(rule.query), read_as_word(rule, usual)))),
        "now": now,
    }
    return desk.fragment("_preview.html", values)


def try_text(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Show what a rule that is being written finds in a text that somebody pasted."""
    sample = fields.get("sample", "").strip()
    if not fields.get("query", "").strip() or not sample:
        return desk.fragment("_tried.html", {"problem": "", "tried": None})
    try:
        rule = _tried(desk, fields)
    except Refusal as refusal:
        return desk.fragment("_tried.html", {"problem": desk.worded(refusal), "tried": None})
    rule = replace(rule, sources=(), languages=())  # what is pasted is of no source
    document = of_text(sample, now=desk.app.now())
    article = document.article
    tried = explain(rule, article, document.source, now=desk.app.now(), tx=None, is_trial=True)
    found = tried.match.evidence if tried.match else ()
    values = {
        "problem": "",
        "tried": tried,
        "language": article.language,
        "reasons": reasons(found, rule.variants, written_in=rule.written_in),
        "paragraphs": marked_text(article.text, spans_in("text", found)),
    }
    return desk.fragment("_tried.html", values)


def _tried(desk: Desk, fields: Mapping[str, str]) -> Rule:
    """Return the rule that a form describes, as far as that decides what it matches.

    What was decided about the forms of the rule that it changes stays so.

    Raises:
        Refusal: It cannot be read, or one of its fields cannot be used.
    """
    query = fields.get("query", "").strip()
    checked_query(query)
    changes = changes_of(desk, {**fields, "expires_at": "", "name": ""})
    made = desk.app.lexicons.made(query, changes.language or "")
    old = None
    if "rule" in fields:
        with desk.app.storage.reading() as tx:
            old = rulebook.rule_named(tx, fields["rule"])
    return rulebook.tried_rule(query, made, now=desk.app.now(), changes=changes, old=old)


def decide(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Accept or reject forms of a rule."""
    texts = [text for text in fields.get("texts", "").split("\n") if text]
    to = fields.get("to", "")
    if to not in ("accept", "reject"):
        raise Refusal("to: expected accept or reject")
    if not texts:
        raise Refusal("choose the forms that are meant")
    rule_writes.decide(desk, request, {"texts": texts, "to": to})
    count = "One form counts" if len(texts) == 1 else f"{len(texts)} forms count"
    done = "from now on" if to == "accept" else "no more"
    where = f"/rules/{request.path_params['id']}"
    return desk.done(request, where, f"{count} {done}.")
