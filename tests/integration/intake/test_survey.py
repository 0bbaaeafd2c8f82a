"""After a finished case its contact is asked nine questions, once; the answers make the index, which names nobody."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from intake.domain.accesses import Held, role_of
from intake.domain.survey import ELEMENTS, Answered, Given
from intake.domain.survey_index import MINIMUM
from intake.store import applications, conversations
from intake.store import surveys as store
from intake.usecases import surveys
from intake.usecases.records import _ours
from kit.sealed import looks_sealed
from tests.integration.intake import cast
from tests.integration.intake.cast import ROHANA, YANTI
from tests.integration.intake.test_consent import messages
from tests.integration.intake.test_talking import new_number
from tests.support.browsing import forms_of, signed_in
from tests.support.services import InProcess
from tests.support.talking import Phone, texts
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI

CODES = [one.code for one in ELEMENTS]
FOURS = dict.fromkeys(CODES, 4)
NINE = "444343434"


@pytest.fixture(autouse=True)
def morning(intake: InProcess) -> None:
    intake.clock.at = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)


def completed(intake: InProcess, **more: Any) -> str:
    case = cast.issued(intake, intended_duplicate=True, **more)
    cast.handed_over(intake, case["id"])
    return str(case["id"])


def invited(intake: InProcess, contact: dict[str, Any] | None = None, **more: Any) -> tuple[str, str]:
    """A case whose contact was asked, without the way there: its id, and the link's token."""
    contact = contact or {"name": "Rohana", "phone": new_number()}
    case = cast.opened(intake, intended_duplicate=True, contact=contact, **more)
    invite(intake, case["id"])
    return str(case["id"]), token_of(intake, case["id"])


def invite(intake: InProcess, case: str) -> None:
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        app = applications.lock(tx, intake.deps.data_keys, UUID(case))
        assert app is not None
        surveys.invite(intake.deps, tx, app)


def token_of(intake: InProcess, case: str) -> str:
    [sent] = messages(intake, "survey_invitation", case)
    return str(sent["person"]["values"]["link"]).rpartition("/")[2]


def answer(intake: InProcess, token: str, scores: Any = None, **more: Any) -> Any:
    headers = more.pop("headers", {})
    body = {"answers": scores or FOURS} | more
    return intake.call("POST", f"/v1/surveys/{token}/answer", None, json=body, headers=headers)


def row(intake: InProcess, case: str) -> dict[str, Any] | None:
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        return store.of_case(tx, intake.deps.data_keys, UUID(case))


def answers(intake: InProcess, period: str = "2026") -> int:
    found = intake.call("GET", f"/v1/surveys?period={period}", "officer", who=YANTI)
    assert found.status_code == 200, found.json
    return int(found.json["total"]["answers"])


# --- the invitation -------------------------------------------------------------------------------------------------


def test_a_completed_case_asks_its_contact_once_by_one_notice(intake: InProcess) -> None:
    case = completed(intake)
    [sent] = messages(intake, "survey_invitation", case)
    assert sent["message_class"] == "notice", "notices rest at night"
    assert sent["expires_at"] == intake.clock.now() + timedelta(days=14)
    assert sent["person"]["values"]["until"] == "28 Agustus 2026"
    invite(intake, case)
    assert len(messages(intake, "survey_invitation", case)) == 1


def test_a_case_that_ended_otherwise_asks_nobody(intake: InProcess) -> None:
    case = cast.opened(intake, intended_duplicate=True)
    cast.step(intake, case["id"], "withdrawal", "applicant", {"reason": "tidak jadi"})
    assert messages(intake, "survey_invitation", case["id"]) == []


def test_who_wants_no_messages_is_not_asked(intake: InProcess) -> None:
    case = cast.opened(intake, intended_duplicate=True)
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        app = applications.lock(tx, intake.deps.data_keys, UUID(case["id"]))
        assert app is not None
        app.consents = {"messages": False}
        surveys.invite(intake.deps, tx, app)
    assert messages(intake, "survey_invitation", case["id"]) == [] and row(intake, case["id"]) is None


# --- by the link ----------------------------------------------------------------------------------------------------


