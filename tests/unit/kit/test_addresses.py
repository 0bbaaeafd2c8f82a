"""Addresses are judged by number: each form that leads inside or nowhere, beside its twin that is public."""

from __future__ import annotations

import pytest

from kit.addresses import INSIDE, NEVER, PUBLIC, judged

FORMS = [
    # what is not public, how it is judged, the nearest that is
    ("10.255.255.255", INSIDE, "11.0.0.0"),
    ("100.64.0.1", INSIDE, "100.128.0.1"),
    ("127.0.0.1", INSIDE, "128.0.0.1"),
    ("127.255.255.254", INSIDE, "126.0.0.1"),
    ("172.16.0.1", INSIDE, "172.15.255.254"),
    ("172.31.255.255", INSIDE, "172.32.0.1"),
    ("192.168.255.1", INSIDE, "192.169.0.1"),
    ("192.0.0.8", INSIDE, "192.0.1.1"),
    ("192.0.2.1", INSIDE, "192.0.3.1"),
    ("198.18.0.1", INSIDE, "198.20.0.1"),
    ("203.0.113.9", INSIDE, "203.0.114.9"),
    ("0.0.0.0", NEVER, "1.1.1.1"),
    ("0.1.2.3", NEVER, "1.1.1.1"),
    ("168.63.129.16", NEVER, "168.63.129.17"),
    ("169.254.169.254", NEVER, "169.253.169.254"),
    ("192.88.99.1", NEVER, "192.88.98.1"),
    ("224.0.0.1", NEVER, "223.255.255.1"),
    ("239.255.255.250", NEVER, "223.255.255.1"),
    ("240.0.0.1", NEVER, "223.255.255.1"),
    ("255.255.255.255", NEVER, "223.255.255.1"),
    ("::1", INSIDE, "2606:4700::1111"),
    ("fc00::1", INSIDE, "2606:4700::1111"),
    ("fdff::1", INSIDE, "2606:4700::1111"),
    ("::", NEVER, "2606:4700::1111"),
    ("::7f00:1", NEVER, "2606:4700::1111"),
    ("fe80::1", NEVER, "2606:4700::1111"),
    ("fe80::1%lo", NEVER, "2606:4700::1111"),
    ("fec0::1", NEVER, "2606:4700::1111"),
    ("ff02::1", NEVER, "2606:4700::1111"),
    ("fd00:ec2::254", NEVER, "2606:4700::1111"),
    ("2001:db8::1", NEVER, "2001:4860::8888"),
    ("3fff::1", NEVER, "2a00::1"),
    ("::ffff:127.0.0.1", INSIDE, "::ffff:8.8.8.8"),
    ("::ffff:10.0.0.1", INSIDE, "::ffff:8.8.8.8"),
    ("::ffff:169.254.169.254", NEVER, "::ffff:8.8.8.8"),
    ("64:ff9b::7f00:1", INSIDE, "64:ff9b::808:808"),
    ("64:ff9b::a9fe:a9fe", NEVER, "64:ff9b::808:808"),
    ("64:ff9b:1::808:808", NEVER, "64:ff9b::808:808"),
    ("2002:7f00:1::", NEVER, "2003::1"),
    ("2001:0:7f00:1::", NEVER, "2001:4860::8888"),
]


@pytest.mark.parametrize(("address", "verdict", "twin"), FORMS)
def test_an_address_is_judged_and_its_public_twin_is_free(address: str, verdict: str, twin: str) -> None:
    assert judged(address) == verdict
    assert judged(twin) == PUBLIC


def test_what_is_no_address_is_not_judged() -> None:
    with pytest.raises(ValueError, match="does not appear"):
        judged("localhost")
