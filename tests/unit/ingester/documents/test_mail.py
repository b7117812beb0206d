"""Messages saved from a mailbox, and pages that browsers save as one."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from ingester.discovery.inspect import inspect
from ingester.documents.parse import read_document
from ingester.entry import DocumentContent

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TITLE = "Färjan går igen från måndag"
BODY = "Färjan mellan öarna går igen från måndag, meddelade departementet."
SENT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
URL = "https://press.example.org/2026/ferry-line-opens"


def a_message(text: str = BODY, *, subtype: str = "plain") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Åsa Ek <press@min.example>"
    message["Subject"] = TITLE
    message["Date"] = "Sun, 01 Mar 2026 09:30:00 +0100"
    message["Message-ID"] = "<a1@min.example>"
    message.set_content(text, subtype=subtype)
    return message


def read(data: bytes | EmailMessage, name: str = "a.eml") -> DocumentContent:
    return read_document(bytes(data), name, modified_at=NOON, now=NOON)


def test_a_message_says_title_time_author_and_text() -> None:
    document = read(a_message())
    (entry,) = document.entries
    assert document.notices == ()
    assert (entry.title, entry.text, entry.authors) == (TITLE, BODY, ("Åsa Ek",))
    assert (entry.published_at, entry.id) == (SENT, "a1@min.example")


def test_a_message_of_html_alone_is_read_without_its_styles() -> None:
    html = f"<html><head><style>p{{color:red}}</style></head><body><p>{BODY}</p></body></html>"
    (entry,) = read(a_message(html, subtype="html")).entries
    assert entry.text == BODY


def test_where_a_message_is_archived_is_its_address() -> None:
    message = a_message()
    message["Archived-At"] = f"<{URL}>"
    (entry,) = read(message).entries
    assert entry.url == URL


def test_letters_that_stand_above_a_message_as_they_are_are_read() -> None:
    head = f"From: Åsa Ek <press@min.example>\r\nSubject: {TITLE},\r\n\tsent again\r\n"
    (entry,) = read(f"{head}\r\n{BODY}".encode()).entries
    assert (entry.title, entry.authors) == (f"{TITLE}, sent again", ("Åsa Ek",))


def test_lines_that_flow_are_one() -> None:
    head = b"Subject: x\nContent-Type: text/plain; format=flowed; charset=utf-8\n\n"
    (entry,) = read(head + BODY.replace(" går", " \ngår").encode()).entries
    assert entry.text == BODY


def test_a_message_that_is_passed_on_is_read_below_what_is_said_of_it() -> None:
    passed = EmailMessage()
    passed["From"], passed["Subject"] = "Bo Al <bo@min.example>", "Fwd: the ferry"
    passed["Date"], passed["Message-ID"] = "Mon, 02 Mar 2026 09:30:00 +0100", "<b2@min.example>"
    passed.set_content("See below.")
    passed.add_attachment(a_message())
    passed.add_attachment(a_message("The timetable is attached to it, they write."))
    (entry,) = read(passed).entries
    assert (entry.title, entry.authors, entry.id) == (
        "Fwd: the ferry",
        ("Bo Al",),
        "b2@min.example",
    )
    assert entry.text.split("\n")[0] == "See below."
    assert all(said in entry.text for said in (TITLE, BODY, "timetable"))


def test_a_message_that_is_passed_on_without_a_word_is_what_it_was() -> None:
    passed = EmailMessage()
    passed["From"], passed["Subject"] = "Bo Al <bo@min.example>", "Fwd: the ferry"
    passed.make_mixed()
    passed.attach(attached(a_message()))
    assert read(passed).entries == read(a_message()).entries


def attached(message: EmailMessage) -> EmailMessage:
    part = EmailMessage()
    part.set_content(message)
    return part


def test_what_is_written_below_an_attachment_is_read() -> None:
    message = a_message("Before the plan stands this sentence, and it is long enough.")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
    below = EmailMessage()
    below.set_content(f"<p>{BODY}</p>", subtype="html")
    message.attach(below)
    (entry,) = read(message).entries
    assert "Before the plan" in entry.text
    assert BODY in entry.text


@pytest.mark.parametrize(("plain", "expected"), [(BODY, BODY), ("Show it as HTML.", BODY[::-1])])
def test_of_two_ways_to_say_it_one_is_read(plain: str, expected: str) -> None:
    message = a_message(plain)
    message.add_alternative(f"<p>{BODY[::-1]}</p>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
    (entry,) = read(message).entries
    assert entry.text == expected


@pytest.mark.parametrize("place", ["file:///srv/me/a.html", "javascript:alert(1)", "cid:x@y"])
def test_a_page_that_came_from_no_address_has_none(place: str) -> None:
    head = f"From: <Saved by Blink>\nSnapshot-Content-Location: {place}\nSubject: x\n"
    page = f"Content-Type: text/html\n\n<html><body><h1>{TITLE}</h1><p>{BODY}</p></body></html>"
    (entry,) = read((head + page).encode(), "a.mhtml").entries
    assert (entry.url, entry.text) == ("", BODY)
    assert entry.id.startswith("sha256:")


def test_a_document_that_is_attached_is_said_not_to_be_read() -> None:
    message = a_message()
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
    message.add_attachment(b"GIF8", maintype="image", subtype="gif", filename="logo.gif")
    document = read(message)
    (entry,) = document.entries
    assert entry.text == BODY
    assert document.notices == ('a.eml: "plan.pdf" is attached and not read; save it here',)


def test_a_page_that_a_browser_saved_as_a_message_is_read_as_a_page() -> None:
    page = (
        f"<html><head><title>{TITLE} | The Paper</title></head><body><nav>Home</nav><article>"
        f"<h1>{TITLE}</h1><p>{BODY}</p><p>{BODY[::-1]}</p></article></body></html>"
    )
    head = f"From: <Saved by Blink>\nSnapshot-Content-Location: {URL}\nSubject: x\n"
    parts = (
        'Content-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html\n'
        f"Content-Transfer-Encoding: 8bit\nContent-Location: {URL}\n\n{page}\n--b\n"
        "Content-Type: text/css\n\np { color: red }\n--b--\n"
    )
    (entry,) = read((head + parts).encode(), "a.mhtml").entries
    assert (entry.title, entry.url) == (TITLE, URL)
    assert entry.text == f"{BODY}\n{BODY[::-1]}"


@pytest.mark.parametrize(
    "note",
    [
        f"<!-- saved from url=(0047){URL} -->",
        f"<!--\n Page saved with SingleFile \n url: {URL} \n saved date: Sun Mar 01 2026\n-->",
    ],
)
def test_a_page_saved_as_it_is_has_the_address_that_the_browser_notes(note: str) -> None:
    page = f"<!DOCTYPE html>\n{note}\n<html><body><h1>{TITLE}</h1><p>{BODY}</p></body></html>"
    (entry,) = read(page.encode(), "a.html").entries
    assert entry.url == URL


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"No message.", "a.eml: is no message that can be read"),
        (b"Subject: x\n\n", "a.eml: holds no text"),
        (
            b"Subject: x\nContent-Type: multipart/encrypted; boundary=b\n\n--b\n\nx\n--b--\n",
            "a.eml: is encrypted",
        ),
        (
            b"Subject: x\n" + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 60,
            "a.eml: holds over 50 parts",
        ),
        (
            b"Subject: x\nContent-Type: text/plain; " + b"a=b;" * 2_000 + b"\n\nWords",
            "a.eml: says more of its parts",
        ),
        (b"Subject: x\n\n" + b"--b\n" * 6_000, "a.eml: holds too many parts"),
        (
            b"Subject: x\n" + b"Content-Type: message/rfc822\n\n" * 5_000,
            "a.eml: holds too many messages in messages",
        ),
        (
            b"Subject: x\nContent-Type: application/pkcs7-mime\n\nMIAG",
            "a.eml: is encrypted, or signed",
        ),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(data: bytes, says: str) -> None:
    document = read(data)
    assert document.entries == ()
    [notice] = document.notices
    assert notice.startswith(says)


@pytest.mark.parametrize("subject", ["=?utf-8?b?broken", "=?klingon?q?x?=", "=?utf-8?b?=C3?="])
def test_a_title_in_an_encoding_that_cannot_be_read_stays_as_it_is(subject: str) -> None:
    (entry,) = read(f"Subject: {subject}\n\n{BODY}".encode()).entries
    assert entry.text == BODY


def test_messages_are_inspected_as_documents() -> None:
    inspected = inspect(bytes(a_message()), name="a.eml", now=NOON)
    assert (inspected["kind"], inspected["article"]["title"]) == ("document", TITLE)
