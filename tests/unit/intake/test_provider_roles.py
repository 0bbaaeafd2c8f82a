"""What the city's groups give here, and how the operator says so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from intake.domain.provider_roles import Given, parsed
from intake.domain.sign_in_errors import NoRoleHere, SeveralOffices
from intake.settings import Settings
from kit.settings import SettingsError

LOKET = {"office": "16.71.10.1001", "roles": ["officer"]}
LURAH = {"office": "16.71.10.1001", "roles": ["signer", "lurah"]}
CAMAT = {"office": "16.71.10", "roles": ["camat"]}


def rule(claim: Any = None, **values: Any) -> str:
    return json.dumps({"claim": claim or ["groups"], "values": values or {"loket": LOKET}})


def test_a_value_gives_what_the_rule_says_and_several_add_up() -> None:
    made = parsed(rule(loket=LOKET, lurah=LURAH, camat=CAMAT))
    assert made.given({"groups": ["loket"]}) == Given("16.71.10.1001", ("officer",))
    assert made.given({"groups": "camat"}) == Given("16.71.10", ("camat",))
    assert made.given({"groups": ["lurah", "tamu", "loket"]}).roles == ("lurah", "officer", "signer")
    with pytest.raises(SeveralOffices):
        made.given({"groups": ["loket", "camat"]})


def test_the_claim_may_lie_deeper_and_its_names_may_have_dots() -> None:
    made = parsed(rule(["https://kota.example/access", "roles"]))
    assert made.given({"https://kota.example/access": {"roles": ["loket"]}}).office == "16.71.10.1001"


@pytest.mark.parametrize("claims", [{}, {"groups": []}, {"groups": ["Loket"]}, {"groups": {"loket": 1}}, {"groups": 1}])
def test_who_has_nothing_of_the_rule_has_no_role(claims: dict[str, Any]) -> None:
    with pytest.raises(NoRoleHere):
        parsed(rule()).given(claims)


@pytest.mark.parametrize("text", [
    "nothing", "[]", "{}", '{"claim": "groups", "values": {"a": 1}}', '{"claim": [], "values": {}}',
    rule(["a"] * 9), rule(loket=LOKET | {"roles": []}), rule(loket=LOKET | {"office": "1"}),
    rule(loket=LOKET | {"roles": ["camat"]}), rule(loket=CAMAT | {"roles": ["officer"]}),
    rule(loket=LOKET | {"more": 1}), rule(loket={"office": 16, "roles": ["officer"]}), "[" * 100_000,
])  # fmt: skip
def test_a_rule_that_cannot_be_right_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parsed(text)
    assert parsed(rule())


SET = {
    "OIDC_ISSUER": "https://masuk.kota.example", "OIDC_CLIENT_ID": "pengantar", "OIDC_CLIENT_SECRET": "rahasia",
    "OIDC_ROLES": rule(),
}  # fmt: skip
NEEDED = dict.fromkeys(
    ("DATABASE_URL", "AMQP_URL", "EVENT_KEYS", "DATA_KEYS", "TOKEN_PUBLIC_KEYS", "S3_ENDPOINT_URL", "S3_ACCESS_KEY",
     "S3_SECRET_KEY"), "x",
)  # fmt: skip


def settings(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Any:
    for name in [*SET, "OIDC_ALGORITHMS"]:
        monkeypatch.delenv(name, raising=False)
    for name, value in (NEEDED | environment).items():
        monkeypatch.setenv(name, value)
    return Settings.read()


def test_a_provider_is_configured_as_a_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    assert settings(monkeypatch).oidc_issuer == ""
    assert settings(monkeypatch, **SET).oidc_algorithms == ["RS256"]
    for name in SET:
        with pytest.raises(SettingsError, match=name):
            settings(monkeypatch, **SET | {name: ""})
    (tmp_path / "secret").write_text("dari berkas\n")
    given = SET | {"OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret")}
    del given["OIDC_CLIENT_SECRET"]
    assert settings(monkeypatch, **given).oidc_client_secret.strip() == "dari berkas"


@pytest.mark.parametrize(("name", "value"), [
    ("OIDC_ISSUER", "masuk.kota.example"), ("OIDC_ISSUER", "https://a:b@kota.example"),
    ("OIDC_ISSUER", "https://kota.example/?a=b"),
    ("OIDC_ALGORITHMS", "HS256"), ("OIDC_ALGORITHMS", "RS256,none"), ("OIDC_ROLES", "{}"),
])  # fmt: skip
def test_a_setting_that_cannot_be_right_ends_the_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        settings(monkeypatch, **SET | {name: value})
    assert settings(monkeypatch, **SET, OIDC_ALGORITHMS="ES256,EdDSA").oidc_algorithms == ["ES256", "EdDSA"]


def test_production_asks_with_tls_only(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = SET | {"OIDC_ISSUER": "http://10.0.0.5/kota"}
    assert settings(monkeypatch, **plain)
    with pytest.raises(SettingsError, match="OIDC_ISSUER"):
        settings(monkeypatch, **plain, ENVIRONMENT="production")
    assert settings(monkeypatch, **SET, ENVIRONMENT="production")
