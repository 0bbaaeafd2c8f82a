"""How an application is begun from paper: by a sentence to the office's WhatsApp number, else at the address of its
page. Leaflets print the one or the other as a QR code, and intake understands the sentence."""

from __future__ import annotations

import re
from urllib.parse import quote

_MOBILE = re.compile(r"628[0-9]{7,11}")

WISH = "Saya ingin mengajukan"
"""What a message begins with that was filled in before it was sent; the service's name follows."""


def wish(service: str) -> str:
    """The sentence that asks for a service, by its Indonesian name."""
    return f"{WISH} {service}"


def wished(text: str) -> str | None:
    """What is wished for by that sentence; None for any other text."""
    plain = " ".join(text.split())
    return plain[len(WISH) :].strip() if plain.lower().startswith(WISH.lower()) else None


def whatsapp_link(number: str, service: str) -> str:
    """The address that opens WhatsApp with the sentence typed in, from a mobile number that intake took. Raises
    ValueError for what is none."""
    digits = re.sub("^(?:00|0)", lambda zeros: "" if zeros[0] == "00" else "62", re.sub("[^0-9]", "", number))
    if not _MOBILE.fullmatch(digits):
        raise ValueError("not a mobile number")
    return f"https://wa.me/{digits}?text={quote(wish(service))}"


def page_link(public_url: str, kelurahan: str, service: str) -> str:
    """The address of the page on which an application of a service is begun."""
    return f"{public_url.rstrip('/')}/ajukan/{kelurahan}/{service}"
