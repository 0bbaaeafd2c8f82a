"""A migration that is there stays as it is: a database that has it would never get what was changed in it."""

from __future__ import annotations

import hashlib

from tests.architecture.code import ROOT

KEPT = ROOT / "tests" / "architecture" / "migrations.sha256"


def test_no_migration_changes_and_each_is_noted() -> None:
    """What another one is to do goes into the next number. A new one gets its line:
    `sha256sum services/…/NNNN_name.sql >> tests/architecture/migrations.sha256`."""
    noted = {name: digest for digest, name in (line.split() for line in KEPT.read_text("ascii").splitlines())}
    found = {
        str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (ROOT / "services").rglob("migrations/*.sql")
    }
    changed = sorted(name for name in noted if found.get(name) != noted[name])
    assert changed == [], "put them back, and do what is new in the next number"
    assert sorted(found.keys() - noted.keys()) == [], "note them (see above)"
