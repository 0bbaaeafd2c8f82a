"""What no description says: values, headers, bodies and methods that break things, for otherwise right requests."""

from __future__ import annotations

import base64
import json
import random
from copy import deepcopy
from typing import Any

MARK = "kenari-7f3a"
"""In what is sent as text, so that it is found wherever it must not turn up."""

VALUES: list[Any] = [
    None, True, False, 0, -1, 1.5, 2**31, 2**63, 2**64, 10**40, 1e308, float("nan"), float("inf"), [], {}, [[]], [None],
    "", " ", "\0", f"a\0{MARK}", "\ud800", f"{MARK}\udfff", "\r\n", f"{MARK}\r\nX-Injected: 1", "\u202e\u200b\ufeff",
    "\x1b[31m", MARK * 1_000, "9" * 30, "-1", "1e9", "٣", "%00%ff%n%s", "'; DROP TABLE job; --", "{{7*7}}", "../../etc",
    "0001-01-01", "9999-12-31", "2026-02-30", "10000-01-01", "0000-00-00", "2026-13", "0000-01",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-08-14T09:00:00", "2026-W33-5", "24:00",
    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "+62", "+628", "0" * 16, "1" * 16,
    "16.71.10.1001", "16.71.10.9999", "*", "KK", "005", "😀", "ÿ", "e\u0301" * 50, "<script>", "#sys.inputs", "a/b",
    [MARK] * 300, {MARK: MARK}, {"\0": "\0"}, {"id": "x", "en": "\0"},
]  # fmt: skip

CURSORS = [
    base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    for text in (
        "null", "[]", "[null]", "[1]", '["x", "y"]', '["0001-01-01T00:00:00+14:00", 1]', '["\\u0000", "\\u0000"]',
        '["2026-08-14T02:00:00+00:00", "00000000-0000-0000-0000-000000000000"]', "[9223372036854775808]", "[1e999]",
        '["\\ud800", 0]', '[["a"], {}]', "[-1, -1]", "[" * 150,
    )
]  # fmt: skip

HEADERS: list[tuple[str, str]] = [
    *(("If-Match", value) for value in ("*", '"1"', 'W/"1"', '"', "1", '"9' * 40, "\xff", '"a", "1"', '"1')),
    *(("If-None-Match", value) for value in ("*", '"1"', '"', "\xff")),
    *(("Idempotency-Key", value) for value in ("", "k", "k" * 128, "k" * 129, "\xff", "a b", MARK)),
    *(("Accept", value) for value in ("text/html", "*/*;q=0", "application/xml", "garbage", ",;,", "a/b;q=x", "")),
    *(("Accept-Language", value) for value in ("en", "fr;q=1.1", "*", "\xff", "en-" * 500, ";;q=")),
    *(
        ("Content-Type", value)
        for value in (
            "", ";", "text/plain", "application/json; charset=utf-16", "application/json; charset=nonsense", "a/b/c",
            "application/problem+json", "application/x-www-form-urlencoded", "multipart/form-data",
            "multipart/form-data; boundary=", "multipart/form-data; boundary=\xff", "multipart/mixed; boundary=x",
            "application/pdf", "text/csv; charset=utf-16", "application/json\xff",
        )
    ),
    *(("Range", value) for value in ("bytes=0-1", "bytes=9999999-", "bytes=-0", "bytes=x", "lines=1")),
    *(("traceparent", value) for value in ("00-" + "0" * 32 + "-" + "0" * 16 + "-01", "\xff", "x" * 9_000)),
    *(("X-Forwarded-For", value) for value in ("10.0.0.1", "\xff", ",,,", "::1%eth0", "256.1.1.1")),
    ("Content-Encoding", "gzip"), ("Expect", "100-continue"), ("Cookie", "a=\xff; =;;"), ("Host", "x:99999"),
    ("Authorization", "Basic Og=="), ("Authorization", "Bearer"), ("Authorization", "Bearer \xff"),
    ("Authorization", "Bearer " + "a." * 4_000), ("Content-Length", "abc"), ("Content-Length", "-1"),
    ("Content-Length", "5"), ("If-Modified-Since", "\xff"), ("X-HTTP-Method-Override", "DELETE"),
]  # fmt: skip

BODIES: list[bytes] = [
    b"", b" ", b"{", b"null", b"[]", b'"x"', b"1", b"NaN", b"[" * 100_000, b'{"a":' * 5_000, b'{"a":1,"a":2}',
    b"\xef\xbb\xbf{}", '{"a":1}'.encode("utf-16"), b'{"a":"\xff"}', b'{"a":"\\ud800"}', b"1" * 5_000, b"x" * 1_100_000,
    b"--x\r\n", b"--x--\r\n", b"a=b&c=%ff%00", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0",
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="../\0a.jpg"\r\n\r\n\xff\xd8\r\n--x--\r\n',
    b'--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--\r\n', b"--x\r\n" * 50, b"rw,rt\r\n\0,\0\r\n", b'"' * 999,
]  # fmt: skip

METHODS = ("HEAD", "OPTIONS", "TRACE", "GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND", "get")


def value(dice: random.Random) -> Any:
    return deepcopy(dice.choice(VALUES))


def text(dice: random.Random) -> str:
    """One that an address can carry: a lone surrogate has no bytes."""
    found: str = sendable(dice.choice([*CURSORS, *(item for item in VALUES if isinstance(item, str))]))
    return found


def sendable(form: Any) -> Any:
    """Texts and files as a form can carry them."""
    if isinstance(form, dict):
        return {sendable(name): sendable(item) for name, item in form.items()}
    return form.encode("utf-8", "replace").decode() if isinstance(form, str) else form


def spoiled(body: Any, other: Any, dice: random.Random) -> Any:
    """The body with one place of it, or a few, taken away, doubled, or replaced: by harm, or what `other` has there."""
    body = deepcopy(body)
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        body = _spoil(body, other, dice)
    return body


def _spoil(body: Any, other: Any, dice: random.Random) -> Any:
    if dice.random() < 0.4 and isinstance(body, dict | list) and body:
        key = dice.choice(list(body) if isinstance(body, dict) else range(len(body)))
        body[key] = _spoil(body[key], _at(other, key), dice)
        return body
    if isinstance(body, dict):
        return _spoil_keys(body, other, dice)
    if isinstance(body, list) and body and dice.random() < 0.5:
        return body * dice.choice((0, 2, 60))
    return value(dice) if other is None or dice.random() < 0.7 else other


def _spoil_keys(body: dict[str, Any], other: Any, dice: random.Random) -> dict[str, Any]:
    known = sorted({*body, *(other if isinstance(other, dict) else ())})
    key = dice.choice(known) if known else MARK
    match dice.randrange(8):
        case 0:
            body.pop(key, None)
        case 1:
            body[MARK] = value(dice)
        case 2 | 3:
            body[key] = _at(other, key)
        case _:
            body[key] = value(dice)
    return body


def _at(other: Any, key: Any) -> Any:
    try:
        return other[key]
    except (KeyError, IndexError, TypeError):
        return None


def shown(sent: Any) -> str:
    """What was sent, short enough to be read in a report."""
    try:
        said = json.dumps(sent, default=repr)
    except (TypeError, ValueError):
        said = repr(sent)
    return said if len(said) < 500 else f"{said[:400]} … ({len(said)} characters)"
