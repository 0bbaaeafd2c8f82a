"""Certificates and signatures that tests make up: an office's key (P-256) and what it signs, as PAdES baseline B."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from asn1crypto import keys, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from deploy.demo.certificates import Authority, certificate


@dataclass(frozen=True)
class Identity:
    """A key and its certificate."""

    key: EllipticCurvePrivateKey
    certificate: certificates.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def sign(self, pdf: bytes, field: str = "Lurah") -> bytes:
        """The file with an invisible signature appended."""
        raw = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        signer = signers.SimpleSigner(
            signing_cert=x509.Certificate.load(self.certificate.public_bytes(Encoding.DER)),
            signing_key=keys.PrivateKeyInfo.load(raw),
            cert_registry=SimpleCertificateStore(),
        )
        wanted = signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
        out = BytesIO()
        signers.PdfSigner(wanted, signer=signer).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=out)
        return out.getvalue()


def identity(name: str, issuer: Identity | None = None, days: tuple[int, int] = (-1, 365)) -> Identity:
    """A new key with a certificate of its own making, or of `issuer`'s; valid from and to so many days from now."""
    key = generate_private_key(SECP256R1())
    by = Authority(issuer.key, issuer.certificate) if issuer else None
    return Identity(key, certificate(name, key, by, days=days))
