"""All parts of the simulator in one place."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from deploy.whatsapp_simulator.deliveries import Deliveries
from deploy.whatsapp_simulator.errors import GraphError
from deploy.whatsapp_simulator.payloads import Event
from deploy.whatsapp_simulator.settings import Settings
from deploy.whatsapp_simulator.switches import Switches
from deploy.whatsapp_simulator.templates import Template, handed_in
from deploy.whatsapp_simulator.world import Message, World

MOST_TEMPLATES = 2000


class Simulator:
    """The world, what goes wrong in it, and the webhooks that tell of it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.world = World()
        self.switches = Switches()
        self.deliveries = Deliveries(settings, self.switches)
        self.templates = dict[tuple[str, str], Template]()
        self.taken_at = dict[str, list[float]]()
        self.pair_taken_at = dict[tuple[str, str], float]()

    def hand_in(self, body: Mapping[str, Any]) -> Template:
        """A template as a business describes it; approved at once. Raises GraphError."""
        template = handed_in(body, str(secrets.randbelow(10**15)))
        if len(self.templates) >= MOST_TEMPLATES:
            raise GraphError(100, f"An account has {MOST_TEMPLATES} templates at the most.")
        self.templates[template.name, template.language] = template
        return template

    @property
    def first_number(self) -> str:
        """Whom a phone writes to where nothing else is said."""
        return next(iter(self.settings.numbers))

    def display(self, number_id: str) -> str:
        """A number of the business as it is shown, without plus."""
        return self.settings.numbers[number_id].removeprefix("+")

    def tell(self, number_id: str, value: dict[str, Any], *, after: float = 0.0, field: str = "messages",
             about: Message | None = None) -> None:  # fmt: skip
        """A webhook about this. `about` is the user's message that is marked when the webhook was taken."""
        metadata = {"display_phone_number": self.display(number_id), "phone_number_id": number_id}

        def taken() -> None:
            if about is not None:
                about.status = "taken"

        whole = {"messaging_product": "whatsapp", "metadata": metadata} | value
        self.deliveries.put(Event(number_id, field, whole, taken), after)
