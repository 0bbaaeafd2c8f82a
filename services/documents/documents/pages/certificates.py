"""`/documents/sertifikat`: the signer's own certificate."""

from __future__ import annotations

import base64
from contextlib import suppress
from typing import Any

from flask import Blueprint, Response, request

from documents.api.common import deps
from documents.domain.errors import NoCertificate, PassphraseWrong
from documents.domain.letters import SIGNERS
from documents.pages.common import beside, shown
from documents.schemas.signatures import MOST_BYTES, CertificateIn
from documents.usecases import certificates
from kit import audit
from kit.auth import caller
from kit.pages import forms
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Words
from kit.uploads import UploadLimits, received_file

certificate_pages = Blueprint("certificate-pages", __name__, url_prefix="/documents/sertifikat")
HERE = "/documents/sertifikat"


@certificate_pages.get("")
@allow(*SIGNERS)
@audit.shows_nobody("the caller's own certificate, which is public")
def show_certificate(filled: Filled = NOTHING) -> Response:
    """The caller's certificate, and how to put another in its place."""
    try:
        kept, subject, pem = certificates.public_part(deps(), caller())
    except NoCertificate:
        return shown("certificate.html", kept=None, filled=filled)
    return shown("certificate.html", kept=kept, subject=subject, pem=pem, filled=filled)


@certificate_pages.post("")
@allow(*SIGNERS)
@forms.keeps(show_certificate)
def keep_certificate() -> Any:
    """Keeps a file that its passphrase opens; the passphrase is kept nowhere."""
    with received_file(request, UploadLimits(file=MOST_BYTES), deps().spool) as upload:
        forms.check_ours(upload.fields)
        sent = base64.b64encode(upload.stream.read()).decode()
    passphrase = upload.fields.get("passphrase", "")
    body = forms.load(CertificateIn(), {"pkcs12": sent} | ({"passphrase": passphrase} if passphrase else {}))
    with beside("passphrase", PassphraseWrong):
        certificates.keep(deps(), caller(), body["pkcs12"], body["passphrase"])
    return forms.done(HERE, Words("Sertifikat tersimpan.", "The certificate is kept."))


@certificate_pages.post("/hapus")
@allow(*SIGNERS)
@audit.by_each
@forms.keeps(show_certificate)
def drop_certificate() -> Any:
    """Removes it; what was signed with it stays signed. A second tap finds it gone, as it was to be."""
    forms.typed()
    with suppress(NoCertificate):
        certificates.drop(deps(), caller())
    return forms.done(HERE, Words("Sertifikat dihapus.", "The certificate is removed."))
