"""Asked for, taken, written in, given back, ended; and nobody is lost on the way."""

from datetime import timedelta

import pytest
from django.utils import translation

from parvis.assistant.actions import duty, handing, looking, messages, say
from parvis.assistant.models import Conversation, Duty, Handover
from parvis.assistant.queries import handing as queries
from parvis.assistant.queries import house
from parvis.assistant.rules.handing import (
    AGENT_GONE,
    MOST_AT_ONCE,
    NOBODY,
    PERSON_GONE_TALKING,
    PERSON_GONE_WAITING,
)
from parvis.cases.models import Case
from parvis.common.errors import Refused
from parvis.contacts.models import Contact, ContactSheet
from tests.accounts.factories import ines, marc, rozenn
from tests.assistant.factories import NOON, asked
from tests.assistant.house import MINUTE, SECOND, in_line, on_duty, open_house, talking, words
from tests.knowledge.factories import local_sheet
from tests.organisations.factories import TopicFactory

pytestmark = pytest.mark.django_db
NIGHT = NOON + timedelta(hours=9)


def reload(handover):
    return Handover.objects.select_related("conversation").get(pk=handover.pk)


def test_asking_twice_is_asking_once():
    first = in_line()

    again = handing.ask_for_person(first.conversation, now=NOON + MINUTE)

    assert again == first
    assert Handover.objects.count() == 1
    assert words(first.conversation) == ["asked"]
    assert Conversation.objects.get().state == "waiting"


def test_nobody_waits_for_nobody():
    open_house()

    with pytest.raises(Refused):
        handing.ask_for_person(asked(), now=NOON)
    on_duty()
    with pytest.raises(Refused):
        handing.ask_for_person(asked(now=NIGHT), now=NIGHT)


def test_the_first_to_ask_is_the_first_to_be_taken():
    second = in_line(now=NOON + MINUTE)
    first = in_line(now=NOON)

    assert handing.take_next(ines(), now=NOON + 2 * MINUTE) == first
    assert handing.take_next(ines(), now=NOON + 2 * MINUTE) == second
    assert handing.take_next(ines(), now=NOON + 2 * MINUTE) is None


def test_of_two_agents_who_take_the_same_person_one_wins():
    waits = in_line()
    stale = Handover.objects.get(pk=waits.pk)

    assert handing._claim(waits, ines(), NOON)
    assert not handing._claim(stale, marc(), NOON)
    assert reload(waits).taken_by == ines()
    assert handing.take_next(marc(), now=NOON) is None


def test_an_agent_holds_a_few_conversations_at_most():
    for number in range(MOST_AT_ONCE + 1):
        in_line(now=NOON + number * SECOND)
    for _number in range(MOST_AT_ONCE):
        handing.take_next(ines(), now=NOON + MINUTE)

    with pytest.raises(Refused):
        handing.take_next(ines(), now=NOON + MINUTE)


def test_an_agent_of_another_authority_takes_nobody():
    in_line()

    assert handing.take_next(rozenn(), now=NOON) is None


def test_the_conversation_arrives_with_all_that_was_said():
    taken = talking()

    said = [line.turn.text for line in queries.transcript(taken.conversation, NOON)]

    assert said[0] == "Combien coûte un passeport ?"
    assert taken.conversation.state == "with_agent"
    assert taken.conversation.outcome == "handed_over"
    assert words(taken.conversation) == ["asked", "joined"]


def test_the_line_says_what_the_sheets_that_answered_are_about():
    open_house()
    on_duty()
    sheet = local_sheet()
    topic = TopicFactory(authority=sheet.authority, slug="actes")
    sheet.topics.add(topic)
    talk = asked()
    told = {"sheet": {"ref": sheet.ref, "title": "Copie"}}
    say(talk, author="assistant", kind="answer", text="Voici", now=NOON, data=told)

    handing.ask_for_person(talk, now=NOON)

    assert queries.waiting_for(ines()).get().conversation.topic == topic


def test_what_is_written_to_a_person_is_not_masked():
    taken = talking()

    turn = handing.write_as_person(taken.conversation, "Mon numéro : 06 12 34 56 78", now=NOON)
    answer = handing.write_as_agent(taken, "Merci.", agent=ines(), now=NOON)

    assert (turn.author, turn.kind, turn.text[-14:]) == ("person", "message", "06 12 34 56 78")
    assert (answer.author, answer.agent) == ("agent", ines())


def test_an_agent_sends_a_published_sheet_and_no_other():
    sheet = local_sheet()
    taken = talking()

    turn = handing.write_as_agent(taken, "", agent=ines(), now=NOON, ref=sheet.ref)

    assert turn.data["sheet"]["ref"] == sheet.ref
    with pytest.raises(Refused):
        handing.write_as_agent(taken, "Voici", agent=ines(), now=NOON, ref="N-0000")


def test_only_who_holds_a_conversation_writes_in_it():
    taken = talking()

    for act in (
        lambda: handing.write_as_agent(taken, "Bonjour", agent=marc(), now=NOON),
        lambda: handing.hand_back(taken, agent=marc(), now=NOON),
        lambda: handing.end(
            taken, agent=marc(), now=NOON, topic=TopicFactory.create(), outcome="resolved"
        ),
    ):
        with pytest.raises(Refused):
            act()


def test_giving_back_lets_the_assistant_answer_again():
    taken = talking()

    handing.hand_back(taken, agent=ines(), now=NOON + MINUTE)

    assert Conversation.objects.get().state == "bot"
    assert words(taken.conversation)[-1] == "back"
    assert handing.ask_for_person(taken.conversation, now=NOON + MINUTE) != taken