def test_the_link_shows_nine_questions_and_names_nobody(intake: InProcess) -> None:
    _, token = invited(intake)
    shown = intake.call("GET", f"/v1/surveys/{token}", None)
    assert shown.status_code == 200 and shown.json["state"] == "open"
    assert [one["element"] for one in shown.json["questions"]] == CODES
    assert all([choice["score"] for choice in one["choices"]] == [1, 2, 3, 4] for one in shown.json["questions"])
    assert "Rohana" not in shown.text


def test_a_case_is_answered_once_and_the_first_answer_counts(intake: InProcess) -> None:
    case, token = invited(intake)
    assert answer(intake, token).status_code == 201
    second = answer(intake, token, dict.fromkeys(CODES, 1))
    assert (second.status_code, second.json["type"]) == (409, "urn:problem:survey-answered")
    kept = row(intake, case)
    assert kept is not None and kept["scores"] == [4] * 9 and kept["way"] == "link"


def test_the_same_key_gets_the_same_answer_again(intake: InProcess) -> None:
    _, token = invited(intake)
    before = answers(intake)
    first, again = (answer(intake, token, headers={"Idempotency-Key": "ketuk-dua-kali"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201) and first.json == again.json
    assert again.headers["Idempotency-Replayed"] == "true" and answers(intake) == before + 1


def test_of_many_answers_at_once_one_counts(intake: InProcess) -> None:
    case, token = invited(intake)
    found, before = surveys.find(intake.deps, token), answers(intake)

    def one(score: int) -> bool:
        try:
            with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
                surveys.answer(intake.deps, tx, found, Given((score,) * 9, "ramah"), "link")
        except Answered:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, [1, 2, 3, 4] * 4)) == 1
    assert answers(intake) == before + 1
    with intake.deps.db.transaction("*") as tx:
        people = "SELECT count(*) FROM survey s JOIN people p ON p.id = s.person_id WHERE s.application_id = %s"
        assert tx.value(people, [case]) == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"answers": dict.fromkeys(CODES[:8], 4)}, "U9"),
        ({"answers": FOURS | {"U3": 5}}, "U3"),
        ({"answers": FOURS | {"U3": 0}}, "U3"),
        ({"answers": FOURS | {"U10": 4}}, "U10"),
        ({"answers": FOURS, "comment": "x" * 1001}, "comment"),
    ],
)
def test_an_answer_that_is_not_whole_is_refused_by_the_field(intake: InProcess, sent: Any, field: str) -> None:
    case, token = invited(intake)
    refused = intake.call("POST", f"/v1/surveys/{token}/answer", None, json=sent)
    assert refused.status_code == 422 and field in refused.text
    kept = row(intake, case)
    assert kept is not None and kept["answered_at"] is None
    assert answer(intake, token).status_code == 201


def test_after_fourteen_days_the_survey_is_over(intake: InProcess) -> None:
    case, token = invited(intake)
    intake.clock.at += timedelta(days=14)
    for found in (intake.call("GET", f"/v1/surveys/{token}", None), answer(intake, token)):
        assert (found.status_code, found.json["type"]) == (410, "urn:problem:survey-over")
    intake.clock.at -= timedelta(seconds=1)
    assert answer(intake, token).status_code == 201 and row(intake, case) is not None


def test_a_link_that_nobody_made_is_unknown(intake: InProcess) -> None:
    assert answer(intake, "tidak-ada").status_code == 404
    assert intake.call("GET", "/v1/surveys/tidak-ada", None).status_code == 404


# --- the page -------------------------------------------------------------------------------------------------------


def typed(score: int = 3, **more: str) -> dict[str, str]:
    return {f"answers-{code}": str(score) for code in CODES} | more


def test_the_page_takes_the_answer_and_thanks(intake: InProcess) -> None:
    case, token = invited(intake)
    anybody = signed_in(intake, "applicant", sub="nobody")
    [form] = [one for one in forms_of(anybody.open(f"/survei/{token}").text) if one.action == f"/survei/{token}"]
    sent = anybody.send(form, typed(comment="Petugasnya ramah.\nTerima kasih."))
    assert sent.headers["Location"].endswith(f"/survei/{token}")
    assert "Terima kasih" in anybody.open(f"/survei/{token}").text
    kept = row(intake, case)
    assert kept is not None and kept["scores"] == [3] * 9 and kept["comment"].startswith("Petugasnya ramah.")


