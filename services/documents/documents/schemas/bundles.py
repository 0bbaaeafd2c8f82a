"""Everything of a case in one PDF."""

from __future__ import annotations

from marshmallow import fields

from documents.schemas.shapes import Strict, said


class NewBundle(Strict):
    application_id = fields.UUID(required=True, **said("The case.", "019ab6c0-11aa-7b22-8d33-2e4f5a6b7c8d"))


class BundleOut(Strict):
    """One PDF of a case, to be printed; kept for a week."""

    id = fields.UUID(**said("The bundle.", "019ab6c3-44dd-7e55-9f66-7a8b9c0d1e2f"))
    application_id = fields.UUID(**said("Its case.", "019ab6c0-11aa-7b22-8d33-2e4f5a6b7c8d"))
    status = fields.String(**said("making, ready or failed.", "ready"))
    problem = fields.String(allow_none=True, **said("Why it failed; ask for it again.", None))
    pages = fields.Integer(allow_none=True, **said("How many pages.", 9))
    size = fields.Integer(allow_none=True, **said("Bytes.", 1204224))
    sha256 = fields.String(allow_none=True, **said("Of the PDF.", "9f…"))
    asked_at = fields.AwareDateTime(**said("When it was asked for.", "2026-08-19T03:12:01+00:00"))
    made_at = fields.AwareDateTime(allow_none=True, **said("When it was ready.", "2026-08-19T03:12:04+00:00"))
