"""`make demo-whatsapp`: two cases from "halo" to the letter, by WhatsApp alone, on a stack of its own with a simulator.

Prints everybody's talk, how many messages each person got, and what they cost.
"""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console

from deploy.demo import papers, report
from deploy.demo.__main__ import CLOCK_START, PICTURES
from deploy.demo.client import DemoFailed
from deploy.demo.play import KELURAHAN
from deploy.demo.story import Story
from deploy.demo.talks import MAT, ROHANA, Talks
from deploy.local.stack import Stack
from deploy.whatsapp_simulator.client import Simulator

console = Console(highlight=False, soft_wrap=True)
STEPS = ["submitted", "received", "verified", "issued", "completed"]
"""Through which a straight case goes, whichever way it came."""


def main() -> int:
    """Plays both; what is not as over HTTP is said, and the exit code is 1."""
    photos = papers.make_all(photographs((ROHANA, MAT)), PICTURES, progress=lambda _done, _total: None)
    environment = {"CLOCK_START": CLOCK_START, "SAMPLE_DATA": "true"}
    with Stack("demo_whatsapp", environment=environment, whatsapp=True) as stack:
        key = stack.token_key_file.read_text("ascii")

        def goes_by(way: str) -> None:
            stack.change("notify", WHATSAPP_DOCUMENTS_BY=way, WHATSAPP_LETTERS_BY=way)

        simulator = Simulator(stack.whatsapp_url)
        simulator.wait_until_registered()
        talks = Talks(stack.base_url, key, photos, simulator, goes_by, say=lambda line: console.print(f"  {line}"))
        try:
            talks.play()
            cases = report.collect(talks)
        except DemoFailed as error:
            print_talks(talks)
            console.print(f"[red]The demo stopped:[/red] {error}")
            return 1
        print_talks(talks)
        report.print_cases(console, cases)
        print_price(talks)
        failed = report.failures(cases) + unlike_http(talks, cases) + over_budget(talks)
    for line in failed:
        console.print(f"[red]not as it should be:[/red] {line}")
    return 1 if failed else 0


def photographs(stories: tuple[Story, ...]) -> dict[str, papers.PaperSpec]:
    """The pictures that these stories need."""
    return {story.paper_key(code): spec for story in stories for code, spec in story.papers.items()}


def print_talks(talks: Talks) -> None:
    """Everybody's phone, from the first message of the case."""
    for talker in talks.talkers:
        console.rule(f"{talker.role}: {len(talker.told())} messages", align="left")
        for line in talker.transcript():
            console.print(f"  {line}", markup=False)


def print_price(talks: Talks) -> None:
    """What the office pays for all of it."""
    costs: dict[str, Any] = talks.administrator.get("/v1/messages/costs")
    console.rule("price", align="left")
    for talker in talks.talkers:
        console.print(f"  {len(talker.told()):3} messages  {talker.role}")
    console.print(f"  {costs['messages']:3} messages in all, Rp{costs['price']:,}".replace(",", "."))


MOST_TO_APPLICANT, MOST_TO_HEAD = 9, 3
"""Messages in a straight case whose documents come by link."""


def over_budget(talks: Talks) -> list[str]:
    """Who got more messages in Rohana's case than it may take. The RT head's are those that name her."""
    of_head = [one for one in talks.head.told() if str(ROHANA.applicant["name"]) in one["text"]]
    told = (("the applicant", len(talks.helper.told()), MOST_TO_APPLICANT), ("the RT head", len(of_head), MOST_TO_HEAD))
    return [f"{who} got {count} messages, and {most} are the most" for who, count, most in told if count > most]


def unlike_http(talks: Talks, cases: list[dict[str, Any]]) -> list[str]:
    """In what the cases differ from those of the demo over HTTP: steps, letters and forms of the catalogue."""
    found = []
    for case in cases:
        service = talks.anyone.get(f"/v1/services/{case['service']}", kelurahan=KELURAHAN)
        steps = [entry["status"] for entry in case["timeline"] if entry["status"] in STEPS]
        if list(dict.fromkeys(steps)) != STEPS:
            found.append(f"{case['service']}: its steps were {steps}")
        wanted = {"introduction", *_kinds(service, "letters")}
        if {letter["kind"] for letter in case["letters"]} != wanted:
            found.append(f"{case['service']}: letters are not {sorted(wanted)}")
        if not {form["kind"] for form in case["forms"]} <= _kinds(service, "forms"):  # some as the case needs
            found.append(f"{case['service']}: forms are not those of the catalogue")
    return found


def _kinds(service: dict[str, Any], what: str) -> set[str]:
    return {one["kind"] for one in service.get(what) or ()}


if __name__ == "__main__":
    sys.exit(main())
