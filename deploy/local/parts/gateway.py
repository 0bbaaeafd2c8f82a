"""The gateway: Caddy, with the same file as in Docker."""

from __future__ import annotations

import requests

from deploy.local.places import CHECKOUT, account
from deploy.local.process import Running
from deploy.local.services import public_url
from deploy.local.site import LOOPBACK, Site, program
from deploy.setup.secrets import SERVICES

CONFIGURATION = CHECKOUT / "deploy" / "gateway" / "Caddyfile"


class Gateway:
    """The one base URL in front of the services."""

    name = "gateway"
    ready_within = 30.0

    def __init__(self, site: Site) -> None:
        self._site = site
        self._account = account("nobody")

    def prepare(self) -> None:
        """Hand its configuration to the account that cannot enter the checkout."""
        copy = self._site.data_folder(self.name, self._account) / "Caddyfile"
        copy.unlink(missing_ok=True)
        copy.write_text(CONFIGURATION.read_text("utf-8"), "utf-8")
        copy.chmod(0o400)
        self._account.owns(copy)

    def start(self) -> Running:
        """Start it on the loopback address."""
        folder = self._site.data_folder(self.name, self._account)
        caddy = program("caddy", "Run 'make setup'.")
        upstreams = {f"{service.upper()}_UPSTREAMS": self._site.address(f"{service}_web") for service in SERVICES}
        return self._site.start(
            self.name,
            [caddy, "run", "--config", folder / "Caddyfile"],
            account=self._account,
            folder=folder,
            environment={
                "SITE_ADDRESS": f"http://:{self._site.ports['gateway']}",  # by whatever name, on loopback
                "GATEWAY_BIND": LOOPBACK,
                "GATEWAY_HEALTH_PORT": str(self._site.ports["gateway_health"]),
                "XDG_DATA_HOME": str(folder),
                "XDG_CONFIG_HOME": str(folder),
                **upstreams,
            },
        )

    def is_ready(self) -> bool:
        """Whether it answers, whatever it answers: the services may not be there yet."""
        try:
            requests.get(f"{public_url(self._site)}/.not-there", timeout=2)  # of its own, whoever is away
        except requests.RequestException:
            return False
        return True

    def finish(self) -> None:
        """Nothing to do."""
