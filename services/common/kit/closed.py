"""Databases that are closed: settings of a database, whose text says why, and what to do.

`app.closed` is for whoever starts. `app.closed_to_webs` is for those alone that show people what is in it: the workers
have something to do before.
"""

from __future__ import annotations

from typing import Any

CLOSED = "app.closed"
CLOSED_TO_WEBS = "app.closed_to_webs"


class DatabaseClosed(SystemExit):
    """Nothing starts on this database; the message is what the setting says."""


def why(connection: Any, *settings: str) -> str | None:
    """What the first of these settings says that is set in the connection's database; None where it is open."""
    if not settings:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(name, true) FROM unnest(%s) AS name", [list(settings)])
        return next((str(text) for (text,) in cursor.fetchall() if text), None)


def refuse(connection: Any, *settings: str) -> None:
    """Raises DatabaseClosed where one of them is set."""
    if text := why(connection, *settings):
        raise DatabaseClosed(text)
