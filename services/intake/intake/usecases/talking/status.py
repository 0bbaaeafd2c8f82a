"""`sudah sampai mana?`: answered from the case."""

from __future__ import annotations

from collections.abc import Mapping

from babel.dates import format_date

from intake.domain import applications as rules
from intake.domain.case import Application
from intake.domain.conversation.turns import Turn
from intake.store import files
from intake.usecases.procedure import missing_of
from intake.usecases.talking.scene import Scene
from kit.problems import Words

_STANDS: Mapping[str, Words] = {
    "draft": Words("Belum dikirim.", "Not sent yet."),
    "submitted": Words("Sudah kami terima dan menunggu diperiksa petugas.", "An officer will check it."),
    "returned": Words("Ada yang perlu diperbaiki.", "Something has to be mended."),
    "received": Words("Sudah diperiksa petugas, sekarang dipastikan keasliannya.",
                      "An officer has checked it; now the papers are confirmed."),
    "verified": Words("Surat sedang dibuat dan menunggu tanda tangan lurah.",
                      "The letter is being made, and waits for the lurah's signature."),
    "issued": Words("Suratnya sudah jadi.", "The letter is ready."),
    "completed": Words("Sudah selesai.", "It is done."),
    "rejected": Words("Permohonan ditolak.", "The application was rejected."),
    "withdrawn": Words("Permohonan dibatalkan.", "The application was withdrawn."),
    "expired": Words("Permohonan berakhir karena lama tidak dilanjutkan.", "It ended, as nobody went on with it."),
}  # fmt: skip
_TURN: Mapping[str | None, Words] = {
    "applicant": Words("Sekarang giliran Anda.", "It is your turn now."),
    "rt_head": Words("Sekarang menunggu ketua RT.", "It waits for the RT head now."),
    "witness": Words("Sekarang menunggu jawaban tetangga.", "It waits for the neighbours' answers now."),
    "officer": Words("Sekarang di petugas kelurahan.", "It lies with the officers now."),
    "lurah": Words("Sekarang di lurah.", "It lies with the lurah now."),
}
_GO_ON = Words("Balas *lanjut* untuk meneruskan.", "Answer *go on* to continue.")
_LOCALES = {"id": "id_ID", "en": "en_GB"}


def status_of(scene: Scene, app: Application) -> Turn:
    """How a case stands, whose turn it is, by when it is done, and where to look."""
    current = files.current(scene.tx, app.id)
    turn = rules.waiting_for(
        app.status, introduction=app.introduction, verification=app.verification,
        sent_back=app.sent_back_reason is not None, missing=missing_of(app, scene.sop(app), current),
        unanswered=app.introduction_note == rules.NO_ANSWER,
    )  # fmt: skip
    name, who = scene.sop(app)["name"], app.person["applicant"]["name"]
    return Turn("talk_status", {
        "case": Words(f"{name['id']}, {who}", f"{name['en']}, {who}"),
        "stands": _STANDS[app.status], "turn": _TURN.get(turn, ""), "promised_date": _promised(scene, app),
        "go_on": _GO_ON if turn == "applicant" else "", "tracking_code": app.tracking_code,
        "track_url": f"{scene.deps.settings.public_url}/lacak/{app.tracking_code}",
    }, question=False, case=str(app.id))  # fmt: skip


def _promised(scene: Scene, app: Application) -> Words | str:
    if app.promised_at is None or app.status not in rules.IN_OFFICE:
        return ""
    day = app.promised_at.astimezone(scene.office.zone).date()
    return Words(*(str(format_date(day, "EEEE, d MMMM y", locale=_LOCALES[one])) for one in ("id", "en")))