def test_the_page_keeps_what_was_typed_and_says_which_question_waits(intake: InProcess) -> None:
    case, token = invited(intake)
    anybody = signed_in(intake, "applicant", sub="nobody")
    [form] = [one for one in forms_of(anybody.open(f"/survei/{token}").text) if one.action == f"/survei/{token}"]
    missing = typed(2, comment="Antrenya lama")
    del missing["answers-U5"]
    sent = anybody.send(form, missing)
    assert sent.status_code == 422
    assert "Hasil pelayanan: Pilih salah satu jawaban." in sent.text and "Antrenya lama" in sent.text
    assert sent.text.count(" checked") == 8
    kept = row(intake, case)
    assert kept is not None and kept["answered_at"] is None


def test_the_page_of_a_survey_that_is_over_or_unknown_says_so(intake: InProcess) -> None:
    _, token = invited(intake)
    anybody = signed_in(intake, "applicant", sub="nobody")
    intake.clock.at += timedelta(days=20)
    over, unknown = anybody.open(f"/survei/{token}"), anybody.open("/survei/tidak-ada")
    assert (over.status_code, unknown.status_code) == (410, 404)
    assert "sudah berakhir" in over.text and "tidak dikenal" in unknown.text


# --- by chat --------------------------------------------------------------------------------------------------------


def phone_of(intake: InProcess) -> tuple[Phone, str]:
    """Somebody who was asked about a case of his, and writes."""
    phone = Phone(intake, number=new_number())
    case, _ = invited(intake, {"name": "Siti", "phone": phone.number})
    return phone, case


def test_nine_digits_in_one_reply_are_the_answer(intake: InProcess) -> None:
    phone, case = phone_of(intake)
    phone.plays(f"""
        > {NINE}
        < talk_survey_thanks: Terima kasih
    """)
    kept = row(intake, case)
    assert kept is not None and kept["scores"] == [4, 4, 4, 3, 4, 3, 4, 3, 4] and kept["way"] == "chat"


def test_an_answer_by_chat_does_not_stand_beside_his_name_at_the_desk(intake: InProcess) -> None:
    phone, case = phone_of(intake)
    phone.sends(f"{NINE} petugas loket kasar")
    phone.sends("ada orang di sana? saya mau bicara dengan petugas")
    phone.sends("petugas")
    waiting = intake.call("GET", "/v1/conversations?limit=200", "officer", who=YANTI).json["items"]
    mine = [one for one in waiting if one["phone"] == phone.number]
    assert mine, "something of his waits for a person"
    shown = intake.call("GET", f"/v1/conversations/{mine[-1]['id']}", "officer", who=YANTI)
    assert "(jawaban survei)" in shown.text and NINE not in shown.text and "kasar" not in shown.text
    kept = row(intake, case)
    assert kept is not None and kept["comment"] == "petugas loket kasar"


def written(intake: InProcess, phone: Phone) -> list[str]:
    """What stands under his name, the newest first."""
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        rows = conversations.of_contact(tx, intake.deps.data_keys, phone.contact, 50)
    return [one["said"]["text"] for one in rows]


@pytest.mark.parametrize("again", [f"{NINE} petugas loket kasar", "44434343"])
def test_of_a_second_answer_nothing_stands_beside_his_name_either(intake: InProcess, again: str) -> None:
    phone, _ = phone_of(intake)
    phone.sends(NINE)
    assert "Jawaban yang pertama yang dihitung" in texts(phone.sends(again))
    assert written(intake, phone) == ["(jawaban survei)"] * 2


def test_a_wrong_count_that_quotes_the_invitation_is_reworded_with_its_comment(intake: InProcess) -> None:
    phone, case = phone_of(intake)
    [sent] = messages(intake, "survey_invitation", case)
    for text in ("44434343 petugas kasar", "4443434344 petugas kasar", "2 hari lagi masih boleh dijawab?"):
        phone.sends(text, replies_to=str(sent["message_id"]), application_id=case)
    assert sorted(written(intake, phone)) == [
        "(jawaban survei)",
        "(jawaban survei)",
        "2 hari lagi masih boleh dijawab?",
    ]


def test_a_comment_after_the_digits_is_kept_with_them(intake: InProcess) -> None:
    phone, case = phone_of(intake)
    phone.sends("4 4 4 3 4 3 4 3 4 petugas ramah")
    kept = row(intake, case)
    assert kept is not None and kept["comment"] == "petugas ramah"


