"""Telling apart what a stranger sent: whose address a code is, and what speaks for which answer."""

from __future__ import annotations

import hashlib
import tempfile

import pytest

from documents.domain.judging import Seen, judge, names, token_at, tokens_of
from documents.usecases.checking import beginnings_of

HOME = "https://layanan.example"
TOKEN = "7K3MQ9X2VZ5TB8RDW4HC0N6PJS"
OTHER = "7K3MQ9X2VZ5TB8RDW4HC0N6PJT"
NUMBER = "400.12.2.1/123/KEL-BS/VIII/2026"
ADDRESS = f"{HOME}/periksa/{TOKEN}"


def seen(*codes: str, text: str = "", title: str = "") -> Seen:
    return Seen(codes, text, title)


@pytest.mark.parametrize(
    "address",
    [ADDRESS, ADDRESS.replace("https", "http"), f"{ADDRESS}?dari=wa", f" {ADDRESS}\n", ADDRESS.lower(),
     ADDRESS.replace("layanan", "LAYANAN")],
)  # fmt: skip
def test_an_address_of_ours_leads_to_its_code(address: str) -> None:
    assert token_at(HOME, address) == TOKEN


@pytest.mark.parametrize(
    "address",
    [
        f"https://layanan.example.evil.test/periksa/{TOKEN}", f"https://evil.test/layanan.example/periksa/{TOKEN}",
        f"https://layanan.example@evil.test/periksa/{TOKEN}", f"https://evil.test@layanan.example/periksa/{TOKEN}",
        f"https://evil.test/?to={ADDRESS}", f"{HOME}:8443/periksa/{TOKEN}", f"{HOME}/x/periksa/{TOKEN}",
        f"{HOME}/periksa/{TOKEN}/x", f"{HOME}/periksa/x", f"{HOME}/lacak/{TOKEN}", f"ftp://layanan.example/periksa/{TOKEN}",
        f"//layanan.example/periksa/{TOKEN}", TOKEN, "", "https://[", f"{HOME}:99999/periksa/{TOKEN}",
        f"javascript:location='{ADDRESS}'",
    ],
)  # fmt: skip
def test_an_address_that_only_looks_like_ours_is_none(address: str) -> None:
    assert token_at(HOME, address) is None


def test_a_public_address_below_a_path_is_kept_to() -> None:
    assert token_at(f"{HOME}/surat", f"{HOME}/surat/periksa/{TOKEN}") == TOKEN
    assert token_at(f"{HOME}/surat", ADDRESS) is None


def test_the_address_is_found_in_text_across_lines_and_counts_as_code_where_a_qr_has_it_too() -> None:
    text = f"buka\n{HOME}/periksa/\n{TOKEN[:9]}\n{TOKEN[9:]}\nBelum ber-TTE"
    assert tokens_of(HOME, seen(text=text)) == {TOKEN: "our_address"}
    assert tokens_of(HOME, seen(ADDRESS, text=text)) == {TOKEN: "our_code"}
    assert tokens_of(HOME, seen(text=text.replace("layanan", "lain"))) == {}


def test_a_file_with_thousands_of_codes_asks_for_few() -> None:
    text = " ".join(f"{HOME}/periksa/{number:026d}" for number in range(5000))
    assert len(tokens_of(HOME, seen(text=text))) == 8


def test_code_and_number_in_text_or_title_are_a_changed_letter() -> None:
    for what in (seen(ADDRESS, text=f"Nomor : {NUMBER[:13]}\n{NUMBER[13:]}"), seen(ADDRESS, title=f"Surat {NUMBER}")):
        told = judge(tokens_of(HOME, what), {TOKEN: NUMBER}, what)
        assert (told.kind, told.signs, told.token) == ("changed", ("our_code", "our_number"), TOKEN)


def test_a_code_alone_is_a_foreign_file() -> None:
    what = seen(ADDRESS, text="Surat lain bernomor 400.12.2.1/124/KEL-BS/VIII/2026")
    told = judge(tokens_of(HOME, what), {TOKEN: NUMBER}, what)
    assert (told.kind, told.signs, told.token) == ("foreign_file_with_our_code", ("our_code",), TOKEN)


def test_of_several_letters_the_one_whose_number_is_there_is_told_of() -> None:
    what = seen(f"{HOME}/periksa/{OTHER}", ADDRESS, text=NUMBER)
    told = judge(tokens_of(HOME, what), {OTHER: "400.12.2.1/124/KEL-BS/VIII/2026", TOKEN: NUMBER}, what)
    assert (told.kind, told.token) == ("changed", TOKEN)


def test_without_a_known_code_the_number_proves_nothing() -> None:
    what = seen(text=NUMBER)
    assert judge({}, {}, what).kind == "unknown"
    invented = judge(tokens_of(HOME, seen(ADDRESS)), {}, seen(ADDRESS, text=NUMBER))
    assert invented.kind == "unknown" and invented.statement != judge({}, {}, what).statement


def test_a_number_so_short_that_any_text_has_it_is_no_sign() -> None:
    assert not names(seen(text="RT 01 RW 005"), "01") and names(seen(text="1 / RT 01"), "1/RT01")


def beginnings(content: bytes) -> list[str]:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        return list(beginnings_of(file))


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\r"])
def test_what_was_appended_to_is_among_the_beginnings_of_a_file(end: bytes) -> None:
    ours = b"%PDF-1.7 surat\n%%EOF" + end
    assert hashlib.sha256(ours).hexdigest() in beginnings(ours + b"2 0 obj\n%%EOF\n")
    assert hashlib.sha256(ours).hexdigest() not in beginnings(ours.replace(b"surat", b"Surat") + b"2 0 obj\n%%EOF\n")


def test_a_file_full_of_ends_is_tried_at_few() -> None:
    assert len(beginnings(b"%%EOF\n" * 100_000)) == 64
