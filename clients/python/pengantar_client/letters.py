"""Letters: by their number for archives, and whether one is genuine for everybody."""

from __future__ import annotations

from typing import Any

from pengantar_client.api import Api
from pengantar_client.shapes import FoundLetter


class Letters:
    """The check is public; numbers take the scope `letters.read`, and each reading is kept on record at the office."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def by_number(
        self, number: str, year: int, *, kelurahan: str | None = None, register: str | None = None
    ) -> list[FoundLetter]:
        """The letters of an office with this number, as it is printed or only its running number; more than one where
        several series have it."""
        query = {"number": number, "year": year, "kelurahan": kelurahan, "register": register}
        return list(self._api.get("/v1/letters/by-number", **query)["items"])

    def content(self, letter: FoundLetter) -> bytes:
        """Its PDF, whose SHA-256 is `letter["sha256"]`. Raises ValueError where it has none: look at its `status`."""
        if not letter["content_url"]:
            raise ValueError(f"this letter has no PDF: it is {letter['status']}")
        return self._api.download(letter["content_url"])

    def check_file(self, pdf: bytes) -> dict[str, Any]:
        """Is this PDF the letter that was issued? `result`: genuine, changed, foreign_file_with_our_code, unknown."""
        answer = self._api.call("POST", "/v1/checks", pdf, headers={"Content-Type": "application/pdf"})
        return dict(answer.json())

    def check_code(self, code: str) -> dict[str, Any]:
        """What is on record about the letter with the code that its QR code holds. Raises NotFound."""
        return dict(self._api.get(f"/v1/checks/{code}"))
