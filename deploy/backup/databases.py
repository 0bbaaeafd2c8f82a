"""The databases of a restore: made beside those that are there, brought into shape, and swapped in as one."""

from __future__ import annotations

from pathlib import Path

from deploy.backup.cut import rows_of
from deploy.backup.installation import Installation, StepFailed, restoring, sql
from deploy.backup.manifest import Database
from deploy.setup.secrets import SERVICES
from kit.closed import CLOSED, CLOSED_TO_WEBS

_REPLACED = "_replaced"

LEAP = 1000
"""How far sequences and epochs leap: further than whoever heard of what is lost (a city's system, a consumer that was
restored from elsewhere) can have come with one subject. They keep the highest and would drop what is told from then
on."""
FEED_LEAP = 1_000_000
"""The same for positions of the feed, of which there is one for each event of all offices."""

_MADE = """
DROP DATABASE IF EXISTS {name} WITH (FORCE);
CREATE DATABASE {name} OWNER {service}_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE {name} FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {service}_runtime;
"""

# What was on its way when the backup was taken is told again: a consumer that has it knows the event's id.
_TOLD_AGAIN = "WITH again AS (UPDATE outbox SET published_at = NULL RETURNING 1) SELECT count(*) FROM again;"
_LEAPT = f"UPDATE subject_sequence SET last = last + {LEAP};"
# Epochs of accounts are kept by others in the same way: who knows a later one refuses what is signed from now on. Only
# their owner has the column, and a backup may be older than it.
_EPOCHS_LEAPT = f"""
DO $$ BEGIN IF EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = to_regclass('account') AND attname = 'epoch' AND NOT attisdropped
) THEN UPDATE account SET epoch = epoch + {LEAP}; END IF; END $$;
"""
# A consumer of the feed may have read further than the backup: a position that it knows is given to nothing else, and
# whoever asks by one is told that there was a restore. Only notify has the tables, and a backup may be older than they.
_FEED_LEAPT = f"""
DO $$ BEGIN
IF to_regclass('feed_leap') IS NOT NULL THEN
    INSERT INTO feed_leap (after, upto) SELECT position, greatest(position, {{given}}) + {FEED_LEAP} FROM feed_head
    ON CONFLICT (after) DO UPDATE SET upto = EXCLUDED.upto;
END IF;
IF to_regclass('feed_head') IS NOT NULL THEN
    UPDATE feed_head SET position = greatest(position, {{given}}) + {FEED_LEAP};
END IF; END $$;
"""
_HAS_FEED = "SELECT 1 WHERE to_regclass('feed_head') IS NOT NULL;"
# Leases of workers that are gone.
_FREED = "UPDATE job SET state = 'ready', leased_until = NULL WHERE state = 'running';"
# A refresh token that was stolen and changed since would count again: everybody signs in anew. A backup may be older
# than the table of codes.
_SIGNED_OUT = """
DO $$ BEGIN IF to_regclass('session') IS NOT NULL THEN
    UPDATE session SET ended_at = clock_timestamp(), ended_why = 'ended' WHERE ended_at IS NULL;
    DELETE FROM sign_in_code;
    IF to_regclass('sent_code') IS NOT NULL THEN DELETE FROM sent_code; END IF;
END IF; END $$;
"""


def hold_data(installation: Installation) -> list[str]:
    """The services' databases that hold something."""
    there = {row[0] for row in sql(installation, "postgres", "SELECT datname FROM pg_database;")}
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public';"
    return [name for name in SERVICES if name in there and sql(installation, name, tables) != [["0"]]]


def fill(installation: Installation, service: str, dump: Path) -> None:
    """Restores a dump into a new database beside the service's own, whole or not at all. Raises StepFailed."""
    name = restoring()[service]
    sql(installation, "postgres", _MADE.format(name=name, service=service))
    installation.postgres("pg_restore", "--exit-on-error", "--single-transaction", "-d", name).fed(dump)