def test_the_end_is_one_exchange_with_the_sheets_that_were_sent():
    sheet = local_sheet()
    taken = talking()
    handing.write_as_agent(taken, "", agent=ines(), now=NOON, ref=sheet.ref)

    contact = handing.end(
        taken, agent=ines(), now=NOON + MINUTE, topic=TopicFactory.create(), outcome="resolved"
    )

    assert (contact.channel, contact.agent, contact.outcome) == ("assistant", ines(), "resolved")
    assert [row.version.sheet for row in ContactSheet.objects.all()] == [sheet]
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.contact) == ("ended", contact)


def test_leaving_the_line_brings_the_assistant_back():
    waits = in_line()

    handing.give_up(waits.conversation, now=NOON + MINUTE)
    handing.give_up(waits.conversation, now=NOON + MINUTE)

    assert reload(waits).state == "given_up"
    assert words(waits.conversation) == ["asked", "no_wait"]
    with pytest.raises(Refused):
        handing.write_as_person(waits.conversation, "Encore là ?", now=NOON)


def test_whose_agent_disappears_goes_to_the_front_of_the_line():
    taken = talking()
    later = in_line(now=NOON + 30 * SECOND)
    gone = NOON + AGENT_GONE + SECOND
    for row in (taken, later):
        handing.see_person(row, now=gone)

    assert looking.look_after(now=gone) == 1

    again = queries.waiting_for(marc()).first()
    assert again is not None
    assert again.conversation == taken.conversation
    assert reload(taken).state == "missed"
    assert words(taken.conversation)[-1] == "agent_gone"
    assert handing.take_next(marc(), now=gone) == again


def test_a_person_who_disappears_leaves_everything_behind():
    taken = talking()
    gone = NOON + PERSON_GONE_TALKING + SECOND
    handing.see_agent(ines(), now=gone)

    looking.look_after(now=gone)

    assert reload(taken).state == "given_up"
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.outcome) == ("bot", "abandoned")
    assert conversation.said.count() == 4


def test_who_waits_and_leaves_holds_nobody_up():
    waits = in_line()

    looking.look_at(waits.pk, now=NOON + PERSON_GONE_WAITING + SECOND)

    assert reload(waits).state == "given_up"
    assert not looking.look_at(waits.pk, now=NOON + MINUTE)


def test_when_the_last_agent_goes_other_ways_are_offered():
    waits = in_line()
    duty.go_off(ines(), now=NOON)
    late = NOON + NOBODY + SECOND
    handing.see_person(waits, now=late)

    looking.look_after(now=late)

    assert reload(waits).state == "missed"
    assert words(waits.conversation)[-1] == "nobody"
    assert Conversation.objects.get().state == "bot"


def test_closing_is_told_once_and_the_conversation_may_be_finished():
    taken = talking()
    soon = NOON + timedelta(hours=5, minutes=25)  # 17:25
    for at in (soon, soon + SECOND, soon + 30 * MINUTE):
        handing.see_person(taken, now=at)
        handing.see_agent(ines(), now=at)
        looking.look_after(now=at)

    assert words(taken.conversation).count("closing") == 1
    assert reload(taken).state == "taken"
    assert handing.write_as_agent(taken, "Je termine.", agent=ines(), now=soon + 31 * MINUTE)


def test_who_waits_at_closing_is_told_so():
    waits = in_line()
    handing.see_person(waits, now=NIGHT)

    looking.look_after(now=NIGHT)

    assert words(waits.conversation)[-1] == "nobody"


def test_a_message_becomes_a_case_with_what_was_said():
    waits = in_line()

    opened = messages.leave_message(
        waits.conversation,
        topic=TopicFactory.create(),
        text="Rappelez-moi au sujet du passeport.",
        now=NOON + MINUTE,
        reach=messages.Reach(last_name="Le Goff", email="a.legoff@example.org"),
    )

    case = Case.objects.get()
    assert (case.channel, case.person.last_name) == ("assistant", "Le Goff")
    assert "Combien coûte un passeport ?" in case.description
    assert opened.secret
    conversation = Conversation.objects.get()
    assert (conversation.case, conversation.contact) == (case, case.contact)
    assert reload(waits).state == "given_up"
    assert case.reference in conversation.said.last().text
    assert Contact.objects.count() == 1


def test_a_call_back_is_promised_on_a_case():
    open_house()
    conversation = asked()
    moment = house.moments(conversation.authority, NOON)[0]

    messages.leave_message(
        conversation,
        topic=TopicFactory.create(),
        text="Au sujet du passeport.",
        now=NOON,
        reach=messages.Reach(phone="06 12 34 56 78"),
        call=messages.Call(moment.day, moment.part),
    )

    assert Case.objects.get().call_backs.get().promised_until == moment.until
    assert Handover.objects.get().way == "callback"


def test_an_agent_makes_a_case_of_the_conversation():
    taken = talking()

    messages.make_case(
        taken, agent=ines(), topic=TopicFactory.create(), text="Acte à retrouver.", now=NOON
    )

    case = Case.objects.get()
    assert (case.contact.outcome, case.contact.channel) == ("case_opened", "assistant")
    assert Contact.objects.count() == 1
    assert Conversation.objects.get().state == "ended"
    assert messages.case_link(Conversation.objects.get(), now=NOON)


def test_what_the_house_says_is_in_the_language_of_the_person():
    open_house()
    on_duty()
    conversation = asked()
    Conversation.objects.filter(pk=conversation.pk).update(language="en")
    with translation.override("fr"):
        handing.ask_for_person(conversation, now=NOON)

    assert conversation.said.last().text.startswith("You asked for a person.")


def test_duty_ends_with_the_switch():
    agent = on_duty()
    on_duty(agent)

    duty.go_off(agent, now=NOON)

    assert not Duty.objects.exists()
