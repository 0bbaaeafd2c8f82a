"""Pages of messages: what failed stands first, one is sent again, and a number is searched for without an address."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.integration.notify.story import HEAD_PHONE, Story
from tests.integration.notify.test_messages import Refusing, fail_for_good
from tests.support.browsing import Browser, Form, forms_of, signed_in
from tests.support.services import InProcess
from tests.support.tokens import KALIDONI

pytestmark = pytest.mark.timeout(120)

MESSAGES = "/notify/pesan"


@pytest.fixture
def officer(notify: InProcess) -> Browser:
    return signed_in(notify, "officer")


@pytest.fixture
def refusing(notify: InProcess) -> Iterator[Refusing]:
    before, refusing = notify.deps.channel, Refusing()
    notify.deps.channels[refusing.name] = refusing
    yield refusing
    notify.deps.channels[before.name] = before


def form_to(text: str, action: str) -> Form:
    return next(form for form in forms_of(text) if form.action == action)


@pytest.fixture
def failed(story: Story, refusing: Refusing) -> str:
    """The address of a message that its channel did not take."""
    message_id = story.ask()
    fail_for_good(story.notify, "nomor <tidak> dikenal")
    return f"{MESSAGES}/{message_id}"


def test_what_failed_is_shown_without_asking_and_the_rest_by_choice(
    story: Story, failed: str, officer: Browser
) -> None:
    story.notify.deps.channel.error = None
    sent = story.ask("introduction_request")
    story.notify.work()
    first = officer.open(MESSAGES).text
    assert failed in first and sent not in first and "nomor &lt;tidak&gt; dikenal" in first
    all_of_them = officer.open(f"{MESSAGES}?keadaan=semua").text
    assert all_of_them.index(sent) < all_of_them.index(failed)
    assert officer.open(f"{MESSAGES}?keadaan=entah").status_code == 422


def test_messages_of_one_case_and_of_no_other(story: Story, failed: str, officer: Browser) -> None:
    assert failed in officer.open(f"{MESSAGES}?permohonan={story.case}").text
    other = officer.open(f"{MESSAGES}?permohonan={uuid4()}")
    assert other.status_code == 200 and failed not in other.text


def test_an_officer_sends_a_failed_message_again_and_two_taps_do_it_once(
    story: Story, failed: str, officer: Browser
) -> None:
    shown = officer.open(failed).text
    assert "hT3vK8" not in shown and "/t/…" in shown
    form = form_to(shown, f"{failed}/ulang")
    story.notify.deps.channel.error = None
    assert [officer.send(form, {}).status_code for _ in range(2)] == [303, 303]
    assert story.notify.work() == ["send_message"]
    after = officer.open(failed).text
    assert "Terkirim" in after and f"{failed}/ulang" not in after


def test_what_somebody_else_sent_again_meanwhile_is_not_sent_once_more(
    story: Story, failed: str, officer: Browser
) -> None:
    forms = [form_to(officer.open(failed).text, f"{failed}/ulang") for _ in range(2)]
    assert officer.send(forms[0], {}).status_code == 303
    late = officer.send(forms[1], {})
    assert late.status_code == 412 and "Sudah diubah orang lain" in late.text


def test_a_message_of_another_office_is_not_there(story: Story, failed: str) -> None:
    elsewhere = signed_in(story.notify, "officer", tenant=KALIDONI)
    assert elsewhere.open(failed).status_code == 404
    assert failed not in elsewhere.open(MESSAGES).text


def test_an_administrator_searches_by_number_and_an_officer_does_not(
    story: Story, failed: str, officer: Browser
) -> None:
    administrator = signed_in(story.notify, "administrator")
    form = form_to(administrator.open(f"{MESSAGES}/cari").text, f"{MESSAGES}/cari")
    found = administrator.send(form, {"phone": HEAD_PHONE})
    assert found.status_code == 200 and failed in found.text
    wrong = administrator.send(form, {"phone": "12 <b>"})
    assert wrong.status_code == 422 and 'href="#phone"' in wrong.text and "12 &lt;b&gt;" in wrong.text
    assert officer.open(f"{MESSAGES}/cari").status_code == 403
    assert f"{MESSAGES}/cari" not in officer.open(MESSAGES).text


def test_long_lists_go_back_page_by_page(story: Story, officer: Browser) -> None:
    asked = [story.ask(case) for case in ["introduction_request"] * 51]
    story.notify.work()
    shown = officer.open(f"{MESSAGES}?permohonan={story.case}&keadaan=semua").text
    assert asked[-1] in shown and asked[0] not in shown
    further = shown.partition("&amp;lanjut=")[2].partition('"')[0]
    rest = officer.open(f"{MESSAGES}?permohonan={story.case}&keadaan=semua&lanjut={further}").text
    assert asked[0] in rest and asked[-1] not in rest
