"""Complaints, wishes and questions, by anybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pengantar_client.api import Api, File

_PATH = "/v1/complaints"


class Complaints:
    """Followed by `ticket`, read and answered by the `secret` beside it, which is told once."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def file(self, complaint: Mapping[str, Any], *, key: str | None = None) -> dict[str, Any]:
        """Files one (`kelurahan`, `kind`, `text` …): its `ticket`, `secret`, and by when it is checked."""
        return dict(self._api.post(_PATH, complaint, key=key))

    def status(self, ticket: str) -> dict[str, Any]:
        """How it stands; nothing that was written. Raises NotFound."""
        return dict(self._api.get(f"{_PATH}/tickets/{ticket}"))

    def view(self, ticket: str, secret: str) -> dict[str, Any]:
        """All of it, with the answer, and `actions`."""
        return self._by_secret(ticket, "view", {"secret": secret}, None)

    def add(self, ticket: str, secret: str, text: str, *, key: str | None = None) -> dict[str, Any]:
        """Adds what was asked for, or whatever there is to add."""
        return self._by_secret(ticket, "supplements", {"secret": secret, "text": text}, key)

    def add_photo(self, ticket: str, secret: str, photo: File, *, key: str | None = None) -> dict[str, Any]:
        """One of five at most."""
        path = f"{_PATH}/tickets/{ticket}/photos"
        return dict(self._api.call("POST", path, form={"secret": secret, "file": photo}, key=key).json())

    def be_content(self, ticket: str, secret: str, *, key: str | None = None) -> dict[str, Any]:
        """Takes the answer: it is closed."""
        return self._by_secret(ticket, "satisfaction", {"secret": secret}, key)

    def reopen(self, ticket: str, secret: str, text: str, *, key: str | None = None) -> dict[str, Any]:
        """Objects to the answer, within ten working days."""
        return self._by_secret(ticket, "reopening", {"secret": secret, "text": text}, key)

    def _by_secret(self, ticket: str, what: str, body: Mapping[str, Any], key: str | None) -> dict[str, Any]:
        return dict(self._api.post(f"{_PATH}/tickets/{ticket}/{what}", body, key=key))
