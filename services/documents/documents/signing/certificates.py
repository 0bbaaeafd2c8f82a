"""A signer's PKCS#12 file: opened, judged, described."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import pem, x509
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509 as pyca
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import ValidationError

RSA_BITS = 2048
MOST_RSA_BITS = 8192
MOST_ROUNDS = 2_000_000
EC_BITS = 256


class WrongPassphrase(Exception):
    """The file does not open with it, or is no PKCS#12 at all: the two cannot be told apart."""


class Unusable(Exception):
    """It opens, but letters cannot be signed with what is inside."""


@dataclass(frozen=True)
class Described:
    """What a certificate says of itself, and whether an Indonesian PSrE stands behind it."""

    sha256: str
    subject: str
    issuer: str
    certified: bool
    not_before: datetime
    not_after: datetime
    pem: str


def open_signer(pkcs12_bytes: bytes, passphrase: str) -> SimpleSigner:
    """A signer with the key in memory. Raises WrongPassphrase."""
    try:
        return SimpleSigner.load_pkcs12_data(pkcs12_bytes, other_certs=[], passphrase=_read(passphrase))
    except ValueError as error:
        raise WrongPassphrase from error


def describe(pkcs12_bytes: bytes, passphrase: str, roots: Sequence[x509.Certificate]) -> Described:
    """What is inside. Raises WrongPassphrase, Unusable."""
    _check_effort(pkcs12_bytes)
    try:
        opened = pkcs12.load_pkcs12(pkcs12_bytes, _read(passphrase))
    except UnsupportedAlgorithm as error:
        raise Unusable("sealed in a way that is not known here") from error
    except ValueError as error:
        raise WrongPassphrase from error
    if opened.key is None or opened.cert is None:
        raise Unusable("no key or no certificate")
    certificate = opened.cert.certificate
    _check_key(opened.key)
    _check_purpose(certificate)
    others = [x509.Certificate.load(other.certificate.public_bytes(Encoding.DER)) for other in opened.additional_certs]
    der = certificate.public_bytes(Encoding.DER)
    return Described(
        sha256=hashlib.sha256(der).hexdigest(),
        subject=_name(certificate.subject),
        issuer=_name(certificate.issuer),
        certified=is_certified(x509.Certificate.load(der), others, roots),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        pem=certificate.public_bytes(Encoding.PEM).decode(),
    )


def _read(passphrase: str) -> bytes:
    """As OpenSSL takes it. With a NUL in it the library below panics: no exception that anybody expects, and the
    passphrase in the process's output. No file was ever sealed with one. Raises WrongPassphrase."""
    if "\0" in passphrase:
        raise WrongPassphrase
    return passphrase.encode()


def _check_effort(pkcs12_bytes: bytes) -> None:
    """A file may ask for two thousand million rounds of hashing before it says whether the passphrase is right. Raises
    WrongPassphrase where it is no PKCS#12, Unusable."""
    try:
        rounds = list(_rounds(asn1_pkcs12.Pfx.load(pkcs12_bytes)))
    except (ValueError, TypeError, KeyError) as error:
        raise WrongPassphrase from error
    if max(rounds, default=0) > MOST_ROUNDS:
        raise Unusable("opening it takes too long")


def _rounds(pfx: asn1_pkcs12.Pfx) -> Iterator[int]:
    if pfx["mac_data"].native:
        yield int(pfx["mac_data"]["iterations"].native)
    for part in pfx.authenticated_safe:
        if part["content_type"].native == "encrypted_data":
            yield part["content"]["encrypted_content_info"]["content_encryption_algorithm"].kdf_iterations
        elif part["content_type"].native == "data":
            for bag in asn1_pkcs12.SafeContents.load(part["content"].native):
                if bag["bag_id"].native == "pkcs8_shrouded_key_bag":
                    yield bag["bag_value"]["encryption_algorithm"].kdf_iterations


def is_certified(
    certificate: x509.Certificate, others: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]
) -> bool:
    """Whether a chain leads to one of the PSrE's roots (PP 71/2019 article 60). Nothing is fetched."""
    if not roots:
        return False
    context = ValidationContext(trust_roots=list(roots), other_certs=list(others), allow_fetching=False)
    chain = CertificateValidator(certificate, intermediate_certs=list(others), validation_context=context)
    try:
        asyncio.run(chain.async_validate_usage({"non_repudiation"}))
    except ValidationError:
        return False
    return True


def read_roots(text: str) -> list[x509.Certificate]:
    """Certificates of a PEM file; an empty one has none. Raises ValueError."""
    if not text.strip():
        return []
    return [x509.Certificate.load(der) for _kind, _headers, der in pem.unarmor(text.encode(), multiple=True)]


def _check_key(key: object) -> None:
    strong = (isinstance(key, rsa.RSAPrivateKey) and RSA_BITS <= key.key_size <= MOST_RSA_BITS) or (
        isinstance(key, ec.EllipticCurvePrivateKey) and key.key_size >= EC_BITS
    )
    if not strong:
        raise Unusable("the key is too weak, too long, or of another kind")


def _check_purpose(certificate: pyca.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(pyca.KeyUsage).value
    except pyca.ExtensionNotFound:
        return
    except (ValueError, pyca.DuplicateExtension) as error:
        raise Unusable("the certificate cannot be read") from error
    if not (usage.digital_signature or usage.content_commitment):
        raise Unusable("the certificate is not meant for signatures")


def _name(name: pyca.Name) -> str:
    for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        if found := name.get_attributes_for_oid(kind):
            return str(found[0].value)
    return name.rfc4514_string()
