"""A client of Pengantar, the services of Indonesian kelurahan, for other systems: see README.md."""

from pengantar_client.api import Answer, Api, File
from pengantar_client.client import Client
from pengantar_client.errors import (
    ChangedMeanwhile,
    Conflict,
    Failing,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    PengantarError,
    PositionGone,
    PositionLost,
    PositionUnknown,
    Refused,
    TooMuch,
    Unreachable,
    WebhookRefused,
)
from pengantar_client.events import Event
from pengantar_client.feed import Batch, Positions
from pengantar_client.patience import Patience
from pengantar_client.tokens import Bearer, MachineKey
from pengantar_client.webhooks import Webhooks

__all__ = [
    "Answer",
    "Api",
    "Batch",
    "Bearer",
    "ChangedMeanwhile",
    "Client",
    "Conflict",
    "Event",
    "Failing",
    "File",
    "Invalid",
    "MachineKey",
    "NotAllowed",
    "NotFound",
    "NotSignedIn",
    "Patience",
    "PengantarError",
    "PositionGone",
    "PositionLost",
    "PositionUnknown",
    "Positions",
    "Refused",
    "TooMuch",
    "Unreachable",
    "WebhookRefused",
    "Webhooks",
]
