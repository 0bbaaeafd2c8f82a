"""To be told what happens, at an address of your own (scope `subscriptions.manage`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from pengantar_client.api import Api

_PATH = "/v1/subscriptions"


class Subscriptions:
    """A machine sees its own."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def create(
        self, url: str, types: Sequence[str], *, places: Sequence[str] | None = None, description: str = "",
        after: int | None = None, key: str | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Asks to be told. Keep the answer's `secret`: it is shown this once, or again for the same `key`. `after`:
        begins behind a position of the feed (0: with all that is kept); else with what comes."""
        body = {"url": url, "types": list(types), "places": list(places) if places is not None else None,
                "description": description, "after": after}  # fmt: skip
        return dict(self._api.post(_PATH, body, key=key))

    def list(self) -> Iterator[dict[str, Any]]:
        """Each with how it stands: `state`, `behind`, `failing_since`, `reason`."""
        return self._api.items(_PATH)

    def get(self, subscription_id: str) -> dict[str, Any]:
        """One of them. Raises NotFound."""
        return dict(self._api.get(f"{_PATH}/{subscription_id}"))

    def change(self, subscription_id: str, *, if_match: str | None = None, **changes: Any) -> dict[str, Any]:
        """Another `url`, `types`, `places` or `description`; what is not named stays."""
        return dict(self._api.patch(f"{_PATH}/{subscription_id}", changes, if_match=if_match))

    def end(self, subscription_id: str) -> None:
        """No more, and its log goes."""
        self._api.delete(f"{_PATH}/{subscription_id}")

    def next_secret(self, subscription_id: str, overlap_hours: int = 24, *, key: str | None = None) -> str:
        """Another secret; until the overlap is over both sign."""
        body = {"overlap_hours": overlap_hours}
        return str(self._api.post(f"{_PATH}/{subscription_id}/secret", body, key=key)["secret"])

    def test(self, subscription_id: str) -> str:
        """Has a made-up event sent, once; its id, by which `deliveries` tells what became of it."""
        return str(self._api.post(f"{_PATH}/{subscription_id}/test")["event_id"])

    def suspend(self, subscription_id: str) -> dict[str, Any]:
        """Stops; its place in the feed is kept."""
        return dict(self._api.post(f"{_PATH}/{subscription_id}/suspend"))

    def resume(self, subscription_id: str) -> dict[str, Any]:
        """Goes on from there, at once, whatever had stopped it."""
        return dict(self._api.post(f"{_PATH}/{subscription_id}/resume"))

    def replay(self, subscription_id: str, since: datetime, until: datetime) -> dict[str, Any]:
        """Has what came into the feed between two instants sent again, under the same ids. The instants need a zone."""
        body = {"since": since.isoformat(), "until": until.isoformat()}
        return dict(self._api.post(f"{_PATH}/{subscription_id}/replay", body))

    def deliveries(
        self, subscription_id: str, *, event_id: str | None = None, outcome: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Every attempt of 30 days, newest first."""
        return self._api.items(f"{_PATH}/{subscription_id}/deliveries", event_id=event_id, outcome=outcome)
