"""One view, the ORM, ``select_for_update`` and ``save``."""

import hashlib

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from parvis.accounts.models import ApiToken
from parvis.organisations.models import Desk
from parvis.queue.models import Ticket, TicketEvent


@csrf_exempt
@transaction.atomic
def call_next(request: HttpRequest, desk_id: int) -> HttpResponse:
    secret = request.headers["Authorization"].removeprefix("Bearer ")
    token = get_object_or_404(ApiToken, secret_hash=hashlib.sha256(secret.encode()).hexdigest())
    agent = token.agent
    desk = get_object_or_404(Desk, id=desk_id, site__authority=agent.authority)
    waiting = Ticket.objects.select_for_update().filter(
        site=desk.site, state="waiting", topic__in=desk.topics.all()
    )
    ticket = waiting.order_by("rank_at", "id").first()
    if ticket is None:
        return HttpResponse(status=204)
    ticket.state = "called"
    ticket.desk = desk
    ticket.agent = agent
    ticket.called_at = ticket.last_call_at = timezone.now()
    ticket.calls += 1
    ticket.save()
    TicketEvent.objects.create(
        ticket=ticket, at=ticket.called_at, kind="called", desk=desk, agent=agent
    )
    return JsonResponse({"id": ticket.id, "code": ticket.code, "desk": desk.id})
