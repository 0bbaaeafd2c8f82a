"""Announcements of notify's are drawn in the office's letterhead, told, and gone with what was stored."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from documents.domain.announcements import printable
from documents.jobs import JOBS
from documents.rendering import CannotRender
from kit import jobs
from tests.integration.documents import story
from tests.support.late import keys_with
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL


@pytest.fixture
def desk(documents: InProcess) -> InProcess:
    documents.rows("DELETE FROM job RETURNING 1")
    story.office(documents, BUKIT_SANGKAL)
    hurry(documents)
    return documents


def hurry(desk: InProcess) -> None:
    for _ in range(2):
        desk.rows("UPDATE job SET run_at = clock_timestamp() WHERE run_at > clock_timestamp() RETURNING 1")
        desk.work()


def drafted(desk: InProcess, announcement_id: str, revision: int = 1, **more: Any) -> None:
    data = {
        "announcement_id": announcement_id, "kelurahan": BUKIT_SANGKAL, "revision": revision, "until": "2026-08-23",
        "person": {"title": "Kerja bakti", "text": "Minggu.\n\nBawa sapu 🧹."},
    }  # fmt: skip
    desk.feed("announcement.drafted", data | more, subject=announcement_id)


def told(desk: InProcess, announcement_id: str) -> list[dict[str, Any]]:
    rows = desk.told("announcement.pictured")
    return [row["data"] for row in rows if str(row["data"]["announcement_id"]) == announcement_id]


def test_it_is_drawn_once_and_its_words_are_not_kept(desk: InProcess) -> None:
    known = str(uuid4())
    drafted(desk, known)
    drafted(desk, known)
    desk.work()
    [one] = told(desk, known)
    file = one["file"]
    with desk.deps.objects.get(file["bucket"], file["key"]) as stored:
        picture = Image.open(io.BytesIO(b"".join(stored)))
    assert (picture.size, file["type"], one["problem"]) == ((1080, 1350), "image/png", None)
    [row] = desk.rows("SELECT person_id, pictured FROM announcement WHERE id = %s", [known])
    assert (row["person_id"], row["pictured"]) == (None, 1)


def test_written_anew_its_first_picture_is_not_told_and_does_not_stay(desk: InProcess) -> None:
    known = str(uuid4())
    drafted(desk, known, 1)
    drafted(desk, known, 2)
    drafted(desk, known, 1)
    desk.work()
    assert [one["revision"] for one in told(desk, known)] == [2]
    hurry(desk)
    assert [key.rpartition("/")[2] for key in keys_with(desk, known)] == ["2.png"]


def test_what_has_no_room_says_why(desk: InProcess) -> None:
    known = str(uuid4())
    drafted(desk, known, person={"title": "A", "text": "\n".join("x" * 40 for _ in range(90))})
    claimed = jobs.claim(desk.deps.db, JOBS)
    assert claimed is not None
    with pytest.raises(CannotRender) as refused:
        JOBS[claimed.kind].work(desk.deps, claimed)
    with desk.deps.db.transaction(BUKIT_SANGKAL) as tx:
        JOBS[claimed.kind].give_up(desk.deps, tx, claimed, refused.value.reason)  # type: ignore[misc]
        jobs.finish(tx, claimed)
    [one] = told(desk, known)
    assert one["file"] is None and "room" in one["problem"]


def test_when_it_is_gone_so_are_its_pictures_and_nothing_late_brings_it_back(desk: InProcess) -> None:
    known = str(uuid4())
    drafted(desk, known)
    desk.work()
    desk.feed("announcement.ended", {"announcement_id": known, "kelurahan": BUKIT_SANGKAL}, subject=known)
    drafted(desk, known, 2)
    hurry(desk)
    assert keys_with(desk, known) == [] and len(told(desk, known)) == 1
    [row] = desk.rows("SELECT ended, person_id FROM announcement WHERE id = %s", [known])
    assert row["ended"] and row["person_id"] is None


def test_little_pictures_are_left_out_of_the_picture() -> None:
    assert printable("Kerja  bakti 🧹✨ RT 23 👍🏽") == "Kerja bakti RT 23"
