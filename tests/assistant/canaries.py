"""The assistant answers from public lines only: asked for the words beside every canary."""

from collections.abc import Iterator

from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from parvis.assistant import actions
from parvis.assistant.models import Conversation
from parvis.common.models import Throttle
from tests.accounts.factories import ines
from tests.assistant.factories import NOON
from tests.support.canaries import Aviary, Page


def conversations(aviary: Aviary) -> None:
    """What somebody else asked, and what a colleague wrote about it."""
    made = actions.start(aviary.ours, now=NOON).conversation
    word = aviary.word("question of somebody to the assistant")
    actions.say(made, author="person", kind="question", text=word, now=NOON)
    Conversation.objects.filter(pk=made.pk).update(
        verdict="wrong",
        reviewed_at=NOON,
        reviewed_by=ines(),
        review_note=aviary.word("note of who judged a conversation"),
    )


PLANTED = [conversations]


def answers(aviary: Aviary, client: Client) -> Iterator[Page]:
    """One question for each few canaries, and what follows it."""
    for question in ["gratuit", "fiche partagée", *aviary.neighbours()]:
        Throttle.objects.all().delete()
        cache.clear()
        words = question.replace("+", " ")
        first = client.post(reverse("web:assistant"), {"question": words}, follow=True)
        yield Page(f"assistant: {words}", first.status_code, first.content)
        here = first.redirect_chain[-1][0].partition("#")[0]
        for then in ("quels papiers ?", "où aller ?", "combien ça coûte ?"):
            again = client.post(here, {"question": then}, follow=True)
            yield Page(f"assistant: {words}, {then}", again.status_code, again.content)


SURFACES = [answers]
