"""An officer adds a paragraph to one letter, until it has its number."""

from __future__ import annotations

from typing import Any

import pytest

from kit.ids import new_id
from tests.integration.documents.story import Case
from tests.support.services import InProcess
from tests.unit.documents.pdf import squashed, text_of

OTHER_OFFICE = {"tenant": "16.71.10.1002"}
WORDS = "Yang bersangkutan sedang dirawat di RSUD."
HOSTILE = [
    '#read("/etc/passwd")', '#include "/etc/passwd"', '#import "@preview/x:0.1.0": *', "#while true {}",
    "{name} {{ {tahun_}", "$x^2$ *tebal* _miring_ <label> @rujuk // [x] \\ `kode` = Judul", "<b>&amp;</b> %s ' \" --",
]  # fmt: skip


def put(desk: InProcess, letter: dict[str, Any], text: Any, role: str | None = "officer", **more: Any) -> Any:
    return desk.call("PUT", f"/v1/letters/{letter['id']}/paragraph", role, json={"text": text}, **more)


def get(desk: InProcess, letter: dict[str, Any]) -> dict[str, Any]:
    answer = desk.call("GET", f"/v1/letters/{letter['id']}/paragraph", "officer")
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def shown(desk: InProcess, letter: dict[str, Any]) -> str:
    desk.work()
    answer = desk.call("GET", f"/v1/letters/{letter['id']}/preview", "lurah")
    assert answer.status_code == 200, answer.text
    return text_of(answer.data)


def printed(desk: InProcess, letter: dict[str, Any]) -> str:
    answer = desk.call("GET", f"/v1/letters/{letter['id']}/content", "officer")
    assert answer.status_code == 200, answer.text
    return text_of(answer.data)


def test_the_next_draft_and_the_letter_have_the_paragraph_and_the_draft_before_it_is_not_signed(
    desk: InProcess,
) -> None:
    case = Case(desk).verified()
    before = case.letter()
    assert get(desk, before) == {"text": None, "allowed": True}
    assert put(desk, before, WORDS).json == {"text": WORDS, "allowed": True}
    assert squashed(WORDS) in shown(desk, before)
    stale = case.decide(before)
    assert stale.status_code == 409 and stale.json["type"] == "urn:problem:preview-changed"
    assert case.decide().status_code == 200
    desk.work()
    assert squashed(WORDS) in printed(desk, before)


def test_a_letter_sent_back_takes_a_paragraph(desk: InProcess) -> None:
    case = Case(desk).verified()
    body = {"decision": "send_back", "reason": "Sebutkan bahwa pemohon sedang dirawat."}
    desk.call("POST", f"/v1/letters/{case.letter()['id']}/decision", "lurah", json=body)
    assert case.letter()["status"] == "sent_back" and put(desk, case.letter(), WORDS).status_code == 200
    assert squashed(WORDS) in shown(desk, case.letter()) and case.letter()["status"] == "drafted"


def test_what_has_its_number_keeps_its_words(desk: InProcess) -> None:
    case = Case(desk).verified()
    put(desk, case.letter(), WORDS)
    desk.work()
    case.decide()
    for state in ("numbered", "issued"):
        letter = case.letter()
        assert letter["status"] == state
        refused = put(desk, letter, "Yang lain.")
        assert refused.status_code == 409 and refused.json["type"] == "urn:problem:not-drafted"
        assert get(desk, letter) == {"text": WORDS, "allowed": False}
        desk.work()
    assert squashed(WORDS) in printed(desk, case.letter()) and "Yanglain." not in printed(desk, case.letter())


def test_a_paragraph_is_replaced_and_taken_away(desk: InProcess) -> None:
    letter = Case(desk).verified().letter()
    put(desk, letter, "Yang pertama.")
    put(desk, letter, WORDS)
    text = shown(desk, letter)
    assert squashed(WORDS) in text and "Yangpertama." not in text
    assert put(desk, letter, None).json == {"text": None, "allowed": True}
    assert squashed(WORDS) not in shown(desk, letter)


@pytest.mark.parametrize("words", HOSTILE)
def test_a_paragraph_is_text_whatever_it_says(desk: InProcess, words: str) -> None:
    letter = Case(desk).verified().letter()
    assert put(desk, letter, f"awal {words} akhir").status_code == 200
    assert squashed(f"awal {words} akhir") in shown(desk, letter)


def test_a_paragraph_has_a_longest_length_that_is_still_printed(desk: InProcess) -> None:
    letter = Case(desk).verified().letter()
    longest = ("kata " * 300)[:1499] + "."
    assert put(desk, letter, longest).status_code == 200
    assert squashed(longest) in shown(desk, letter)
    for wrong in (longest + ".", "", "  ", "\u202edibalik", "nol\x00", 5, ["x"]):
        refused = put(desk, letter, wrong)
        assert refused.status_code == 422 and list(refused.json["errors"]["json"]) == ["text"], wrong


