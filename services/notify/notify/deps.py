"""The parts that the use cases of notify are handed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kit import service
from kit.clock import Clock, MachineClock
from kit.db import EVERY_TENANT, Database
from kit.mail import MailServer
from kit.objects import ObjectStore
from kit.outgoing import Outgoing
from kit.own_key import OwnKey
from kit.service import keyrings
from kit.spool import Spool
from kit.waiting import Waiting
from notify.channels import Channel
from notify.channels.mail import Mail
from notify.channels.mailbox import Mailbox
from notify.channels.waha import Waha
from notify.channels.whatsapp import WhatsApp
from notify.media import Fetcher
from notify.media.cloud_api import CloudApi
from notify.media.waha import WahaFiles
from notify.push import Pusher
from notify.settings import Settings
from notify.store import feed

CHANNELS: Mapping[str, Callable[[Settings, Outgoing, ObjectStore], Channel]] = {
    "mailbox": lambda settings, _outgoing, _objects: Mailbox(settings.rules("mailbox")),
    "whatsapp": lambda settings, outgoing, objects: WhatsApp(
        outgoing, objects, settings.whatsapp_url, settings.whatsapp_token, settings.whatsapp_auth_header,
        settings.offices["whatsapp"], settings.rules("whatsapp"), settings.whatsapp_per_second,
    ),
    "waha": lambda settings, outgoing, objects: Waha(
        outgoing, objects, settings.waha_url, settings.waha_api_key, settings.offices["waha"], settings.rules("waha")
    ),
    "email": lambda settings, _outgoing, objects: Mail(
        MailServer(settings.smtp_url, plain=not settings.production), objects, settings.mail_from,
        settings.rules("email"),
    ),
}  # fmt: skip

FETCHERS: Mapping[str, Callable[[Settings, Outgoing], Fetcher]] = {
    "whatsapp": lambda settings, http: CloudApi(
        http, settings.whatsapp_url, settings.whatsapp_token, settings.whatsapp_auth_header,
        settings.whatsapp_media_hosts,
    ),
    "waha": lambda settings, http: WahaFiles(http, settings.waha_url, settings.waha_api_key),
}  # fmt: skip
"""How the files that people send on a channel are got."""


@dataclass
class Deps(service.Deps):
    """What every service has, and besides: `channels` by name, the usual one first (the mailbox is always among them,
    for the office in which systems are tried), and `fetchers` of what people send on them; `objects` keeps what people
    sent, `spool` is for files in work; `own_key` marks who somebody is where nothing of him may be kept, and whose turn
    it is to be sent something; `waiting` has those who wait for the feed to go on. `pusher`
    sends events to other systems, whose turns go by the `machine`'s clock."""

    channels: dict[str, Channel]
    fetchers: Mapping[str, Fetcher]
    objects: ObjectStore
    spool: Spool
    own_key: OwnKey
    waiting: Waiting
    pusher: Pusher
    machine: Clock

    @property
    def channel(self) -> Channel:
        """The usual way to people."""
        return next(iter(self.channels.values()))


def build(settings: Any, db: Database, clock: Clock) -> Deps:
    """From `notify.settings.Settings`. Connects to nothing yet."""
    data_keys, event_keys = keyrings(settings)
    objects = ObjectStore(settings.s3_endpoint_url, settings.s3_access_key, settings.s3_secret_key, keys=event_keys)
    # The office for trying reaches nobody: its messages stay here, whatever the others' channels are.
    names = [*settings.channels, *(name for name in (Mailbox.name,) if name not in settings.channels)]
    channels = {name: CHANNELS[name](settings, _outgoing(settings, name), objects) for name in names}
    fetchers = {name: make(settings, _outgoing(settings, name)) for name, make in FETCHERS.items()}
    spool, own_key = Spool(settings.spool_dir), OwnKey(db, data_keys, "consent")
    waiting = Waiting(lambda: newest(db), most=settings.feed_waiters)
    # What one provider's server may be reached at, or the identity provider, is not open to strangers' addresses.
    pusher = Pusher(Outgoing(settings.push_allowed), settings.push_timeout)
    return Deps(
        settings, db, clock, data_keys, event_keys, channels, fetchers, objects, spool, own_key, waiting, pusher,
        MachineClock(),
    )  # fmt: skip


def newest(db: Database) -> int:
    """The last position of the feed. Raises DatabaseUnavailable."""
    with db.transaction(EVERY_TENANT) as tx:
        return feed.newest(tx)


def _outgoing(settings: Any, channel: str) -> Outgoing:
    """A way out to the channel's own server: what one provider answers leads to no other's."""
    return Outgoing(settings.outgoing_allowed, getattr(settings, f"{channel}_url", ""))
