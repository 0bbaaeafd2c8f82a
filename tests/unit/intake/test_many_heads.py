"""Somebody who does not know his RT, in an office with more RT heads than a list can name."""

from __future__ import annotations

from intake.domain.conversation import steps
from intake.domain.conversation.steps import Facts
from intake.domain.conversation.turns import Heard


def many_heads(rws: int, rts: int) -> Facts:
    heads = [(f"{rt:03d}", f"{rw:03d}", f"Ketua {rt}/{rw}") for rw in range(1, rws + 1) for rt in range(1, rts + 1)]
    return Facts([{"service": "KK", "reasons": []}], [(rt, rw) for rt, rw, _ in heads], heads)


ASKED = {"service": "KK", "whom": "self", "name": "Siti", "rt": steps.UNKNOWN}


def test_up_to_nine_heads_are_named_at_once() -> None:
    step = steps.next_step(ASKED, many_heads(1, 9))
    assert step is not None and step.code == "head"
    assert len(step.choices(ASKED, many_heads(1, 9))) == 10


def test_where_there_are_more_heads_the_rw_is_asked_first_and_then_at_most_nine_of_it() -> None:
    facts = many_heads(4, 12)
    step = steps.next_step(ASKED, facts)
    assert step is not None and step.code == "head_rw"
    assert [one.id for one in step.choices(ASKED, facts)] == ["001", "002", "003", "004"]
    taken = step.take(ASKED, Heard("", "RW 3"), facts)
    answers = steps.merged(ASKED, taken.values)
    step = steps.next_step(answers, facts)
    assert step is not None and step.code == "head"
    shown = step.choices(answers, facts)
    assert len(shown) == 10 and {one.id.partition("/")[2] for one in shown[:-1]} == {"003"}
    assert step.take(answers, Heard("", "2"), facts).values == {"rt": "002", "rw": "003"}
    assert step.take(answers, Heard("", "tidak ada"), facts).person


def test_who_does_not_know_the_rw_either_is_helped_by_a_person() -> None:
    facts = many_heads(4, 12)
    step = steps.step_of("head_rw")
    assert step is not None and step.take(ASKED, Heard("", "tidak tahu"), facts).person


def test_more_rws_than_a_list_can_show_are_asked_for_by_their_number() -> None:
    facts = many_heads(15, 2)
    step = steps.step_of("head_rw")
    assert step is not None and not step.choices(ASKED, facts)
    assert step.take(ASKED, Heard("", "12"), facts).values == {"rw": "012"}
    assert step.take(ASKED, Heard("", "40"), facts).wrong is not None
    assert step.take(ASKED, Heard("", "RT 1 RW 12"), facts).values == {"rt": "001", "rw": "012"}
