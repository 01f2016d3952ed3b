"""Call-next with the ORM alone: ``select_for_update`` and ``save``, as a good hand writes it."""

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from parvis.accounts.models import Agent, ApiToken
from parvis.common.models import IdempotencyKey
from parvis.interop.api.queue import ticket_out
from parvis.organisations.models import Desk
from parvis.queue.models import HallVersion, Ticket, TicketEvent


@csrf_exempt
@require_POST
@transaction.atomic
def call_next(request: HttpRequest, desk_id: int) -> HttpResponse:
    """The same promise as ours: one effect per key, an event, a version for the screens."""
    agent = sender(request)
    key, is_new = IdempotencyKey.objects.get_or_create(
        scope=f"plain:{agent.pk}",
        key=request.headers["Idempotency-Key"],
        defaults={
            "fingerprint": hashlib.sha256(request.path.encode() + request.body).hexdigest(),
            "status": 0,
            "created_at": timezone.now(),
        },
    )
    if not is_new:
        return HttpResponse(key.answer, status=key.status, content_type="application/json")
    ticket = call_first(agent, desk_id)
    if ticket is None:
        return HttpResponse(status=204)
    HallVersion.objects.filter(site=ticket.site).update(number=F("number") + 1)
    key.status, key.answer = 200, json.dumps(told(ticket), cls=DjangoJSONEncoder)
    key.save(update_fields=["status", "answer"])
    return HttpResponse(key.answer, content_type="application/json")


@csrf_exempt
@require_POST
@transaction.atomic
def call_next_bare(request: HttpRequest, desk_id: int) -> HttpResponse:
    """Less than ours: a retry calls a second person, and no screen hears of it."""
    ticket = call_first(sender(request), desk_id)
    if ticket is None:
        return HttpResponse(status=204)
    return HttpResponse(
        json.dumps(told(ticket), cls=DjangoJSONEncoder), content_type="application/json"
    )


def sender(request: HttpRequest) -> Agent:
    secret = request.headers["Authorization"].removeprefix("Bearer ")
    tokens = ApiToken.objects.select_related("agent").filter(revoked_at=None)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    return get_object_or_404(tokens, secret_hash=digest, agent__is_active=True).agent


def call_first(agent: Agent, desk_id: int) -> Ticket | None:
    desks = Desk.objects.select_related("site")
    desk = get_object_or_404(desks, id=desk_id, site__authority=agent.authority_id)
    waiting = Ticket.objects.select_for_update(skip_locked=True).filter(
        site=desk.site, state="waiting", topic__in=desk.topics.all()
    )
    ticket = waiting.order_by("rank_at", "id").first()
    if ticket is None:
        return None
    ticket.state = "called"
    ticket.desk, ticket.site = desk, desk.site
    ticket.agent = agent
    ticket.called_at = ticket.last_call_at = timezone.now()
    ticket.calls += 1
    ticket.save()
    TicketEvent.objects.create(
        ticket=ticket, at=ticket.called_at, kind="called", desk=desk, agent=agent
    )
    return ticket


def told(ticket: Ticket) -> dict[str, object]:
    since = timezone.localtime(ticket.issued_at)
    return {"ticket": ticket_out(ticket), "reason": date_format(since, "TIME_FORMAT")}
