"""Asking a model on this machine, also one that is slow, broken or hostile."""

from collections.abc import Iterator
from typing import Any

import pytest

from parvis.assistant import asking_model, checks
from parvis.assistant.asking_model import Endpoint, Failed
from parvis.common import network
from tests.support.model_server import Model, serving

LINES = ["La copie est gratuite. Nous remettons la copie tout de suite."]


@pytest.fixture
def model(settings: Any) -> Iterator[Model]:
    with serving() as made:
        settings.LANGUAGE_MODEL = {
            "ALLOWED": [made.address],
            "KEYS": [made.address.replace("//", "//orvanne:s%2Fecret@")],
        }
        yield made


def ask(model: Model, seconds: float = 60) -> str:
    key = asking_model.key_for("orvanne", model.address)
    endpoint = Endpoint(f"{model.address}/v1/", "petit", key)
    return asking_model.ask(endpoint, LINES, seconds=seconds)


def test_the_lines_are_sent_with_the_key_and_nothing_else(model: Model):
    assert "Nous vous remettons" in ask(model)

    told = model.heard[0]
    assert told["path"] == "/v1/chat/completions"
    assert told["key"] == "Bearer s/ecret"
    assert told["body"]["model"] == "petit"
    assert told["body"]["messages"][1]["content"] == f"<lignes>\n{LINES[0]}\n</lignes>"


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("500", "status"),
        ("401", "status"),
        ("redirect", "redirect"),
        ("huge", "too_large"),
        ("garbage", "garbage"),
        (lambda lines: "", "garbage"),
        (lambda lines: "a" * 7000, "too_large"),
    ],
)
def test_what_is_no_answer_is_named(model: Model, step: Any, why: str):
    model.script = [step]

    with pytest.raises(Failed) as failed:
        ask(model)

    assert failed.value.why == why
    assert len(model.heard) == 1  # nowhere else


@pytest.mark.parametrize("step", ["hangs", "drips"])
def test_the_time_is_limited_however_the_server_stalls(model: Model, step: str):
    model.script = [step]

    with pytest.raises(Failed) as failed:
        ask(model, seconds=0.15)

    assert failed.value.why == "timeout"


def test_nobody_there_is_said(settings: Any):
    settings.LANGUAGE_MODEL = {"ALLOWED": ["http://127.0.0.1:9"], "KEYS": []}

    with pytest.raises(Failed) as failed:
        asking_model.ask(Endpoint("http://127.0.0.1:9", "petit"), LINES, seconds=5)

    assert failed.value.why == "unreachable"


def test_too_many_at_once_show_the_plain_answer(model: Model, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(asking_model._slots, "acquire", lambda blocking: False)

    with pytest.raises(Failed) as failed:
        ask(model)

    assert failed.value.why == "busy"


def test_a_name_that_leads_inside_is_refused_when_it_is_asked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(network, "places_of", lambda host, port: ["93.184.216.34", "10.0.0.7"])

    with pytest.raises(Failed) as failed:
        asking_model.ask(Endpoint("https://model.example/v1", "petit"), LINES, seconds=5)

    assert failed.value.why == "address"


@pytest.mark.parametrize(
    "address",
    [
        "http://model.example/v1",
        "https://localhost/v1",
        "https://127.0.0.1/v1",
        "https://10.1.2.3",
        "https://192.168.0.1:8443",
        "https://169.254.169.254/latest",
        "https://[::1]/v1",
        "https://[::ffff:10.0.0.1]/v1",
        "https://[64:ff9b::7f00:1]/v1",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://127.1/",
        "https://user:key@model.example/v1",
        "https://model.example/v1?key=1",
        "https://model.example/#x",
        "https://mod el.example/",
        "https://model.example:99999/",
        "file:///etc/passwd",
        "gopher://model.example",
        "",
    ],
)
def test_addresses_of_the_own_network_and_strange_ones_are_refused(address: str):
    assert not asking_model.is_acceptable(address)


def test_the_operator_allows_one_place_and_no_other(settings: Any):
    settings.LANGUAGE_MODEL = {"ALLOWED": ["http://10.0.0.5:11434"], "KEYS": []}

    assert asking_model.is_acceptable("http://10.0.0.5:11434/v1")
    assert not asking_model.is_acceptable("http://10.0.0.5:22")
    assert asking_model.is_acceptable("https://model.example/v1")


def test_a_key_goes_to_its_own_place_and_authority_only(settings: Any):
    settings.LANGUAGE_MODEL = {"ALLOWED": [], "KEYS": ["nonsense", "https://orvanne:k1@m.example"]}

    assert asking_model.key_for("orvanne", "https://m.example/v1") == "k1"
    assert asking_model.key_for("tremalon", "https://m.example/v1") == ""
    assert asking_model.key_for("orvanne", "https://pirate.example/v1") == ""
    assert asking_model.key_for("orvanne", "http://m.example/v1") == ""
    assert asking_model.key_for("orvanne", "https://m.example:8443/v1") == ""


def test_the_doctor_says_which_setting_is_wrong_without_telling_the_key(settings: Any):
    settings.LANGUAGE_MODEL = {"ALLOWED": ["ollama"], "KEYS": ["https://sk-7391@m.example"]}

    found = checks.language_models_are_named_well()

    assert [one.id for one in found] == ["assistant.E001", "assistant.E002"]
    assert "7391" not in str(found)
