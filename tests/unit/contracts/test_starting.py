"""How an application is begun from paper."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from contracts.starting import page_link, whatsapp_link, wish, wished


@pytest.mark.parametrize("number", ["0812-3456-7890", "+62 812 3456 7890", "62812 3456 7890"])
def test_a_whatsapp_link_has_the_number_as_wa_me_wants_it_and_the_sentence_that_is_understood(number: str) -> None:
    link = urlsplit(whatsapp_link(number, "Pengantar KTP-el"))
    assert (link.scheme, link.netloc, link.path) == ("https", "wa.me", "/6281234567890")
    [said] = parse_qs(link.query)["text"]
    assert said == wish("Pengantar KTP-el") and wished(said) == "Pengantar KTP-el"


def test_a_landline_has_no_whatsapp_link() -> None:
    with pytest.raises(ValueError, match="mobile"):
        whatsapp_link("0711 353535", "Pengantar KTP-el")


@pytest.mark.parametrize("text", ["  saya   ingin mengajukan  KTP ", "SAYA INGIN MENGAJUKAN KTP"])
def test_the_sentence_is_known_however_it_is_written(text: str) -> None:
    assert wished(text) == "KTP"


def test_another_text_is_no_wish() -> None:
    assert wished("Kapan surat saya jadi?") is None


def test_without_a_number_the_page_begins_it() -> None:
    assert page_link("https://layanan.example/", "16.71.10.1001", "KTP") == (
        "https://layanan.example/ajukan/16.71.10.1001/KTP"
    )
