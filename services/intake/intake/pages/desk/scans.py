"""The scans of a case: shown to who is signed in, and taken at the counter."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from intake.api import files
from intake.pages.desk.case import back_to_case, case_again, case_page, case_pages
from intake.pages.scan import shown_here
from kit import audit
from kit.pages import forms
from kit.pages.session import allow
from kit.problems import Words

_SAID = Words("Berkas tersimpan dan sedang diperiksa.", "The file is kept and is being looked at.")


@case_pages.get("/<uuid:application_id>/berkas/<uuid:file_id>")
@allow("officer", "lurah")
@audit.shows("file")
def show_scan(application_id: UUID, file_id: UUID) -> Response:
    """The viewing copy, with the reader's name across it; each reading is on record."""
    return shown_here(application_id, file_id)


@case_pages.get("/<uuid:application_id>/berkas")
@allow("officer", "lurah")
@audit.shows("application")
def show_scans(application_id: UUID) -> Response:
    """The case, for who comes here by the address alone."""
    return case_page(application_id)


@case_pages.post("/<uuid:application_id>/berkas")
@allow("officer")
@forms.keeps(case_again)
def add_scan(application_id: UUID) -> Response:
    """A photo or scan for one requirement."""
    files.taken(application_id, forms.check_ours)
    return forms.done(back_to_case(application_id), _SAID)
