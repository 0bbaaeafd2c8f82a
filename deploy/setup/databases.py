"""Makes the four databases and their roles, again and again if you like: `python -m deploy.setup.databases`.

Where the server is comes from libpq's own variables (PGHOST, PGPORT, PGUSER; the password from
PGPASSWORD or PGPASSWORD_FILE), the roles' passwords from the files in SECRETS_DIR.

    intake_owner    owns the database `intake` and migrates it
    intake_runtime  is who the service is at work: reads and writes rows, bound by row-level security
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psycopg2
from psycopg2 import extensions, sql

from deploy.setup.secrets import SERVICES

_LOCK = 0x70656E67  # one set-up at a time on a server, wherever it was started
_ROLE = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"

_IN_PUBLIC = "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
_GRANTS = (
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {runtime}",
    f"{_IN_PUBLIC} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {{runtime}}",
    f"{_IN_PUBLIC} GRANT USAGE, SELECT ON SEQUENCES TO {{runtime}}",
)


def set_up(connection: extensions.connection, passwords: Path) -> None:
    """Bring databases, roles, passwords and privileges to what they should be."""
    connection.autocommit = True  # CREATE DATABASE refuses to run in a transaction
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        for service in SERVICES:
            for role in (f"{service}_owner", f"{service}_runtime"):
                _make_role(cursor, role, (passwords / f"{role}_password").read_text("ascii").strip())
            _make_database(cursor, service)
        # A role of ours has no business in the databases that every server has.
        for shared in ("postgres", "template1"):
            cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(shared)))


def grant_runtime(connection: extensions.connection, service: str) -> None:
    """Inside a service's database: let the runtime role use whatever the owner makes there."""
    names = {"owner": sql.Identifier(f"{service}_owner"), "runtime": sql.Identifier(f"{service}_runtime")}
    with connection, connection.cursor() as cursor:
        for statement in _GRANTS:
            cursor.execute(sql.SQL(statement).format(**names))


def _make_role(cursor: extensions.cursor, role: str, password: str) -> None:
    # Hashed here, so that no server log can ever show the password itself.
    verifier = extensions.encrypt_password(password, role, cursor.connection, "scram-sha-256")
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
    verb = "ALTER" if cursor.fetchone() else "CREATE"
    cursor.execute(
        sql.SQL("{} ROLE {} WITH {} PASSWORD %s").format(sql.SQL(verb), sql.Identifier(role), sql.SQL(_ROLE)),
        (verifier,),
    )


def _make_database(cursor: extensions.cursor, service: str) -> None:
    database, owner = sql.Identifier(service), sql.Identifier(f"{service}_owner")
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (service,))
    if cursor.fetchone() is None:
        cursor.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(database, owner)
        )
    cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    runtime = sql.Identifier(f"{service}_runtime")
    cursor.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, runtime))


def _connect(database: str) -> extensions.connection:
    given = os.environ.get("PGPASSWORD_FILE")
    password = Path(given).read_text("ascii").strip() if given else None
    return psycopg2.connect(dbname=database, password=password, connect_timeout=10)


def main() -> int:
    """Set up the server that the environment names."""
    server = _connect("postgres")
    try:
        set_up(server, Path(os.environ["SECRETS_DIR"]))
    finally:
        server.close()
    for service in SERVICES:
        inside = _connect(service)
        try:
            grant_runtime(inside, service)
        finally:
            inside.close()
    sys.stdout.write(f"databases ready: {', '.join(SERVICES)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
