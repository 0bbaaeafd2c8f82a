"""The sentence that a leaflet's QR code types in begins the service that it names."""

from __future__ import annotations

import pytest

from contracts.starting import wish
from tests.integration.intake.test_talking import case_of, new_number, opened, the_neighbourhood
from tests.support.services import InProcess
from tests.support.talking import CHAT, Phone

__all__ = ["the_neighbourhood"]


@pytest.fixture
def siti(intake: InProcess) -> Phone:
    return Phone(intake, number=new_number(), rules=dict(CHAT))


@pytest.mark.parametrize("service", ["Pengantar KTP-el", "Surat keterangan tempat usaha", "Surat pengantar nikah"])
def test_the_sentence_of_a_leaflet_begins_its_service_with_the_first_message(siti: Phone, service: str) -> None:
    assert siti.sends(wish(service))[0]["template"] == "talk_whom"


def test_it_begins_another_application_while_one_is_under_way(intake: InProcess, siti: Phone) -> None:
    opened(siti)
    first = case_of(intake, siti)
    assert siti.sends(wish("Pengantar Kartu Keluarga"))[0]["template"] == "talk_whom"
    assert case_of(intake, siti) == first, "and nothing is opened before the questions are answered"


def test_a_service_that_the_office_has_not_is_asked_for_and_nothing_is_guessed(siti: Phone) -> None:
    assert siti.sends(wish("Izin terbang"))[0]["template"] == "talk_service"
