"""`python -m documents check-letter FILE --certificate office.pem`: a signed letter is checked without any network.

The one certificate that is given is believed, and no other: what the machine or the file brings along does not count.
Exit code: 0 the file is as this certificate's key signed it, 1 it is not, 2 nothing could be checked.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from logging import CRITICAL, getLogger
from pathlib import Path
from typing import Any

from kit.problems import Words

VALID, INVALID, UNUSABLE = 0, 1, 2
MOST = 50_000_000

# What was found -> (exit code, what the reader is told).
VERDICTS: dict[str, tuple[int, Words]] = {
    "valid": (VALID, Words("SAH: ditandatangani dengan sertifikat ini dan tidak berubah sejak itu.",
                           "VALID: signed with this certificate and unchanged since.")),
    "unsigned": (INVALID, Words("TIDAK BERTANDA TANGAN elektronik: berkas ini tidak dapat dibuktikan.",
                                "NOT SIGNED electronically: nothing can be proved about this file.")),
    "other": (INVALID, Words("BUKAN sertifikat ini: berkas ditandatangani dengan sertifikat lain.",
                             "NOT this certificate: the file was signed with another one.")),
    "changed": (INVALID, Words("BERUBAH: isi yang ditandatangani tidak sama lagi, atau tanda tangannya rusak.",
                               "CHANGED: what was signed is not the same any more, or the signature is broken.")),
    "added": (INVALID, Words("DITAMBAH: setelah ditandatangani, ada yang ditambahkan pada berkas ini.",
                             "ADDED TO: something was added to this file after it was signed.")),
    "untimely": (INVALID, Words("DI LUAR MASA BERLAKU: sertifikat tidak berlaku pada waktu yang tertera.",
                                "OUT OF DATE: the certificate was not valid at the time that is stated.")),
    "unfit": (
        INVALID,
        Words(
            "TIDAK LAYAK: sertifikat ini tidak memenuhi syarat untuk tanda tangan.",
            "UNFIT: this certificate does not meet what a signature needs.",
        ),
    ),
    "no_file": (UNUSABLE, Words("Berkas tidak dapat dibaca.", "The file cannot be read.")),
    "no_pdf": (UNUSABLE, Words("Berkas ini bukan PDF yang utuh.", "This file is not a whole PDF.")),
    "no_certificate": (UNUSABLE, Words("--certificate harus berisi tepat satu sertifikat (PEM).",
                                       "--certificate has to hold exactly one certificate (PEM).")),
}  # fmt: skip


_RANK = ("valid", "untimely", "unfit", "added", "changed", "other")


class Unusable(Exception):
    """Nothing can be checked; the argument is a key of VERDICTS."""


@dataclass(frozen=True)
class Finding:
    """A verdict, and of the signature by whom and when, as far as it is known. The time is the signer's own word."""

    verdict: str
    signer: str | None = None
    at: datetime | None = None


def main(arguments: list[str]) -> int:
    """Prints what was found, in Indonesian and English; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m documents check-letter", description=__doc__)
    parser.add_argument("file", type=Path, help="the letter's PDF")
    parser.add_argument("--certificate", type=Path, required=True, help="the office's certificate (PEM)")
    given = parser.parse_args(arguments)
    try:
        finding = check(_content(given.file, "no_file"), _content(given.certificate, "no_certificate"))
    except Unusable as problem:
        finding = Finding(str(problem))
    print("\n".join(_lines(finding)))  # noqa: T201
    return VERDICTS[finding.verdict][0]


def check(pdf: bytes, certificate: bytes) -> Finding:
    """The file against exactly this certificate. Raises Unusable."""
    office = _certificate(certificate)
    with _readable(), _quiet():
        from pyhanko.pdf_utils.reader import PdfFileReader

        signatures = list(PdfFileReader(BytesIO(pdf)).embedded_regular_signatures)
        if not signatures:
            return Finding("unsigned")
        findings = [_judged(one, office) for one in signatures]
    # Of several signatures the one counts that says most: a first one is followed by what the second added.
    return min(findings, key=lambda found: _RANK.index(found.verdict))


def _judged(signature: Any, office: Any) -> Finding:
    """One embedded signature, which may be in any state."""
    try:
        return _told(signature, office)
    except Exception:  # asn1crypto and pyHanko raise many kinds over a signature that was tampered with
        return Finding("changed")


def _told(signature: Any, office: Any) -> Finding:
    at = signature.self_reported_timestamp
    if signature.signer_cert is None or signature.signer_cert.dump() != office.dump():
        signer = signature.signer_cert.subject.human_friendly if signature.signer_cert is not None else None
        return Finding("other", signer, at)
    return Finding(_verdict(signature, office, at), office.subject.human_friendly, at)


def _verdict(signature: Any, office: Any, at: datetime | None) -> str:
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko_certvalidator import ValidationContext

    moment = at or datetime.now(UTC)
    trust = ValidationContext(trust_roots=[office], moment=moment, allow_fetching=False)
    status = validate_pdf_signature(signature, trust, key_usage_settings=KeyUsageConstraints(), skip_diff=True)
    if not (status.intact and status.valid):
        return "changed"
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return "added"
    if not office.not_valid_before <= moment <= office.not_valid_after:
        return "untimely"
    return "valid" if status.trusted else "unfit"


def _certificate(content: bytes) -> Any:
    """The one certificate. Raises Unusable."""
    from pyhanko.keys import load_certs_from_pemder_data

    try:
        found = list(load_certs_from_pemder_data(content))
        for one in found:
            one.dump(force=True)
            one.subject.human_friendly  # noqa: B018 - it is parsed now, or refused
    except Exception as error:  # of asn1crypto's making, half a dozen kinds
        raise Unusable("no_certificate") from error
    if len(found) != 1:
        raise Unusable("no_certificate")
    return found[0]


def _content(path: Path, missing: str) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST + 1)
    except OSError as error:
        raise Unusable(missing) from error
    if len(content) > MOST:
        raise Unusable(missing)
    return content


@contextmanager
def _readable() -> Iterator[None]:
    """Whatever a broken file makes the reader raise. Raises Unusable."""
    try:
        yield
    except Unusable:
        raise
    except Exception as error:  # pyHanko raises its own errors for what it foresaw, and any other for the rest
        raise Unusable("no_pdf") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """pyHanko logs traces of what it then reports; the reader wants one answer."""
    log = getLogger("pyhanko")
    before, log.level = log.level, CRITICAL + 1
    try:
        yield
    finally:
        log.level = before


def _lines(finding: Finding) -> Iterator[str]:
    yield from VERDICTS[finding.verdict][1]
    if finding.signer is not None:
        yield f"Ditandatangani oleh / signed by: {finding.signer}"
    if finding.at is not None:
        yield f"Waktu menurut penanda tangan / time as the signer states it: {finding.at.isoformat()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
