"""What a person agrees to apart from the legal basis of his letter, which is public service (UU PDP 27/2022 Art. 20):
each kind by itself, with the text that he was shown. What nobody has said anything of is neither given nor withdrawn:
messages go on then, as part of the service that he asked for; neighbours are shown nothing before he has said yes
(docs/adr/0012-asking-neighbours.md).

And the paper on which somebody says that another may apply for him: a document of the case besides those of its SOP."""

from __future__ import annotations

from collections.abc import Mapping

CONSENT_PAPER = "SURAT_PERSETUJUAN"
CONSENT_PAPER_NAME: Mapping[str, str] = {
    "id": "Surat persetujuan pemohon yang ditandatangani",
    "en": "Signed consent of the applicant",
}

MESSAGES, COURIER, NEIGHBOURS = KINDS = ("messages", "courier", "neighbours")


def given(consents: Mapping[str, bool] | None, kind: str) -> bool:
    """Whether the person has said yes, and not taken it back."""
    return (consents or {}).get(kind) is True


def withdrawn(consents: Mapping[str, bool] | None, kind: str) -> bool:
    """Whether the person has said that he does not want it, or not any more."""
    return (consents or {}).get(kind) is False
