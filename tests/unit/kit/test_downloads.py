"""What a browser is told of a file that a stranger sent."""

from __future__ import annotations

import pytest
from werkzeug.http import parse_options_header

from kit.downloads import attachment

NAMES = {
    "kk.jpg": ("kk.jpg", None),
    "kartu keluarga.pdf": ("kartu keluarga.pdf", None),
    "../../etc/passwd": ("_.._etc_passwd", None),
    'a"; filename="b.exe': ("a__ filename=_b.exe", None),
    "kk\r\nSet-Cookie: a=b.jpg": ("kk__Set-Cookie_ a=b.jpg", None),
    "kk\0.jpg": ("kk_.jpg", None),
    "kk\u202egpj.exe": ("kk_gpj.exe", None),
    "Kartu é Jum'at.pdf": ("Kartu e Jum'at.pdf", "Kartu é Jum'at.pdf"),
    "家.pdf": ("_.pdf", "家.pdf"),
    "": ("berkas", None),
    "...": ("berkas", None),
    "k" * 296 + ".jpg": ("k" * 96 + ".jpg", None),
}


@pytest.mark.parametrize("name", NAMES, ids=[ascii(name)[:30] for name in NAMES])
def test_any_name_becomes_one_that_is_safe(name: str) -> None:
    said = attachment(name)["Content-Disposition"]
    plain, full = NAMES[name]
    assert said.startswith(f'attachment; filename="{plain}"')
    assert "\r" not in said and "\n" not in said and said.isascii()
    assert parse_options_header(said) == ("attachment", {"filename": full or plain})


def test_nothing_of_it_runs() -> None:
    headers = attachment("kk.jpg")
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")
