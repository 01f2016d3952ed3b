from typing import Any

import pytest

from parvis.mail import queries
from parvis.mail.models import ReceivedMail
from tests.accounts.factories import ines, rozenn
from tests.cases.factories import nadia
from tests.mail.factories import apart, box, came, odettes_windows, raw, waiting
from tests.organisations.factories import ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Any, settings: Any) -> None:
    settings.FILES = tmp_path


def test_what_waits_longest_comes_first():
    waiting()
    came(raw(message_id="<2@x>", subject="Ensuite"))

    rows = queries.shelf(ines(), "a-trier").rows

    assert [one.subject for one in rows] == ["Bonjour", "Ensuite"]
    assert queries.to_do(ines()) == {"a-trier": 2, "a-part": 0}
    assert queries.next_to_do(ines(), rows[1]) == rows[0]


def test_a_shelf_is_turned_page_by_page(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queries.shelves, "PAGE", 1)
    waiting()
    came(raw(message_id="<2@x>", subject="Ensuite"))

    first = queries.shelf(ines(), "a-trier")

    assert [one.subject for one in queries.shelf(ines(), "a-trier", first.after).rows] == [
        "Ensuite"
    ]


def test_mail_of_a_sensitive_service_is_read_by_that_service_alone():
    social = ServiceFactory.create(slug="ccas", name="CCAS", is_sensitive=True)
    box(address="ccas@sainte-orvanne.example", service=social)
    mail = came(raw(to="ccas@sainte-orvanne.example"), envelope_to="ccas@sainte-orvanne.example")

    assert queries.one(ines(), mail.pk) is None
    assert queries.one(nadia(service=social), mail.pk) == mail


def test_another_house_reads_nothing():
    mail = waiting()

    assert queries.one(rozenn(), mail.pk) is None


def test_a_sensitive_case_that_a_stranger_names_is_not_shown_to_reception():
    mail = apart()
    assert mail.claimed is not None
    mail.claimed.service.is_sensitive = True
    mail.claimed.service.save()

    assert queries.suggested_cases(mail, ines()) == []
    assert queries.suggested_cases(mail, nadia()) == [mail.claimed]


def test_cases_of_the_sender_are_proposed():
    box()
    case = odettes_windows().case
    mail = came(raw(sender="odette@example.org"))

    assert queries.suggested_cases(mail, ines()) == [case]


@pytest.mark.parametrize("count", [1, 8])
def test_a_shelf_costs_the_same_whatever_lies_on_it(count: int, django_assert_max_num_queries: Any):
    box()
    for number in range(count):
        came(raw(message_id=f"<{number}@x>", sender=f"a{number}@example.org"))
    agent = ines()

    with django_assert_max_num_queries(2):
        assert len(queries.shelf(agent, "a-trier").rows) == count
    assert ReceivedMail.objects.count() == count
