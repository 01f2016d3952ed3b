"""A request about data, and a hold that was lifted."""

from parvis.cases.models import Case
from parvis.contacts.models import Person
from parvis.privacy import actions
from tests.cases.factories import NOON
from tests.privacy.factories import dpo


def asked(person: Person, case: Case) -> None:
    agent = dpo()
    actions.take_request(person, kind="access", agent=agent, now=NOON, received_on=NOON.date())
    held = actions.hold(case, agent=agent, now=NOON, reason="Recours")
    actions.lift(held, agent=agent, now=NOON)


PLANTED = [asked]
