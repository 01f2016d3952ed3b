"""Several topics, calls out of order, people set aside and back, over the API."""

from typing import Any

import pytest

from parvis.organisations.models import Desk, Site, Topic
from parvis.queue.models import Ticket
from tests.accounts.factories import ines
from tests.interop.conftest import Api
from tests.queue.factories import canteen


@pytest.fixture
def school(site: Site, desk: Desk) -> Topic:
    topic = canteen(site)
    desk.topics.add(topic)
    return topic


@pytest.fixture
def take(api: Api, site: Site, topic: Topic, desk: Desk) -> Any:
    def taken(**more: Any) -> dict[str, Any]:
        answer = api.post(f"sites/{site.id}/tickets", {"topic": str(topic.id), **more})
        assert answer.status_code == 201, answer.content
        return dict(answer.json())

    return taken


def test_a_visit_for_two_topics_waits_for_the_second(api, take, desk, topic, school):
    ticket = take(topics=[str(school.id)])
    api.post(f"desks/{desk.id}/call-next")

    done = api.post(f"tickets/{ticket['id']}/finish", {"outcome": "resolved"}).json()
    legs = api.get(f"tickets/{ticket['id']}/legs").json()

    assert (done["ticket"]["state"], done["ticket"]["topic"]) == ("waiting", str(school.id))
    assert [(leg["topic"], leg["state"]) for leg in legs] == [
        (str(topic.id), "ended"),
        (str(school.id), "waiting"),
    ]
    assert legs[0]["contact"] == done["contact"]["id"]


def test_the_desk_may_go_on_with_the_second_topic_at_once(api, take, desk, school):
    ticket = take(topics=[str(school.id)])
    api.post(f"desks/{desk.id}/call-next")

    api.post(f"tickets/{ticket['id']}/finish", {"outcome": "resolved", "go_on": True})

    assert api.get(f"tickets/{ticket['id']}").json()["state"] == "serving"


def test_a_topic_is_added_and_dropped(api, take, desk, school):
    ticket = take()

    added = api.post(f"tickets/{ticket['id']}/legs", {"topic": str(school.id)})
    dropped = api.post(f"tickets/{ticket['id']}/legs/{added.json()['id']}/drop")

    assert (added.status_code, added.json()["state"]) == (201, "planned")
    assert (dropped.json()["state"], dropped.json()["ended_by"]) == ("ended", "leg_dropped")
    assert api.post(f"tickets/{ticket['id']}/legs/{added.json()['id']}/drop").status_code == 409


def test_somebody_is_called_out_of_order_with_the_reason(api, take, desk):
    take()
    second = take()

    called = api.post(f"desks/{desk.id}/call", {"ticket": second["id"], "reason": "in pain"})

    assert called.json()["ticket"]["id"] == second["id"]
    assert "in pain" in called.json()["reason"]
    assert api.post(f"desks/{desk.id}/call", {"ticket": second["id"]}).status_code == 422


def test_somebody_without_a_ticket_is_received_at_once(api, take, desk, topic):
    got = api.post(f"desks/{desk.id}/receive", {"topic": str(topic.id)})

    assert got.status_code == 201
    assert got.json()["ticket"]["state"] == "serving"
    undone = api.post(f"desks/{desk.id}/undo")
    assert undone.json()["state"] == "left"
    take()
    assert api.post(f"desks/{desk.id}/receive", {"topic": str(topic.id)}).status_code == 409


def test_who_is_back_waits_again_and_who_let_others_pass_waits_behind(api, take, desk):
    first, second = take(), take()
    api.post(f"tickets/{first['id']}/leave")

    back = api.post(f"tickets/{first['id']}/come-back")
    passed = api.post(f"tickets/{first['id']}/let-pass")
    line = api.get(f"desks/{desk.id}/line").json()

    assert (back.json()["state"], passed.status_code) == ("waiting", 200)
    assert [place["ticket"]["id"] for place in line] == [second["id"], first["id"]]
    assert all(place["reason"].startswith("waiting since") for place in line)


def test_who_was_set_aside_is_kept_as_wished(api, take, desk):
    ticket = take()
    api.post(f"desks/{desk.id}/call-next")

    held = api.post(f"tickets/{ticket['id']}/hold", {"wish": "desk"})
    back = api.post(f"tickets/{ticket['id']}/come-back")

    assert held.json()["reserved_desk"] == str(desk.id)
    assert back.json()["state"] == "waiting"
    assert "was at this desk" in api.post(f"desks/{desk.id}/call-next").json()["reason"]


def test_the_person_is_noted(api, take):
    ticket = take()

    answer = api.post(f"tickets/{ticket['id']}/person", {"last_name": "Le Goff"})

    assert answer.status_code == 200
    kinds = [e["kind"] for e in api.get(f"tickets/{ticket['id']}").json()["events"]]
    assert kinds == ["issued", "identified"]
    assert api.post(f"tickets/{ticket['id']}/person", {}).status_code == 409


def test_what_is_of_another_authority_is_404(api, foreign_api, take, desk, topic):
    ticket = take()

    for path, body in [
        (f"desks/{desk.id}/call", {"ticket": ticket["id"], "reason": "x"}),
        (f"desks/{desk.id}/receive", {"topic": str(topic.id)}),
        (f"desks/{desk.id}/undo", {}),
        (f"tickets/{ticket['id']}/legs", {"topic": str(topic.id)}),
        (f"tickets/{ticket['id']}/come-back", {}),
        (f"tickets/{ticket['id']}/let-pass", {}),
        (f"tickets/{ticket['id']}/person", {"last_name": "x"}),
    ]:
        assert foreign_api.post(path, body).status_code == 404, path
    assert foreign_api.get(f"desks/{desk.id}/line").status_code == 404
    assert foreign_api.get(f"tickets/{ticket['id']}/legs").status_code == 404


HOSTILE = [
    '=HYPERLINK("http://bad","Cliquez")',
    "<script>alert(1)</script>",
    "Robert'); DROP TABLE queue_ticket;--",
    "\U0001d4e4\U0001d4f7\U0001d4f2" + "e" + "\u0301" * 500,
    "Jeanne\0Tessandier",
    "\u202egpj.exe",
]


@pytest.mark.parametrize("name", HOSTILE, ids=["formula", "script", "sql", "marks", "nul", "rtl"])
def test_a_nasty_name_is_a_name_or_refused_and_harms_nobody(api, site, topic, desk, client, name):
    body = {"topic": str(topic.id), "name": name}
    answer = api.post(f"sites/{site.id}/tickets", body)

    assert answer.status_code in {201, 422}
    assert api.post(f"desks/{desk.id}/call-next").status_code in {200, 204}
    assert api.get(f"sites/{site.id}/display").status_code == 200
    for ticket in Ticket.objects.all():
        assert len(ticket.name) <= 80
        assert "\0" not in ticket.name
    client.force_login(ines())
    for path in ("/agent/poste/", "/agent/jour/", f"/ecran/{site.slug}/"):
        assert "<script>alert" not in client.get(path, follow=True).content.decode()
