"""Checking a letter on a page: whatever is handed in, people are told what it is and what to do."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from kit.pages import _files, asset
from tests.support.browsing import HERE, HTML, Browser, browser
from tests.support.services import InProcess


@pytest.fixture
def somebody(documents: InProcess) -> Browser:
    return browser(documents)


def hand_in(somebody: Browser, content: bytes) -> Any:
    return somebody.client.post(
        "/periksa", data={"file": (BytesIO(content), "surat.pdf", "application/pdf")}, headers=HTML | HERE,
        base_url="https://kelurahan.example",
    )  # fmt: skip


@pytest.mark.parametrize("size", [11_000_000, 25_000_000])
def test_a_file_that_is_too_large_is_told_on_a_page(somebody: Browser, size: int) -> None:
    answer = hand_in(somebody, b"%PDF-1.7\n" + b"x" * size)
    assert (answer.status_code, answer.mimetype) == (413, "text/html")
    assert "terlalu besar" in answer.text.lower()


def test_a_code_may_be_typed_as_people_type_it(somebody: Browser) -> None:
    for typed in ("ab cd-ef", "a/b", "a\nb", "ab?x=1#y"):
        sent = somebody.open("/periksa", query_string={"kode": typed})
        assert sent.status_code == 303 and sent.headers["Location"].startswith("/periksa/")
        assert "?" not in sent.headers["Location"] and "\n" not in sent.headers["Location"]


@pytest.mark.parametrize("path", ["/tampilan?ke=//[", "/tampilan?ke=http://[::1", "/periksa/%00", "/static/x/y.css"])
def test_odd_addresses_are_no_error_of_ours(somebody: Browser, path: str) -> None:
    assert somebody.open(path).status_code in (303, 404)


def test_asking_for_files_that_are_not_there_keeps_nothing(somebody: Browser) -> None:
    before = len(_files())
    for number in range(50):
        assert somebody.open(f"/static/x/{number}{'y' * 300}.css").status_code == 404
    assert len(_files()) == before


def test_style_and_script_are_kept_by_browsers_until_they_change(somebody: Browser) -> None:
    kept = somebody.open(asset("pages.css"))
    assert kept.status_code == 200 and "immutable" in kept.headers["Cache-Control"]
    assert somebody.open("/static/000000000000/pages.css").status_code == 404
