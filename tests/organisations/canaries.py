"""Colleagues whose name stays inside, and what is out of use."""

from datetime import date

from parvis.organisations.models import Authority
from tests.organisations.factories import DirectoryEntryFactory, ServiceFactory, TopicFactory
from tests.support.canaries import Aviary


def staff(aviary: Aviary) -> None:
    Authority.objects.filter(pk=aviary.ours.pk).update(directory_is_public=True)
    DirectoryEntryFactory.create(
        authority=aviary.ours, first_name=aviary.word("not listed, first name"), is_listed=False
    )
    DirectoryEntryFactory.create(
        authority=aviary.ours,
        last_name=aviary.word("protected name"),
        name_policy="service",
        name_policy_reason=aviary.word("reason of a protected name"),
        name_policy_author="Marc Abgrall",
        name_policy_until=date.max,
        is_listed=True,
    )
    ServiceFactory.create(
        authority=aviary.ours, slug="ferme", name=aviary.word("closed service"), is_active=False
    )
    TopicFactory.create(
        authority=aviary.ours, slug="ferme", name=aviary.word("closed topic"), is_active=False
    )


PLANTED = [staff]