def test_a_wrong_count_is_told_once_and_then_goes_to_the_office(intake: InProcess) -> None:
    phone, case = phone_of(intake)
    again = str(uuid4())
    phone.plays("""
        > 44434343
        < talk_survey_again: sembilan angka
    """)
    assert phone.sends("4443434344", message_id=again) == []
    waiting = intake.call("GET", "/v1/conversations?limit=200", "officer", who=YANTI).json["items"]
    assert again in [one["id"] for one in waiting], "what a person sends is never lost"
    phone.plays(f"""
        > {NINE}
        < talk_survey_thanks: Terima kasih
    """)
    kept = row(intake, case)
    assert kept is not None and kept["answered_at"] is not None


def test_a_second_answer_by_chat_is_told_that_the_first_one_stands(intake: InProcess) -> None:
    phone, case = phone_of(intake)
    phone.plays(f"""
        > {NINE}
        < talk_survey_thanks: Terima kasih
        > 111111111
        < talk_note: Jawaban yang pertama yang dihitung
    """)
    kept = row(intake, case)
    assert kept is not None and kept["scores"][0] == 4


def test_an_answer_that_quotes_the_invitation_is_for_that_case(intake: InProcess) -> None:
    phone, first = phone_of(intake)
    second, _ = invited(intake, {"name": "Siti", "phone": phone.number})
    [sent] = messages(intake, "survey_invitation", first)
    phone.sends(NINE, replies_to=str(sent["message_id"]), application_id=first)
    rows = row(intake, first), row(intake, second)
    assert rows[0] is not None and rows[0]["answered_at"] is not None
    assert rows[1] is not None and rows[1]["answered_at"] is None


def test_digits_of_who_was_not_asked_are_no_answer(intake: InProcess) -> None:
    _, case = phone_of(intake)
    other = Phone(intake, number=new_number())
    [turn] = other.sends(NINE)
    assert turn["template"] != "talk_survey_thanks"
    [sent] = messages(intake, "survey_invitation", case)
    other.sends(NINE, replies_to=str(sent["message_id"]), application_id=case)
    kept = row(intake, case)
    assert kept is not None and kept["answered_at"] is None


def test_the_answer_leaves_an_open_question_open(intake: InProcess) -> None:
    phone, case = phone_of(intake)
    phone.plays(f"""
        > ktp
        < talk_whom: KTP
        > {NINE}
        < talk_survey_thanks: Terima kasih
        > 1
        < talk_name: nama
    """)
    kept = row(intake, case)
    assert kept is not None and kept["answered_at"] is not None


# --- the index ------------------------------------------------------------------------------------------------------


def test_counts_kept_on_the_way_equal_those_of_all_answers(intake: InProcess) -> None:
    chance = random.Random(8)
    for number in range(12):
        intake.clock.at = datetime(2027, 10 + number % 3, 28, 2, 0, tzinfo=UTC)
        _, token = invited(intake, service=chance.choice(["KK", "KTP"]), reason="lost")
        scores = tuple(chance.randint(1, 4) for _ in CODES)
        with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
            surveys.answer(intake.deps, tx, surveys.find(intake.deps, token), Given(scores), "link")
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        kept = tx.all(
            "SELECT month, service, element, score, answers FROM survey_count WHERE month >= '2027-01-01'"
            " ORDER BY 1, 2, 3, 4"
        )
        brute = tx.all(
            "SELECT date_trunc('month', answered_at AT TIME ZONE 'Asia/Jakarta')::date AS month, service,"
            " g.element::smallint, g.score, count(*)::int AS answers FROM survey,"
            " unnest(scores) WITH ORDINALITY AS g (score, element) WHERE answered_at >= '2026-12-31T17:00Z'"
            " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
        )
    assert kept == brute and len(brute) > 27


def test_the_month_is_that_of_the_offices_clock(intake: InProcess) -> None:
    _, token = invited(intake)
    intake.clock.at = datetime(2026, 8, 31, 17, 30, tzinfo=UTC)  # 1 September in Palembang, and the survey is over
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        tx.execute("UPDATE survey SET expires_at = '2026-09-02T00:00Z'")
    assert answer(intake, token).status_code == 201
    assert answers(intake, "2026-09") == 1


