"""Sample pictures: what a good photo of each paper looks like. They ship with the service (`make samples` draws them
anew), show nobody's data, and are shown on pages and sent in chats."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from contracts.consent import CONSENT_PAPER
from kit.objects import ObjectStore

UNDER = "samples/"
TYPE = "image/png"
_USUAL = "sheet"
_OF_PAPERS: Mapping[str, str] = {
    "PENGANTAR_RT": "introduction", "KK": "family_card", "KK_LAMA": "family_card", "KTP": "identity_card",
    "KTP_LAMA": "identity_card", "PAS_FOTO": "portrait", "SKP": "moving_certificate",
    "SURAT_KEHILANGAN": "police_report", CONSENT_PAPER: "consent",
}  # fmt: skip
"""Requirements of the shipped catalogue; an office's own have the sample of any paper."""


@dataclass(frozen=True)
class Sample:
    """A picture, called by what it shows."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def mark(self) -> str:
        """Another one whenever the picture is another: its address can be kept for ever."""
        return self.sha256[:12]

    @property
    def key(self) -> str:
        """Where it lies in the bucket."""
        return f"{UNDER}{self.sha256}"

    def as_file(self, bucket: str) -> dict[str, Any]:
        """As a message takes it along, where a picture can go with its words."""
        return {
            "bucket": bucket, "key": self.key, "sha256": self.sha256, "size": len(self.content), "type": TYPE,
            "name": "contoh.png", "beside": True,
        }  # fmt: skip


def of(requirement: str) -> Sample:
    """The picture for a paper that a service wants."""
    return named(_OF_PAPERS.get(requirement, _USUAL))


def named(name: str) -> Sample:
    """Raises KeyError."""
    return _all()[name]


def every() -> Iterator[Sample]:
    yield from _all().values()


def put_all(objects: ObjectStore, bucket: str) -> None:
    """Puts those into the bucket that are not there yet. Raises StoreUnavailable."""
    for one in every():
        if not objects.exists(bucket, one.key):
            objects.put(bucket, one.key, io.BytesIO(one.content), len(one.content), TYPE, one.sha256)


@cache
def _all() -> dict[str, Sample]:
    there = resources.files("intake.samples").iterdir()
    files = {one.name.removesuffix(".png"): one for one in there if one.name.endswith(".png")}
    return {name: Sample(name, files[name].read_bytes()) for name in sorted(files)}
