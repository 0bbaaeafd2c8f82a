"""Which internet addresses a service may be led to: judged by number, whatever name led there.

Sources: the IANA registries of special-purpose addresses (RFC 6890 and its updates), RFC 6052 (NAT64), RFC 4291.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

NEVER = "never"
INSIDE = "inside"
PUBLIC = "public"
"""How an address is judged: `never` is reached by nobody (link-local with the clouds' metadata, multicast, reserved);
`inside` are private networks and the machine itself: only what the operator names is reached there."""

# 168.63.129.16 is how a machine of Azure asks about itself, 169.254.169.254 how those of most others do.
_NEVER_4 = tuple(
    map(
        IPv4Network,
        ("0.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "192.88.99.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
)
_INSIDE_4 = tuple(
    map(
        IPv4Network,
        ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
         "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
    )
)  # fmt: skip
# Clouds answer with the machine's own credentials under the first two; 6to4 and Teredo lead to whoever is written
# inside them, and nothing that is alive is reached by them.
_NEVER_6 = tuple(
    map(IPv6Network, ("fd00:ec2::254/128", "fd20:ce::254/128", "2002::/16", "2001::/32", "fe80::/10", "ff00::/8"))
)
_INSIDE_6 = tuple(map(IPv6Network, ("::1/128", "fc00::/7")))
_WITHIN_UNICAST_NOT_GLOBAL = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


def judged(text: str) -> str:
    """NEVER, INSIDE or PUBLIC for an address as the resolver writes it. An IPv6 form that carries an IPv4 address is
    judged as that. Raises ValueError for what is no address."""
    address = _carried(ip_address(text))
    if isinstance(address, IPv4Address):
        return _among(address, _NEVER_4, _INSIDE_4) or (PUBLIC if address.is_global else INSIDE)
    if found := _among(address, _NEVER_6, _INSIDE_6):
        return found
    public = address in _UNICAST and not any(address in net for net in _WITHIN_UNICAST_NOT_GLOBAL)
    return PUBLIC if public else NEVER


def _carried(address: Address) -> Address:
    """The IPv4 address that is mapped into an IPv6 one, or translated by NAT64."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _among(
    address: Address, never: tuple[IPv4Network | IPv6Network, ...], inside: tuple[IPv4Network | IPv6Network, ...]
) -> str | None:
    if any(address in net for net in never):
        return NEVER
    return INSIDE if any(address in net for net in inside) else None
