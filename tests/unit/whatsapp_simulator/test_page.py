"""The page of the simulator without its script: read, write, attach, press."""

from __future__ import annotations

import re

import requests

from tests.support.simulated import Trial

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def page(trial: Trial) -> str:
    answer = requests.get(trial.url, timeout=5)
    assert answer.status_code == 200
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//', answer.text) == [], "nothing from elsewhere"
    return answer.text


def test_three_phones_are_there_and_each_sees_its_own_chat(trial: Trial) -> None:
    shown = page(trial)
    assert shown.count('class="phone"') == 3
    for name in ("Nur&#39;aini", "M. Yusuf Effendi", "Tukiman"):
        assert name in shown
    form = {"text": "halo <b>kantor</b>"}
    answer = requests.post(f"{trial.url}/phones/6281271000072/messages", data=form, timeout=5, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/#p6281271000072")
    chat = requests.get(f"{trial.url}/phones/6281271000072/chat", timeout=5).text
    assert "halo &lt;b&gt;kantor&lt;/b&gt;" in chat
    assert "kantor" not in requests.get(f"{trial.url}/phones/6281271000811/chat", timeout=5).text


def test_buttons_can_be_pressed_links_followed_and_files_attached(trial: Trial) -> None:
    where = f"{trial.url}/phones/6281271000072"
    requests.post(f"{where}/messages", data={"text": "halo"}, timeout=5)
    button = {"type": "reply", "reply": {"id": "ya", "title": "Ya"}}
    body = {"text": "*Benar?* Lihat https://example.org/t/abc."}
    part = {"type": "button", "body": body, "action": {"buttons": [button]}}
    asked = trial.send({"type": "interactive", "interactive": part}).json()["messages"][0]["id"]
    chat = requests.get(f"{where}/chat", timeout=5).text
    assert '<a href="https://example.org/t/abc" target="_blank" rel="noopener noreferrer">' in chat
    assert "<b>Benar?</b>" in chat and 'name="press" value="ya"' in chat
    requests.post(f"{where}/messages", data={"press": "ya", "message": asked}, timeout=5)
    requests.post(f"{where}/messages", data={"text": "KTP"}, files={"file": ("a.png", PNG, "image/png")}, timeout=5)
    chat = requests.get(f"{where}/chat", timeout=5).text
    assert 'class="pressed"' in chat
    [picture] = re.findall(r'<img src="([^"]+)"', chat)
    assert requests.get(f"{trial.url}{picture}", timeout=5).content == PNG


def test_switches_and_further_phones_are_set_on_the_page(trial: Trial) -> None:
    form = {"latency": "0.5", "duplicates": "1", "batch": "3", "reorder": "on", "fail_code": "131047",
            "fail_times": "2", "unanswered": "0", "per_second": "0"}  # fmt: skip
    requests.post(f"{trial.url}/switches", data=form, timeout=5)
    switches = trial.parts.switches
    assert (switches.latency, switches.duplicates, switches.batch, switches.reorder) == (0.5, 1, 3, True)
    assert (switches.fail_code, switches.fail_times, switches.reads) == (131047, 2, False)
    answer = requests.post(f"{trial.url}/switches", data=form | {"latency": "900"}, timeout=5)
    assert "latency: 0 to 60" in answer.text and switches.latency == 0.5
    requests.post(f"{trial.url}/phones", data={"phone": "0813 0000 0001", "name": "Bu RW"}, timeout=5)
    assert "Bu RW" in page(trial)
    requests.post(f"{trial.url}/phones/6281300000001/settings", data={"what": "hides"}, timeout=5)
    assert trial.parts.world.known("6281300000001").hides
