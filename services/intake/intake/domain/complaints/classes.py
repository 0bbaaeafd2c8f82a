"""What people file, in which class it is handled and within how many working days.

    kind                     class                       answered within, counted from the check
    question, wish           request                      5
    complaint                complaint                   14
    complaint                supervisory                 60     somebody has to be examined for it
    any                      light                        2     the office's own, stricter

Checked within 3 (LAPOR). Classes of PermenPANRB 62/2018; the city's own system knows the kinds by its names (`LAPOR`).
"""

from __future__ import annotations

from collections.abc import Mapping

COMPLAINT, WISH, QUESTION = "complaint", "wish", "question"
LIGHT, REQUEST, ORDINARY, SUPERVISORY = "light", "request", "complaint", "supervisory"

CLASSES_OF: Mapping[str, tuple[str, ...]] = {
    COMPLAINT: (ORDINARY, SUPERVISORY, LIGHT),
    WISH: (REQUEST, LIGHT),
    QUESTION: (REQUEST, LIGHT),
}
"""The usual one first."""
WORKING_DAYS: Mapping[str, int] = {LIGHT: 2, REQUEST: 5, ORDINARY: 14, SUPERVISORY: 60}
CHECK_DAYS = 3
SILENT_DAYS = 10
"""Working days after the one on which more was asked for: then it closes."""
REOPEN_DAYS = 10
"""Working days after that of the answer: so long it can be reopened."""

LAPOR: Mapping[str, str] = {COMPLAINT: "pengaduan", WISH: "aspirasi", QUESTION: "permintaan informasi"}
