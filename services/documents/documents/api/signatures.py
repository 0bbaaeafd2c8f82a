"""`/v1/signatures`: signing letters, one or many at once, and the signer's own certificate."""

from __future__ import annotations

from typing import Any

from documents.api import examples
from documents.api.common import deps, letter_view
from documents.domain.letters import SIGNERS
from documents.domain.signing import Certificate
from documents.schemas.signatures import CertificateIn, CertificateOut, SignedList, SignRequest
from documents.usecases import certificates, signing
from documents.usecases.signing import Order, Outcome, Secret
from kit import audit
from kit.auth import allow, caller
from kit.language import language
from kit.openapi import refusals
from kit.web import Resource

signatures = Resource("signatures", __name__, url_prefix="/v1/signatures", description="Signing letters.")


@signatures.post("")
@allow(*SIGNERS)
@signatures.arguments(SignRequest, example=examples.SIGNING)
@refusals(signatures, 400, 401, 403, 404, 409, 415, 422, 429, 503)
@signatures.response(200, SignedList, example=examples.SIGNED)
@audit.by_each
def sign(body: dict[str, Any]) -> Any:
    """Signs letters: drafts that were read, or letters that have their number already

    Each is a step of its own: one that cannot be signed says why and hinders no other. Sent again, letters that are
    issued stay as they are, so that no Idempotency-Key is needed. A letter that comes back `numbered` without a problem
    was not prepared in time, or is signed by hand: send the request again, or print its sheet. The passphrase lives in
    the memory of this request only."""
    orders = [Order(**order) for order in body["letters"]]
    secret = Secret(body["passphrase"], body["nik"])
    outcomes = signing.sign_letters(deps(), caller(), orders, body["method"], secret)
    waiting = any(one.letter.status == "numbered" and one.letter.method != "by_hand" for one in outcomes)
    return {"items": [_view(one) for one in outcomes]}, 200, {"Retry-After": "1"} if waiting else {}


def _view(outcome: Outcome) -> dict[str, Any]:
    problem = outcome.problem and outcome.problem.document(language())
    return {"letter": letter_view(outcome.letter), "problem": problem or None}


@signatures.get("/certificate")
@allow(*SIGNERS)
@refusals(signatures, 401, 403, 409, 503)
@signatures.response(200, CertificateOut, example=examples.CERTIFICATE)
@audit.shows_nobody("the caller's own certificate, which is public")
def get_certificate() -> dict[str, Any]:
    """The caller's certificate

    Its `pem` checks letters without this system."""
    return _shown(*certificates.public_part(deps(), caller()))


@signatures.put("/certificate")
@allow(*SIGNERS)
@signatures.arguments(CertificateIn, example=examples.KEEPING)
@refusals(signatures, 400, 401, 403, 409, 415, 422, 503)
@signatures.response(200, CertificateOut, example=examples.CERTIFICATE)
def keep_certificate(body: dict[str, Any]) -> dict[str, Any]:
    """Keeps the caller's certificate and key

    The file lies here encrypted as it came, and once more with this system's key; the passphrase that opens it is
    typed for each signing and kept nowhere."""
    certificates.keep(deps(), caller(), body["pkcs12"], body["passphrase"])
    return _shown(*certificates.public_part(deps(), caller()))


@signatures.delete("/certificate")
@allow(*SIGNERS)
@refusals(signatures, 401, 403, 409, 503)
@signatures.response(204)
def drop_certificate() -> None:
    """Removes the caller's certificate and key

    Letters signed with it stay signed."""
    certificates.drop(deps(), caller())


def _shown(certificate: Certificate, subject: str, pem: str) -> dict[str, Any]:
    return vars(certificate) | {"subject": subject, "pem": pem}
