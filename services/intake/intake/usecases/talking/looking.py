"""A file that somebody sent in the conversation: judged by its bytes as an upload on a page is, doubted where it can
hardly be read, and stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, BinaryIO
from uuid import UUID

from intake.deps import Deps
from intake.pictures.judge import DEFAULT, Judgement, judge
from intake.pictures.kinds import Kind
from intake.pictures.sandbox import SandboxDied, the_sandbox
from intake.usecases import files
from intake.usecases.talking.scene import refused
from kit.objects import ObjectMissing
from kit.problems import Problem, Words

PROBLEMS: Mapping[str, Words] = {
    "gone": Words("Satu berkas tidak sampai ke kami. Tolong kirim sekali lagi.",
                  "One file did not reach us. Please send it once more."),
    "damaged": Words("Satu berkas rusak di jalan. Tolong kirim sekali lagi.",
                     "One file was damaged on its way. Please send it once more."),
    "too_large": Words("Satu berkas terlalu besar. Kirim sebagai foto biasa, paling besar 15 MB.",
                       "One file is too large. Send it as an ordinary photo, of at most 15 MB."),
    "not_taken": Words("Satu kiriman bukan foto atau PDF, jadi tidak bisa dipakai. Petugas bisa melihatnya.",
                       "One thing you sent is no photo or PDF, and cannot be used. An officer can see it."),
}  # fmt: skip

NOT_AGAIN = Words("Berkas itu belum sampai juga. Kirim lewat halaman saja, balas *tautan*. Petugas juga bisa membantu.",
                  "It did not reach us again. Send it on a page: answer *link*. An officer can help too.")  # fmt: skip
_LOST_ON_THE_WAY = frozenset({"gone", "damaged"})


def lost(problems: Collection[str]) -> bool:
    """Whether something of what was sent did not reach us whole."""
    return not _LOST_ON_THE_WAY.isdisjoint(problems)


def look(deps: Deps, application_id: UUID, photo: Mapping[str, Any]) -> dict[str, Any]:
    """{stored}, {doubt} or {words} of one file: judged by its bytes, and in our own store if it is good."""
    file = photo["file"]
    try:
        with deps.spool.room(int(file["size"])), deps.spool.open() as original:
            if deps.objects.download(file["bucket"], file["key"], original) != file["sha256"]:
                return {"words": PROBLEMS["damaged"]}
            original.seek(0)
            found = judge(original)
            if not photo["anyway"] and (doubt := _doubt(original, found)):
                return {"doubt": doubt}
            original.seek(0)
            key = files.object_key(application_id, photo["code"], file["sha256"])
            deps.objects.put(deps.settings.s3_bucket, key, original, found.size, found.media_type, file["sha256"])
            return {"stored": {"sha256": file["sha256"], "size": found.size, "type": found.media_type, "key": key}}
    except ObjectMissing:
        return {"words": PROBLEMS["gone"]}
    except Problem as problem:
        if problem.status >= 500:  # the store or the disk, not the file
            raise
        return {"words": refused(problem)}


def _doubt(original: BinaryIO, found: Judgement) -> str | None:
    """What is to be doubted of a photo; of a PDF nothing."""
    if found.kind is Kind.PDF:
        return None
    try:
        seen = the_sandbox().run("look_at_picture", original, kind=found.kind.value, pixels=DEFAULT.pixels)
    except SandboxDied:  # the job that makes the viewing copy will say the same of it
        return None
    return str(seen["doubt"]) if seen.get("doubt") else None
