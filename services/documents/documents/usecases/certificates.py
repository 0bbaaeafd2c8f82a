"""Signers' certificates: kept sealed, opened with a passphrase that is kept nowhere."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from documents.deps import Deps
from documents.domain.errors import (
    CertificateExpired,
    CertificateLocked,
    CertificateUnusable,
    NoCertificate,
    PassphraseNeeded,
    PassphraseWrong,
)
from documents.domain.signing import LOCKED, Certificate
from documents.store import certificates, people
from kit import audit
from kit.auth import Caller
from kit.ids import new_id

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner


def keep(deps: Deps, who: Caller, pkcs12: bytes, passphrase: str) -> Certificate:
    """Keeps the caller's certificate in place of his former one. Raises PassphraseWrong, CertificateUnusable,
    CertificateExpired, CertificateLocked."""
    from documents.signing.certificates import Unusable, WrongPassphrase, describe, read_roots

    try:
        told = describe(pkcs12, passphrase, read_roots(deps.settings.psre_roots))
    except WrongPassphrase as error:
        raise PassphraseWrong from error
    except Unusable as error:
        raise CertificateUnusable from error
    sealed = {"pkcs12": base64.b64encode(pkcs12).decode(), "subject": told.subject, "pem": told.pem}
    with deps.db.transaction(who.tenant) as tx:
        former = certificates.lock_account(tx, who.subject)
        person_id = people.keep(tx, deps.data_keys, who.tenant, sealed, former.person_id if former else None)
        made = Certificate(
            id=former.id if former else new_id(), kelurahan=who.tenant, account=who.subject, person_id=person_id,
            sha256=told.sha256, certified=told.certified, issuer=told.issuer, not_before=told.not_before,
            not_after=told.not_after, kept_at=deps.clock.now(),
        )  # fmt: skip
        _check_valid(made)
        certificates.put(tx, made)
        audit.changed(tx, made, who=who)
    return made


def of_caller(deps: Deps, who: Caller) -> Certificate | None:
    with deps.db.transaction(who.tenant) as tx:
        return certificates.of_account(tx, who.subject)


def drop(deps: Deps, who: Caller) -> None:
    """The caller's certificate and key are gone. Raises NoCertificate."""
    with deps.db.transaction(who.tenant) as tx:
        found = certificates.of_account(tx, who.subject, lock=True)
        if found is None:
            raise NoCertificate
        certificates.drop(tx, found)
        audit.changed(tx, found, status=204, who=who)


def public_part(deps: Deps, who: Caller) -> tuple[Certificate, str, str]:
    """The caller's certificate, whose name is in it, and its PEM. Raises NoCertificate."""
    with deps.db.transaction(who.tenant) as tx:
        found = certificates.of_account(tx, who.subject)
        if found is None:
            raise NoCertificate
        sealed = people.read(tx, deps.data_keys, found.person_id)
    return found, sealed["subject"], sealed["pem"]


def unlock(deps: Deps, who: Caller, passphrase: str | None) -> tuple[SimpleSigner, Certificate]:
    """The caller's key, in memory. One passphrase is tried at a time, so that guessing side by side gains nothing.
    Raises NoCertificate, CertificateExpired, CertificateLocked, PassphraseNeeded, PassphraseWrong."""
    from documents.signing.certificates import WrongPassphrase, open_signer

    with deps.db.transaction(who.tenant) as tx:
        found = certificates.of_account(tx, who.subject, lock=True)
        if found is None:
            raise NoCertificate
        _check_valid(found)
        if certificates.is_locked(tx, found.id):
            raise CertificateLocked(LOCKED * 60)
        pkcs12 = base64.b64decode(people.read(tx, deps.data_keys, found.person_id)["pkcs12"])
        if not passphrase:
            raise PassphraseNeeded
        try:
            signer = open_signer(pkcs12, passphrase)
        except WrongPassphrase:
            signer = None
            certificates.count_wrong(tx, found.id)
        else:
            certificates.count_right(tx, found.id)
    if signer is None:  # said after the commit, which counts it
        raise PassphraseWrong
    return signer, found


def _check_valid(certificate: Certificate) -> None:
    """By machine time, as whoever checks the signature will."""
    if not certificate.not_before <= datetime.now(UTC) <= certificate.not_after:
        raise CertificateExpired
