"""A case with its words, its notes and its person."""

from datetime import timedelta

from parvis.cases import actions, queries
from parvis.cases.actions import Wanted
from tests.cases.factories import NOON, nadia, windows
from tests.contacts.factories import PersonFactory
from tests.support.canaries import Aviary


def case(aviary: Aviary) -> None:
    person = PersonFactory.create(
        authority=aviary.ours,
        first_name=aviary.word("first name of a person"),
        last_name=aviary.word("name of a person"),
        address=aviary.word("address of a person"),
    )
    opened = windows(
        title=aviary.word("case, title"),
        description=aviary.word("case, request"),
        person=person,
    )
    actions.add_note(
        opened.case,
        agent=nadia(),
        now=NOON,
        text=aviary.word("case, note"),
        reason=aviary.word("case, reason of the note"),
    )
    actions.ask_for_items(
        opened.case,
        agent=nadia(),
        now=NOON,
        wanted=[Wanted(aviary.word("case, missing item"))],
        until=NOON.date() + timedelta(days=9),
    )
    actions.attach(
        opened.case,
        name=f"{aviary.word('case, name of a document')}.pdf",
        kind="",
        data=b"%PDF-1.7 a plan",
        now=NOON,
    )
    moment = queries.moments_to_call(opened.case, NOON)[0]
    actions.ask_call(
        opened.case,
        now=NOON,
        day=moment.day,
        part=moment.part,
        phone="06 39 98 01 42",
        words=aviary.word("case, about a call"),
    )


PLANTED = [case]
