"""Numbered sheets become signed letters: by the signer's own certificate, by the BSrE's service, or by hand.

What the signer types is handed down as `Secret` and never leaves the memory of his request. A letter that is not
signed, for whatever reason, stays numbered and can be signed again; one of which nobody knows is `unknown`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from documents.deps import Deps
from documents.domain.errors import (
    NotPrepared,
    NotToBeSigned,
    PassphraseNeeded,
    SignerServiceAway,
)
from documents.domain.letters import Letter
from documents.domain.signing import SECRET, Certificate, method_for
from documents.store import letters, turns
from documents.usecases import certificates, issuing, objects, reading
from documents.usecases.drafting import office_of
from documents.usecases.issuing import Decision
from kit import audit
from kit.auth import Caller
from kit.db import EVERY_TENANT, Tx
from kit.problems import Problem

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

MOST = 50
"""Letters signed with one request."""
PREPARED_WITHIN = 10.0
"""Seconds that a request waits for the sheets of the letters that it has just numbered."""
PATIENCE = 15.0
"""Seconds after which a request tries no further letters, once a service that it needs was away."""
LONG_ENOUGH = 40.0
"""Seconds after which a request begins no other signature, however well it goes."""
LOST_AFTER = 180
"""Seconds after which the BSrE's answer is not waited for any more; the client gives up well before."""
REASON = "Surat kelurahan"


