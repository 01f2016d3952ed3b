"""A protocol followed in a case: who did which step, when, with which version of the sheet."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.cases import actions, queries
from parvis.cases.models import Case, CaseStep
from parvis.common.errors import Refused
from parvis.knowledge import queries as sheets
from parvis.knowledge.models import ProtocolDeviation, Sheet, SheetVersion
from tests.accounts.factories import ines, marc
from tests.cases.factories import NOON, bruno, facade_protocol, nadia, windows
from tests.contacts.factories import PersonFactory
from tests.organisations.factories import TopicFactory

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)
NOVEMBER = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))


def followed() -> tuple[Case, Sheet]:
    case = windows().case
    return case, facade_protocol(case.topic)


def done(case: Case, sheet: Sheet, step: int = 1, **kwargs: Any) -> CaseStep:
    return actions.do_step(case, sheet, step=step, agent=nadia(), now=LATER, **kwargs)


def test_a_step_says_by_whom_when_and_with_which_version():
    case, sheet = followed()

    done(case, sheet)

    [protocol] = queries.protocols_of(case, nadia())
    first, second = protocol.steps
    assert first.done is not None
    assert (first.done.agent, first.done.at, first.done.version) == (nadia(), LATER, sheet.current)
    assert (second.done, protocol.done) == (None, 1)


def test_only_protocols_of_the_topic_are_followed():
    case, _sheet = followed()
    topic = TopicFactory.create(slug="autre", service=nadia().service)
    other = windows(topic=topic).case

    assert queries.protocols_of(other, nadia()) == []
    assert len(queries.protocols_of(case, nadia())) == 1


def test_a_step_done_otherwise_goes_to_the_review_of_the_month():
    case, sheet = followed()

    step = done(case, sheet, cause="impossible", words="No plan yet")

    [left] = sheets.left_steps(marc(), *NOVEMBER)
    assert (left.sheet, left.step, left.told) == (sheet, 1, ["No plan yet"])
    assert step.deviation == ProtocolDeviation.objects.get()


def test_a_step_is_done_once_and_may_be_taken_back():
    case, sheet = followed()
    step = done(case, sheet)

    with pytest.raises(Refused):
        done(case, sheet)
    actions.undo_step(step, agent=bruno())
    done(case, sheet)

    assert CaseStep.objects.count() == 1


@pytest.mark.parametrize("step", [0, 9])
def test_a_step_that_is_not_there_is_refused(step: int):
    case, sheet = followed()

    with pytest.raises(Refused):
        done(case, sheet, step)


def test_a_newer_version_keeps_what_was_done_with_the_older_one():
    case, sheet = followed()
    before = sheet.current
    done(case, sheet)
    done(case, sheet, 2)
    renamed = [{**block, "title": "Autrement"} for block in before.blocks[1:]]
    blocks = [before.blocks[0], *renamed]
    newer = SheetVersion.objects.get(pk=before.pk)
    newer.pk, newer.number, newer.blocks = None, before.number + 1, blocks
    newer.save(force_insert=True)
    Sheet.objects.filter(pk=sheet.pk).update(current=newer)

    [protocol] = queries.protocols_of(case, nadia())

    first, second = protocol.steps
    assert first.done is not None
    assert (first.done.version, second.done) == (before, None)
    assert [step.title for step in protocol.earlier] == ["Prévenir l’architecte-conseil"]


def test_a_closed_case_follows_nothing_any_more():
    case, sheet = followed()
    actions.close(case, agent=nadia(), now=LATER, text="Done")

    with pytest.raises(Refused):
        done(case, sheet)


def test_steps_are_ticked_on_the_page_of_the_case():
    case, sheet = followed()
    Case.objects.filter(pk=case.pk).update(last_activity_at=timezone.now())
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(nadia())
    address = reverse("cases:do-step", args=[case.reference])

    client.post(address, {"protocol": sheet.ref, "step": "1"})
    client.post(address, {"protocol": sheet.ref, "step": "2", "cause": "time", "words": "Rush"})

    words = client.get(reverse("cases:case", args=[case.reference])).content.decode()
    assert "2 of 2 done" in words
    assert "Rush" in words
    client.force_login(ines(roles=["QUA"]))
    assert client.post(address, {"protocol": sheet.ref, "step": "1"}).status_code == 403


def test_what_was_ticked_in_a_merged_case_is_shown_in_the_kept_one():
    person = PersonFactory.create()
    kept, other = (windows(person=person).case for _turn in range(2))
    sheet = facade_protocol(kept.topic)
    done(other, sheet)
    actions.merge(other, into=kept, agent=nadia(), now=LATER, reason="Same request")
    kept = Case.objects.get(pk=kept.pk)

    [protocol] = queries.protocols_of(kept, nadia())
    with pytest.raises(Refused):
        done(kept, sheet)

    [row] = [one.done for one in protocol.steps if one.done]
    assert (row.case, row.agent) == (other, nadia())
    assert [one.case for one in queries.steps_done(kept)] == [other]
    client = Client()
    client.force_login(nadia())
    page = client.get(reverse("cases:case", args=[kept.reference])).content.decode()
    assert other.reference in page
    assert reverse("cases:undo-step", args=[kept.reference, row.pk]) not in page
