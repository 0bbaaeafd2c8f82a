"""How an application is begun from paper: by a sentence to the office's WhatsApp number, else at the address of its
page. Leaflets print the one or the other as a QR code, and intake understands the sentence."""

from __future__ import annotations

from urllib.parse import quote

from contracts.phones import normalise_phone

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
    """The address that opens WhatsApp with the sentence typed in. Raises ValueError for what is no mobile number."""
    return f"https://wa.me/{normalise_phone(number).removeprefix('+')}?text={quote(wish(service))}"


def page_link(public_url: str, kelurahan: str, service: str) -> str:
    """The address of the page on which an application of a service is begun."""
    return f"{public_url.rstrip('/')}/ajukan/{kelurahan}/{service}"
