"""Made-up certificates: a signer's own, and one that a made-up PSrE stands behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

PASSPHRASE = "kopi pagi di dermaga"


@dataclass(frozen=True)
class Authority:
    """A certificate authority, such as a PSrE."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()


def authority(name: str = "PSrE Contoh") -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(key, certificate(name, key, None, days=(-2, 365), ca=True))


def signer(name: str = "Kelurahan Bukit Sangkal", *, by: Authority | None = None, days: tuple[int, int] = (-1, 365),
           key: Any = None, usage: bool = True) -> bytes:  # fmt: skip
    """A PKCS#12 file; `days` from today are its validity."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    made = certificate(name, key, by, days=days, usage=usage)
    others = [by.certificate] if by else None
    return pkcs12.serialize_key_and_certificates(
        name.encode(), key, made, others, BestAvailableEncryption(PASSPHRASE.encode())
    )


def certificate(name: str, key: Any, by: Authority | None, *, days: tuple[int, int], ca: bool = False,
                 usage: bool = True) -> x509.Certificate:  # fmt: skip
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{name} (rekaan)"),
        ]
    )
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca, None), critical=True)
        .add_extension(
            x509.KeyUsage(usage and not ca, usage and not ca, not usage, False, False, ca, ca, False, False),
            critical=True,
        )
    )
    return builder.sign(by.key if by else key, SHA256())
