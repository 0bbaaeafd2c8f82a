"""What a service's leaflets are filled from. The kinds have the same data; each layout takes what it has
room for.

A leaflet is about a service and no person: nothing of it is sealed.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

from documents.render.data import Emblem, Office

Form = Literal["pdf", "png"]

LEAFLETS: dict[str, Form] = {"leaflet_picture": "png", "leaflet_notice": "pdf", "leaflet_sop": "pdf"}
"""The layouts, and what each becomes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """A paper that is needed; `when` as in `bila alasannya hilang`, empty where it always is."""

    name: str
    hint: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where the application is begun: the QR code is made from `url`, `shown` is what can be typed instead."""

    url: str
    shown: str
    whatsapp: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaflet:
    """One published version of a service, as the office offers it. `closed`: that, and until when, it receives no
    visitors."""

    office: Office
    emblem: Emblem | None = None
    service: str
    edition: str
    days: str
    counted: str
    cost: str
    free: bool
    product: str
    needs: tuple[Needed, ...] = ()
    steps: tuple[str, ...] = ()
    next_step: str
    complaint: str
    legal_basis: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    start: Start
    closed: str = ""
    sample: bool = False
    draft: bool = False
    paper: Literal["a4"] = "a4"

    def to_json(self) -> dict[str, Any]:
        """The leaflet as JSON data."""
        data: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return data
