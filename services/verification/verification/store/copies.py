"""Read models: the state of others as their events tell it. An older event changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from contracts.calendar import OfficeCalendar
from contracts.consent import NEIGHBOURS, given
from kit.db import Tx
from verification.domain.dates import zone_of
from verification.domain.statements import Wanted

Names = dict[str, str]


@dataclass(frozen=True)
class ServiceNames:
    """What a service and its requirements are called, by language, and what it wants of neighbours."""

    name: Names
    requirements: dict[str, Names]
    witnesses: Wanted


def put_application(
    tx: Tx, application_id: UUID, kelurahan: str, status: str, consents: dict[str, bool], sequence: int
) -> bool:
    """Keeps a case's status and what its person agreed to; whether this is news."""
    changed = tx.execute(
        "INSERT INTO application (id, kelurahan, status, consents, sequence) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (id) DO UPDATE SET status = excluded.status, consents = excluded.consents,"
        " sequence = excluded.sequence WHERE application.sequence < excluded.sequence",
        [application_id, kelurahan, status, consents, sequence],
    )
    return changed == 1


def case_status(tx: Tx, application_id: UUID, kelurahan: str) -> str:
    """The status of a case as far as it is known here, its row locked: news of it wait until we have committed."""
    tx.execute(
        "INSERT INTO application (id, kelurahan, status, sequence) VALUES (%s, %s, 'draft', 0) ON CONFLICT DO NOTHING",
        [application_id, kelurahan],
    )
    return str(tx.value("SELECT status FROM application WHERE id = %s FOR UPDATE", [application_id]))


def neighbours_agreed(tx: Tx, application_id: UUID) -> bool:
    """Whether the person of a case has said that neighbours may see what they are asked."""
    return given(tx.value("SELECT consents FROM application WHERE id = %s", [application_id]), NEIGHBOURS)


def of_these_agreed(tx: Tx, application_ids: Sequence[UUID]) -> set[UUID]:
    """Of these cases those whose persons have agreed."""
    if not application_ids:
        return set()
    rows = tx.all("SELECT id, consents FROM application WHERE id = ANY(%s)", [list(application_ids)])
    return {row["id"] for row in rows if given(row["consents"], NEIGHBOURS)}


def put_office(tx: Tx, data: dict[str, Any], sequence: int) -> None:
    tx.execute(
        "INSERT INTO office (kelurahan, name, zone, calendar, address, rw_acknowledges, retention, sequence)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (kelurahan) DO UPDATE SET name = excluded.name,"
        " zone = excluded.zone, calendar = excluded.calendar, address = excluded.address,"
        " rw_acknowledges = excluded.rw_acknowledges, retention = excluded.retention, sequence = excluded.sequence"
        " WHERE office.sequence < excluded.sequence",
        [
            data["kelurahan"],
            data["name"],
            data["zone"],
            data["office"].get("calendar"),
            data["office"].get("address"),
            bool(data["office"].get("rw_acknowledges")),
            data["office"].get("retention") or {},
            sequence,
        ],
    )


def retentions(tx: Tx) -> dict[str, dict[str, int]]:
    """For how long each office keeps what, as far as it says so."""
    return {row["kelurahan"]: row["retention"] for row in tx.all("SELECT kelurahan, retention FROM office")}


def zone(tx: Tx, kelurahan: str) -> str:
    """The office's zone; its province's until the office is known here."""
    return tx.value("SELECT zone FROM office WHERE kelurahan = %s", [kelurahan]) or zone_of(kelurahan)


def calendar(tx: Tx, kelurahan: str) -> OfficeCalendar | None:
    """The office's days and hours; None until they are known here."""
    row = tx.one("SELECT zone, calendar FROM office WHERE kelurahan = %s", [kelurahan])
    return OfficeCalendar.from_data(row["zone"], row["calendar"]) if row and row["calendar"] else None


def office_name(tx: Tx, kelurahan: str) -> str | None:
    name: str | None = tx.value("SELECT name FROM office WHERE kelurahan = %s", [kelurahan])
    return name


def rw_acknowledges(tx: Tx, kelurahan: str) -> bool:
    """Whether the office wants the RW head's word beside the RT head's."""
    return bool(tx.value("SELECT rw_acknowledges FROM office WHERE kelurahan = %s", [kelurahan]))


