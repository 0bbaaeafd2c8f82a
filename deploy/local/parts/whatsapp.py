"""WhatsApp as the simulator plays it, for stacks on which people are to be talked to."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import requests

from deploy.local.places import CHECKOUT, account
from deploy.local.process import Running
from deploy.local.services import public_url, whatsapp_url
from deploy.local.site import Site

TEMPLATES = CHECKOUT / "docs" / "whatsapp-templates.json"
WEBHOOK = "/v1/whatsapp/webhook"
"""Of notify, behind the gateway."""


class WhatsApp:
    """One process, whose memory is all there is: what was said is gone when it stops."""

    name = "whatsapp"
    ready_within = 30.0

    def __init__(self, site: Site) -> None:
        self._site = site
        self._account = account("nobody")

    def prepare(self) -> None:
        """Hand the templates to the account that cannot enter the checkout."""
        copy = self._templates
        copy.unlink(missing_ok=True)
        copy.write_text(TEMPLATES.read_text("utf-8"), "utf-8")
        copy.chmod(0o400)
        self._account.owns(copy)

    def start(self) -> Running:
        """Start it on the loopback address; it shakes hands once notify is there."""
        secret = self._site.secrets.path
        return self._site.start(
            self.name,
            [Path(sys.prefix).resolve() / "bin" / "python", "-m", "deploy.whatsapp_simulator"],
            account=self._account,
            folder=self._site.code,
            environment={
                "LISTEN": self._site.address("whatsapp"),
                "WEBHOOK_URL": public_url(self._site) + WEBHOOK,
                "TEMPLATES_FILE": str(self._templates),
                "WHATSAPP_TOKEN_FILE": str(secret("whatsapp_token")),
                "WHATSAPP_APP_SECRET_FILE": str(secret("whatsapp_app_secret")),
                "WHATSAPP_VERIFY_TOKEN_FILE": str(secret("whatsapp_verify_token")),
                "PYTHONPATH": str(self._site.code),
                "PYTHONUNBUFFERED": "1",
                "TMPDIR": os.fspath(self._folder),
            },
            steps_back=True,
        )

    def is_ready(self) -> bool:
        """Whether it answers; the handshake follows when notify is there."""
        try:
            return requests.get(f"{whatsapp_url(self._site)}/simulator/numbers", timeout=2).ok
        except requests.RequestException:
            return False

    def finish(self) -> None:
        """Nothing to do."""

    @property
    def _folder(self) -> Path:
        return self._site.data_folder(self.name, self._account)

    @property
    def _templates(self) -> Path:
        return self._folder / "templates.json"
