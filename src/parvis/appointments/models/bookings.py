"""Appointments, the seats that they take, and what is said about them."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.appointments.models.scopes import OfAgenda, OfAppointment
from parvis.common.access import ScopedQuerySet


class Made(models.TextChoices):
    """Who made the appointment."""

    PUBLIC = "public", _("online")
    CASE = "case", _("from the page of a case")
    AGENT = "agent", _("agent")
    API = "api", _("another program")


class Appointment(models.Model):
    """Somebody is expected, at a place, at a time, for a topic."""

    class State(models.TextChoices):
        BOOKED = "booked", _("expected")
        ARRIVED = "arrived", _("arrived")
        SERVED = "served", pgettext_lazy("appointment", "received")
        MISSED = "missed", pgettext_lazy("appointment", "did not come")
        LEFT = "left", _("left before")
        CANCELLED = "cancelled", _("cancelled")

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="appointments"
    )
    agenda = models.ForeignKey("appointments.Agenda", models.PROTECT, related_name="appointments")
    topic = models.ForeignKey("organisations.Topic", models.PROTECT, related_name="appointments")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=8, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    sequence = models.PositiveSmallIntegerField(default=0)  # grows with every change (RFC 5545)
    state = models.CharField(max_length=9, choices=State, default=State.BOOKED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made = models.CharField(max_length=6, choices=Made)
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=24, blank=True)
    language = models.CharField(max_length=5, default="fr")
    note = models.CharField(_("what it is about"), max_length=200, blank=True)
    person = models.ForeignKey(
        "contacts.Person", models.SET_NULL, null=True, blank=True, related_name="appointments"
    )
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    wants_earlier = models.BooleanField(default=False)
    earlier_from = models.DateField(null=True, blank=True)  # not before that day
    arrived_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.CharField(max_length=9, blank=True)  # person, authority
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    ticket = models.OneToOneField(
        "queue.Ticket", models.SET_NULL, null=True, blank=True, related_name="appointment"
    )
    contact = models.OneToOneField(
        "contacts.Contact", models.SET_NULL, null=True, blank=True, related_name="appointment"
    )
    forgotten_at = models.DateTimeField(null=True, blank=True)  # without its person since then

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="appointments_forward"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["arrived", "served", "left"]) | Q(arrived_at__isnull=False),
                name="appointments_arrived_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["served", "missed", "left", "cancelled"])
                | Q(ended_at__isnull=False),
                name="appointments_ended_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["agenda", "starts_at"], name="appointments_by_day"),
            models.Index(
                fields=["starts_at"], condition=Q(state="booked"), name="appointments_expected"
            ),
            models.Index(
                fields=["ends_at"],
                condition=Q(forgotten_at=None),
                name="appointments_to_forget",
            ),
            models.Index(
                fields=["authority", "email"],
                condition=Q(state="booked") & ~Q(email=""),
                name="appointments_live_by_email",
            ),
            models.Index(
                fields=["authority", "phone"],
                condition=Q(state="booked") & ~Q(phone=""),
                name="appointments_live_by_phone",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Seat(models.Model):
    """Five minutes of one place of an agenda, taken; the database lets nobody take it twice."""

    agenda = models.ForeignKey("appointments.Agenda", models.PROTECT, related_name="seats")
    tick = models.PositiveBigIntegerField()  # five-minute intervals since 1970, in UTC
    place = models.PositiveSmallIntegerField()
    appointment = models.ForeignKey(
        Appointment, models.CASCADE, null=True, blank=True, related_name="seats"
    )
    offer = models.ForeignKey(
        "appointments.Offer", models.CASCADE, null=True, blank=True, related_name="seats"
    )  # held for the person who was asked whether they want it

    objects = OfAgenda.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(
                fields=["agenda", "tick", "place"], name="appointments_seat_once"
            ),
            models.CheckConstraint(condition=Q(place__gte=1), name="appointments_real_place"),
            models.CheckConstraint(
                condition=Q(appointment__isnull=False, offer=None)
                | Q(appointment=None, offer__isnull=False),
                name="appointments_seat_of_one",
            ),
        ]


class Offer(models.Model):
    """An earlier slot that became free, held for one person until they answer or time is up."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("without an answer")

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="offers")
    agenda = models.ForeignKey("appointments.Agenda", models.PROTECT, related_name="offers")
    starts_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = OfAppointment.as_manager()

    class Meta:
        verbose_name = _("offer of an earlier slot")
        verbose_name_plural = _("offers of earlier slots")
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "agenda", "starts_at"], name="appointments_offered_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(state="open"), name="appointments_open_offers"
            )
        ]


class Message(models.Model):
    """Something to tell the person or the colleague; kept until it is sent."""

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmation")
        MOVED = "moved", _("change")
        CANCELLED = "cancelled", _("cancellation")
        REMINDER = "reminder", _("reminder")
        OFFER = "offer", _("earlier slot")
        ARRIVED = "arrived", _("your visitor is here")

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        SMS = "sms", _("text message")

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=9, choices=Kind)
    channel = models.CharField(max_length=5, choices=Channel)
    key = models.CharField(max_length=40)  # what must be said once: kind, channel, sequence
    offer = models.ForeignKey(Offer, models.CASCADE, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    dropped_at = models.DateTimeField(null=True, blank=True)  # of no use any more, or undeliverable

    objects = OfAppointment.as_manager()

    class Meta:
        verbose_name = _("message about an appointment")
        verbose_name_plural = _("messages about appointments")
        constraints = [
            models.UniqueConstraint(fields=["appointment", "key"], name="appointments_said_once")
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at=None, dropped_at=None),
                name="appointments_to_send",
            )
        ]
