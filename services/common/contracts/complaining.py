"""The words for complaints, wishes and questions that several services know."""

from __future__ import annotations

KINDS = ("complaint", "wish", "question")
CLASSES = ("light", "request", "complaint", "supervisory")
"""By how many working days it takes: 2, 5, 14 and 60. A wish and a question are a `request`; `light` is the office's
own and stricter."""
ABOUT = ("office", "officer", "rt_head", "rw_head", "lurah", "camat")
CONFIDENTIALITY = ("open", "confidential", "anonymous")
"""Who handles it sees who filed it; somebody knows, and nobody who handles it sees it; nobody knows."""
STATUSES = ("filed", "checked", "waiting", "answered", "closed")
LEVELS = ("office", "lurah", "camat", "city")
"""How far up it has come: it begins with the office, or above whom it is about."""
RESULTS = ("satisfied", "no_objection", "silent", "withdrawn", "not_ours", "duplicate", "not_a_matter")
"""How it ended. `no_objection`: answered, and nobody reopened it in time; `silent`: more was asked for and did not
come; the last three are the office's, with its reason, and can be reopened."""
CHANNELS = ("http", "page", "whatsapp", "counter")
ACTORS = ("filer", "officer", "lurah", "camat", "city", "system")
CHANGES = (
    "filed", "checked", "assigned", "more_requested", "supplied", "answered", "satisfied", "reopened", "escalated",
    "reclassed", "rescheduled", "closed",
)  # fmt: skip
AGAIN = "changed"
"""The state told again, without any change."""
STEPS = ("introduction", "receive", "verify", "produce", "hand_over")
