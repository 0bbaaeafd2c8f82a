"""What a city knows of its offices, sent as often as it likes (scope `masterdata.write`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pengantar_client.api import Api


class MasterData:
    """The same again changes nothing. The answer's `items` name what could not be taken (`wrong`) and why; the others
    are taken."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def put_offices(self, offices: Sequence[Mapping[str, Any]], *, dry_run: bool = False) -> dict[str, Any]:
        """Offices and their calendars. Raises Invalid for a wrong shape, NotFound for one that is not below you."""
        return self._put("/v1/masterdata", {"offices": list(offices)}, dry_run)

    def put_officeholders(
        self, officeholders: Sequence[Mapping[str, Any]], neighbourhoods: Sequence[Mapping[str, Any]] = (), *,
        dry_run: bool = False,
    ) -> dict[str, Any]:  # fmt: skip
        """Who heads which RT or RW from when to when; RTs that nobody heads by themselves."""
        body = {"officeholders": list(officeholders), "neighbourhoods": list(neighbourhoods)}
        return self._put("/v1/officeholders/masterdata", body, dry_run)

    def _put(self, path: str, body: Mapping[str, Any], dry_run: bool) -> dict[str, Any]:
        return dict(self._api.put(path, body, dry_run="true" if dry_run else "false"))
