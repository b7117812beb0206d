"""One alert: the article, the words that count, and where it went."""

from collections.abc import Mapping
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from monitor.base.errors import Refusal
from monitor.services.alerts import Raised, alert_named, edits_of, raised_one
from monitor.services.deliveries import with_channels
from monitor.services.rules.feedback import rate, reject_match
from monitor.silences.silencing import mute_story, muted_until, unmute_story
from monitor.web.base.desk import Desk, Undo, number
from monitor.web.base.render import counted, marked_text, spans_in
from rules.explain.reasons import reasons
from storage.model import Alert

VERDICTS = ("useful", "noise", "none")


def show(desk: Desk, request: Request) -> Response:
    """Show the alert."""
    with desk.app.storage.reading() as tx:
        alert = alert_named(tx, request.path_params["id"])
        shown = raised_one(tx, alert)
        edits = edits_of(tx, alert)
        verdict = tx.feedback.some([alert.id]).get(alert.id, "")
        muted = muted_until(tx, [alert.story_id], now=desk.app.now())
        deliveries = with_channels(tx, tx.outbox.recent(alert_id=alert.id, limit=None))
    return desk.page(
        request,
        "alert.html",
        values={
            "shown": shown,
            "edits": edits,
            "deliveries": deliveries,
            "verdict": verdict,
            "muted_until": muted.get(alert.story_id),
            "now": desk.app.now(),
            **article_parts(shown),
        },
    )


def article_parts(shown: Raised) -> dict[str, object]:
    """Return an alert's headline and text with the words that count marked, and why they do."""
    article, evidence = shown.article, shown.alert.evidence
    variants = shown.rule.variants if shown.rule else ()
    return {
        "title": marked_text(article.title, spans_in("title", evidence)) if article else [],
        "paragraphs": marked_text(article.text, spans_in("text", evidence)) if article else [],
        "reasons": reasons(evidence, variants, written_in=shown.written_in),
    }


def rated(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Note what a reader thinks of an alert; of noise, say how the rule could be sharper."""
    verdict = fields.get("verdict", "")
    if verdict not in VERDICTS:
        raise Refusal(f"verdict: expected one of {', '.join(VERDICTS)}")
    app = desk.app
    done = rate(app.storage, request.path_params["id"], verdict, now=app.now())
    back = _back(fields, done.alert)
    if verdict == "none":
        return desk.done(request, back, "Taken back.")
    sentence = f"Noted: {verdict}."
    if done.proposal is not None:
        sentence += f" A sharper query would be: {done.proposal.rule.query}"
    undo = Undo(path=f"/alerts/{done.alert.id}/rate", label="Take back", verdict="none")
    return desk.done(request, back, sentence, undo=undo)


def _back(fields: Mapping[str, str], alert: Alert) -> str:
    """Return where on its page the alert stands that was judged there."""
    return f"{fields.get('back', '/').partition('#')[0]}#{alert.id}"


def mute(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Silence the story of an alert for a while."""
    days = number(fields, "days", default=1, low=1, high=90)
    now = desk.app.now()
    with desk.app.storage.changing() as tx:
        alert = alert_named(tx, request.path_params["id"])
        until = now + timedelta(days=days)
        mute_story(tx, alert.id, reason="muted on the page", until=until, now=now)
    sentence = f"Muted for {counted(days, 'day')}; then one digest tells what came of it."
    undo = Undo(path=f"/alerts/{alert.id}/unmute", label="Unmute")
    return desk.done(request, _back(fields, alert), sentence, undo=undo)


def unmute(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """End the mute of an alert's story."""
    with desk.app.storage.changing() as tx:
        alert = alert_named(tx, request.path_params["id"])
        gathered = unmute_story(tx, alert.id, now=desk.app.now())
    sentence = "It is not muted." if gathered is None else "Muted no longer."
    if gathered:
        sentence += f" One digest tells {counted(gathered, 'alert')} that it held."
    return desk.done(request, _back(fields, alert), sentence)


def wrong(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Reject what the alert was raised for, so that it is found no more."""
    feedback = reject_match(desk.app.storage, request.path_params["id"])
    gone = len(feedback.gone)
    words = ", ".join(variant.text for variant in feedback.correction.rejected)
    sentence = f"Rejected: {words}." if words else "It matches no more as it is."
    if gone:
        sentence += f" {gone} earlier alerts would not have been raised either."
    return desk.done(request, f"/alerts/{feedback.alert.id}", sentence)
