"""Forgetting the people of past appointments: the figures stay, the person does not."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count

from parvis.appointments import rules
from parvis.appointments.models import Appointment, Message, Offer, Seat
from parvis.common import journal
from parvis.organisations.models import Authority

AT_ONCE = 2000


@transaction.atomic
def forget_past(*, now: datetime) -> int:
    """Empty what names the people of appointments that ended long enough ago; journaled."""
    old = Appointment.objects.filter(forgotten_at=None, ends_at__lt=now - rules.KEPT)
    ids = list(old.order_by("ends_at", "id").values_list("pk", flat=True)[:AT_ONCE])
    if not ids:
        return 0
    counts = (
        Appointment.objects.filter(pk__in=ids)
        .values("authority_id")
        .annotate(count=Count("pk"))
        .order_by("authority_id")
    )
    for row in list(counts):
        authority = Authority.objects.get(pk=row["authority_id"])
        journal.record(
            None,
            "appointments.people_forgotten",
            authority,
            authority_id=authority.pk,
            count=row["count"],
            ended_before=(now - rules.KEPT).isoformat(),
        )
    Message.objects.filter(appointment_id__in=ids).delete()
    Offer.objects.filter(appointment_id__in=ids).delete()
    Seat.objects.filter(appointment_id__in=ids).delete()
    return Appointment.objects.filter(pk__in=ids).update(
        name="",
        email="",
        phone="",
        note="",
        reason="",
        person=None,
        wants_earlier=False,
        earlier_from=None,
        forgotten_at=now,
    )
