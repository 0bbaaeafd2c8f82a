"""Limits on what anybody can reach: by address where there is no token, by caller where there is one.

Behind the gateway the connection's own address is the gateway's. The one in front of it is the last in
X-Forwarded-For, which counts only from a peer of `trusted_proxies`; what stands before it anybody may have written.
An IPv6 subscriber has a whole /64, so that is what is counted. Many phones share one address behind a carrier's or a
village's router: the limit by address is wide, and what is narrow (codes, passwords) is counted by number or account.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from kit.auth import Caller
from kit.db import Database
from kit.own_key import OwnKey
from kit.rates import Rate, check, look

Networks = Sequence[IPv4Network | IPv6Network]


class Strangers:
    """`by_address` and `by_caller` are how many a minute; 0 counts nothing, for trying only."""

    def __init__(self, db: Database, keys: OwnKey, by_address: float, by_caller: float, trusted: Networks) -> None:
        self._db = db
        self._keys = keys
        self._by_address = Rate("address", by_address, 60)
        self._by_caller = Rate("caller", by_caller, 60)
        self._trusted = trusted

    def check_address(self, request: Any, cost: float) -> None:
        """Raises TooManyRequests."""
        if self._by_address.most and cost:
            check(self._db, self._keys, self._by_address, self.address(request), cost)

    def check(self, request: Any, rate: Rate) -> None:
        """A narrower limit of its own, by address too. Raises TooManyRequests."""
        if self._by_address.most:
            check(self._db, self._keys, rate, self.address(request))

    def look(self, request: Any, rate: Rate) -> None:
        """Whether one more of it would be counted, without counting it. Raises TooManyRequests."""
        if self._by_address.most:
            look(self._db, self._keys, rate, self.address(request))

    def check_caller(self, caller: Caller) -> None:
        """Raises TooManyRequests."""
        if self._by_caller.most:
            check(self._db, self._keys, self._by_caller, caller.subject)

    def address(self, request: Any) -> str:
        """Where a request comes from, as far as it can be known: an IPv4 address or an IPv6 /64."""
        peer = request.remote_addr or ""
        if _among(peer, self._trusted):
            before = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
            peer = before if _parsed(before) else peer
        found = _parsed(peer)
        if found is None:
            return peer
        if found.version == 6:
            mapped = found.ipv4_mapped
            return str(mapped) if mapped else str(ip_network((found, 64), strict=False))
        return str(found)


def networks(text: str) -> Networks:
    """From addresses and networks with commas between them. Raises ValueError."""
    return [ip_network(part.strip()) for part in text.split(",") if part.strip()]


def _parsed(text: str) -> Any:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _among(text: str, known: Networks) -> bool:
    found = _parsed(text)
    if found is None:
        return False
    if found.version == 6 and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in network for network in known)
