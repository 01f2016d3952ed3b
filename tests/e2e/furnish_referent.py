"""Cases that change hands: offered, followed by somebody who is away, chosen together."""

from datetime import datetime, timedelta

from django.urls import reverse

from parvis.accounts import actions as accounts
from parvis.accounts.models import Agent
from parvis.cases import actions
from parvis.cases.actions import Note, Opened
from parvis.knowledge.models import Sheet
from parvis.organisations.models import Authority, Topic

FOLLOWS, AWAY = "karim.belloc", "fabrice.drouard"  # both of the office of the cemeteries


def addresses(town: Authority, *, now: datetime) -> dict[str, str]:
    """An offer with its note, a page with a name that is away, a protocol half followed."""
    karim, fabrice = (_agent(town, name) for name in (FOLLOWS, AWAY))
    topic = Topic.objects.select_related("authority", "service").get(
        authority=town, slug="concession-achat"
    )
    offered, away = (_opened(topic, karim, fabrice, now) for _n in range(2))
    actions.hand_over(
        offered.case,
        agent=fabrice,
        now=now,
        referent=karim,
        note=Note("Karim connaît l’allée.", "Un appel", "Mesurer", now.date() + timedelta(days=9)),
    )
    sheet = Sheet.objects.get(authority=town, ref="P-018")
    actions.do_step(away.case, sheet, step=1, agent=karim, now=now)
    actions.do_step(away.case, sheet, step=2, agent=karim, now=now, cause="time", words="Pluie")
    day = now.date()
    accounts.say_absence(
        fabrice,
        actor=fabrice,
        now=now,
        first_day=day,
        last_day=day + timedelta(days=5),
        deputy=karim,
    )
    chosen = f"c={offered.case.reference}&c={away.case.reference}"
    return {
        "case-offered": reverse("cases:case", args=[offered.case.reference]),
        "case-away": reverse("cases:case", args=[away.case.reference]) + "?whose=service&view=open",
        "tracking-away": reverse("web:tracking", args=[away.secret]),
        "together": f"{reverse('cases:together')}?{chosen}&act=passation",
    }


def _agent(town: Authority, username: str) -> Agent:
    found: Agent = Agent.objects.with_rights().get(authority=town, username=username)
    return found


def _opened(topic: Topic, karim: Agent, fabrice: Agent, now: datetime) -> Opened:
    return actions.open_case(
        topic=topic,
        channel="desk",
        description="Une concession de trente ans, près de mes parents.",
        now=now,
        agent=karim,
        referent=fabrice,
        because="Il connaît la famille.",
    )