def test_below_the_minimum_there_is_no_index_and_from_it_all_fours_are_a_hundred(intake: InProcess) -> None:
    public = f"/v1/offices/{BUKIT_SANGKAL}/survey?period=2024"
    fill(intake, MINIMUM - 1)
    few = intake.call("GET", public, None).json
    assert few["minimum"] == MINIMUM
    assert few["total"] | {"elements": []} == few["total"] and few["total"]["enough"] is False
    assert few["total"]["index"] is None and few["total"]["answers"] is None
    office = intake.call("GET", "/v1/surveys?period=2024", "officer", who=YANTI).json
    assert office["total"]["answers"] == MINIMUM - 1 and office["total"]["index"] is None
    fill(intake, 1)
    found = intake.call("GET", public, None).json["total"]
    assert (found["index"], found["band"], found["answers"]) == ("100.00", "A", MINIMUM)
    assert {one["mean"] for one in found["elements"]} == {"4.00"}
    assert intake.call("GET", f"/v1/offices/{BUKIT_SANGKAL}/survey?period=2024-13", None).status_code == 404


def test_of_a_time_that_runs_the_office_sees_numbers_and_nobody_an_index(intake: InProcess) -> None:
    fill(intake, MINIMUM + 1, "2018-05-01")
    intake.clock.at = datetime(2018, 5, 31, 16, 59, tzinfo=UTC)
    for period in ("2018-05", "2018"):
        for shown in (index(intake, period), index(intake, period, "officer")):
            assert (shown["over"], shown["total"]["index"], shown["total"]["elements"]) == (False, None, [])
            assert [one["index"] for one in shown["services"]] == [None]
        assert index(intake, period)["total"]["answers"] is None
        assert index(intake, period, "officer")["total"]["answers"] == MINIMUM + 1
    intake.clock.at = datetime(2018, 5, 31, 17, 0, tzinfo=UTC)  # it is June in Palembang
    assert index(intake, "2018-05")["total"]["index"] == "100.00" and index(intake, "2018")["over"] is False
    assert index(intake, None)["period"] == "2018-05", "the last that is over"


def test_a_year_and_its_months_do_not_tell_of_one_answer(intake: InProcess) -> None:
    fill(intake, MINIMUM + 1, "2021-01-01")
    fill(intake, 1, "2021-02-01")
    for role in (None, "officer"):
        assert index(intake, "2021-01", role)["total"]["index"] == "100.00"
        assert index(intake, "2021-02", role)["total"]["index"] is None
        assert index(intake, "2021", role)["total"]["index"] is None, "the year without January is one answer"
    fill(intake, MINIMUM - 1, "2021-03-01")
    shown = index(intake, "2021")
    assert (shown["total"]["answers"], shown["total"]["index"]) == (2 * MINIMUM + 1, "100.00")
    assert [one["index"] for one in shown["services"]] == [None], "those are told of months"


def index(intake: InProcess, period: str | None, role: str | None = None) -> dict[str, Any]:
    where = "/v1/surveys" if role else f"/v1/offices/{BUKIT_SANGKAL}/survey"
    found = intake.call("GET", where + (f"?period={period}" if period else ""), role, who=YANTI if role else None)
    return dict(found.json)


def test_the_desk_shows_the_index_of_each_element_and_service(intake: InProcess) -> None:
    fill(intake, MINIMUM, "2023-05-01")
    yanti = signed_in(intake, "officer", sub="officer:yanti")
    shown = yanti.open("/intake/survei?periode=2023-05")
    assert shown.status_code == 200 and shown.text.count("100,00") == 11, "the office, nine elements, and a service"
    assert "U9 Penanganan pengaduan" in shown.text and "A (sangat baik)" in shown.text
    none = yanti.open("/intake/survei?periode=2022")
    assert "Belum cukup jawaban" in none.text and "100,00" not in none.text
    assert yanti.open("/intake/survei?periode=kemarin").status_code == 404


def fill(intake: InProcess, many: int, month: str = "2024-05-01") -> None:
    """So many answers of fours, as `answer` counts them."""
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        tx.execute(
            "INSERT INTO survey_count SELECT %s, %s::date, 'KK', element, 4, %s"
            " FROM generate_series(1, 9) AS element ON CONFLICT (kelurahan, month, service, element, score)"
            " DO UPDATE SET answers = survey_count.answers + EXCLUDED.answers",
            [BUKIT_SANGKAL, month, many],
        )


# --- comments, and what is known of a person ------------------------------------------------------------------------


