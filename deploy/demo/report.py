"""What the demo leaves: letters and forms as files, demo.json, and what happened, case by case."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from deploy.demo.client import wait_for
from deploy.demo.play import Case, Demo

OUT = Path("out")


def collect(demo: Demo) -> list[dict[str, Any]]:
    """Each case with its timeline, letters (written to out/letters), forms (out/forms) and messages."""
    for folder in ("letters", "forms"):
        (OUT / folder).mkdir(parents=True, exist_ok=True)
        for old in (OUT / folder).glob("*.pdf"):
            old.unlink()
    cases = [_case(demo, case) for case in demo.cases]
    (OUT / "demo.json").write_text(json.dumps({"cases": cases}, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return cases


def _case(demo: Demo, case: Case) -> dict[str, Any]:
    application = demo.officer.get(f"/v1/applications/{case.id}")
    timeline = demo.officer.get(f"/v1/applications/{case.id}/timeline")["items"]
    items = wait_for(lambda: _issued(demo, case), f"{case.story.service}: every letter issued")
    messages = demo.administrator.get("/v1/messages", application_id=case.id)["items"]
    return {
        "tracking_code": case.tracking_code,
        "service": case.story.service,
        "status": application["status"],
        "timeline": [{name: entry[name] for name in ("at", "status", "event", "by")} for entry in timeline],
        "letters": [_letter(demo, case, letter) for letter in items if not letter["form"]],
        "forms": [_form(demo, case, letter) for letter in items if letter["form"]],
        "messages": [message["text"] for message in messages],
    }


def _issued(demo: Demo, case: Case) -> list[dict[str, Any]]:
    """The case's letters and forms once all of them are there; the RT's own may come after the case is completed."""
    found: list[dict[str, Any]] = demo.lurah.get("/v1/letters", application_id=case.id)["items"]
    return found if all(letter["status"] == "issued" for letter in found) else []


def _letter(demo: Demo, case: Case, letter: dict[str, Any]) -> dict[str, Any]:
    file = _save(demo, case, letter, "letters")
    check = demo.anyone.get(letter["check_url"])
    return {
        "kind": letter["kind"],
        "number": letter["number"],
        "file": str(file),
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "check_url": letter["check_url"],
        "check": check["result"],
        "check_sha256": check["sha256"],
    }


def _form(demo: Demo, case: Case, letter: dict[str, Any]) -> dict[str, Any]:
    return {"kind": letter["kind"], "file": str(_save(demo, case, letter, "forms"))}


def _save(demo: Demo, case: Case, letter: dict[str, Any], folder: str) -> Path:
    same = len(list((OUT / folder).glob(f"{case.story.service}-{letter['kind']}*.pdf")))
    name = f"{case.story.service}-{letter['kind']}{f'-{same + 1}' if same else ''}.pdf"
    file = OUT / folder / name
    file.write_bytes(demo.officer.download(f"/v1/letters/{letter['id']}/content"))
    return file


def failures(cases: list[dict[str, Any]]) -> list[str]:
    """What is not as it should be; an empty list is a success."""
    found = []
    for case in cases:
        if case["status"] != "completed":
            found.append(f"{case['service']} ended {case['status']}")
        for letter in case["letters"]:
            if letter["check"] != "valid" or letter["check_sha256"] != letter["sha256"]:
                found.append(f"{case['service']}: {letter['kind']}: the check says {letter['check']}")
        if not any(letter["kind"] != "introduction" for letter in case["letters"]):
            found.append(f"{case['service']} has no letter")
    return found


def print_cases(console: Console, cases: list[dict[str, Any]]) -> None:
    for case in cases:
        console.rule(f"{case['service']}  {case['tracking_code']}  {case['status']}", align="left")
        for entry in case["timeline"]:
            console.print(f"  {_line(entry)}", highlight=False)
        for letter in case["letters"]:
            console.print(f"  {letter['number']}: {letter['check']}\n    {letter['file']}", highlight=False)
        for form in case["forms"]:
            console.print(f"  {form['kind']}: {form['file']}", highlight=False)
        console.print(f"  messages: {len(case['messages'])}", highlight=False)


def _line(entry: dict[str, Any]) -> str:
    return f"{datetime.fromisoformat(entry['at']):%a %d %b %H:%M}  {entry['event']:<22}  {entry['by']}"
