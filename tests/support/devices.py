"""A browser on which the six digits of the person's own mail were typed."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from parvis.cases import queries
from parvis.cases.models import Case, KnownDevice
from parvis.common import codes
from parvis.web import visiting


def sure(client: Client, case: Case) -> None:
    """Have the browser known as the person's for an hour."""
    token, now = codes.new_secret(), timezone.now()
    KnownDevice.objects.create(
        case=case,
        token_hash=queries.token_mark(case, token),
        known_at=now,
        expires_at=now + timedelta(hours=1),
    )
    kept = client.cookies[visiting.COOKIE].value if visiting.COOKIE in client.cookies else ""
    client.cookies[visiting.COOKIE] = ".".join(filter(None, [token, kept]))
