"""A database at an earlier release, which is brought up to a later one."""

from __future__ import annotations

from typing import Any

import psycopg2
import pytest

from kit import migrate
from tests.support.services import empty


class Owner:
    """The database of a service as its owner sees it, before and after."""

    def __init__(self, url: str, package: str) -> None:
        self.url, self.package = url, package
        empty(url)

    def upgrade(self, monkeypatch: pytest.MonkeyPatch, most: int = 9999, kit: int = 9999) -> None:
        """As far as the migration of this number, the service's and the plumbing's."""
        files = migrate.migration_files
        last = {self.package: most, "kit": kit}

        def older(package: str) -> list[tuple[int, str, str]]:
            return [file for file in files(package) if file[0] <= last[package]]

        with monkeypatch.context() as patch:
            patch.setattr(migrate, "migration_files", older)
            migrate.migrate(self.url, ["kit", self.package])

    def do(self, sql: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """One statement that sees every office; its rows."""
        connection = psycopg2.connect(self.url)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute("SELECT set_config('app.tenant', '*', true)")
                cursor.execute(sql, values)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()
