"""The parts that intake's use cases are handed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from intake.domain import provider_roles
from intake.known import Known
from intake.provider.client import Client, Provider
from kit import service
from kit.antivirus import Antivirus
from kit.auth import TokenWriter
from kit.clock import Clock
from kit.db import Database
from kit.objects import ObjectStore
from kit.own_key import OwnKey
from kit.service import keyrings
from kit.settings import reread
from kit.spool import Spool


@dataclass
class Deps(service.Deps):
    """The object store, disk for files in work, who signs access tokens, the virus scanner where there is one, what
    signs RT heads' grants and finds accounts again, the identity provider of staff where there is one, and what this
    process has read of offices and catalogues."""

    objects: ObjectStore
    spool: Spool
    tokens: TokenWriter
    antivirus: Antivirus | None
    grants: OwnKey
    fingerprints: OwnKey
    provider: Provider | None = None
    known: Known = field(default_factory=Known)


def build(settings: Any, db: Database, clock: Clock) -> Deps:
    """From `intake.settings.Settings`. Connects to nothing yet."""
    data_keys, event_keys = keyrings(settings)
    objects = ObjectStore(settings.s3_endpoint_url, settings.s3_access_key, settings.s3_secret_key, keys=event_keys)
    tokens = TokenWriter(lambda: reread("TOKEN_PRIVATE_KEY"))
    antivirus = Antivirus(settings.clamav_address) if settings.clamav_address else None
    return Deps(
        settings, db, clock, data_keys, event_keys, objects, Spool(settings.spool_dir), tokens, antivirus,
        grants=OwnKey(db, data_keys, "grant"), fingerprints=OwnKey(db, data_keys, "account"),
        provider=_provider(settings) if settings.oidc_issuer else None,
    )  # fmt: skip


def _provider(settings: Any) -> Provider:
    client = Client(
        settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret, tuple(settings.oidc_algorithms),
        provider_roles.parsed(settings.oidc_roles), f"{settings.public_url}/v1/auth/oidc/callback",
    )  # fmt: skip
    return Provider(client, settings.outgoing_allowed)
