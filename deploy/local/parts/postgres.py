"""PostgreSQL: a private cluster, reachable on the loopback address only."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2

from deploy.local.places import CHECKOUT, account, empty
from deploy.local.process import PartError, Running
from deploy.local.site import LOOPBACK, Site, plain_environment

OLDEST = 15
_SOCKET_PATH_LIMIT = 107  # the system's limit, and PostgreSQL adds a name of its own to the folder

_ACCESS = """\
local all all scram-sha-256
host  all all 127.0.0.1/32 scram-sha-256
"""

_SETTINGS = """\
listen_addresses = '{loopback}'
port = {port}
unix_socket_directories = '{sockets}'
max_connections = 300
shared_buffers = 128MB
password_encryption = scram-sha-256
fsync = on
synchronous_commit = on
full_page_writes = on
log_line_prefix = '%m [%p] %q%u@%d '
log_timezone = UTC
timezone = UTC
lc_messages = C
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_min_error_statement = panic
log_error_verbosity = terse
"""


class Postgres:
    """The database server of a stack."""

    name = "postgres"
    ready_within = 60.0

    def __init__(self, site: Site) -> None:
        self._site = site
        self._account = account("postgres")
        self._programs = programs()
        self._superuser = "postgres"

    def prepare(self) -> None:
        """Make the cluster if there is none, and write its settings anew: ports may have moved."""
        folder = self._site.data_folder(self.name, self._account)
        cluster = folder / "cluster"
        made = folder / "made"
        if not made.exists():
            empty(cluster)  # an initdb that was cut off
            self._make(folder, cluster)
            made.touch()
        self._refuse_other_version(cluster)
        sockets = str(folder) if len(f"{folder}/.s.PGSQL.65535.lock") < _SOCKET_PATH_LIMIT else ""
        settings = _SETTINGS.format(loopback=LOOPBACK, port=self._site.ports["postgres"], sockets=sockets)
        (cluster / "postgresql.auto.conf").write_text(settings, "ascii")
        (cluster / "pg_hba.conf").write_text(_ACCESS, "ascii")

    def start(self) -> Running:
        """Start the server. SIGINT is its quick but clean end: it does not wait for clients."""
        folder = self._site.data_folder(self.name, self._account)
        return self._site.start(
            self.name,
            [self._programs / "postgres", "-D", folder / "cluster"],
            account=self._account,
            folder=folder,
            stop_signal=signal.SIGINT,
            stop_within=20.0,
        )

    def is_ready(self) -> bool:
        """Whether the superuser can ask something."""
        try:
            connection = psycopg2.connect(self.url("postgres", self._superuser), connect_timeout=2)
        except psycopg2.OperationalError:
            return False
        connection.close()
        return True

    def finish(self) -> None:
        """Bring databases and roles to what they should be, with the script that Docker uses too."""
        environment = {
            "PATH": os.defpath,
            "PGHOST": LOOPBACK,
            "PGPORT": str(self._site.ports["postgres"]),
            "PGUSER": self._superuser,
            "PGPASSWORD_FILE": str(self._site.secrets.path("postgres_password")),
            "SECRETS_DIR": str(self._site.secrets.folder),
        }
        command = [sys.executable, "-m", "deploy.setup.databases"]
        done = subprocess.run(
            command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        if done.returncode:
            raise PartError(f"databases could not be set up:\n{done.stderr[-4000:]}")

    def url(self, database: str, role: str) -> str:
        """The URL by which a role reaches a database."""
        password = self._site.secrets.read(f"{role}_password")
        return f"postgresql://{role}:{password}@{self._site.address('postgres')}/{database}"

    def _refuse_other_version(self, cluster: Path) -> None:
        made_by, ours = (cluster / "PG_VERSION").read_text("ascii").strip(), str(_version(self._programs))
        if made_by != ours:
            raise PartError(
                f"The data in {self._site.data} were made by PostgreSQL {made_by}, this machine has {ours}."
                " Move them over with pg_dump, or remove that folder."
            )

    def _make(self, folder: Path, cluster: Path) -> None:
        password = folder / "password"  # readable to the server's account just now
        password.write_text(self._site.secrets.read("postgres_password"), "ascii")
        password.chmod(0o400)
        self._account.owns(password)
        command: list[str | Path] = [
            self._programs / "initdb",
            *("--pgdata", cluster, "--username", self._superuser, "--pwfile", password),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"),
        ]
        try:
            self._site.run("initdb", command, account=self._account, folder=folder)
        finally:
            password.unlink()


def programs() -> Path:
    """The folder of the newest PostgreSQL server on this machine."""
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    on_path = shutil.which("initdb", path=plain_environment(Path("/"))["PATH"])
    if on_path:
        places.append(Path(on_path).resolve().parent)
    found = {_version(place): place for place in places if (place / "initdb").exists()}
    if not found or max(found) < OLDEST:
        raise PartError(f"PostgreSQL {OLDEST} or newer is not installed. Run 'make setup'.")
    return found[max(found)]


def _version(folder: Path) -> int:
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    number = re.search(r"\) (\d+)", said.stdout)
    return int(number.group(1)) if number else 0
