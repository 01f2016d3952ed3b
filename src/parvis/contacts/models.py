"""One row per exchange with a person, on any channel."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.common.access import Actor, M, ScopedQuerySet
from parvis.contacts.rules import by_pairs


class OfContact(ScopedQuerySet[M]):
    """Rows that reach their authority by another row."""

    scope = "contact__authority_id"


class ContactQuerySet(ScopedQuerySet["Contact"]):
    """The log: read whole by reception, by their own service for the others."""

    def visible_to(self, actor: Actor) -> Self:
        own = self.filter(authority_id=actor.authority_id).unsealed_for(actor)
        # Whoever receives people, or measures the reception, reads the log of the whole house.
        if actor.may("queue.work") or actor.may("quality.read"):
            return own
        service_id = getattr(actor, "service_id", None)
        return own.filter(Q(topic__service_id=service_id) | Q(agent_id=actor.pk))

    def unsealed_for(self, actor: Actor) -> Self:
        """Without what belongs to a sensitive service, but for itself and who noted it (R88)."""
        service_id = getattr(actor, "service_id", None)
        open_to_all = Q(topic__service__is_sensitive=False)
        return self.filter(open_to_all | Q(topic__service_id=service_id) | Q(agent_id=actor.pk))

    def standing(self) -> Self:
        """Without those taken back within their ten seconds."""
        return self.filter(undone_at=None)


class Channel(models.TextChoices):
    """How the exchange took place."""

    DESK = "desk", _("desk")
    PHONE = "phone", _("telephone")
    EMAIL = "email", _("e-mail")
    POST = "post", _("post")
    WEB = "web", _("web")
    ASSISTANT = "assistant", _("assistant")


class Outcome(models.TextChoices):
    """How the exchange ended."""

    RESOLVED = "resolved", _("resolved")
    PASSED_ON = "passed_on", _("passed on")
    CASE_OPENED = "case_opened", _("followed by a service")
    APPOINTMENT_MADE = "appointment_made", _("appointment made")
    OTHER_AUTHORITY = "other_authority", _("another authority's matter")
    ABANDONED = "abandoned", _("abandoned")


class Linking(models.TextChoices):
    """How sure we are who it was; decides whether repeats can be seen (indicators, 3.4)."""

    NONE = "none", _("anonymous")
    MANUAL = "manual", _("named by the agent")
    CONTACT_DETAILS = "details", _("same telephone or e-mail")
    ACCOUNT = "account", _("verified account")
    CASE = "case", _("case reference")


class Need(models.TextChoices):
    """What would make it easier, as the person chose it; never a medical reason."""

    SEAT = "seat", _("a seat while waiting")
    LARGE_TEXT = "large_text", _("large print")
    READ_ALOUD = "read_aloud", _("reading aloud")
    SIGN_LANGUAGE = "sign_language", _("sign language")
    INTERPRETER = "interpreter", _("another language")
    DIGITAL_HELP = "digital_help", _("help with an online procedure")
    QUIET = "quiet", _("a quiet place")


class AvoidableCause(models.TextChoices):
    """Why this exchange need not have happened (failure demand, indicators 3.7)."""

    CHASING = "chasing", _("asking how far it has got")
    UNCLEAR_LETTER = "unclear_letter", _("a letter or notice of ours was unclear")
    WRONG_SERVICE = "wrong_service", _("sent to the wrong service")
    PROOF_TWICE = "proof_twice", _("asked again for a proof already given")
    WEB_INFORMATION = "web_information", _("information missing or wrong on the site")
    IT_FAILURE = "it_failure", _("a computer failure")
    PROMISE_NOT_KEPT = "promise_not_kept", _("a promise not kept")


class Person(models.Model):
    """Somebody the house serves, known as far as they chose to be."""

    authority = models.ForeignKey("organisations.Authority", models.PROTECT, related_name="people")
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=24, blank=True)
    address = models.CharField(_("address"), max_length=240, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [
            models.Index(fields=["authority", "last_name"], name="contacts_person_name"),
            models.Index(
                fields=["authority", "email"], condition=~Q(email=""), name="contacts_person_email"
            ),
            models.Index(
                fields=["authority", "phone"], condition=~Q(phone=""), name="contacts_person_phone"
            ),
        ]

    def __str__(self) -> str:
        return (
            " ".join(filter(None, [self.first_name, self.last_name]))
            or self.email
            or self.phone_label
            or self.address
            or gettext("person without a name")
        )

    @property
    def phone_label(self) -> str:
        """The telephone number as it is read: French ones by pairs."""
        return by_pairs(self.phone)


class Contact(models.Model):
    """One exchange: what about, with whom, how it ended."""

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="contacts"
    )
    site = models.ForeignKey("organisations.Site", models.PROTECT, null=True, blank=True)
    desk = models.ForeignKey("organisations.Desk", models.PROTECT, null=True, blank=True)
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, null=True, blank=True)
    topic = models.ForeignKey("organisations.Topic", models.PROTECT, related_name="contacts")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True)
    linking = models.CharField(max_length=8, choices=Linking, default=Linking.NONE)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    started_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"))
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome)
    beyond_level = models.BooleanField(default=False)  # resolved by reception though level 2 (R12)
    needs = models.JSONField(_("needs"), default=list, blank=True)  # values of Need
    avoidable_cause = models.CharField(
        _("avoidable because of"), max_length=16, choices=AvoidableCause, blank=True
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)  # taken back within ten seconds

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__gte=F("started_at")), name="contacts_time_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(linking="none"),
                name="contacts_link_needs_person",
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "started_at"], name="contacts_by_time"),
            models.Index(
                fields=["person", "started_at"],
                condition=Q(person__isnull=False),
                name="contacts_by_person",
            ),
        ]


class ContactSheet(models.Model):
    """The version of a sheet that helped to answer."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="sheets_used")
    version = models.ForeignKey("knowledge.SheetVersion", models.PROTECT, related_name="used_in")

    objects = OfContact.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "version"], name="contacts_sheet_once")
        ]


class Correction(models.Model):
    """A later change to a contact: the original stays readable, with who changed it and why."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="corrections")
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.Agent", models.PROTECT)
    reason = models.CharField(_("reason"), max_length=200)
    before = models.JSONField()
    after = models.JSONField()

    objects = OfContact.as_manager()
