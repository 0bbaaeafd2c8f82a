"""Letters, decisions, checks."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_dump, validate, validates_schema

from contracts.signing import METHODS
from documents.domain.letters import STATUSES
from documents.schemas.shapes import KINDS, Strict, plain_text, said
from kit.paging import PageQuery
from kit.versions import versioned

_ID = "019ab6c1-2f00-7a10-9c3e-5d1c8a7b2e01"
_CASE = "019ab6c0-11aa-7b22-8d33-2e4f5a6b7c8d"
_HASH = "9f2c" * 16


class LettersQuery(PageQuery):
    """Filters of the list of letters."""

    application_id = fields.UUID(load_default=None, **said("Letters and forms of one case.", _CASE))
    status = fields.String(
        load_default=None, validate=validate.OneOf(STATUSES), **said("Only in this state.", "drafted")
    )
    kind = fields.String(
        load_default=None, validate=validate.OneOf(KINDS), **said("Only of this kind.", "kk_introduction")
    )


@versioned
class LetterOut(Strict):
    """A letter or form. What is printed on it is in its PDF only."""

    id = fields.UUID(**said("The letter.", _ID))
    application_id = fields.UUID(allow_none=True, **said("Its case.", _CASE))
    introduction_id = fields.UUID(allow_none=True, **said("The introduction that it is, if it is the RT head's."))
    kind = fields.String(**said("Which letter or form.", "kk_introduction"))
    form = fields.Boolean(**said("A form has no number, no signature of ours and no check.", False))
    status = fields.String(
        **said(
            "drafting, drafted, sent_back, numbered (waits for its signature), signing, unknown (nobody knows whether"
            " it was signed), issued, void or cancelled (a draft nobody needs).",
            "drafted",
        )
    )
    incomplete = fields.List(
        fields.String(), **said("Empty fields that keep the draft from being signed.", ["details.father_name"])
    )
    problem = fields.String(allow_none=True, **said("Why no draft can be made of these data.", None))
    method = fields.String(
        allow_none=True, **said("How it is signed: approval, by_hand, certificate or bsre.", "certificate")
    )
    certified = fields.Boolean(
        allow_none=True, **said("Whether an Indonesian PSrE stands behind the certificate.", False)
    )
    prepared = fields.Boolean(**said("Whether the numbered sheet is ready to be signed.", False))
    initialled_by = fields.String(allow_none=True, **said("Account of the officer who initialled the draft.", None))
    replaces = fields.UUID(allow_none=True, **said("The void letter in whose place it is.", None))
    number = fields.String(allow_none=True, **said("Its number.", "400.12.2.1/123/KEL-BS/VIII/2026"))
    dated = fields.Date(allow_none=True, **said("Its date, in the office's zone.", "2026-08-19"))
    valid_until = fields.Date(allow_none=True, **said("The last day of its validity.", "2026-09-18"))
    preview_sha256 = fields.String(allow_none=True, **said("What a decision on this draft names.", _HASH))
    sha256 = fields.String(allow_none=True, **said("Hash of the issued PDF.", _HASH))
    size = fields.Integer(allow_none=True, **said("Bytes of the issued PDF.", 48213))
    check_url = fields.String(
        allow_none=True,
        **said("Where anyone can check it, once issued.", "https://layanan.example/periksa/7K3MQ9X2VZ5TB8RDW4HC0N6PJS"),
    )
    sent_back_reason = fields.String(allow_none=True, **said("What the lurah wants changed.", None))
    decided_by = fields.String(allow_none=True, **said("Account of who decided.", "lurah-1"))
    decided_at = fields.AwareDateTime(allow_none=True, **said("When it took its number.", "2026-08-19T03:12:00+00:00"))
    issued_at = fields.AwareDateTime(allow_none=True, **said("When it was issued.", "2026-08-19T03:12:01+00:00"))
    voided_at = fields.AwareDateTime(allow_none=True, **said("When it was voided.", None))
    voided_by = fields.String(allow_none=True, **said("Account of who voided it, or system.", None))
    void_reason = fields.String(allow_none=True, **said("Why it was voided.", None))
    created_at = fields.AwareDateTime(**said("When it was begun.", "2026-08-18T02:00:00+00:00"))
    version = fields.Integer(**said("Counts changes; the ETag.", 3))


class LetterPage(Strict):
    items = fields.List(fields.Nested(LetterOut), **said("Letters, oldest first."))
    next_cursor = fields.String(allow_none=True, **said("Where the next page begins; null on the last.", None))


class Decision(Strict):
    """The lurah issues the draft that he read, or sends it back."""

    decision = fields.String(
        required=True, validate=validate.OneOf(("issue", "send_back")), **said("issue or send_back.", "issue")
    )
    preview_sha256 = fields.String(
        validate=validate.Regexp(r"^[0-9a-f]{64}$"), **said("With issue: the hash of the draft that was read.", _HASH)
    )
    reason = plain_text(500, "With send_back: what is to be changed.", "Alamat usaha belum lengkap")
    method = fields.String(
        validate=validate.OneOf(METHODS),
        **said("With issue: how it will be signed; left out: the office's usual way.", "by_hand"),
    )

    @validates_schema
    def fits(self, data: dict[str, Any], **_more: Any) -> None:
        """Each decision has its own field, and only that."""
        needed, other = ("preview_sha256", "reason") if data["decision"] == "issue" else ("reason", "preview_sha256")
        if needed not in data:
            raise ValidationError("Wajib diisi untuk keputusan ini.", needed)
        for unused in (other, *(("method",) if other == "preview_sha256" else ())):
            if unused in data:
                raise ValidationError("Tidak dipakai untuk keputusan ini.", unused)


class VoidRequest(Strict):
    reason = plain_text(
        500, "Why it is void; shown to the office, never on the public check.", "Salah nama ayah", required=True
    )


class InitialsRequest(Strict):
    preview_sha256 = fields.String(
        required=True, validate=validate.Regexp(r"^[0-9a-f]{64}\Z"), **said("The draft that was read.", _HASH)
    )


class OutcomeRequest(Strict):
    """What an officer found out about a letter whose signing ended unknown."""

    outcome = fields.String(
        required=True, validate=validate.OneOf(("not_signed",)),
        **said("not_signed: it may be signed again, with the same number. Else void it.", "not_signed"),
    )  # fmt: skip


class SuccessorOut(Strict):
    number = fields.String(**said("Its number.", "400.12.2.1/124/KEL-BS/VIII/2026"))
    check_url = fields.String(
        **said("Where it is checked.", "https://layanan.example/periksa/9K3MQ9X2VZ5TB8RDW4HC0N6PJS")
    )


class SignatureOut(Strict):
    method = fields.String(**said("approval, by_hand, certificate or bsre.", "certificate"))
    certified = fields.Boolean(**said("Whether an Indonesian PSrE stands behind the certificate.", False))
    statement = fields.String(
        **said("The same in a sentence.", "Ditandatangani secara elektronik, TTE tidak tersertifikasi.")
    )


class CheckOut(Strict):
    """What anyone is told about a letter; the name is masked."""

    result = fields.String(
        **said(
            "valid, expired, replaced, void, or trial (of the office for trying, never valid); an unknown code is 404"
            " with result unknown.",
            "valid",
        )
    )
    statement = fields.String(**said("The result in a sentence.", "Surat ini terdaftar dan berlaku."))
    kind = fields.String(**said("Which letter.", "kk_introduction"))
    title = fields.String(**said("Its title.", "Surat Pengantar Kartu Keluarga"))
    number = fields.String(**said("Its number.", "400.12.2.1/123/KEL-BS/VIII/2026"))
    dated = fields.Date(**said("Its date.", "2026-08-19"))
    valid_until = fields.Date(allow_none=True, **said("The last day of its validity.", "2026-09-18"))
    office = fields.String(**said("Who issued it.", "Kelurahan Bukit Sangkal, Kecamatan Kalidoni, Kota Palembang"))
    signer = fields.String(**said("Who signed.", "Hj. Rusmala Dewi, S.Sos., M.Si."))
    signature = fields.Nested(SignatureOut, **said("How it was signed."))
    replaced_by = fields.Nested(SuccessorOut, allow_none=True, **said("With replaced: the letter in its place."))
    name = fields.String(**said("Whom it is about, masked.", "R***"))
    sha256 = fields.String(allow_none=True, **said("Hash of the issued PDF.", _HASH))
    issued_at = fields.AwareDateTime(allow_none=True, **said("When it was issued.", "2026-08-19T03:12:01+00:00"))
    voided_at = fields.AwareDateTime(allow_none=True, **said("When it was voided.", None))

    @post_dump
    def only_what_there_is(self, data: dict[str, Any], **_more: Any) -> dict[str, Any]:
        if data.get("voided_at") is None:
            data.pop("voided_at", None)
        if data.get("replaced_by") is None:
            data.pop("replaced_by", None)
        return data
