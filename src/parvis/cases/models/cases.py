"""Requests that go on after the contact, followed by a named person of a service."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from parvis.common.access import Actor, M, ScopedQuerySet

if TYPE_CHECKING:
    from parvis.cases.models.people import Mandate


class OfCase(ScopedQuerySet[M]):
    """Rows that reach their authority by another row."""

    scope = "case__authority_id"


class CaseQuerySet(ScopedQuerySet["Case"]):
    """No silo, but no curiosity: sensitive cases stay with their service."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(readable_by(actor))

    def in_phase_for(self, actor: Actor) -> Self:
        """Without what was emptied, and without restricted ones for who may not read those."""
        return self.filter(_in_phase(actor, ""))


def readable_by(actor: Actor, case: str = "") -> Q:
    """Which cases somebody may read; ``case`` is the way from another table, as ``case__``.

    A condition on the joined row: a list of all readable cases beside it would be read whole.
    """
    own_service = getattr(actor, "service_id", None)
    service = Q(**{f"{case}service__is_sensitive": False}) | Q(**{f"{case}service_id": own_service})
    here = Q(**{f"{case}authority_id": actor.authority_id})
    return here & service & _in_phase(actor, case)


def _in_phase(actor: Actor, case: str) -> Q:
    kept = Q(**{f"{case}eliminated_at": None})
    return kept if actor.may("archive.read") else kept & Q(**{f"{case}archived_at": None})


class Case(models.Model):
    """A request with an owning service, and a person of that service who follows it."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        AWAITING_PERSON = "awaiting", _("waiting for the person")
        CLOSED = "closed", _("closed")
        FORWARDED = "forwarded", _("sent to another authority")
        MERGED = "merged", _("put into another case")

    authority = models.ForeignKey("organisations.Authority", models.PROTECT, related_name="cases")
    reference = models.CharField(max_length=12, unique=True)
    topic = models.ForeignKey("organisations.Topic", models.PROTECT, related_name="cases")
    service = models.ForeignKey("organisations.Service", models.PROTECT, related_name="cases")
    referent = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="cases"
    )
    deputy = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="deputised_cases"
    )
    # Named for this case by hand: comes before whoever stands in for all cases of the referent.
    deputy_is_chosen = models.BooleanField(default=False, db_default=False)
    referent_since = models.DateTimeField(null=True, blank=True)
    person = models.ForeignKey(
        "contacts.Person", models.PROTECT, null=True, blank=True, related_name="cases"
    )
    contact = models.ForeignKey(
        "contacts.Contact", models.SET_NULL, null=True, blank=True, related_name="cases"
    )
    channel = models.CharField(max_length=10)
    title = models.CharField(_("title"), max_length=160)
    description = models.TextField(_("request"))
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    received_on = models.DateField()
    posted_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    last_activity_at = models.DateTimeField()
    secret_hash = models.CharField(max_length=64, unique=True)
    secret_expires_at = models.DateTimeField(null=True, blank=True)
    unread_by_service = models.BooleanField(default=False)
    unread_by_person = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True)  # under restricted access since
    eliminated_at = models.DateTimeField(null=True, blank=True)  # emptied: only figures are left
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts"
    )

    # Whose link opened it, when that is somebody who acts for the person.
    held_by: "Mandate | None" = None

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False),
                name="cases_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("referent")),
                name="cases_deputy_is_another",
            ),
            models.CheckConstraint(
                condition=(Q(state="merged") & Q(merged_into__isnull=False))
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="cases_merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="cases_not_merged_into_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["service", "state", "last_activity_at"], name="cases_portfolio"),
            models.Index(
                fields=["referent", "state", "last_activity_at"], name="cases_of_referent"
            ),
            models.Index(fields=["service", "state", "due_on"], name="cases_by_due_day"),
            models.Index(
                fields=["service", "last_activity_at"],
                condition=Q(unread_by_service=True),
                name="cases_unread",
            ),
            models.Index(fields=["authority", "opened_at"], name="cases_by_age"),
            models.Index(fields=["person", "opened_at"], name="cases_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"


class CaseEntry(models.Model):
    """One line of the story: read by agents and person alike, unless internal with a reason."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("request received")
        RECEIPT = "receipt", _("receipt given")
        ASSIGNED = "assigned", _("followed by")
        HANDED_OVER = "handed_over", _("handed over")
        OFFERED = "offered", _("handover offered")
        GIVEN_BACK = "given_back", _("handover given back")
        TRANSFERRED = "transferred", _("passed to another service")
        FORWARDED = "forwarded", _("sent to another authority")
        MESSAGE_OUT = "message_out", _("message to the person")
        MESSAGE_IN = "message_in", _("message from the person")
        NOTE = "note", _("note")
        CLOSED = "closed", _("closed")
        REOPENED = "reopened", _("reopened")
        THANKED = "thanked", _("thanks")
        ITEMS_ASKED = "items_asked", _("something asked for")
        ITEM_CAME = "item_came", _("something arrived")
        CLOCK = "clock", _("legal clock")
        FILE_ADDED = "file_added", _("document added")
        ITEM_REFUSED = "item_refused", _("a document does not do")
        CALL = "call", _("call back")
        DETAILS = "details", _("contact details changed")
        LETTER_OUT = "letter_out", _("letter to the person")
        LETTER_IN = "letter_in", _("letter from the person")
        MERGED = "merged", _("cases put together")
        UNMERGED = "unmerged", _("cases taken apart")
        LINKED = "linked", _("linked to another case")
        PEOPLE = "people", _("who takes part")
        HELPED = "helped", _("done together with the person")

    case = models.ForeignKey(Case, models.PROTECT, related_name="entries")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=Kind)
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, null=True, blank=True)
    service = models.ForeignKey("organisations.Service", models.PROTECT, null=True, blank=True)
    text = models.TextField(blank=True)
    is_internal = models.BooleanField(default=False)
    internal_reason = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)

    objects = OfCase.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_internal=False) | ~Q(internal_reason=""),
                name="cases_internal_has_reason",
            )
        ]
