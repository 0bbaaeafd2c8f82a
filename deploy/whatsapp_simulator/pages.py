"""The page: a few phones side by side, and what goes wrong on purpose. It works without its script, by loading anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from deploy.whatsapp_simulator import phones
from deploy.whatsapp_simulator.errors import TITLES
from deploy.whatsapp_simulator.graph import simulator
from deploy.whatsapp_simulator.phones import File, NotOnPhone
from deploy.whatsapp_simulator.switches import MOST, WrongSwitch
from deploy.whatsapp_simulator.world import Message, User

pages = Blueprint("pages", __name__)

ZONE = ZoneInfo("Asia/Jakarta")
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
_BOLD = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])")


@dataclass(frozen=True)
class Face:
    """Whose phone is there from the start. All are made up, and so are their numbers."""

    phone: str
    name: str
    role: str


FACES = (
    Face("6281271000072", "Nur'aini", "Pemohon atau pendamping"),
    Face("6281200000023", "M. Yusuf Effendi", "Ketua RT 023"),
    Face("6281271000811", "Tukiman", "Tetangga"),
)

SWITCHES = {
    "latency": "Terlambat, paling lama (detik)",
    "duplicates": "Webhook datang lagi (kali)",
    "batch": "Peristiwa dalam satu webhook, paling banyak",
    "reorder": "Urutan webhook acak",
    "fail_code": "Pesan berikut gagal dengan kode",
    "fail_times": "… sebanyak (pesan)",
    "fail_late": "… lewat tanda terima",
    "unanswered": "Pesan berikut tanpa jawaban (pesan)",
    "per_second": "Pesan per detik, paling banyak (0: bebas)",
    "pair_rate": "Satu pesan tiap 6 detik untuk satu orang",
    "media_gone": "Berkas sudah tidak ada",
    "media_damaged": "Berkas rusak di jalan",
    "reads": "Pesan dibaca",
    "outage": "WhatsApp sedang padam",
}
"""Those on the page; the API has them all."""


@pages.get("/")
def phones_page() -> Any:
    """Everybody's phone, or those that `show` names."""
    sim = simulator()
    wanted = [phone for phone in request.args.get("show", "").split(",") if phone]
    users = [user for user in sim.world.users if not wanted or user.phone in wanted]
    return render_template(
        "phones.html", users=users, roles={face.phone: face.role for face in FACES}, chat=_chat, sim=sim,
        switches=SWITCHES, positions=sim.switches.shown(), most=MOST, codes=TITLES, problem=request.args.get("problem"),
    )  # fmt: skip


@pages.get("/phones/<phone>/chat")
def chat_part(phone: str) -> Any:
    """One chat alone, for the script."""
    user = simulator().world.known(phone)
    return _chat(user) if user else ("", 404)


@pages.post("/phones")
def another_phone() -> Response:
    """A phone for somebody else."""
    try:
        user = simulator().world.user(phones.phone_number(request.form.get("phone", "")))
    except NotOnPhone as error:
        return redirect(f"/?problem={error}", 303)
    user.name = request.form.get("name", "").strip()[:80] or user.name
    return redirect(f"/#p{user.phone}", 303)


@pages.post("/phones/<phone>/messages")
def act(phone: str) -> Response:
    """What its owner does: writes, attaches, presses."""
    sim, form = simulator(), request.form
    user = sim.world.user(phone)
    files = [File(one.read(), one.mimetype, one.filename or "") for one in request.files.getlist("file") if one]
    text, replies_to = form.get("text", "").strip(), form.get("reply_to", "")
    try:
        if form.get("press"):
            phones.press(sim, user, form["press"], form.get("message", ""))
        elif files:
            phones.send_files(sim, user, sim.first_number, files, text, replies_to)
        elif text:
            phones.say(sim, user, sim.first_number, text, replies_to)
    except NotOnPhone as error:
        return redirect(f"/?problem={error}", 303)
    return redirect(f"/#p{phone}", 303)


@pages.post("/phones/<phone>/settings")
def change(phone: str) -> Response:
    """Hides the number, or goes away from WhatsApp; or the 24 hours are over."""
    sim = simulator()
    user, what = sim.world.user(phone), request.form.get("what")
    if what == "hides":
        user.hides = not user.hides
    elif what == "away":
        user.away = not user.away
    elif what == "window":
        phones.close_window(sim, user)
    return redirect(f"/#p{phone}", 303)


@pages.post("/switches")
def turn() -> Response:
    """The switches as the form has them."""
    sim = simulator()
    changes: dict[str, Any] = {}
    for name in SWITCHES:
        now = getattr(sim.switches, name)
        given = request.form.get(name, "")
        changes[name] = given == "on" if isinstance(now, bool) else _number(given)
    try:
        sim.switches.turn(changes)
    except WrongSwitch as error:
        return redirect(f"/?problem={error}", 303)
    return redirect("/", 303)


def _number(text: str) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return -1


def _chat(user: User) -> str:
    with simulator().world.lock:
        messages = list(user.messages)
    quoted = {one.id: one for one in messages}
    return render_template("chat.html", user=user, messages=messages, quoted=quoted, rich=_rich, clock=_clock)


def _clock(message: Message) -> str:
    return f"{datetime.fromtimestamp(message.at, ZONE):%H.%M}"


def _rich(text: str) -> Markup:
    """A text with its links and what stands in bold."""
    parts, end = [], 0
    for found in _LINK.finditer(text):
        url = escape(found[0])
        parts.append(_bold(text[end : found.start()]))
        parts.append(Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, url))
        end = found.end()
    return Markup("").join([*parts, _bold(text[end:])])


def _bold(text: str) -> Markup:
    return Markup(_BOLD.sub(r"<b>\1</b>", str(escape(text))))
