"""A photo or scan of a case or complaint, shown within a page to who may see it."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from intake.api import files
from intake.schemas.files import ContentQuery


def shown_here(application_id: UUID, file_id: UUID) -> Response:
    """The viewing copy by the reader's own right, with his name across it where the office reads it. Raises
    NotFound."""
    return within_page(files.sent(*files.opened(ContentQuery().load({}), application_id, file_id)))


def within_page(response: Response) -> Response:
    """A picture that we made anew is shown, not stored."""
    if (response.mimetype or "").startswith("image/"):
        inline = response.headers["Content-Disposition"].replace("attachment", "inline", 1)
        response.headers["Content-Disposition"] = inline
    return response
