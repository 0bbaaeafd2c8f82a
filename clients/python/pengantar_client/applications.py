"""Cases, for whoever may begin them: residents' apps, counters."""

from __future__ import annotations

import mimetypes
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pengantar_client.api import Api, File

_PATH = "/v1/applications"
_CHECKED_WITHIN = 60.0


class Applications:
    """A case's `actions` say what this caller may do now, `missing` what keeps it from being submitted. What changes a
    case takes a `key` of your own: the same key does it once, whatever was lost on the way."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def services(self, kelurahan: str) -> list[dict[str, Any]]:
        """What an office offers: reasons, requirements, fields."""
        return list(self._api.get("/v1/services", kelurahan=kelurahan)["items"])

    def create(self, application: Mapping[str, Any], *, key: str | None = None) -> dict[str, Any]:
        """Opens a draft. Raises Invalid with the fields, Conflict where the person has such a case already."""
        return dict(self._api.post(_PATH, application, key=key))

    def get(self, application_id: str) -> dict[str, Any]:
        """How it stands. Raises NotFound."""
        return dict(self._api.get(f"{_PATH}/{application_id}"))

    def list(self, **query: Any) -> Iterator[dict[str, Any]]:
        """All that the caller may see, page after page; `query` as the API has it (`waiting_for`, `late` …)."""
        return self._api.items(_PATH, **query)

    def change(
        self, application_id: str, changes: Mapping[str, Any], *, if_match: str | None = None, key: str | None = None
    ) -> dict[str, Any]:
        """Only what is named changes. Raises ChangedMeanwhile where `if_match` is of an older version."""
        return dict(self._api.patch(f"{_PATH}/{application_id}", changes, if_match=if_match, key=key))

    def ask_for_introduction(self, application_id: str, purpose: str, *, key: str | None = None) -> dict[str, Any]:
        """Asks the head of the RT to vouch."""
        return self._act(application_id, "introduction", {"purpose": purpose}, key)

    def upload(
        self, application_id: str, requirement: str, file: Path | File, *, key: str | None = None
    ) -> dict[str, Any]:
        """Sends one photo or scan; the same bytes again are the same file. Raises Invalid with the reason."""
        sent = file if isinstance(file, File) else _read(file)
        path = f"{_PATH}/{application_id}/files"
        return dict(self._api.call("POST", path, form={"requirement": requirement, "file": sent}, key=key).json())

    def wait_for_files(self, application_id: str, within: float = _CHECKED_WITHIN) -> dict[str, Any]:
        """The case once each of its files was looked at; of one that is `rejected` the item is missing again. Raises
        TimeoutError."""
        ends = time.monotonic() + within
        while True:
            case = self.get(application_id)
            if all(file["status"] != "checking" for file in case["files"]):
                return case
            if time.monotonic() > ends:
                raise TimeoutError(f"a file is still looked at after {within:g} s")
            time.sleep(1.0)

    def submit(self, application_id: str, *, key: str | None = None) -> dict[str, Any]:
        """Hands it in; `promised_at` is set then. Raises Invalid: `document["missing"]` names what is."""
        return self._act(application_id, "submission", {}, key)

    def resubmit(self, application_id: str, *, key: str | None = None) -> dict[str, Any]:
        """Hands in what had come back."""
        return self._act(application_id, "resubmission", {}, key)

    def withdraw(self, application_id: str, reason: str, *, key: str | None = None) -> dict[str, Any]:
        """Ends it."""
        return self._act(application_id, "withdrawal", {"reason": reason}, key)

    def track(self, code: str) -> dict[str, Any]:
        """What everybody may see who has the tracking code. Raises NotFound."""
        return dict(self._api.get(f"/v1/track/{code}"))

    def _act(self, application_id: str, what: str, body: Mapping[str, Any], key: str | None) -> dict[str, Any]:
        return dict(self._api.post(f"{_PATH}/{application_id}/{what}", body, key=key))


def _read(path: Path) -> File:
    """Under a name of no meaning: a file's own may name somebody."""
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return File(f"berkas{path.suffix}", path.read_bytes(), media_type)
