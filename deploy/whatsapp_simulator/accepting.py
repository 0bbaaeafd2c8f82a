"""Whether a business's message is taken, in the order in which the Cloud API looks at it, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import urllib3

from deploy.whatsapp_simulator.errors import GraphError, invalid
from deploy.whatsapp_simulator.payloads import receipt
from deploy.whatsapp_simulator.sending import Choice, Filling, Sendable, read
from deploy.whatsapp_simulator.simulator import Simulator
from deploy.whatsapp_simulator.world import Media, Message, User, new_id

PAIR_GAP = 6.0
LARGEST_LINKED = 100_000_000
_http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=5, read=20), retries=False)


def take(sim: Simulator, number_id: str, body: Any) -> tuple[User, Message]:
    """A message of a business: kept, shown on the user's phone, its receipts under way. Raises GraphError."""
    given = read(body)
    world, now = sim.world, sim.world.now()
    with world.lock:
        late = _failure_on_purpose(sim)
        _limits(sim, number_id, now)
        user = _recipient(sim, given)
        _pair_limit(sim, number_id, user, now)
        if given.replies_to and user.message(given.replies_to) is None:
            raise invalid("context['message_id']", "no message of this chat")
        open_ = user.window_open(number_id, now)
        if given.kind != "template" and not open_:
            late = late or _closed(sim)
        message = _shown(sim, number_id, given, now)
        if user.away:
            late = late or GraphError(131026, "Message Undeliverable.")
        sim.pair_taken_at[number_id, user.phone] = now
    _settle(sim, user, message, late or _linked(message, given))
    return user, message


def _failure_on_purpose(sim: Simulator) -> GraphError | None:
    """The error that the next messages are to meet, where it comes in a receipt. Raises it where it comes at once."""
    switches = sim.switches
    if not switches.fail_code or not switches.fail_times:
        return None
    switches.fail_times -= 1
    error = GraphError(switches.fail_code, "This was asked of the simulator.")
    if not switches.fail_late:
        raise error
    return error


def _limits(sim: Simulator, number_id: str, now: float) -> None:
    if not sim.switches.per_second:
        return
    recent = [at for at in sim.taken_at.get(number_id, []) if now - at < 1]
    if len(recent) >= sim.switches.per_second:
        raise GraphError(130429, "Cloud API message throughput has been reached.")
    sim.taken_at[number_id] = [*recent, now]


def _pair_limit(sim: Simulator, number_id: str, user: User, now: float) -> None:
    if sim.switches.pair_rate and now - sim.pair_taken_at.get((number_id, user.phone), -PAIR_GAP) < PAIR_GAP:
        raise GraphError(131056, "Too many messages from this phone number to the same phone number.")


def _recipient(sim: Simulator, given: Sendable) -> User:
    """By number, whoever it is; by what a business calls him, only who wrote to it."""
    if not given.phone:
        user = sim.world.known(user_id=given.user_id)
        if user is None:
            raise invalid("recipient", "no user is called so by this business")
        return user
    if given.phone in {number.removeprefix("+") for number in sim.settings.numbers.values()}:
        raise GraphError(131009, "Recipient cannot be the sender.")
    return sim.world.user(given.phone)


def _closed(sim: Simulator) -> GraphError:
    error = GraphError(131047, "More than 24 hours have passed since the recipient last replied to the sender number.")
    if not sim.switches.late_window:
        raise error
    return error


def _shown(sim: Simulator, number_id: str, given: Sendable, now: float) -> Message:
    """As the user's phone shows it."""
    text, choices, category = given.text, given.choices, "service"
    if given.filling is not None:
        text, choices, category = _filled(sim, given.filling)
    media = _uploaded(sim, given.media)
    return Message(
        id=new_id(), seq=0, at=now, number_id=number_id, inward=False, kind=given.kind, text=text,
        footer=given.footer, choices=choices, list_button=given.list_button, media=media,
        replies_to=given.replies_to, template=given.filling.name if given.filling else "", category=category,
        opaque=given.opaque,
    )  # fmt: skip


def _filled(sim: Simulator, filling: Filling) -> tuple[str, tuple[Choice, ...], str]:
    """Text, quick replies and category of a template. One that was not handed in shows its parameters."""
    template = sim.templates.get((filling.name, filling.language))
    if template is None:
        if sim.switches.known_templates_only:
            raise GraphError(132001, f"template name ({filling.name}) does not exist in {filling.language}")
        lines = [f"[{filling.name}, {filling.language}]", *(str(one.get("text", "")) for one in filling.parameters)]
        return "\n".join(lines), tuple(Choice(payload, payload[:20]) for payload in filling.payloads), "utility"
    payloads = [*filling.payloads, *template.buttons[len(filling.payloads) :]]
    choices = tuple(Choice(payload, title) for payload, title in zip(payloads, template.buttons, strict=False))
    return template.filled(filling.parameters), choices, template.category.lower()


def _uploaded(sim: Simulator, given: Mapping[str, Any] | None) -> Media | None:
    """A file that was handed in before. A linked one comes later."""
    if given is None or not given.get("id"):
        return None
    media = sim.world.media(str(given["id"]))
    if media is None:
        raise invalid(f"{given['kind']}['id']", "no media with this id; it may have expired")
    return replace(media, name=given.get("name") or media.name)


def _linked(message: Message, given: Sendable) -> GraphError | None:
    """Fetches a file that is linked, as the Cloud API does after it took the message."""
    if given.media is None or not given.media.get("link"):
        return None
    try:
        answer = _http.request("GET", given.media["link"], redirect=False, preload_content=False)
        content = answer.read(LARGEST_LINKED)
        answer.release_conn()
    except (urllib3.exceptions.HTTPError, ValueError):
        return GraphError(131053, "Unable to download the media of the link.")
    if answer.status != 200:
        return GraphError(131053, f"The link of the media answered {answer.status}.")
    kind = answer.headers.get("Content-Type", "application/octet-stream").partition(";")[0]
    message.media = Media("", content, kind, given.media.get("name") or "")
    return None


def _settle(sim: Simulator, user: User, message: Message, error: GraphError | None) -> None:
    """Puts it on the phone, unless it never gets there, and its receipts on their way."""
    now, number_id = message.at, message.number_id
    if error is not None:
        message.status = "failed"
        sim.tell(number_id, receipt(user, message, "failed", now, error), after=0.05)
        return
    in_service = message.category == "service"
    message.billable = sim.world.count_service(number_id) if in_service else True
    sim.world.add(user, message)
    steps = ["sent", "delivered", *(["read"] if sim.switches.reads else [])]
    message.status = steps[-1]
    for step, late in zip(steps, (0.02, 0.1, 0.1 + sim.switches.read_after), strict=False):
        sim.tell(number_id, receipt(user, message, step, now + late), after=late)
