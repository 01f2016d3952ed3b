"""E-mails in every state in which they may be read."""

from typing import Any

from django.urls import reverse

from parvis.mail.models import Mailbox, ReceivedMail
from parvis.organisations.models import Authority


def arguments(town: Authority) -> dict[str, dict[str, Any]]:
    """Page -> arguments, from what people wrote to the demo town."""
    mails = ReceivedMail.objects.filter(authority=town)
    threaded = mails.filter(state="threaded", case__isnull=False).earliest("pk")
    assert threaded.case is not None
    return {
        "mail:message": {"pk": mails.filter(state="waiting").earliest("pk").pk},
        "mail:of-case": {"reference": threaded.case.reference},
        "mail:box": {"pk": Mailbox.objects.filter(authority=town).earliest("pk").pk},
    }


def addresses(town: Authority) -> dict[str, str]:
    """A message kept apart, one that came back, one that is with its case."""
    mails = ReceivedMail.objects.filter(authority=town)
    found = {
        "mail-apart": mails.filter(state="quarantined").earliest("pk"),
        "mail-came-back": mails.filter(state="bounce").earliest("pk"),
        "mail-with-case": mails.filter(state="threaded").earliest("pk"),
    }
    pages = {name: reverse("mail:message", args=[one.pk]) for name, one in found.items()}
    return {**pages, "mail-others": reverse("mail:inbox") + "?rayon=machines"}
