"""The paper on which somebody says that another may apply for him: a document of the case besides those of its SOP."""

from __future__ import annotations

from collections.abc import Mapping

CONSENT_PAPER = "SURAT_PERSETUJUAN"
CONSENT_PAPER_NAME: Mapping[str, str] = {
    "id": "Surat persetujuan pemohon yang ditandatangani",
    "en": "Signed consent of the applicant",
}
