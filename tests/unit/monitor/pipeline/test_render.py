"""What an alert's message says about why it counts."""

from dataclasses import replace
from email import message_from_bytes, policy

from monitor.app import App
from monitor.base.checkout import command_name
from monitor.pipeline.outbox import Raised
from monitor.pipeline.render import Renderer
from storage.model import Evidence, Variant
from tests.builders import NOON, a_channel, a_rule, a_source, an_alert, an_article
from tests.unit.monitor.web.asking import app

__all__ = ["app"]

CONSOLE = a_channel("console", kind="console")
ARTICLE = an_article(
    "Công ước Hà Nội", text="CÔNG ƯỚC HÀ NỘI. Công ước Hà Nội. Hanoi Convention. Hanoikonvention."
)


def evidence(text: str, layer: str, start: int, **more: object) -> Evidence:
    found = Evidence(
        field="text",
        start=start,
        end=start + len(text),
        text=text,
        term="Hanoi Convention",
        layer=layer,
        language="vi",
    )
    return replace(found, **more)  # type: ignore[arg-type]  # fields of Evidence


def test_reasons_are_merged_before_the_rest_is_cut_and_name_the_list_of_a_variant() -> None:
    name = "Công ước Hà Nội"
    variant = Variant(language="vi", text=name, kind="name", source="place names")
    rule = a_rule("Hanoi Convention", variants=(variant,))
    found = (
        evidence(name.upper(), "lexicon", 0, variants=(name,)),
        evidence(name, "lexicon", 17, variants=(name,)),
        evidence("Hanoi Convention", "exact", 34),
        evidence("Hanoikonvention", "compound", 52),
    )
    alert = an_alert(rule, ARTICLE, evidence=found)
    renderer = Renderer(sender=None, now=lambda: NOON)
    raised = Raised(alert=alert, rule=rule, article=ARTICLE, source=a_source())
    shown = renderer.alert(raised, CONSOLE, "msg_x", "").decode()
    for reason in (
        "Hanoi Convention — as written, Vietnamese — for Hanoi Convention",
        "Hanoikonvention — compound, Vietnamese — for Hanoi Convention",
        "translation (place names), Vietnamese — for Hanoi Convention",
    ):
        assert reason in shown
    assert shown.count("— for Hanoi Convention") == 3


def test_a_digest_marks_the_words_where_they_stand_when_it_is_made() -> None:
    rule = a_rule("Hanoi Convention")
    alert = an_alert(rule, ARTICLE, evidence=(evidence("Hanoi Convention", "exact", 34),))
    edited = replace(ARTICLE, text=f"Updated at noon. {ARTICLE.text}")
    raised = Raised(alert=alert, rule=rule, article=edited, source=a_source())
    shown = Renderer(sender=None, now=lambda: NOON).alert(raised, CONSOLE, "msg_x", "").decode()
    assert "**Hanoi Convention**" in shown


def test_a_mail_says_what_can_be_typed_where_it_was_sent_from(app: App) -> None:
    rule = a_rule("Hanoi Convention")
    alert = an_alert(rule, ARTICLE, evidence=(evidence("Hanoi Convention", "exact", 34),))
    raised = Raised(alert=alert, rule=rule, article=ARTICLE, source=a_source())
    mail = app.sending.renderer.alert(
        raised, a_channel("desk", kind="email"), "msg_x", "a@example.org"
    )
    parsed = message_from_bytes(mail, policy=policy.default)
    for part in parsed.iter_parts():
        assert f": {command_name()} show-alert {alert.id[:6]}" in part.get_content()
