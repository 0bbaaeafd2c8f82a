"""A sheet that was signed by hand comes back as a scan or photo, and becomes a PDF."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from documents import bundling
from documents.deps import Deps
from documents.domain import judging
from documents.domain.check_errors import FileNotReadable, NotAPdf
from documents.domain.errors import NotToBeSigned, ScanOfAnother, ScanRefused
from documents.domain.letters import Letter
from documents.usecases import objects
from kit.uploads import Upload

MOST_BYTES = 10_000_000
MOST_PAGES = 20
_KINDS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


def store(deps: Deps, letter: Letter, upload: Upload) -> objects.Stored:
    """The scan as a PDF of its own bytes and hash, stored. Raises NotToBeSigned, ScanRefused, ScanOfAnother, CheckBusy,
    StoreUnavailable."""
    if letter.method != "by_hand":
        raise NotToBeSigned
    pdf = as_pdf(upload.stream)
    _check_code(deps, letter, pdf)
    return objects.store_signed(deps, letter, pdf)


def _check_code(deps: Deps, letter: Letter, pdf: bytes) -> None:
    """A stack of paper is easily mixed up: a scan whose codes are all other letters' is none of this one. One without a
    code that can be read is taken, as the officer has looked at it. Raises ScanOfAnother, CheckBusy."""
    try:
        tokens = judging.tokens_of(deps.settings.public_url, deps.inspector.look(BytesIO(pdf)))
    except (FileNotReadable, NotAPdf):
        return
    if tokens and letter.token not in tokens:
        raise ScanOfAnother


def as_pdf(stream: BinaryIO) -> bytes:
    """Judged by its bytes; pages only, without scripts and attachments. Raises ScanRefused."""
    stream.seek(0)
    start = stream.read(8)
    stream.seek(0)
    media_type = next((kind for magic, kind in _KINDS.items() if start.startswith(magic)), None)
    if media_type is None:
        raise ScanRefused
    made, target = bundling.new_document(), BytesIO()
    try:
        with bundling.opened(stream, media_type) as source:
            if not 1 <= bundling.page_count(source) <= MOST_PAGES:
                raise ScanRefused
            bundling.append(made, source, MOST_PAGES, fit=False)
            bundling.save(made, target)
    except bundling.Unreadable as error:
        raise ScanRefused from error
    return target.getvalue()
