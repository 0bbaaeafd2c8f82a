"""Two cases by WhatsApp alone, from "halo" to the letter on the phone, through webhooks and the real adapter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.demo import papers, report
from deploy.demo.__main__ import CLOCK_START, PICTURES
from deploy.demo.phones import Talker
from deploy.demo.talks import MAT, ROHANA, Talks
from deploy.demo.whatsapp import photographs, unlike_http
from deploy.local.parts.whatsapp import TEMPLATES, WEBHOOK
from deploy.local.stack import Stack
from deploy.whatsapp_simulator.client import Bubble
from intake.usecases.talking import bursts
from notify.channels.whatsapp import WhatsApp
from tests.support.one_process import one_process
from tests.support.simulated import APP_SECRET, TOKEN, VERIFY_TOKEN, Trial, simulated

pytestmark = pytest.mark.timeout(1200)


@dataclass
class Played:
    talks: Talks
    cases: list[dict[str, Any]]
    trial: Trial


@pytest.fixture(scope="module")
def played(parts: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    photos = papers.make_all(photographs((ROHANA, MAT)), PICTURES, progress=lambda _done, _total: None)
    with simulated() as trial:
        for body in json.loads(TEMPLATES.read_text("utf-8")):
            trial.parts.hand_in(body)
        environment = {
            "CHANNEL": "whatsapp,mailbox", "WHATSAPP_URL": f"{trial.url}/v26.0", "WHATSAPP_TOKEN": TOKEN,
            "WHATSAPP_APP_SECRET": APP_SECRET, "WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN,
            "WHATSAPP_NUMBERS": f"{trial.number_id}=16.71.10.1001", "SAMPLE_DATA": "true", "CLOCK_START": CLOCK_START,
        }  # fmt: skip
        with one_process(parts, **environment) as whole, pytest.MonkeyPatch.context() as patch:
            patch.setattr(WhatsApp, "gap", 1.0)  # how long one waits before the next message, else most of the time
            patch.setattr(bursts, "QUIET", 2.0)
            trial.parts.deliveries.register(whole.base_url + WEBHOOK)
            patch.setattr(report, "OUT", tmp_path_factory.mktemp("out"))

            def goes_by(way: str) -> None:
                whole.change("notify", WHATSAPP_DOCUMENTS_BY=way, WHATSAPP_LETTERS_BY=way)

            key = parts.token_key_file.read_text("ascii")
            talks = Talks(whole.base_url, key, photos, trial.simulator, goes_by, say=lambda _line: None)
            talks.play()
            yield Played(talks, report.collect(talks), trial)


def test_both_cases_end_as_over_http(played: Played) -> None:
    assert report.failures(played.cases) + unlike_http(played.talks, played.cases) == []


def test_nobody_is_told_more_than_the_budget_allows(played: Played) -> None:
    told = {talker.role: len(talker.told()) for talker in played.talks.talkers}
    assert told[played.talks.helper.role] <= 9, told
    assert told[played.talks.rohana.role] == 2, "the code, and what she agreed to: her neighbour is told the rest"
    assert {told[one.role] for one in played.talks.neighbours.values()} == {2}, "the question, and that it is recorded"


def test_no_nik_is_asked_for_nor_written_in_the_chat(played: Played) -> None:
    for talker in played.talks.talkers:
        said = " ".join(one["text"] for one in talker.phone.messages(mine=False))
        assert not {str(ROHANA.applicant["nik"]), str(MAT.applicant["nik"])} & set(said.split())
        assert "NIK" not in said


def test_the_letters_of_the_chat_are_on_the_phone_as_they_were_issued(played: Played) -> None:
    """Besides the sample pictures; where papers go by links there is none."""
    [letters] = [case["letters"] for case in played.cases if case["service"] == "SITU"]
    mat = played.talks.mat
    shown = [mat.phone.content(one) for one in _papers(mat)]
    assert sorted(shown) == sorted(Path(one["file"]).read_bytes() for one in letters)
    assert _papers(played.talks.helper) == []


def _papers(talker: Talker) -> list[Bubble]:
    return [one for one in talker.told() if one["file"] and one["file"]["type"] == "application/pdf"]


def test_every_webhook_was_taken(played: Played) -> None:
    played.trial.simulator.wait_until_told()
    assert all(one.done for one in played.trial.parts.deliveries.remembered), "those while notify was away came again"
