"""Who may import what, what may be said where, and that all services have the same shape."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from kit.migrate import migration_files
from tests.architecture.code import (
    COMMON,
    ROOT,
    SERVICES,
    imports,
    module_file,
    package,
    project_files,
    reached,
    sources,
    texts,
    tops,
    tree,
)

ROOMS = (
    "app", "settings", "deps", "api", "schemas", "domain", "usecases", "store", "consumers", "jobs", "migrations",
)  # fmt: skip
FILES = ("Dockerfile", "pyproject.toml", "requirements.lock", "README.md")

# What the domain is about, and the services' names. Not on the list, since plain English has them too: application,
# documents, verification.
DOMAIN_WORDS = re.compile(
    r"kelurahan|kecamatan|\blurah|\bcamat\b|\bsurat|permohonan|pemohon|rt_head|rw_head|\bnik\b|letter_|_letter\b"
    r"|neighbou?rhood|applicant|officeholder|handover|attestation|\bsop\b|tracking|introduction\b|introduces"
    r"|\bintake\b|\bnotify\b|\"(?:documents|verification)\"",
    re.IGNORECASE,
)
PURE = {"holidays", "phonenumbers", "babel", "num2words"}
PURE_OF_OURS = {
    "kit.problems", "kit.errors", "kit.addresses",
    "contracts.places", "contracts.phones", "contracts.consent", "contracts.sop",
    "contracts.calendar", "contracts.calendar_data", "contracts.signing", "contracts.numbering",
    "contracts.derived", "contracts.retention", "contracts.enrolment", "contracts.messages", "contracts.written",
    "contracts.written_days", "contracts.feed", "contracts.sandbox", "contracts.complaining", "contracts.starting",
    "contracts.surveying",
    "kit.tables",
}  # fmt: skip
# What speaks HTTP to others, or opens a connection by itself; and who may, besides `kit.outgoing`.
WAYS_OUT = (
    "http.client", "urllib.request", "urllib3", "requests", "httpx", "aiohttp", "httplib2", "pycurl", "ftplib",
    "smtplib", "telnetlib", "xmlrpc", "websocket", "websockets", "socket.create_connection", "asyncio.open_connection",
    "pyhanko.sign.timestamps.HTTPTimeStamper", "pyhanko_certvalidator.fetchers",
)  # fmt: skip
WITH_A_WAY_OUT = {
    "kit/outgoing.py": "the one way out",
    "kit/objects.py": "the object store, at the address that the operator configured, through the minio package",
    "kit/antivirus.py": "the virus scanner, at the address that the operator configured; it is no HTTP",
    "kit/mail.py": "the mail server, at the address that the operator configured; it is no HTTP",
    "kit/probe.py": "the health check of a container asks its own process",
}
LOCK = re.compile(r"\bFOR (?:NO KEY )?UPDATE OF (\w+(?:, \w+)*)")
SQL = re.compile(r"\b(SELECT\s.+\sFROM|SELECT EXISTS|INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b", re.DOTALL)
OF_THIS_WORKPLACE = re.compile(
    r"/wor[k]/(main|shared)|/tm[p]/(brief|bg\.sh|stack-usage|out\.|bootstrap)|pengantar-[0-9a-f]{12}\b"
    r"|\b[Ii]ssu[e] #?\d+\b|\bthe founde[r]\b|\b[Ss]ub-?agen[t]\b|\bother helper[s] in\b"
)


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_imports_another(name: str) -> None:
    others = set(SERVICES) - {name}
    assert [str(path) for path in sources(package(name)) if tops(path) & others] == []


def test_the_shared_code_imports_no_service_and_the_plumbing_no_contract() -> None:
    assert [str(path) for path in sources(COMMON) if tops(path) & set(SERVICES)] == []
    assert [str(path) for path in sources(COMMON / "kit") if "contracts" in tops(path)] == []


def test_the_plumbing_knows_no_word_of_the_domain_and_no_service() -> None:
    found = [
        f"{path.name}:{number}: {match[0]}"
        for path in sources(COMMON / "kit")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for match in DOMAIN_WORDS.finditer(line)
    ]
    assert found == []


def test_the_client_of_other_systems_stands_by_itself() -> None:
    """Whoever installs it has its one dependency and nothing of ours; the demo speaks by it."""
    python = ROOT / "clients" / "python"
    client = [*sources(python / "pengantar_client"), *sources(python / "examples")]
    allowed = {*sys.stdlib_module_names, "pengantar_client", "urllib3"}
    assert client and {str(path): tops(path) - allowed for path in client if tops(path) - allowed} == {}
    assert "pengantar_client" in tops(ROOT / "deploy" / "demo" / "client.py")


def test_there_is_one_way_out() -> None:
    """Whatever leaves by HTTP does so through `kit.outgoing`; nothing opens a connection past it."""
    found = {
        str(path.relative_to(COMMON if path.is_relative_to(COMMON) else ROOT))
        for path in [*sources(COMMON), *(path for name in SERVICES for path in sources(package(name)))]
        if any(module == way or module.startswith(f"{way}.") for module in imports(path) for way in WAYS_OUT)
        or re.search(r"\b(socket\.create_connection|open_connection)\(", path.read_text("utf-8"))
    }
    assert found == set(WITH_A_WAY_OUT)


@pytest.mark.parametrize("name", SERVICES)
def test_the_domain_is_pure(name: str) -> None:
    """No Flask, no SQL, no network: neither itself nor through what it imports of its service."""
    todo, seen, impure = sources(package(name) / "domain"), set[Path](), list[str]()
    while todo:
        path = todo.pop()
        seen.add(path)
        for module in imports(path):
            file = module_file(module)
            if module.split(".")[0] == name:
                todo += [file] if file and file not in seen else []
            elif not _pure(module):
                impure.append(f"{path.relative_to(ROOT)}: {module}")
    assert impure == []


def _pure(module: str) -> bool:
    top = module.split(".")[0]
    if top in ("kit", "contracts"):
        return any(module == known or module.startswith(f"{known}.") for known in PURE_OF_OURS) or (
            module in ("kit", "contracts")
        )
    return top in sys.stdlib_module_names or top in PURE


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("room", ["api", "pages", "schemas", "domain", "consumers", "jobs", "usecases"])
def test_sql_stands_in_the_store_only(name: str, room: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {text[:60]}"
        for path in sources(package(name) / room)
        for text in texts(path)
        if SQL.search(text)
    ]
    assert found == []


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("room", ["api", "pages", "schemas", "consumers"])
def test_views_and_consumers_ask_the_database_nothing_themselves(name: str, room: str) -> None:
    asking = {"execute", "execute_many", "one", "all", "value"}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources(package(name) / room)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in asking
        if isinstance(node.value, ast.Name) and node.value.id == "tx"
    ]
    assert found == []


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_locked_with_its_people_locks_them_too(name: str) -> None:
    """Whoever waits for a lock sees the locked row as it is then, but a row that is only joined as it was before he
    waited, and writes that back. First the row, then its people: the same order everywhere."""
    found = [
        f"{path.relative_to(ROOT)}: {lock[0]}"
        for path in sources(package(name) / "store")
        if any("JOIN people" in text for text in texts(path))
        for text in texts(path)
        for lock in LOCK.finditer(text)
        if lock[1].split(", ")[1:] != ["p"]
    ]
    assert found == []


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_the_same_rooms(name: str) -> None:
    here = package(name)
    missing = [room for room in ROOMS if not ((here / room).is_dir() or (here / f"{room}.py").is_file())]
    missing += [file for file in FILES if not (here.parent / file).is_file()]
    assert missing == []


@pytest.mark.parametrize("name", SERVICES)
def test_the_image_of_a_service_has_every_package_that_its_code_imports(name: str) -> None:
    """What it shares counts as far as it reaches it; what the tests' environment has besides does not help an image."""
    wanted = (
        {top for path in reached(sources(package(name))) for top in tops(path)}
        - sys.stdlib_module_names
        - {"kit", "contracts", name}
    )
    lock = (package(name).parent / "requirements.lock").read_text("utf-8")
    locked = {_distribution(match[1]) for match in re.finditer(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE)}
    provided = packages_distributions()
    assert sorted(top for top in wanted if not {_distribution(one) for one in provided.get(top, [])} & locked) == []


