"""What somebody noted about an exchange."""

from tests.contacts.factories import ContactFactory
from tests.support.canaries import Aviary


def exchange(aviary: Aviary) -> None:
    ContactFactory.create(authority=aviary.ours, note=aviary.word("contact, note"))


PLANTED = [exchange]
