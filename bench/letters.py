"""Made-up letters, each another: one that is asked for twice comes half ready out of typst's memory."""

from __future__ import annotations

import itertools
from typing import Any

from tests.unit.documents.samples import DOCUMENT_DATE, SAMPLES

DATE = DOCUMENT_DATE
KIND = "kk_introduction"


class Letters:
    """Letters with a name, a number and a code of their own."""

    def __init__(self) -> None:
        self._sample = SAMPLES[KIND].to_json()
        self._count = itertools.count(1)

    def next(self) -> dict[str, Any]:
        """The data of one that nobody has printed yet."""
        n = next(self._count)
        return self._sample | {
            "number": f"400.12.2.1/{n:05d}/KEL-BS/VIII/2026",
            "person": self._sample["person"] | {"name": f"Rohana binti Cek Mat {_roman(n)}"},
            "check": self._sample["check"] | {"url": f"{self._sample['check']['url'][:-8]}{n:08d}"},
        }


def _roman(n: int) -> str:
    """Letters instead of digits, as names have them."""
    return "".join("IVXLCDMOPQ"[int(digit)] for digit in str(n))