@dataclass(frozen=True)
class Secret:
    """What the signer typed."""

    passphrase: str | None = field(default=None, repr=False)
    nik: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Order:
    """A letter to be signed; a draft is decided on as well, and named by the hash of what was read."""

    letter_id: UUID
    preview_sha256: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one order: the letter as it is now, and why it is not signed."""

    letter: Letter
    problem: Problem | None = None


@dataclass(frozen=True)
class _Signer:
    """Who signs, with his key where it is his own certificate."""

    who: Caller
    secret: Secret
    key: SimpleSigner | None = None
    certificate: Certificate | None = None


def sign_letters(deps: Deps, who: Caller, orders: Sequence[Order], asked: str | None, secret: Secret) -> list[Outcome]:
    """Decides on the drafts among them, waits for their sheets, signs each; one that cannot be signed keeps none of the
    others from it. Raises what is wrong with all of them: NotFound, MethodNotUsed, NoCertificate, CertificateExpired,
    CertificateLocked, PassphraseNeeded, PassphraseWrong, NotKnownYet."""
    found = [reading.letter_for(deps, who, order.letter_id) for order in orders]
    signer = _signer(deps, who, found, asked, secret)
    outcomes = [_decided(deps, signer, letter, order, asked) for letter, order in zip(found, orders, strict=True)]
    _wait_for_sheets(deps, who, [one.letter for one in outcomes if one.problem is None])
    return _all_signed(deps, signer, outcomes)


def sign_form(
    deps: Deps, who: Caller, key: str | None, orders: Sequence[Order], asked: str | None, secret: Secret
) -> list[Outcome]:
    """The same for a form with a key of its own: sent again while it is being done, it waits, and finds what was signed
    meanwhile. Raises StillRunning where that takes too long."""
    if key is None:
        return sign_letters(deps, who, orders, asked, secret)
    with turns.turn(deps.db, f"sign:{who.tenant}:{who.subject}:{key}", PREPARED_WITHIN + LONG_ENOUGH):
        return sign_letters(deps, who, orders, asked, secret)


def _all_signed(deps: Deps, signer: _Signer, waiting: Sequence[Outcome]) -> list[Outcome]:
    """One after another; a service that is away and slow to show it is not waited for again for each letter. What is
    not signed when it has taken long enough stays numbered: the request is to be repeated."""
    began = time.monotonic()
    patience = began + PATIENCE
    done: list[Outcome] = []
    away: Problem | None = None
    for one in waiting:
        if one.problem or (away and time.monotonic() > patience):
            done.append(Outcome(one.letter, one.problem or away))
            continue
        if time.monotonic() > began + LONG_ENOUGH:
            done.append(Outcome(one.letter))
            continue
        done.append(_signed(deps, signer, one.letter.id))
        if isinstance(done[-1].problem, SignerServiceAway):
            away = done[-1].problem
    return done


def _signer(deps: Deps, who: Caller, found: Sequence[Letter], asked: str | None, secret: Secret) -> _Signer:
    with deps.db.transaction(who.tenant) as tx:
        usual = method_for(office_of(tx, who.tenant), asked)
    methods = {letter.method or usual for letter in found if letter.status != "issued"}
    if "certificate" in methods:
        key, certificate = certificates.unlock(deps, who, secret.passphrase)
        return _Signer(who, secret, key, certificate)
    if methods & SECRET and not secret.passphrase:
        raise PassphraseNeeded
    return _Signer(who, secret)


def _decided(deps: Deps, signer: _Signer, letter: Letter, order: Order, asked: str | None) -> Outcome:
    if letter.number is not None or order.preview_sha256 is None:
        return Outcome(letter)
    decision = Decision(signer.who.subject, order.preview_sha256, asked, signer.certificate)
    try:
        with deps.db.transaction(signer.who.tenant) as tx:
            locked, case = reading.lock_letter(deps, tx, letter.id)
            if locked.number is None:  # else the same request was here a moment ago
                issuing.decide_issue(deps, tx, locked, case, decision)
                audit.changed(tx, locked, who=signer.who)
    except Problem as problem:
        return Outcome(letter, problem)
    return Outcome(locked)


def _wait_for_sheets(deps: Deps, who: Caller, waiting: Sequence[Letter]) -> None:
    """Until the workers have prepared them, or it takes too long: then the request is to be repeated."""
    ids = [letter.id for letter in waiting if letter.status == "numbered"]
    until, gap = time.monotonic() + PREPARED_WITHIN, 0.1
    while ids and time.monotonic() < until:
        with deps.db.transaction(who.tenant) as tx:
            ids = letters.not_prepared(tx, ids)
        if ids:
            time.sleep(gap)
            gap = min(gap * 1.5, 1.0)


def _signed(deps: Deps, signer: _Signer, letter_id: UUID) -> Outcome:
    with deps.db.transaction(signer.who.tenant) as tx:
        letter = letters.get(tx, letter_id)
    if letter is None or letter.status == "issued":
        return Outcome(reading.letter_for(deps, signer.who, letter_id))
    try:
        if letter.status != "numbered":
            raise NotToBeSigned
        if letter.method == "certificate":
            _with_certificate(deps, signer, letter)
        elif letter.method == "bsre":
            _with_bsre(deps, signer, letter)
    except Problem as problem:
        return Outcome(reading.letter_for(deps, signer.who, letter_id), problem)
    return Outcome(reading.letter_for(deps, signer.who, letter_id))


def _with_certificate(deps: Deps, signer: _Signer, letter: Letter) -> None:
    from documents.signing.pades import NotSigned, sign

    if signer.key is None or signer.certificate is None:
        raise PassphraseNeeded
    _agree(deps, letter, signer.certificate)
    sheet = _sheet(deps, letter)
    try:
        signed = sign(sheet, signer.key, place=_place(deps, letter), reason=REASON, tsa_url=deps.settings.tsa_url)
    except NotSigned as error:
        _note(deps, letter, error.reason)
        raise SignerServiceAway(error.reason) from error
    _issue(deps, signer.who, letter, signed)


def _agree(deps: Deps, letter: Letter, certificate: Certificate) -> None:
    """The sheet speaks of this certificate; else it is prepared anew first. Raises NotPrepared."""
    if (letter.certified, letter.certificate_issuer) == (certificate.certified, certificate.issuer):
        return
    with deps.db.transaction(letter.kelurahan) as tx:
        locked = letters.get(tx, letter.id, lock=True)
        if locked is not None and locked.status == "numbered":
            objects.remove_later(tx, locked.kelurahan, locked.prepared_key)
            issuing.stand_behind(deps, locked, certificate)
            issuing.prepare_sheet(tx, locked)
    raise NotPrepared


def _with_bsre(deps: Deps, signer: _Signer, letter: Letter) -> None:
    """Nobody else sends the letter meanwhile: it is `signing` before the order leaves. Raises SignerServiceAway,
    PassphraseNeeded, NotPrepared, NotToBeSigned."""
    from documents.signing.bsre import Account, Bsre, NotReached, OutcomeUnknown, Refused

    if not (signer.secret.nik and signer.secret.passphrase):
        raise PassphraseNeeded
    if not deps.settings.bsre_url:
        raise SignerServiceAway("no service is configured")
    sheet, place = _sheet(deps, letter), _place(deps, letter)
    _move(deps, letter, "send_to_sign")
    service = Bsre(deps.settings.bsre_url, deps.settings.bsre_user, deps.settings.bsre_password)
    try:
        signed = service.sign(sheet, Account(signer.secret.nik, signer.secret.passphrase), place, REASON)
    except Refused as error:
        _move(deps, letter, "refuse_to_sign", error.reason)
        raise SignerServiceAway(error.reason) from error
    except NotReached as error:
        _move(deps, letter, "refuse_to_sign", "not reached")
        raise SignerServiceAway("not reached") from error
    except OutcomeUnknown as error:
        _move(deps, letter, "lose_track", "no clear answer")
        raise SignerServiceAway("no clear answer") from error
    if not _is_as_printed(deps, letter, sheet, signed):
        _move(deps, letter, "lose_track", "the answer is not this sheet with the signature that it speaks of")
        raise SignerServiceAway("not this sheet")
    _issue(deps, signer.who, letter, signed)


def _is_as_printed(deps: Deps, letter: Letter, sheet: bytes, signed: bytes) -> bool:
    """Whether the service signed our sheet, and whose certificate it was is what the sheet says."""
    from documents.signing.certificates import read_roots
    from documents.signing.pades import carries_signature, is_from

    if not carries_signature(signed, sheet):
        return False
    return not letter.certified or is_from(signed, read_roots(deps.settings.psre_roots))


def _sheet(deps: Deps, letter: Letter) -> bytes:
    if letter.prepared_key is None:
        raise NotPrepared
    with deps.objects.get(deps.settings.s3_bucket, letter.prepared_key) as stored:
        return b"".join(stored)


def _place(deps: Deps, letter: Letter) -> str:
    with deps.db.transaction(letter.kelurahan) as tx:
        return str(office_of(tx, letter.kelurahan)["kota"])


def _issue(deps: Deps, who: Caller, letter: Letter, signed: bytes) -> None:
    stored = objects.store_signed(deps, letter, signed)
    with deps.db.transaction(letter.kelurahan) as tx:
        if issuing.issue(deps, tx, letter.id, stored, letter.template or "", letter.prepared_key):
            audit.changed(tx, letter, who=who, signed=True)


def _note(deps: Deps, letter: Letter, reason: str) -> None:
    with deps.db.transaction(letter.kelurahan) as tx:
        locked = letters.get(tx, letter.id, lock=True)
        if locked is not None and locked.status == "numbered":
            locked.problem = reason
            letters.save(tx, locked)


def _move(deps: Deps, letter: Letter, act: str, problem: str | None = None) -> None:
    """Raises NotToBeSigned where another request or the end of the case was faster."""
    with deps.db.transaction(letter.kelurahan) as tx:
        locked = letters.get(tx, letter.id, lock=True)
        if locked is None or not locked.may(act):
            raise NotToBeSigned
        locked.do(act)
        locked.problem = problem
        letters.save(tx, locked)
        letters.mark_signing(tx, locked.id, locked.status == "signing")


def lose_track(deps: Deps) -> int:
    """Letters whose signing request died with its process: nobody knows whether they were signed. How many."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        return letters.lose_track(tx, LOST_AFTER)


def sign_again(tx: Tx, letter: Letter) -> None:
    """An officer has looked: it was not signed, and may be signed again with the same number. Raises NothingUnknown."""
    letter.do("sign_again")
    letter.problem = None
    letters.save(tx, letter)


def initial(tx: Tx, letter: Letter, preview_sha256: str, by: str) -> None:
    """An officer's initials on the draft that he read. Raises NotDrafted, PreviewChanged."""
    issuing.check_draft(letter, preview_sha256)
    letter.initialled_by = by
    letters.save(tx, letter)


def take_scan(deps: Deps, tx: Tx, letter: Letter, stored: objects.Stored) -> None:
    """The sheet came back signed and stamped: its scan is the letter. Raises NotToBeSigned, NotPrepared."""
    if letter.method != "by_hand" or letter.status != "numbered":
        raise NotToBeSigned
    if letter.prepared_key is None:
        raise NotPrepared
    issuing.issue(deps, tx, letter.id, stored, letter.template or "", letter.prepared_key)
