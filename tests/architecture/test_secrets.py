"""No key, password or token lies in the repository, or gets into an image."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.code import ROOT, project_files

NO_TEXT = {".png", ".jpg", ".ttf", ".pdf", ".ico", ".icc"}
KEY_FILES = re.compile(
    r"(\.(pem|p12|pfx|key|jks|keystore|kdbx|der)|(^|/)(id_(rsa|ed25519|ecdsa)|\.env|\.netrc|\.pgpass))$"
)

SHAPES = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*\\?n?\s*[A-Za-z0-9+/]{20,}"),
    "a token": re.compile(r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}"),
    "a keyring": re.compile(r"\b[\w-]{1,20}:[\w-]{42}[AEIMQUYcgkosw048](?:=|\b)(?![\w/+-])"),
    "a cloud's key": re.compile(
        r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_\w{36,}|\bxox[abpr]-[\w-]{10,}|\b(?:sk|rk)_live_\w{16,}|\bAIza[\w-]{35}\b"
        r"|\bglpat-[\w-]{20,}"
    ),
    "a password in an address": re.compile(r"\b[a-z][a-z0-9+]*://[^\s:/@{}$<>\"']+:(?P<value>[^\s:/@{}$<>\"'…]{8,})@"),
}
NAMED = re.compile(
    r"""(?ix) [\w-]* (?:passw(?:or)?d|passphrase|secret|token|credential
        |(?:api|access|private)_?key|(?:data|event)_keys)
        [\w.-]* ["']? \s* (?::\s*str\s*)? (?:=|:|=>) \s* ["'](?P<value>[^\s"'{}$]{16,})["']"""
)
ENTROPY = 3.6
"""Bits a sign: random base64 of 20 signs has about 4, words in small letters have less."""

ALLOWED: dict[tuple[str, str], str] = {
    (
        "tests/unit/documents/test_judging.py",
        "7K3MQ9X2VZ5TB8RDW4HC0N6PJS",
    ): "a made-up check token; such tokens are printed",
}
"""(file, what was found): why it is no secret. Reviewed; an entry that covers nothing fails."""


def entropy(text: str) -> float:
    counts = Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())


def suspicious(text: str) -> Iterator[tuple[str, str]]:
    """(what it looks like, the text itself)."""
    for what, shape in SHAPES.items():
        for match in shape.finditer(text):
            yield what, match[0]
    for match in NAMED.finditer(text):
        if entropy(match["value"]) >= ENTROPY and re.search(r"\d", match["value"]):
            yield "a secret by its name", match["value"]


def texts() -> Iterator[tuple[Path, str]]:
    for path in project_files():
        if path.suffix not in NO_TEXT and path.suffix != ".lock":
            yield path, path.read_text("utf-8", errors="ignore")


def test_nothing_in_the_repository_looks_like_a_secret() -> None:
    found = {(str(path.relative_to(ROOT)), text): what for path, body in texts() for what, text in suspicious(body)}
    assert {place: what for place, what in found.items() if place not in ALLOWED} == {}
    assert set(ALLOWED) - set(found) == set(), "covers nothing any more"


def test_no_file_is_one_that_keys_are_kept_in() -> None:
    assert [str(path) for path in project_files() if KEY_FILES.search(str(path.relative_to(ROOT)))] == []


PARTS = ("Zk9x", "Qw3rT7uPz", "1mN5vB8cX", "2aS4dF6gH")


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN " + "PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIL" + "x" * 20,
        "-----BEGIN RSA " + "PRIVATE KEY-----\\nMIIEowIBAAKCAQEA" + "x" * 20,
        "eyJhbGciOiJFZERTQSJ9" + ".eyJzdWIiOiJvZmZpY2VyIn0." + "c2lnbmF0dXJlLXNpZw",
        "k1:" + "A" * 42 + "A=",
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "ghp_" + "a1B2" * 9,
        "postgresql://owner:" + "".join(PARTS) + "@db/intake",
        'PASSWORD = "' + "".join(PARTS) + '"',
        '"client_secret": "' + "".join(PARTS) + '"',
    ],
)
def test_each_shape_is_found(text: str) -> None:
    assert list(suspicious(text))


@pytest.mark.parametrize(
    "text",
    [
        'PASSPHRASE = "kopi pagi di dermaga"',
        'secret = "s3_secret_key"',
        "postgresql://{user}:{password}@{host}/intake",
        "sha256: 0af7651916cd43dd8448eb211c80319c0af7651916cd43dd8448eb211c80319c",
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA",
        "https://pengantar.example.go.id:8443/v1/services",
    ],
)
def test_what_only_speaks_of_secrets_is_not(text: str) -> None:
    assert list(suspicious(text)) == []


def test_only_what_an_image_is_made_of_reaches_the_builder() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line and line[0] != "#"]
    assert lines[0] == "*", "everything is left out first"
    taken = {line[1:] for line in lines if line.startswith("!")}
    assert taken and all(re.fullmatch(r"services/\w+|deploy/\w+(\.py)?", place) for place in taken)


def test_no_secret_is_built_into_an_image() -> None:
    dockerfiles = [path for path in project_files() if path.name.startswith("Dockerfile")]
    assert len(dockerfiles) == 5
    for path in dockerfiles:
        body = path.read_text("utf-8")
        assert not re.search(r"(?im)^(ARG|ENV)\b.*(passw|secret|token|_key)", body), path
        assert not re.search(r"(?im)^(COPY|ADD)\s+(\.|.*(\.env|\.git|\.local))(\s|$)", body), path
        assert not re.search(r"(?im)^ADD\s+https?:", body), path
