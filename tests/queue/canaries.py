"""Names of people who wait, and what colleagues tell each other."""

from django.utils import timezone

from parvis.queue.models import DayNote, HallMessage
from tests.accounts.factories import AgentFactory
from tests.organisations.factories import DeskFactory, TopicFactory
from tests.queue.factories import TicketFactory, town_hall
from tests.support.canaries import Aviary


def hall(aviary: Aviary) -> None:
    site = town_hall(authority=aviary.ours)
    topic = TopicFactory.create(authority=aviary.ours)
    DeskFactory.create(site=site, topics=[topic])
    now, agent = timezone.now(), AgentFactory.create()
    TicketFactory.create(
        site=site,
        topic=topic,
        day=timezone.localdate(),
        issued_at=now,
        name=aviary.word("name of who waits"),
        note=aviary.word("note for the next desk"),
    )
    today = timezone.localdate()
    note = aviary.word("note of the day")
    DayNote.objects.create(
        site=site, text=note, agent=agent, first_day=today, last_day=today, at=now
    )
    words = aviary.word("words between colleagues")
    HallMessage.objects.create(site=site, author=agent, text=words, at=now)


PLANTED = [hall]
