"""Whoever reads a letter is on record before he gets it, and the person is told through his case."""

from __future__ import annotations

from documents.usecases import reading
from kit.auth import Caller
from tests.integration.documents.story import Case
