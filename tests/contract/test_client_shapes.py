"""What the Python client says that it is told has the fields of the contracts, and no others."""

from __future__ import annotations

from typing import Any, get_type_hints

import pytest
from marshmallow import Schema

from contracts.feed import PUBLIC, PublicCase, PublicComplaint, PublicLetterIssued, PublicLetterVoided
from documents.schemas.archive import ArchivedLetter, FoundLetter
from documents.usecases import archive
from intake.usecases import exporting
from pengantar_client import shapes

SHAPES = [
    (shapes.Case, PublicCase), (shapes.Complaint, PublicComplaint), (shapes.LetterIssued, PublicLetterIssued),
    (shapes.LetterVoided, PublicLetterVoided), (shapes.ArchivedLetter, ArchivedLetter),
    (shapes.FoundLetter, FoundLetter),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "schema"), SHAPES, ids=lambda one: one.__name__)
def test_a_shape_has_the_fields_of_its_contract(shape: Any, schema: type[Schema]) -> None:
    assert set(get_type_hints(shape)) == set(schema().fields)


def test_a_field_may_be_missing_in_a_shape_only_where_the_contract_says_so() -> None:
    for shape, schema in SHAPES:
        for name, kind in get_type_hints(shape).items():
            assert (type(None) in getattr(kind, "__args__", ())) == bool(schema().fields[name].allow_none), name


def test_rows_of_whole_periods_have_their_columns() -> None:
    assert set(get_type_hints(shapes.CaseRow)) == set(exporting.COLUMNS)
    assert set(get_type_hints(shapes.LetterRow)) == set(archive.COLUMNS)


def test_every_public_event_has_a_shape() -> None:
    known = {schema for _shape, schema in SHAPES}
    assert {told.schema for told in PUBLIC.values()} <= known
