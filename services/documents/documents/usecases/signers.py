"""Whether drafts name who signs on the day, and new drafts where another official has taken over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from documents.deps import Deps
from documents.domain.errors import NoSigner, SignerChanged
from documents.domain.letters import Letter
from documents.domain.numbers import letter_date
from documents.domain.signers import has_terms, shows, signer_of, signing_official
from documents.store import copies, letters, people
from documents.usecases import drafting
from kit.db import EVERY_TENANT, Tx


def check_signer(deps: Deps, tx: Tx, letter: Letter, office: Mapping[str, Any], dated: date) -> None:
    """A draft of yesterday may name somebody whose term has ended. Raises NoSigner, SignerChanged."""
    if signing_official(office, dated) is None:
        raise NoSigner(dated)
    if has_terms(office) and _names_another(deps, tx, letter, office, dated):
        raise SignerChanged


def follow_terms(deps: Deps) -> int:
    """On the day on which another official takes over, drafts that name the one before are drawn up again; how many
    were. Terms that change in the office's data do this by themselves."""
    redrawn = 0
    for kelurahan in _changed_today(deps):
        with deps.db.transaction(kelurahan) as tx:
            waiting = letters.drafts(tx, kelurahan)
        for case_id, letter_id in waiting:
            with deps.db.transaction(kelurahan) as tx:
                letter, office = letters.get(tx, letter_id), drafting.office_of(tx, kelurahan)
                if letter is not None and _names_another(deps, tx, letter, office, _today(deps, office)):
                    drafting.redraft_one(deps, tx, case_id, letter_id)
                    redrawn += 1
    return redrawn


def _changed_today(deps: Deps) -> list[str]:
    with deps.db.transaction(EVERY_TENANT) as tx:
        offices = copies.offices_with_terms(tx)
    return [code for code, office in offices if _has_another(office, _today(deps, office))]


def _has_another(office: Mapping[str, Any], today: date) -> bool:
    return signer_of(office, today) != signer_of(office, today - timedelta(days=1))


def _today(deps: Deps, office: Mapping[str, Any]) -> date:
    return letter_date(deps.clock.now(), office["zone"])


def _names_another(deps: Deps, tx: Tx, letter: Letter, office: Mapping[str, Any], day: date) -> bool:
    """Whether the draft, if there is one with a signer, shows somebody else than who signs that day."""
    if letter.person_id is None:
        return False
    frozen = people.read(tx, deps.data_keys, letter.person_id).get("signer")
    return frozen is not None and not shows(frozen, signer_of(office, day))
