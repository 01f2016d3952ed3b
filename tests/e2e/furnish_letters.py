"""Letters and post in every state in which they may be read."""

from typing import Any

from django.urls import reverse

from parvis.letters.models import Delegation, IncomingPost, Letter, RightRequest
from parvis.organisations.models import Authority


def arguments(town: Authority) -> dict[str, dict[str, Any]]:
    """Page -> arguments, from the mail room of the demo town."""
    draft = Letter.objects.filter(case__authority=town, state="draft").earliest("pk")
    post = IncomingPost.objects.filter(authority=town, case=None).latest("pk")
    return {
        "letters:of-case": {"reference": draft.case.reference},
        "letters:refusal": {"reference": draft.case.reference},
        "letters:letter": {"pk": draft.pk},
        "letters:incoming-one": {"pk": post.pk},
        "letters:delegation": {"pk": Delegation.objects.filter(authority=town).earliest("pk").pk},
        "letters:template": {"kind": "receipt"},
    }


def addresses(town: Authority) -> dict[str, str]:
    """A letter that left, a case whose person asks for reasons, a letter with its case."""
    left = Letter.objects.filter(case__authority=town, state="sent").latest("pk")
    asked = RightRequest.objects.filter(case__authority=town).latest("pk")
    filed = IncomingPost.objects.filter(authority=town).exclude(case=None).latest("pk")
    return {
        "letter-left": reverse("letters:letter", args=[left.pk]),
        "letters-refused": reverse("letters:of-case", args=[left.case.reference]),
        "letters-asked": reverse("letters:of-case", args=[asked.case.reference]),
        "post-with-case": reverse("letters:incoming-one", args=[filed.pk]),
    }