def test_comments_are_read_by_the_office_without_a_way_to_the_case(intake: InProcess) -> None:
    case, token = invited(intake)
    said = f"Petugasnya ramah {uuid4().hex[:6]}"
    answer(intake, token, comment=said)
    listed = intake.call("GET", "/v1/surveys/comments", "officer", who=YANTI)
    [line] = [one for one in listed.json["items"] if one["comment"] == said]
    assert set(line) == {"service", "month", "comment"} and case not in listed.text
    page = signed_in(intake, "officer", sub="officer:yanti").open("/intake/survei/saran")
    assert said in page.text and case not in page.text
    elsewhere = intake.call("GET", "/v1/surveys/comments", "officer", who={"tenant": KALIDONI})
    assert said not in elsewhere.text
    with intake.deps.db.transaction("*") as tx:
        rows = tx.all("SELECT p.sealed FROM survey s JOIN people p ON p.id = s.person_id")
    assert rows and all(looks_sealed(one["sealed"]) and said not in one["sealed"] for one in rows)


def test_comments_go_on_where_the_page_before_ended(intake: InProcess) -> None:
    for _ in range(3):
        _, token = invited(intake)
        answer(intake, token, comment="bagus")
    first = intake.call("GET", "/v1/surveys/comments?limit=2", "officer", who=YANTI).json
    rest = intake.call("GET", f"/v1/surveys/comments?limit=2&cursor={first['next_cursor']}", "officer", who=YANTI).json
    assert len(first["items"]) == 2 and rest["items"]
    with intake.deps.db.transaction("*") as tx:
        found = tx.all("SELECT answered_at, person_id FROM survey WHERE person_id IS NOT NULL")
    assert {UUID(str(row["person_id"])).int >> 80 for row in found} <= {
        months_begin(row["answered_at"]) for row in found
    }


def months_begin(at: datetime) -> int:
    """The milliseconds at which the month of an answer begins: no more than that stands in a comment's id."""
    local = at.astimezone(ZoneInfo("Asia/Jakarta"))
    return round(datetime(local.year, local.month, 1, tzinfo=UTC).timestamp() * 1000)


def test_the_person_sees_who_read_his_comment_and_not_himself(intake: InProcess) -> None:
    case, token = invited(intake)
    answer(intake, token, comment="Petugasnya ramah.")
    intake.call("GET", "/v1/surveys/comments?limit=100", "officer", who=YANTI)
    with intake.deps.db.transaction("*") as tx:
        rows = tx.all("SELECT caller, roles, kind FROM audit WHERE %s = ANY(about) ORDER BY caller", [case])
    assert [row["kind"] for row in rows if "officer" in row["roles"]] == ["comment"]
    intake.seal()
    lists = {
        who["sub"]: intake.call("GET", cast.path(case, "accesses"), role, who=who).json["items"]
        for role, who in (("applicant", ROHANA), ("officer", YANTI))
    }
    told = {sub: "comment" in {one["kind"] for one in items} for sub, items in lists.items()}
    assert told == {ROHANA["sub"]: True, YANTI["sub"]: False}, "an officer would see whose comment he has read"
    held = Held(BUKIT_SANGKAL, "rohana", None, None)
    [by_link] = [row for row in rows if row["caller"].startswith("survey:")]
    assert role_of(by_link["caller"], by_link["roles"], held) is None


def test_the_persons_record_has_his_answers(intake: InProcess) -> None:
    case, token = invited(intake)
    answer(intake, token, comment="Petugasnya ramah.")
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        app = applications.get(tx, intake.deps.data_keys, UUID(case))
        assert app is not None
        kept = _ours(intake.deps, tx, app, himself=True)["survey"]
    assert kept["scores"] == [4] * 9 and kept["comment"] == "Petugasnya ramah."


def test_an_erased_case_leaves_no_answer_nor_comment_and_the_counts_stay(intake: InProcess) -> None:
    case = completed(intake)
    token, before = token_of(intake, case), answers(intake)
    assert answer(intake, token, comment="Petugasnya ramah.").status_code == 201
    asked = intake.call("POST", cast.path(case, "erasure"), "applicant", who=ROHANA, json={})
    assert asked.status_code == 202, asked.json
    intake.work()
    assert row(intake, case) is None and answers(intake) == before + 1
    assert intake.call("GET", f"/v1/surveys/{token}", None).status_code == 404