def _distribution(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", ["kit", *SERVICES])
def test_migrations_are_numbered_without_a_gap(name: str) -> None:
    assert migration_files(name)


@pytest.mark.parametrize("name", SERVICES)
def test_every_table_of_an_office_is_bound_by_row_level_security(name: str) -> None:
    sql = "\n".join(text for _number, _file, text in migration_files(name))
    bound = _bound_tables(sql)
    tables = dict(re.findall(r"CREATE TABLE (\w+) \((.*?)\n\)(?: PARTITION BY [^;]+)?;", sql, re.DOTALL))
    assert len(tables) == len(re.findall(r"CREATE TABLE (?!%I \(LIKE )", sql)), "a table that this test cannot read"
    assert [table for table, columns in tables.items() if "kelurahan" not in columns] == [], "belongs to no office"
    assert [table for table in tables if table not in bound] == [], "no policy"


def _bound_tables(sql: str) -> set[str]:
    """Tables for which security is switched on, forced upon the owner too, and has a policy."""
    bound = set()
    for names, body in re.findall(r"FOREACH name IN ARRAY ARRAY\[(.*?)\](.*?)END LOOP", sql, re.DOTALL):
        if all(step in body for step in ("ENABLE ROW LEVEL", "FORCE ROW LEVEL", "CREATE POLICY")):
            bound |= set(re.findall(r"'(\w+)'", names))
    steps = (r"ALTER TABLE (\w+) ENABLE ROW LEVEL", r"ALTER TABLE (\w+) FORCE ROW LEVEL", r"CREATE POLICY \w+ ON (\w+)")
    return bound | set.intersection(*(set(re.findall(step, sql)) for step in steps))


def test_the_project_speaks_of_itself_only() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in project_files()
        if path.suffix not in (".pdf", ".ttf", ".png", ".jpg")
        for match in OF_THIS_WORKPLACE.finditer(path.read_text("utf-8", errors="ignore"))
    ]
    assert found == []
