"""Hand-overs."""

from __future__ import annotations

from marshmallow import fields, validate

from documents.domain.handovers import CARRIED, METHODS, PAYERS, STATUSES
from documents.schemas.shapes import Strict, plain_text, said
from kit.paging import PageQuery
from kit.versions import versioned


class HandoversQuery(PageQuery):
    application_id = fields.UUID(load_default=None, **said("Of one case.", "019ab6c0-11aa-7b22-8d33-2e4f5a6b7c8d"))
    status = fields.String(load_default=None, validate=validate.OneOf(STATUSES), **said("Only in this state.", "ready"))


@versioned
class HandoverOut(Strict):
    """Handing over all papers of a case."""

    id = fields.UUID(**said("The hand-over.", "019ab6c2-33cc-7d44-8e55-6f7a8b9c0d1e"))
    application_id = fields.UUID(**said("Its case.", "019ab6c0-11aa-7b22-8d33-2e4f5a6b7c8d"))
    status = fields.String(**said("ready, dispatched, failed or done.", "ready"))
    method = fields.String(**said("pickup, courier, rt_head or digital.", "pickup"))
    ready_at = fields.AwareDateTime(**said("Since when the papers lie ready.", "2026-08-19T03:12:01+00:00"))
    at = fields.AwareDateTime(**said("When it came into its state.", "2026-08-19T03:12:01+00:00"))
    by = fields.String(allow_none=True, **said("Account of the officer who handed over.", None))
    reason = fields.String(allow_none=True, **said("Why it was stopped.", None))
    received_by = fields.String(allow_none=True, **said("Who received the papers; for the office only.", None))
    relation = fields.String(allow_none=True, **said("His relation to the applicant; for the office only.", None))
    courier = fields.String(allow_none=True, **said("Who carries them; for the office only.", None))
    price = fields.Integer(allow_none=True, **said("What the courier costs, in rupiah.", None))
    payer = fields.String(allow_none=True, **said("Who pays: applicant or office.", None))
    attempts = fields.Integer(**said("How often nobody was met.", 0))
    authority = fields.String(allow_none=True, **said("seen or photo: the proxy's letter; for the office only.", None))
    version = fields.Integer(**said("Counts changes; the ETag.", 1))


class OptionOut(Strict):
    """A way to receive the papers."""

    method = fields.String(**said("pickup, courier, rt_head or digital.", "courier"))
    carrier = fields.String(allow_none=True, **said("Who brings them.", "Kurir Contoh"))
    price = fields.Integer(allow_none=True, **said("What it costs, in rupiah.", 12000))
    payer = fields.String(allow_none=True, **said("Who pays: applicant or office.", "applicant"))


class Said(Strict):
    id = fields.String(**said("Indonesian.", "Bawa surat ini ke Disdukcapil."))
    en = fields.String(**said("English.", "Take it to Disdukcapil."))


class HandoverDetail(HandoverOut):
    """One hand-over, with what can be chosen and where to go next."""

    options = fields.List(fields.Nested(OptionOut), **said("What can be chosen, with its price, while it is ready."))
    chosen = fields.Nested(OptionOut, allow_none=True, **said("What the applicant chose."))
    next_step = fields.Nested(Said, **said("Where to go with the papers."))


class Choice(Strict):
    """How the applicant wants to receive the papers."""

    method = fields.String(required=True, validate=validate.OneOf(METHODS), **said("One of `options`.", "courier"))


class HandoverPage(Strict):
    items = fields.List(fields.Nested(HandoverOut), **said("Hand-overs, oldest first."))
    next_cursor = fields.String(allow_none=True, **said("Where the next page begins; null on the last.", None))


class Dispatch(Strict):
    """Somebody takes the papers. What is not said is as the applicant chose, and as the office's courier costs."""

    method = fields.String(
        load_default=None, validate=validate.OneOf(CARRIED), **said("courier, or rt_head who carries them.", "courier")
    )
    courier = plain_text(80, "Who carries them.", "Kurir Contoh, Pak Darmawan", load_default=None, allow_none=True)
    price = fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(0, 10_000_000),
        **said("What it costs, in rupiah.", 12000),
    )  # fmt: skip
    payer = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(PAYERS), **said("Who pays.", "applicant")
    )


class Because(Strict):
    """Why."""

    reason = plain_text(200, "Why.", "Rumah kosong", required=True)


class Completion(Strict):
    """Who received the papers, and how."""

    method = fields.String(
        required=True, validate=validate.OneOf(METHODS), **said("How they were handed over.", "pickup")
    )
    received_by = plain_text(120, "Name of who received them.", "Siti Maimunah binti H. Zainuddin", required=True)
    relation = plain_text(60, "Relation to the applicant.", "tetangga", load_default=None, allow_none=True)
    code = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Regexp(r"^[0-9]{6}\Z"),
        **said("The recipient's code; needed when somebody brings them.", None),
    )
    receipt = fields.Boolean(
        load_default=False, **said("Instead of the code: a photo of the receipt (TANDA_TERIMA) is in the case.", False)
    )
    authority = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(("seen", "photo")),
        **said("The proxy's letter of authority: seen, or its photo (SURAT_KUASA) is in the case.", None),
    )  # fmt: skip
