"""What a complaint has to say of whoever files it, and what may not be said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake.domain.complaints.complaint import ANONYMOUS
from kit.problems import Conflict, Unprocessable, Words

MOST_PHOTOS = 5

_NOBODY = Words(
    "Pengaduan tanpa nama tidak menyimpan nama dan nomor HP. Kosongkan, atau pilih rahasia.",
    "An anonymous complaint keeps neither name nor number. Leave it out, or choose confidential.",
)
_WHO = Words("Sebutkan nama, atau pilih tanpa nama.", "Say your name, or choose anonymous.")
_NO_STEP = Words("Pilih dahulu layanannya.", "Choose the service first.")
_OTHER = Words("Permohonan itu untuk layanan lain.", "That case is about another service.")


class TooManyPhotos(Conflict):
    """A complaint has as many photos as it may."""

    slug = "complaint-photos-full"
    title = Words("Foto sudah cukup", "There are enough photos")
    detail = Words(f"Satu pengaduan memuat paling banyak {MOST_PHOTOS} foto.", f"At most {MOST_PHOTOS} photos.")


def person_of(body: Mapping[str, Any], signed_in: bool) -> dict[str, Any]:
    """What is kept of who files it: nothing where it is anonymous. Raises Unprocessable."""
    given = {name: body[name] for name in ("name", "phone", "contact_id") if body.get(name)}
    if body["confidentiality"] == ANONYMOUS:
        if given:
            raise Unprocessable(errors={"json": {name: [_NOBODY] for name in given}})
        return {}
    if not given and not signed_in:
        raise Unprocessable(errors={"json": {"name": [_WHO]}})
    return given | {"language": body.get("language") or "id"}


def check_place(body: Mapping[str, Any], of_case: str | None) -> str | None:
    """The service that it is about. Raises Unprocessable."""
    service: str | None = body.get("service")
    if of_case and service and service != of_case:
        raise Unprocessable(errors={"json": {"service": [_OTHER]}})
    service = of_case or service
    if body.get("step") and service is None:
        raise Unprocessable(errors={"json": {"step": [_NO_STEP]}})
    return service
