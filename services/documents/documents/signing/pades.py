"""A PDF signed invisibly: PAdES baseline B, or T where a time-stamping authority is named (ETSI EN 319 142-1)."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from documents.signing.certificates import is_certified
from documents.signing.timestamps import Authority

FIELD = "TandaTangan"


class NotSigned(Exception):
    """No signature was made. `reason` names no person and no secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def sign(pdf: bytes, signer: SimpleSigner, *, place: str, reason: str, tsa_url: str | None) -> bytes:
    """The bytes of `pdf` with a signature behind them, which certifies that nothing may be added. Stamp and QR code
    are drawn by the layout: pyHanko's own stamp has a font that is not embedded. Raises NotSigned."""
    meta = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES, location=place, reason=reason,
    )  # fmt: skip
    stamper = Authority(tsa_url) if tsa_url else None
    try:
        made = PdfSigner(meta, signer, timestamper=stamper).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))
    except (TimestampRequestError, OSError) as error:
        raise NotSigned("the time-stamping authority does not answer") from error
    except (SigningError, PdfError) as error:
        raise NotSigned("the sheet cannot be signed") from error
    signed: bytes = made.getvalue()
    if stamper and not _is_stamped(signed):
        raise NotSigned("the time-stamping authority's answer is not sound")
    return signed


def _is_stamped(signed: bytes) -> bool:
    """Whether the time-stamp is for this signature and its own signature is right; whose it is, readers judge."""
    told = validate_pdf_signature(PdfFileReader(BytesIO(signed)).embedded_regular_signatures[-1]).timestamp_validity
    return bool(told and told.intact and told.valid)


def carries_signature(signed: bytes, prepared: bytes) -> bool:
    """Whether this is the prepared sheet, unchanged, with a signature behind it that covers all of it and is sound."""
    if not signed.startswith(prepared):
        return False
    try:
        found = PdfFileReader(BytesIO(signed)).embedded_regular_signatures
        return bool(found) and _is_sound(found[-1])
    except (PdfError, SigningError, ValueError):
        return False


def _is_sound(signature: EmbeddedPdfSignature) -> bool:
    status = validate_pdf_signature(signature)
    return bool(status.intact and status.valid and status.coverage == SignatureCoverageLevel.ENTIRE_FILE)


def is_from(signed: bytes, roots: Sequence[x509.Certificate]) -> bool:
    """Whether the certificate of the last signature leads to one of these roots."""
    signature = PdfFileReader(BytesIO(signed)).embedded_regular_signatures[-1]
    return is_certified(signature.signer_cert, signature.other_embedded_certs, roots)