def office_phone(tx: Tx, kelurahan: str) -> str | None:
    """The number that people write to, if the office has one."""
    found: str | None = tx.value("SELECT address ->> 'phone' FROM office WHERE kelurahan = %s", [kelurahan])
    return found


def put_sop(tx: Tx, data: dict[str, Any], sequence: int) -> None:
    sop = data["sop"]
    named = {item["code"]: item["name"] for item in sop.get("requirements", [])}
    name = sop.get("name") or {"id": data["name"], "en": data["name"]}
    tx.execute(
        "INSERT INTO sop (kelurahan, service, version, name, requirements, witnesses, effective_from, retired_from,"
        " sequence) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (kelurahan, service, version) DO UPDATE SET"
        " name = excluded.name, requirements = excluded.requirements, witnesses = excluded.witnesses,"
        " effective_from = excluded.effective_from, retired_from = excluded.retired_from, sequence = excluded.sequence"
        " WHERE sop.sequence < excluded.sequence",
        [
            data["kelurahan"],
            data["service"],
            data["version"],
            name,
            named,
            sop.get("witnesses"),
            data["effective_from"],
            sop.get("retired_from"),
            sequence,
        ],
    )


def service_names(tx: Tx, kelurahan: str) -> dict[tuple[str, int], ServiceNames]:
    """The names of all published versions of an office's services: a dozen or so."""
    rows = tx.all(
        "SELECT service, version, name, requirements, witnesses FROM sop WHERE kelurahan = %s ORDER BY version",
        [kelurahan],
    )
    return {
        (row["service"], row["version"]): ServiceNames(
            row["name"], row["requirements"], Wanted.from_sop(row["witnesses"])
        )
        for row in rows
    }


def requirement_names(tx: Tx, kelurahan: str, service: str | None, version: int | None) -> dict[str, Names]:
    """What the requirements of a service are called: in the case's version of it, or the newest."""
    found: dict[str, Names] | None = tx.value(
        "SELECT requirements FROM sop WHERE kelurahan = %(kelurahan)s AND service = %(service)s"
        " ORDER BY (version = %(version)s) DESC NULLS LAST, version DESC LIMIT 1",
        {"kelurahan": kelurahan, "service": service, "version": version},
    )
    return found or {}


def witnesses_wanted(tx: Tx, kelurahan: str, service: str | None, version: int | None) -> Wanted:
    """What the case's version of its service wants of neighbours; nothing where it is not known."""
    found = tx.value(
        "SELECT witnesses FROM sop WHERE kelurahan = %s AND service = %s AND version = %s",
        [kelurahan, service, version],
    )
    return Wanted.from_sop(found)


def service_name(tx: Tx, kelurahan: str, service: str | None, version: int | None) -> str:
    """What a service is called in Indonesian: the case's version of it, or the newest; its code until it is known."""
    if service is None:
        return ""
    name: str | None = tx.value(
        "SELECT name ->> 'id' FROM sop WHERE kelurahan = %(kelurahan)s AND service = %(service)s"
        " ORDER BY (version = %(version)s) DESC NULLS LAST, version DESC LIMIT 1",
        {"kelurahan": kelurahan, "service": service, "version": version},
    )
    return name or service


def offers(tx: Tx, kelurahan: str, service: str, day: date) -> bool:
    """Whether new cases of the service may begin on that day."""
    return bool(
        tx.value(
            "SELECT retired_from IS NULL OR retired_from > %(day)s FROM sop WHERE kelurahan = %(kelurahan)s"
            " AND service = %(service)s AND (effective_from IS NULL OR effective_from <= %(day)s)"
            " ORDER BY version DESC LIMIT 1",
            {"kelurahan": kelurahan, "service": service, "day": day},
        )
    )


def offered(tx: Tx, kelurahan: str, day: date) -> dict[str, Names]:
    """The services that new cases may begin with on that day, and what they are called."""
    rows = tx.all(
        "SELECT service, name FROM (SELECT DISTINCT ON (service) service, name, retired_from FROM sop"
        " WHERE kelurahan = %(kelurahan)s AND (effective_from IS NULL OR effective_from <= %(day)s)"
        " ORDER BY service, version DESC) newest WHERE retired_from IS NULL OR retired_from > %(day)s ORDER BY service",
        {"kelurahan": kelurahan, "day": day},
    )
    return {row["service"]: row["name"] for row in rows}
