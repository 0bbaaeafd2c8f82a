"""By mail somebody is told what his phone does not get: the same words, a file beside them, and no number of his."""

from __future__ import annotations

import email
import hashlib
import io
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import uuid4

import pytest

from kit.mail import MailServer
from notify.channels import Outgoing
from notify.channels.mail import Mail
from notify.domain.channels import RULES
from notify.domain.failures import NotSent
from tests.integration.notify.story import PHONE, Story
from tests.support.post import Post, post_office
from tests.support.services import InProcess

READER, SENDER = "rohana@contoh.id", "Kelurahan Bukit Sangkal <kabar@kelurahan.example>"
CONTACT = {"name": "Rohana", "phone": PHONE, "email": READER}


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def mail(notify: InProcess, post: Post) -> Iterator[Mail]:
    """The second way to people, after the mailbox."""
    with post_office(post) as port:
        channel = Mail(
            MailServer(f"smtp://127.0.0.1:{port}", plain=True, seconds=5), notify.deps.objects, SENDER, RULES["email"]
        )
        notify.deps.channels["email"] = channel
        yield channel
        del notify.deps.channels["email"]
    notify.rows("DELETE FROM contact_consent RETURNING 1")


def read(post: Post) -> list[EmailMessage]:
    return [email.message_from_bytes(one.content, policy=default) for one in post.taken]  # type: ignore[arg-type,misc]


def opened(story: Story) -> dict[str, Any]:
    person = story.example("application.opened")["person"] | {"contact": CONTACT}
    story.tell("application.opened", person=person)
    return dict(person)


def test_who_stopped_on_his_phone_is_told_by_mail(notify: InProcess, story: Story, mail: Mail, post: Post) -> None:
    person = opened(story)
    sent = {"phone": PHONE, "text": "stop"}
    assert notify.call("POST", "/v1/messages/incoming", "administrator", json=sent).status_code == 201
    story.tell("application.submitted", person=person)
    notify.work()
    [made] = read(post)
    assert (made["To"], made["From"]) == (READER, SENDER)
    assert made["Subject"].endswith("Kabar dari Kelurahan Bukit Sangkal") and "Rohana" not in made["Subject"]
    assert made["Auto-Submitted"] == "auto-generated"
    assert "Paling lambat selesai" in made.get_content()
    [message] = [one for one in story.sent() if one["template"] == "submitted"]
    assert (message["channel"], message["status"]) == ("email", "sent")


def test_who_gave_no_address_is_not_reached_by_mail(notify: InProcess, story: Story, mail: Mail, post: Post) -> None:
    story.tell("application.opened")
    notify.call("POST", "/v1/messages/incoming", "administrator", json={"phone": PHONE, "text": "stop"})
    story.tell("application.submitted")
    notify.work()
    assert post.taken == []
    [message] = [one for one in story.sent() if one["template"] == "submitted"]
    assert (message["status"], message["failure"]) == ("expired", "stopped")
    [told] = story.outcomes("message.failed")
    assert told["requested_by"] == "notify" and told["reason"] == "stopped", "an officer sees that he has to call"


def a_message(**more: Any) -> Outgoing:
    values: dict[str, Any] = {
        "id": uuid4(), "phone": None, "text": "Surat Anda sudah siap.\n", "template": "letters_ready_pickup",
        "language": "id", "message_class": "notice", "email": READER, "values": {"office_name": "Bukit Sangkal"},
    }  # fmt: skip
    return Outgoing(**values | more)


def test_a_file_goes_beside_the_words(notify: InProcess, mail: Mail, post: Post) -> None:
    bytes_ = b"%PDF-1.7 contoh " * 1000
    key, sha256 = f"incoming/{uuid4()}", hashlib.sha256(bytes_).hexdigest()
    bucket = notify.deps.settings.s3_bucket
    notify.deps.objects.put(bucket, key, io.BytesIO(bytes_), len(bytes_), "application/pdf", sha256)
    about = {"sha256": sha256, "size": len(bytes_), "type": "application/pdf", "name": "surat.pdf"}
    receipt = mail.send(a_message(kind="file", file={"bucket": bucket, "key": key} | about))
    [made] = read(post)
    [beside] = made.iter_attachments()
    assert (beside.get_filename(), beside.get_content_type(), beside.get_content()) == (
        "surat.pdf", "application/pdf", bytes_,
    )  # fmt: skip
    assert receipt.status == "sent" and made["Message-ID"] == receipt.provider_id


def test_tried_again_it_has_the_same_name(mail: Mail, post: Post) -> None:
    same = a_message()
    for _time in range(2):
        mail.send(same)
    assert len({made["Message-ID"] for made in read(post)}) == 1


def test_what_people_wrote_stays_in_its_line_of_the_head(mail: Mail, post: Post) -> None:
    mail.send(a_message(values={"office_name": "Bukit\r\nBcc: all@contoh.id", "service_name": "KTP\n"}))
    [made] = read(post)
    assert made["Bcc"] is None and made["Subject"] == "KTP: Kabar dari Kelurahan Bukit Bcc: all@contoh.id"


@pytest.mark.parametrize(
    ("step", "says", "remedy"),
    [
        ("RCPT", "550 no", "elsewhere"),
        ("RCPT", "451 wait", "retry"),
        ("DATA", "554 no", "wrong"),
        ("MAIL", "550 no", "park"),
    ],
)
def test_what_the_server_says_decides_what_helps(mail: Mail, post: Post, step: str, says: str, remedy: str) -> None:
    post.says[step] = says
    with pytest.raises(NotSent) as told:
        mail.send(a_message())
    assert told.value.remedy == remedy


def test_it_reaches_whoever_has_an_address(mail: Mail) -> None:
    assert mail.reaches({"email": READER}) and not mail.reaches({"phone": PHONE, "email": None})
