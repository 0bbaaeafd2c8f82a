"""What a restore has begun, noted in the server that it restores into, so that whoever comes next can undo it.

Before the databases change places a restore adds, and alters nothing: databases of its own, and objects of whose name
there was none. The names of these are noted before they are put, with their marks. The note goes in the transaction in
which the databases change places: while it is there, all that is noted is to be undone; once it is gone, nothing is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from deploy.backup import databases
from deploy.backup.cut import Session
from deploy.backup.folder import Busy
from deploy.backup.installation import Installation, StepFailed, sql
from deploy.setup.buckets import BUCKETS

_NOTE = "restore_adds"
_LOCK = 0x70656E68  # of the server: a restore alone, backups beside each other

FORGET = f"DROP TABLE IF EXISTS {_NOTE};"

Say = Callable[[str], None]


@contextmanager
def alone(installation: Installation, *, restores: bool) -> Iterator[None]:
    """Nobody else restores meanwhile, nor takes a backup where we restore. The server lets go of it when we end,
    however we end. Raises Busy, StepFailed."""
    which = "" if restores else "_shared"
    with Session(installation, "postgres") as session:
        if session.ask(f"SELECT pg_try_advisory_lock{which}({_LOCK});") != [["t"]]:
            raise Busy("A restore or a backup of this installation is under way: wait for its end, then begin again.")
        try:
            yield
        finally:
            with suppress(StepFailed):  # where psql was ended with us, the server has let go of it
                session.ask(f"SELECT pg_advisory_unlock{which}({_LOCK});")


def begin(installation: Installation) -> None:
    """From now on what is added is noted."""
    sql(installation, "postgres", f"CREATE TABLE {_NOTE} (bucket text, name text, mark text);")


def note(installation: Installation, bucket: str, marks: Mapping[str, str]) -> None:
    """These objects are about to be put, where there were none."""
    lines = "".join(f"{bucket}\t{_quoted(name)}\t{mark}\n" for name, mark in marks.items())
    sql(installation, "postgres", f"COPY {_NOTE} FROM STDIN;\n{lines}\\.\n")


def noted(installation: Installation, bucket: str) -> dict[str, str]:
    """The marks, by name, of the objects that a restore which was cut off may have put. Raises StepFailed."""
    if not _is_begun(installation):
        return {}
    rows = sql(installation, "postgres", f"SELECT name, mark FROM {_NOTE} WHERE bucket = '{bucket}';")
    return {row[0]: row[1] for row in rows}


def tidy(installation: Installation) -> None:
    """Removes the databases that restores before had no time to remove. Raises StepFailed."""
    databases.drop_unfinished(installation)
    databases.drop_replaced(installation)


def tell(installation: Installation, say: Say) -> None:
    """Says what `undo` would remove, for whoever must not do it: the services run."""
    if _is_begun(installation):
        say(
            "*** A restore had ended before its time. What it had added to the buckets is still there, also in this"
            " backup: no row names it, and the next restore removes it. While the services run nobody could tell it"
            " from what somebody sends at that moment."
        )


def undo(installation: Installation, say: Say) -> None:
    """Removes what a restore has added that did not come to change the databases, with what one that did had no time to
    remove. Nothing where there is nothing. Done again it goes on where it was. The services are stopped: between the
    look at an object and its removal somebody could put another in its place. Raises StepFailed."""
    tidy(installation)
    if not _is_begun(installation):
        return
    for bucket in BUCKETS.values():
        if added := noted(installation, bucket):
            drop = installation.objects("drop", bucket)
            done = drop.try_("".join(f"{mark}\t{name}\n" for name, mark in added.items()))
            if done.returncode:
                raise StepFailed(f"What a restore had added to {bucket} is still there:\n{done.stderr[-1000:]}")
    sql(installation, "postgres", FORGET)
    say("  a restore had ended before its time: what it had added is removed, what was there is as it was")


def _is_begun(installation: Installation) -> bool:
    return sql(installation, "postgres", f"SELECT to_regclass('{_NOTE}') IS NOT NULL;") == [["t"]]


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace("\t", "\\t")
