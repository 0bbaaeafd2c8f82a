"""What the public sees of an office's services."""

from __future__ import annotations

from marshmallow import fields, validate

from documents.domain.leaflets import KINDS
from documents.schemas.shapes import Strict, said

KELURAHAN = r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}\Z"


class LeafletFileOut(Strict):
    """One leaflet."""

    kind = fields.String(
        validate=validate.OneOf(tuple(KINDS)),
        **said("picture for WhatsApp and Instagram, notice for the board, sop with all of it.", "picture"),
    )
    url = fields.String(**said("Where it is.", "https://layanan.contoh.id/v1/leaflets/16.71.10.1001/KTP/picture"))
    type = fields.String(**said("Its media type.", "image/png"))
    size = fields.Integer(**said("Bytes.", 323082))
    sha256 = fields.String(**said("Of the file; its ETag.", "9f…"))


class ServiceLeafletsOut(Strict):
    """The leaflets of a service, as it is offered now."""

    service = fields.String(**said("Code of the service.", "KTP"))
    version = fields.Integer(**said("Version of the SOP that they say.", 1))
    made_at = fields.AwareDateTime(**said("When they were made.", "2026-08-19T03:12:04+00:00"))
    problem = fields.String(allow_none=True, **said("Why there are none; null when there are.", None))
    files = fields.List(fields.Nested(LeafletFileOut), **said("The leaflets.", []))


class LeafletsOut(Strict):
    """The leaflets of an office, by service."""

    items = fields.List(fields.Nested(ServiceLeafletsOut), **said("One entry for each service.", []))
