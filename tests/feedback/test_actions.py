from datetime import timedelta
from typing import Any

import pytest

from parvis.cases import actions as cases
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.feedback import actions, queries
from parvis.feedback.models import Response, Thanks
from tests.accounts.factories import ines
from tests.cases.factories import NOON, bruno, nadia, windows, works
from tests.contacts.factories import ContactFactory, with_person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_an_answer_is_kept_once_per_contact():
    contact = ContactFactory.create()

    actions.answer(contact, via="ticket", now=NOON, solved=True)
    actions.answer(contact, via="ticket", now=NOON, satisfaction=4)

    response = Response.objects.get()
    assert (response.solved, response.satisfaction) == (True, 4)
    assert journal.of(response).count() == 2


def test_one_may_change_ones_mind_and_the_first_answer_stays_in_the_journal():
    contact = ContactFactory.create()
    actions.answer(contact, via="ticket", now=NOON, solved=True)

    response = actions.answer(contact, via="ticket", now=NOON + DAY, solved=False)

    assert response.solved is False
    assert journal.of(response).last().data["before"]["solved"] is True


def test_after_a_day_or_from_a_kiosk_the_answer_stays():
    contact = ContactFactory.create()
    actions.answer(contact, via="ticket", now=NOON, solved=True)

    with pytest.raises(Refused):
        actions.answer(contact, via="kiosk", now=NOON, solved=False)
    with pytest.raises(Refused):
        actions.answer(contact, via="ticket", now=NOON + DAY * 2, solved=False)


@pytest.mark.parametrize(
    "given", [{}, {"satisfaction": 0}, {"satisfaction": 6}, {"solved": True, "via": "rumour"}]
)
def test_what_is_no_answer_is_refused(given: dict[str, Any]):
    with pytest.raises(Refused):
        actions.answer(ContactFactory.create(), now=NOON, **{"via": "ticket", **given})
    assert Response.objects.count() == 0


def test_a_contact_taken_back_is_not_answered_about():
    with pytest.raises(Refused):
        actions.answer(ContactFactory.create(undone_at=NOON), via="kiosk", now=NOON, solved=True)


def test_not_solved_without_a_case_opens_one_at_the_owning_service():
    nadia(), bruno()
    contact = ContactFactory.create(topic=works(), outcome="passed_on")

    followed = actions.follow_up(
        contact, now=NOON, text="Nobody called me", last_name="Kerdraon", phone="0261910077"
    )

    case = followed.case
    assert (case.service.slug, case.contact, case.referent) == ("urbanisme", contact, nadia())
    assert case.person is not None
    assert followed.secret
    contact.refresh_from_db()
    assert (contact.person, contact.linking) == (case.person, "details")


def test_not_solved_may_stay_anonymous_with_the_link():
    nadia()

    followed = actions.follow_up(ContactFactory.create(topic=works()), now=NOON, text="No")

    assert followed.case.person is None


def test_not_solved_a_second_time_goes_to_the_same_case():
    nadia()
    contact = with_person(topic=works())
    first = actions.follow_up(contact, now=NOON, text="No")

    again = actions.follow_up(contact, now=NOON, text="Still no")

    assert (again.case, again.secret) == (first.case, "")
    assert again.case.entries.last().text == "Still no"


def test_not_solved_after_closing_reopens():
    case = windows().case
    cases.close(case, agent=nadia(), now=NOON, text="Done")

    followed = actions.follow_up(case.contact, now=NOON + DAY, text="Not at all")

    assert (followed.case.state, followed.case.reopened_count) == ("open", 1)


def test_a_thank_you_reaches_everybody_who_acted():
    case = windows(agent=ines()).case
    cases.add_note(case, agent=bruno(), now=NOON, text="x", reason="y")

    thanks = actions.thank(case, now=NOON, words=" Merci ! ")

    reached = {recipient.agent for recipient in thanks.recipients.all()}
    assert reached == {ines(), bruno(), nadia()}
    assert thanks.words == "Merci !"
    assert case.entries.last().kind == "thanked"


def test_one_thank_you_a_day():
    case = windows().case
    actions.thank(case, now=NOON)

    with pytest.raises(Refused):
        actions.thank(case, now=NOON + timedelta(hours=1))
    assert Thanks.objects.count() == 1


def test_words_are_shown_to_the_team_only_by_choice():
    actions.thank(windows().case, now=NOON, words="For Nadia only")
    actions.thank(windows().case, now=NOON, words="Tell everybody", may_be_shown=True)

    team = queries.team_thanks(bruno(), now=NOON)

    assert [thanks.words for thanks in team.words] == ["Tell everybody"]
    assert (team.this_year, team.last_30_days) == (2, 2)


def test_ones_own_thanks_are_seen_by_oneself():
    actions.thank(windows().case, now=NOON, words="Merci")

    assert queries.unseen_thanks(nadia()) == 1
    assert actions.see_thanks(nadia(), now=NOON) == 1
    assert [row.thanks.words for row in queries.thanks_of(nadia())] == ["Merci"]
    assert queries.thanks_of(bruno()) == []
