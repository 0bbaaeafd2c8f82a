"""The simulator's own API: phones, switches, where webhooks go, and what became of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from deploy.whatsapp_simulator import phones
from deploy.whatsapp_simulator.deliveries import HandshakeFailed
from deploy.whatsapp_simulator.graph import simulator
from deploy.whatsapp_simulator.phones import File, NotOnPhone
from deploy.whatsapp_simulator.switches import WrongSwitch
from deploy.whatsapp_simulator.world import Message, User

trying = Blueprint("trying", __name__, url_prefix="/simulator")


@trying.errorhandler(NotOnPhone)
@trying.errorhandler(WrongSwitch)
@trying.errorhandler(HandshakeFailed)
def refused(error: Exception) -> tuple[Response, int]:
    return jsonify({"error": str(error)}), 422


@trying.get("/switches")
def switches() -> Any:
    """All switches, with their positions."""
    return jsonify(simulator().switches.shown())


@trying.patch("/switches")
def turn() -> Any:
    """Other positions of those that are named."""
    sim = simulator()
    sim.switches.turn(request.get_json())
    return jsonify(sim.switches.shown())


@trying.get("/webhook")
def webhook() -> Any:
    """Where webhooks go, how many wait, and the newest with what they were answered with."""
    deliveries = simulator().deliveries
    newest = [
        {"body": one.body.decode("utf-8"), "statuses": one.statuses, "events": len(one.events)}
        for one in list(deliveries.remembered)[-50:]
    ]
    return jsonify(deliveries.webhook | {"waiting": deliveries.waiting, "newest": newest})


@trying.put("/webhook")
def register() -> Any:
    """Another address for webhooks, once it answered the challenge."""
    given = request.get_json()
    deliveries = simulator().deliveries
    deliveries.register(given["url"], given.get("verify_token"))
    return jsonify(deliveries.webhook)


@trying.get("/numbers")
def numbers() -> Any:
    """The business's own."""
    return jsonify({"numbers": dict(simulator().settings.numbers)})


@trying.get("/phones")
def all_phones() -> Any:
    """Everybody."""
    return jsonify({"phones": [_user(user) for user in simulator().world.users]})


@trying.get("/phones/<phone>")
def one_phone(phone: str) -> Any:
    """Somebody, who is made if nobody has this number."""
    return jsonify(_user(_owner(phone)))


@trying.patch("/phones/<phone>")
def change(phone: str) -> Any:
    """His name, whether he hides his number or is away from WhatsApp, another number, a window that is over."""
    sim, user, given = simulator(), _owner(phone), request.get_json()
    if "name" in given:
        user.name = str(given["name"])[:80]
    user.hides = bool(given.get("hides", user.hides))
    user.away = bool(given.get("away", user.away))
    if given.get("window") == "closed":
        phones.close_window(sim, user)
    if given.get("number"):
        phones.change_number(sim, user, phones.phone_number(given["number"]))
    return jsonify(_user(user))


@trying.get("/phones/<phone>/messages")
def chat(phone: str) -> Any:
    """His messages, the oldest first; those behind `after` only."""
    after = request.args.get("after", 0, int)
    sim, user = simulator(), _owner(phone)
    with sim.world.lock:
        found = [_message(one) for one in user.messages if one.seq > after]
    return jsonify({"messages": found, "seq": sim.world.seq})


@trying.post("/phones/<phone>/messages")
def act(phone: str) -> Any:
    """What he does: `text`, files with a caption, `press`, a place. Answers what he sent."""
    sim, user = simulator(), _owner(phone)
    given: dict[str, Any] = dict(request.form) if request.form or request.files else request.get_json()
    number_id, replies_to = str(given.get("to") or sim.first_number), str(given.get("reply_to") or "")
    if number_id not in sim.settings.numbers:
        raise NotOnPhone(f"the business has {', '.join(sim.settings.numbers)}")
    files = [File(one.read(), one.mimetype, one.filename or "") for one in request.files.getlist("file") if one]
    if files:
        document = given.get("as") == "document"
        text = str(given.get("text") or "")
        sent = phones.send_files(sim, user, number_id, files, text, replies_to, document)
    elif given.get("press"):
        sent = [phones.press(sim, user, str(given["press"]), str(given.get("message") or ""))]
    elif "latitude" in given:
        place = float(given["latitude"]), float(given["longitude"])
        sent = [phones.show_place(sim, user, number_id, *place)]
    else:
        sent = [phones.say(sim, user, number_id, str(given.get("text") or ""), replies_to)]
    return jsonify({"messages": [_message(one) for one in sent]}), 201


@trying.post("/phones/<phone>/echoes")
def from_app(phone: str) -> Any:
    """Somebody of the business answers him from the WhatsApp Business app."""
    sim, user, given = simulator(), _owner(phone), request.get_json()
    number_id = str(given.get("to") or sim.first_number)
    return jsonify(_message(phones.answer_from_app(sim, user, number_id, str(given["text"])))), 201


@trying.get("/phones/<phone>/files/<path:message_id>")
def file(phone: str, message_id: str) -> Any:
    """A file of a message, as the phone opens it."""
    message = _owner(phone).message(message_id)
    if message is None or message.media is None:
        raise NotOnPhone("there is no such file")
    answer = Response(message.media.content, content_type=message.media.type)
    answer.headers["Content-Disposition"] = "inline" if message.kind in ("image", "sticker") else "attachment"
    return answer


def _owner(phone: str) -> User:
    return simulator().world.user(phones.phone_number(phone))


def _user(user: User) -> dict[str, Any]:
    return {name: getattr(user, name) for name in ("phone", "name", "user_id", "hides", "away")}


def _message(message: Message) -> dict[str, Any]:
    """As a phone shows it."""
    named = ("id", "seq", "at", "number_id", "kind", "text", "footer", "replies_to", "status", "template", "category")
    media = message.media
    return {name: getattr(message, name) for name in named} | {
        "mine": message.inward,
        "billable": message.billable,
        "options": [vars(choice) for choice in message.choices],
        "list_button": message.list_button,
        "file": {"type": media.type, "name": media.name, "size": len(media.content)} if media else None,
    }
