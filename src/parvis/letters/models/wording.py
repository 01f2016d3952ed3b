"""What the letters of an authority say before they say anything to anybody."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.common.access import ScopedQuerySet


class Kind(models.TextChoices):
    """What a letter is for; each has a wording that the authority may change."""

    RECEIPT = "receipt", _("receipt of a request")
    ITEMS = "items", _("request for what is missing")
    REFERENT = "referent", _("another colleague follows")
    FORWARDED = "forwarded", _("request sent to another authority")
    REFUSAL = "refusal", _("refusal")
    CERTIFICATE = "certificate", _("certificate of implicit acceptance")
    MOTIVES = "motives", _("reasons of an implicit refusal")
    FREE = "free", pgettext_lazy("letter", "free letter")
    SLIP = "slip", _("slip for the person")


class Template(models.Model):
    """The wording of one kind of letter; the authority's own once somebody has changed it."""

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="letter_templates"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=80, blank=True)
    current = models.ForeignKey(
        "letters.TemplateVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ScopedQuerySet["Template"].as_manager()

    class Meta:
        verbose_name = _("template of a letter")
        verbose_name_plural = _("templates of letters")
        ordering = ["kind", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "kind", "name"], name="letters_template_once"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.get_kind_display()


class OfTemplate(ScopedQuerySet["TemplateVersion"]):
    """Versions reach their authority by their template."""

    scope = "template__authority_id"


class TemplateVersion(models.Model):
    """How a template reads from a moment on; never changed, only followed by another."""

    template = models.ForeignKey(Template, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    subject = models.CharField(_("subject"), max_length=160)
    body = models.TextField(_("text"), max_length=8000)
    what_changed = models.CharField(_("what changed"), max_length=200, blank=True)
    author = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfTemplate.as_manager()

    class Meta:
        verbose_name = _("wording of a template")
        verbose_name_plural = _("wordings of a template")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="letters_version_number"),
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(body=""), name="letters_version_says_something"
            ),
        ]


class Letterhead(models.Model):
    """What every letter of the authority carries besides its name: place and foot."""

    authority = models.OneToOneField(
        "organisations.Authority", models.PROTECT, related_name="letterhead"
    )
    place = models.CharField(
        _("place before the date"), max_length=80, help_text=_("As in “Sainte-Orvanne, on …”.")
    )
    foot = models.CharField(
        _("line at the foot"),
        max_length=160,
        blank=True,
        help_text=_("Opening hours or address, in one line; the service is named by itself."),
    )

    objects = ScopedQuerySet["Letterhead"].as_manager()

    class Meta:
        verbose_name = _("letterhead")
        verbose_name_plural = _("letterheads")

    def __str__(self) -> str:
        return self.place


class Delegation(models.Model):
    """Somebody may sign decisions in the name of the authority, by an act, from a day on."""

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="delegations"
    )
    entry = models.ForeignKey(
        "organisations.DirectoryEntry",
        models.PROTECT,
        related_name="delegations",
        verbose_name=_("who signs"),
    )
    service = models.ForeignKey(
        "organisations.Service",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="delegations",
        verbose_name=_("only for the matters of"),
    )
    capacity = models.CharField(
        _("in whose name"),
        max_length=160,
        help_text=_("As in “For the mayor and by delegation,”."),
    )
    act = models.CharField(
        _("act that delegates"), max_length=160, help_text=_("Number and date of the order.")
    )
    valid_from = models.DateField(_("from"))
    valid_through = models.DateField(_("until"), null=True, blank=True)

    objects = ScopedQuerySet["Delegation"].as_manager()

    class Meta:
        verbose_name = _("delegation of signature")
        verbose_name_plural = _("delegations of signature")
        ordering = ["entry__last_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_through__isnull=True) | Q(valid_through__gte=F("valid_from")),
                name="letters_delegation_forward",
            ),
            models.CheckConstraint(
                condition=~Q(capacity="") & ~Q(act=""), name="letters_delegation_is_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry}, {self.entry.function_label}"
