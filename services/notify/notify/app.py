"""The notify service: its parts in one table."""

from __future__ import annotations

from contracts import accesses, subscriptions
from contracts.pages import MENU
from contracts.telling import read
from kit.service import Service
from notify import pages, taking_again
from notify.api import announcements, contacts, events, messages, whatsapp
from notify.api import subscriptions as subscription_api
from notify.consumers import HANDLERS
from notify.deps import build
from notify.holdings import HOLDINGS
from notify.jobs import JOBS, TIMERS
from notify.settings import Settings
from notify.usecases import stopping

SERVICE = Service(
    name="notify",
    title="Pengantar: notify",
    description="Messages to people and from them, whatever the channel.",
    settings=Settings,
    build=build,
    blueprints=(messages.blp, announcements.blp, whatsapp.blp, contacts.blp, events.blp, subscription_api.blp),
    pages=pages.BLUEPRINTS,
    menu=MENU,
    handlers=HANDLERS,
    read_event=read,
    subscriptions=subscriptions(),
    holdings=HOLDINGS,
    audited=accesses.told_by("access.recorded"),
    jobs=JOBS,
    commands={"take-again": taking_again.main},
    timers=TIMERS,
    republish=stopping.tell_again,
)