def test_what_no_font_prints_is_said_on_the_letter_and_can_be_mended(desk: InProcess) -> None:
    letter = Case(desk).verified().letter()
    put(desk, letter, "Sehat \U0001f600")
    with pytest.raises(Exception, match=r"U\+1F600"):
        desk.work()
    assert put(desk, letter, "Sehat.").status_code == 200
    assert "Sehat." in shown(desk, letter)


def test_models_set_nationally_forms_and_the_rt_heads_letter_take_none(desk: InProcess) -> None:
    case = Case(desk, "NIKAH")
    case.grant()
    case.verified()
    found = {letter["kind"]: letter for letter in case.letters()}
    assert {"n1", "n2", "introduction"} <= set(found)
    for kind, slug in (("n1", "paragraph-not-taken"), ("n2", "paragraph-not-taken"), ("introduction", "not-drafted")):
        refused = put(desk, found[kind], WORDS)
        assert refused.status_code == 409 and refused.json["type"] == f"urn:problem:{slug}", kind
        assert get(desk, found[kind]) == {"text": None, "allowed": False}


def test_an_office_may_allow_none(desk: InProcess) -> None:
    kept = Case(desk, "KTP").verified().letter()
    put(desk, kept, WORDS)
    assert squashed(WORDS) in shown(desk, kept)
    for allowed in (False, True):
        desk.call("PUT", "/v1/templates/ktp_introduction/draft", "lurah", json={"free_paragraph": allowed})
        assert desk.call("POST", "/v1/templates/ktp_introduction/publish", "lurah").status_code == 200
        assert (squashed(WORDS) in shown(desk, kept)) is allowed
        assert get(desk, kept) == {"text": WORDS, "allowed": allowed}
        assert put(desk, kept, WORDS).status_code == (200 if allowed else 409)
    desk.call("PUT", "/v1/templates/ktp_introduction/draft", "lurah", json={"free_paragraph": False})
    desk.call("POST", "/v1/templates/ktp_introduction/publish", "lurah")
    assert put(desk, kept, None).status_code == 200, "taking it away is always allowed"
    desk.call("PUT", "/v1/templates/ktp_introduction/draft", "lurah", json={})
    desk.call("POST", "/v1/templates/ktp_introduction/publish", "lurah")


def test_two_who_write_at_once_do_not_undo_each_other(desk: InProcess) -> None:
    letter = Case(desk).verified().letter()
    seen = desk.call("GET", f"/v1/letters/{letter['id']}/paragraph", "officer").headers["ETag"]
    first = put(desk, letter, WORDS, headers={"If-Match": seen, "Idempotency-Key": "paragraph-1"})
    assert first.status_code == 200
    assert put(desk, letter, "Lain.", headers={"If-Match": seen}).status_code == 412
    again = put(desk, letter, WORDS, headers={"If-Match": seen, "Idempotency-Key": "paragraph-1"})
    assert again.headers["Idempotency-Replayed"] == "true" and again.json == first.json
    assert put(desk, letter, "Lain.", headers={"If-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [("officer", 200, 200), ("lurah", 200, 403), ("administrator", 403, 403), ("applicant", 403, 403),
     ("rt_head", 403, 403), (None, 401, 401)],
)  # fmt: skip
def test_who_may_read_and_write_it(desk: InProcess, role: str | None, reads: int, writes: int) -> None:
    letter = Case(desk).verified().letter()
    assert desk.call("GET", f"/v1/letters/{letter['id']}/paragraph", role).status_code == reads
    assert put(desk, letter, WORDS, role).status_code == writes


def test_another_office_finds_no_such_letter(desk: InProcess) -> None:
    letter = Case(desk).verified().letter()
    assert put(desk, letter, WORDS, who=OTHER_OFFICE).status_code == 404
    assert desk.call("GET", f"/v1/letters/{letter['id']}/paragraph", "officer", who=OTHER_OFFICE).status_code == 404
    assert put(desk, {"id": new_id()}, WORDS).status_code == 404
    assert get(desk, letter)["text"] is None


def test_a_paragraph_lies_sealed(desk: InProcess) -> None:
    letter = Case(desk).verified().letter()
    put(desk, letter, WORDS)
    [row] = desk.rows("SELECT * FROM people WHERE id IN (SELECT person_id FROM letter_paragraph WHERE letter_id = %s)",
                      [letter["id"]])  # fmt: skip
    assert WORDS.encode() not in b" ".join(bytes(v) if isinstance(v, memoryview) else str(v).encode()
                                           for v in row.values())  # fmt: skip
