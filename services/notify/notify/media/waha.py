"""Files at WAHA: they lie there for a while, at a path that its event told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.outgoing import Outgoing
from notify.domain.waha import place_of
from notify.media import Got, NotHere
from notify.media.checking import ask, checked


class WahaFiles:
    """Asks at the configured address, whatever host the event named."""

    def __init__(self, http: Outgoing, url: str, key: str) -> None:
        self._http, self._url, self._headers = http, url, {"X-Api-Key": key}

    def fetch(self, media: Mapping[str, Any]) -> Got:
        """See `notify.media.Fetcher`."""
        place = place_of(media.get("url"))
        if place is None:
            raise NotHere("gone", again=True)
        content = ask(self._http, f"{self._url}{place}", self._headers)
        return checked(content, media.get("type") or "", media.get("sha256"), media.get("size"))