def compare(installation: Installation, service: str, told: Database) -> None:
    """Every table has as many rows as when it was dumped. Raises StepFailed."""
    found = rows_of(lambda text: sql(installation, restoring()[service], text))
    if wrong := [
        f"{table} {found.get(table)}/{count}" for table, count in told.rows.items() if found.get(table) != count
    ]:
        raise StepFailed(f"{service}: rows restored/dumped differ: {', '.join(wrong)}")


def begin_anew(installation: Installation, service: str) -> int:
    """What was told lately is told again, sequences, epochs and the feed leap, jobs are free, sessions end; how many
    events wait."""
    leapt = _FEED_LEAPT.format(given=_positions_given(installation, service))
    steps = f"{_TOLD_AGAIN} {_LEAPT} {_EPOCHS_LEAPT} {leapt} {_FREED} {_SIGNED_OUT}"
    found = sql(installation, restoring()[service], f"BEGIN; {steps} COMMIT;")
    return int(found[0][0])


def _positions_given(installation: Installation, service: str) -> int:
    """The last position of the feed that the database gave which is replaced: one that was restored before may have
    given more than the backup knows of."""
    there = {row[0] for row in sql(installation, "postgres", "SELECT datname FROM pg_database;")}
    if service not in there or not sql(installation, service, _HAS_FEED):
        return 0
    return int(sql(installation, service, "SELECT position FROM feed_head;")[0][0])


def swap(installation: Installation, closed: str, also: str) -> None:
    """The restored databases take the place of the others, all four in one transaction, which does `also` what it is
    told; the others are removed. Until `let_work` no service starts on them, until `open_again` no web: they say
    `closed`."""
    names = [name for service in SERVICES for name in (service, restoring()[service])]
    says = f"'{closed.replace(chr(39), chr(39) * 2)}'"
    listed = ", ".join(f"'{name}'" for name in names)
    there = {row[0] for row in sql(installation, "postgres", "SELECT datname FROM pg_database;")}
    drop_replaced(installation)
    steps = [
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ({listed});",
        "SELECT pg_sleep(0.2);",
        "BEGIN;",
        *(f"ALTER DATABASE {name} RENAME TO {name}{_REPLACED};" for name in SERVICES if name in there),
        *(f"ALTER DATABASE {new} RENAME TO {name};" for name, new in restoring().items()),
        *(f"ALTER DATABASE {name} SET {by} = {says};" for name in SERVICES for by in (CLOSED, CLOSED_TO_WEBS)),
        also,
        "COMMIT;",
    ]
    sql(installation, "postgres", "\n".join(steps))
    drop_replaced(installation)


def let_work(installation: Installation) -> None:
    """Workers may start; webs not yet."""
    _reset(installation, CLOSED)


def open_again(installation: Installation) -> None:
    """Webs may start too."""
    _reset(installation, CLOSED_TO_WEBS)


def _reset(installation: Installation, by: str) -> None:
    steps = (f"ALTER DATABASE {name} RESET {by};" for name in SERVICES)
    sql(installation, "postgres", "\n".join(["BEGIN;", *steps, "COMMIT;"]))


def closed(installation: Installation) -> str | None:
    """Why not all services may start on what is there; None where they may, or nothing is there."""
    there = {row[0] for row in sql(installation, "postgres", "SELECT datname FROM pg_database;")}
    if SERVICES[0] not in there:
        return None
    asked = " UNION ALL ".join(f"SELECT current_setting('{by}', true)" for by in (CLOSED, CLOSED_TO_WEBS))
    return next((why for (why,) in sql(installation, SERVICES[0], f"{asked};") if why), None)


def drop_unfinished(installation: Installation) -> None:
    """Removes what a restore that failed made."""
    for name in restoring().values():
        sql(installation, "postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE);")


def drop_replaced(installation: Installation) -> None:
    """Removes what was replaced: who was killed just after had no time to."""
    for name in SERVICES:
        sql(installation, "postgres", f"DROP DATABASE IF EXISTS {name}{_REPLACED} WITH (FORCE);")
