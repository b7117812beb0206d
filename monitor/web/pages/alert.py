"""One alert: the article, the words that count, and where it went."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from monitor.services.alerts import Raised, alert_named, raised
from monitor.services.deliveries import with_channels
from monitor.services.feedback import reject_match
from monitor.web.base.desk import Desk
from monitor.web.base.render import marked_text, spans_in
from rules.explain.reasons import reasons


def show(desk: Desk, request: Request) -> Response:
    """Show the alert."""
    with desk.app.storage.reading() as tx:
        alert = alert_named(tx, request.path_params["id"])
        [shown] = raised(tx, [alert])
        deliveries = with_channels(tx, tx.outbox.recent(alert_id=alert.id, limit=None))
    return desk.page(
        request,
        "alert.html",
        values={
            "shown": shown,
            "deliveries": deliveries,
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
        "reasons": reasons(evidence, variants),
    }


def wrong(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Reject what the alert was raised for, so that it is found no more."""
    feedback = reject_match(desk.app.storage, request.path_params["id"])
    gone = len(feedback.gone)
    words = ", ".join(variant.text for variant in feedback.correction.rejected)
    sentence = f"Rejected: {words}." if words else "It matches no more as it is."
    if gone:
        sentence += f" {gone} earlier alerts would not have been raised either."
    return desk.done(request, f"/alerts/{feedback.alert.id}", sentence)
