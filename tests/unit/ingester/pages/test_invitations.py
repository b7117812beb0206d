"""Lines that invite a reader to what else a paper has, and lines that only look so."""

import pytest

from ingester.pages.invitations import is_invitation
from ingester.pages.kind import read_page
from tests.growth import grows_no_faster_than_its_input

INVITATIONS = [
    "Sign up for our newsletter and get the best of the week.",
    "• Join our WhatsApp channel",
    "The quay never sleeps. Download our app to be told of every ferry.",
    "Abonnieren Sie unseren Newsletter, um nichts zu verpassen.",
    "Inscrivez-vous à notre newsletter gratuite.",
    "Suscríbete a nuestro boletín.",
    "Assine nossa newsletter.",
    "Iscriviti al nostro canale Telegram",
    "Meld je aan voor onze nieuwsbrief.",
    "Prenumerera på vårt nyhetsbrev.",
    "Tilmeld dig vores nyhedsbrev her.",
    "Zapisz się do naszego newslettera.",
    "Přihlaste se k odběru našeho newsletteru.",
    "Iratkozzon fel hírlevelünkre!",
    "Подписывайтесь на наш канал в Telegram",
    "Підписуйтесь на наш канал",
    "Bültenimize abone olun.",
    "Đăng ký kênh YouTube của chúng tôi.",
    "Ikuti saluran WhatsApp kami.",
    "اشترك في نشرتنا البريدية",
    "关注我们的微信公众号",
]


@pytest.mark.parametrize("line", INVITATIONS)
def test_an_invitation_is_told_in_many_languages(line: str) -> None:
    assert is_invitation(line)


@pytest.mark.parametrize(
    "line",
    [
        "“Sign up for our newsletter,” said the letter that the fraudsters sent.",
        "Our newsletter has a million readers, the publisher said.",
        "Get our troops out, a senator told the channel.",
        "Join the march, the union told its members by e-mail.",
        "The port closed the channel to our ships on Friday.",
        "Follow the money: " + "it led to a channel of our own making, in the end. " * 6,
        "Folgen hat das für unsere Stadt, und die App hilft nicht.",
    ],
)
def test_a_sentence_of_an_article_is_none(line: str) -> None:
    assert not is_invitation(line)


PROSE = [
    "The evening ferry between the old quay and the island sails again, its captain said.",
    "For a winter nobody had crossed the strait after dark, and the inn on the island was empty.",
    "Now the lamps are lit again, and the first passengers brought their own blankets with them.",
]


@pytest.mark.parametrize(
    "invitation",
    [
        "<p><em><a href='/app'>Download our app</a> to be told of every ferry.</em></p>",
        "<div class='cta-box'><h4>The morning ferry</h4><p>All of the day by seven.</p></div>",
        "<div class='hirlevel-ajanlo'><p>Minden reggel, ingyen, az ön postájában.</p></div>",
    ],
)
def test_invitations_within_an_article_are_not_its_text(invitation: str) -> None:
    first, *others = (f"<p>{line}</p>" for line in PROSE)
    body = f"<article><h1>Ferry returns</h1>{first}{invitation}{''.join(others)}</article>"
    html = f"<html><head><title>Ferry returns</title></head><body>{body}</body></html>"
    page = read_page(html.encode(), url="https://news.example/a", content_type="text/html")
    assert page.text.split("\n") == PROSE


def test_telling_invitations_takes_no_longer_than_the_line_is() -> None:
    line = "our newsletter don't miss our channel, "
    assert grows_no_faster_than_its_input(lambda size: is_invitation(line * size), 5)
