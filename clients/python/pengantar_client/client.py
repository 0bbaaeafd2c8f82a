"""One system and one caller: where everything begins."""

from __future__ import annotations

import urllib3

from pengantar_client.api import Api
from pengantar_client.applications import Applications
from pengantar_client.bulk import Bulk
from pengantar_client.complaints import Complaints
from pengantar_client.feed import Feed
from pengantar_client.letters import Letters
from pengantar_client.masterdata import MasterData
from pengantar_client.patience import Patience
from pengantar_client.subscriptions import Subscriptions
from pengantar_client.tokens import Caller
from pengantar_client.transport import Transport

VERSION = "0.1.0"


class Client:
    """`base_url` is the system's one address; `caller` a MachineKey or Bearer, None for what needs no token. `language`
    (`id` or `en`) is that of sentences for people. `pool` is for a proxy or certificates of your own. One client serves
    many threads."""

    def __init__(
        self, base_url: str, caller: Caller | None = None, *, patience: Patience | None = None,
        language: str | None = None, pool: urllib3.PoolManager | None = None,
    ) -> None:  # fmt: skip
        headers = {"User-Agent": f"pengantar-client/{VERSION}", "Accept": "application/json, */*;q=0.5"}
        if language:
            headers["Accept-Language"] = language
        self.api = Api(Transport(base_url, caller, patience or Patience(), headers, pool))
        """Any request that the parts below do not have."""
        self.applications = Applications(self.api)
        self.complaints = Complaints(self.api)
        self.letters = Letters(self.api)
        self.feed = Feed(self.api)
        self.bulk = Bulk(self.api)
        self.subscriptions = Subscriptions(self.api)
        self.master_data = MasterData(self.api)
