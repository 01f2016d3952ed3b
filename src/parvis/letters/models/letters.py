"""Letters, the decisions that some of them notify, and what people may ask for by law."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.cases.models import readable_by
from parvis.common.access import Actor, M, ScopedQuerySet
from parvis.letters.models.wording import Delegation, Kind, TemplateVersion


class OfCase(ScopedQuerySet[M]):
    """Whoever may read the case reads what was written about it, and nobody else."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(readable_by(actor, "case__"))


class Decision(models.Model):
    """An unfavourable decision with its law, its facts and the ways to contest it (L211-2)."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="decisions")
    # The wordings of the register as they were on that day.
    articles = models.ManyToManyField(
        "law.ArticleVersion", related_name="decisions", verbose_name=_("articles")
    )
    law = models.TextField(_("reasons in law"), max_length=3000)
    facts = models.TextField(_("reasons in fact"), max_length=3000)
    plain = models.TextField(_("in plain words"), max_length=2000)
    appeal = models.TextField(_("how it is contested, and until when"), max_length=2000)
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, related_name="decisions", verbose_name=_("who signs")
    )
    decided_on = models.DateField(_("decided on"))
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = OfCase["Decision"].as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(law="") & ~Q(facts="") & ~Q(plain="") & ~Q(appeal=""),
                name="letters_decision_gives_reasons",
            )
        ]


class Letter(models.Model):
    """A letter about a case: a draft until it leaves, then the same bytes for ever."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("dropped")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="letters")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    version = models.ForeignKey(
        TemplateVersion, models.PROTECT, null=True, blank=True, related_name="letters"
    )
    subject = models.CharField(_("subject"), max_length=160)
    body = models.TextField(_("text"), max_length=20000)
    recipient = models.CharField(pgettext_lazy("post", "to"), max_length=120, blank=True)
    address = models.TextField(_("postal address"), max_length=300, blank=True)
    enclosures = models.TextField(_("enclosed"), max_length=1000, blank=True)
    delegation = models.ForeignKey(
        Delegation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("signed by"),
    )
    decision = models.OneToOneField(
        Decision, models.PROTECT, null=True, blank=True, related_name="letter"
    )
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # From here on: what left, word for word, and the mark of its bytes.
    sent_at = models.DateTimeField(null=True, blank=True)
    content = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)

    objects = OfCase["Letter"].as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sent") | (Q(sent_at__isnull=False) & ~Q(content={})),
                name="letters_sent_is_kept",
            )
        ]
        indexes = [models.Index(fields=["case", "state"], name="letters_of_case")]

    def __str__(self) -> str:
        return self.subject


class RightRequest(models.Model):
    """The person asks for what the law owes after silence: the certificate, or the reasons."""

    class Kind(models.TextChoices):
        CERTIFICATE = Kind.CERTIFICATE.value, Kind.CERTIFICATE.label
        MOTIVES = Kind.MOTIVES.value, Kind.MOTIVES.label

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="right_requests")
    kind = models.CharField(_("what is asked for"), max_length=12, choices=Kind)
    channel = models.CharField(max_length=10)
    asked_on = models.DateField(_("asked on"))
    silence_on = models.DateField()  # the day on which silence spoke
    due_on = models.DateField(db_index=True)
    is_legal = models.BooleanField()  # else the house promises the day
    answered_on = models.DateField(null=True, blank=True)
    letter = models.OneToOneField(
        Letter, models.PROTECT, null=True, blank=True, related_name="answers"
    )
    agent = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    objects = OfCase["RightRequest"].as_manager()

    class Meta:
        verbose_name = _("request for a certificate or for reasons")
        verbose_name_plural = _("requests for certificates or for reasons")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "silence_on"], name="letters_asked_once"
            )
        ]
