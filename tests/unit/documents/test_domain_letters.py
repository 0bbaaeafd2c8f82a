"""States of letters and hand-overs, what an SOP asks for, and the public check."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.domain.checks import mask_name, new_token, read_token
from documents.domain.errors import HandoverClosed, NotDrafted, NothingToVoid
from documents.domain.handovers import Handover
from documents.domain.letters import STATUSES, TRANSITIONS, Letter, Wanted, is_complete, wanted
from kit.ids import new_id
from kit.problems import Conflict

NOW = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)


def letter(status: str, **more: Any) -> Letter:
    return Letter(new_id(), "16.71.10.1001", "n1", status, "005", "023", NOW, **more)


@pytest.mark.parametrize(("act", "status"), list(product(TRANSITIONS, STATUSES)))
def test_every_act_from_every_state(act: str, status: str) -> None:
    one = letter(status)
    starts, leads = TRANSITIONS[act]
    if status in starts:
        one.do(act)
        assert one.status == leads
    else:
        with pytest.raises(Conflict):
            one.do(act)
        assert one.status == status


def test_the_table_leads_nowhere_but_to_states_and_never_back_from_a_number() -> None:
    assert {leads for _, leads in TRANSITIONS.values()} <= set(STATUSES)
    after = {"numbered", "signing", "unknown", "issued", "void"}
    assert all(leads in after for starts, leads in TRANSITIONS.values() if starts & after)
    assert not any({"void", "cancelled"} & starts for starts, _ in TRANSITIONS.values())


def test_refusals_say_which() -> None:
    with pytest.raises(NotDrafted):
        letter("issued").do("number")
    with pytest.raises(NothingToVoid):
        letter("drafted").do("void")


def test_what_an_sop_asks_for_may_depend_on_the_reason() -> None:
    sop = {
        "letters": [
            {"kind": "kk_introduction", "classification": "400.12.2.1", "reasons": ["lost", "damaged"]},
            {"kind": "kk_introduction", "classification": "400.12.2.2", "reasons": ["moved_in"], "valid_days": 14},
        ],
        "forms": [{"kind": "f102", "reasons": None}, {"kind": "f106", "reasons": ["changed"]}],
    }
    assert list(wanted(sop, "moved_in", {})) == [
        Wanted("kk_introduction", False, "400.12.2.2", 14),
        Wanted("f102", True),
    ]
    assert [one.kind for one in wanted(sop, None, {})] == ["f102"]


@pytest.mark.parametrize(
    ("statuses", "complete"),
    [
        ([], False), (["issued"], True), (["issued", "drafted"], False), (["numbered"], False), (["void"], False),
        (["void", "issued"], True), (["cancelled", "issued"], True), (["issued", "form:drafted"], True),
        (["issued", "form:drafting"], False), (["form:drafted"], True),
    ],
)  # fmt: skip
def test_production_is_done_with_the_last_letter_and_form(statuses: list[str], complete: bool) -> None:
    letters = [letter(text.removeprefix("form:"), form=text.startswith("form:")) for text in statuses]
    assert is_complete(letters) is complete


def test_a_handover_is_completed_once() -> None:
    one = Handover(new_id(), "16.71.10.1001", new_id(), "ready", "pickup", NOW, NOW, new_id())
    one.do("complete", NOW)
    with pytest.raises(HandoverClosed):
        one.do("complete", NOW)
    with pytest.raises(HandoverClosed):
        one.do("stop", NOW)
    assert one.status == "done"


def test_codes_are_long_and_all_different() -> None:
    codes = {new_token() for _ in range(1000)}
    assert len(codes) == 1000 and all(len(code) == 26 and read_token(code) == code for code in codes)


def test_a_code_may_be_typed_as_people_type() -> None:
    code = "7K3MQ9X2VZ5TB8RDW4HC0N1PJS"
    assert read_token("7k3mq-9x2vz 5tb8rd w4hcOnlpjs") == code
    for wrong in ("", "7K3M", code + "7", code[:-1] + "U", code[:-1] + "\0", "☃" * 26):
        assert read_token(wrong) is None


@given(st.text(max_size=60))
def test_nothing_typed_raises(text: str) -> None:
    read_token(text)
    mask_name(text)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Rohana", "R***"), ("Siti Maimunah binti H. Zainuddin", "S*** M*** binti H*** Z***"), ("Nur'aini", "N***"),
        ("M. Yusuf Effendi", "M*** Y*** E***"), ("", ""),
    ],
)  # fmt: skip
def test_a_name_is_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked
