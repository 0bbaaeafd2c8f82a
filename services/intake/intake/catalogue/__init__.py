"""Services that ship with intake, one file each, named by their code: version 1 of the catalogue of any office.

The shape is that of `sop.published` and of `GET /v1/services`. `reasons: null` means always; a field's code that
names something of the applicant (`religion`) has its value there, every other one in `details`.
"""

from __future__ import annotations

import json
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any


def shipped_catalogue() -> list[dict[str, Any]]:
    """The services by code."""
    return _read(resources.files(__name__))


def shipped_drafts() -> list[dict[str, Any]]:
    """Services that an office may adopt: they ship as drafts, to be read and published by its lurah."""
    return _read(resources.files(__name__).joinpath("drafts"))


def _read(folder: Traversable) -> list[dict[str, Any]]:
    files = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return [json.loads(file.read_text("utf-8")) for file in files if file.name.endswith(".json")]
