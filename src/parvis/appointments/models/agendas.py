"""Agendas: whose time or which stations may be booked, for what, and when."""

from django.core.validators import MaxValueValidator, MinValueValidator, StepValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.appointments.models.scopes import OfAgenda
from parvis.common.access import ScopedQuerySet
from parvis.organisations.models import in_reader_language

MOST_SEATS = 60
FIVE = StepValueValidator(5)


class Agenda(models.Model):
    """Time that may be booked: a colleague's own, or the stations that a place shares."""

    authority = models.ForeignKey("organisations.Authority", models.PROTECT, related_name="agendas")
    site = models.ForeignKey(
        "organisations.Site", models.PROTECT, related_name="agendas", verbose_name=_("site")
    )
    service = models.ForeignKey(
        "organisations.Service",
        models.PROTECT,
        related_name="agendas",
        verbose_name=_("service behind it"),
    )
    agent = models.OneToOneField(
        "accounts.Agent",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agenda",
        verbose_name=_("colleague whose agenda it is"),
        help_text=_("Empty for an agenda that several colleagues share."),
    )
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    is_public = models.BooleanField(
        _("anybody may book online"),
        default=True,
        help_text=_("Unticked: only colleagues book, and people whose case it is."),
    )
    is_in_hall = models.BooleanField(
        _("visitors are called from the hall"),
        default=True,
        help_text=_("Unticked: the colleague is told, and comes to fetch the visitor."),
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("days ahead that are published"), default=42, validators=[MaxValueValidator(366)]
    )
    notice_minutes = models.PositiveIntegerField(
        _("minutes of notice before an online booking"), default=120
    )
    buffer_minutes = models.PositiveSmallIntegerField(
        _("minutes kept free after each appointment"),
        default=0,
        validators=[FIVE, MaxValueValidator(120)],
    )
    live_limit = models.PositiveSmallIntegerField(
        _("appointments to come for one e-mail or telephone and one topic, at most"),
        default=2,
        validators=[MinValueValidator(1)],
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to answer when an earlier slot is offered"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(72)],
        help_text=_(
            "The slot is held for that person meanwhile; without an answer the next one is asked."
        ),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda")
        verbose_name_plural = _("agendas")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], name="appointments_agenda_name")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_reader_language(self.name, self.name_en)


class AgendaTopic(models.Model):
    """What may be booked in an agenda, and how long it takes there."""

    agenda = models.ForeignKey(Agenda, models.CASCADE, related_name="offers_topics")
    topic = models.ForeignKey(
        "organisations.Topic", models.PROTECT, related_name="+", verbose_name=_("topic")
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        default=20,
        validators=[MinValueValidator(5), FIVE, MaxValueValidator(480)],
    )

    objects = OfAgenda.as_manager()

    class Meta:
        verbose_name = _("topic of an agenda")
        verbose_name_plural = _("topics of an agenda")
        ordering = ["topic__name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agenda", "topic"], name="appointments_topic_once"),
            models.CheckConstraint(condition=Q(minutes__gte=5), name="appointments_takes_time"),
        ]


class Rota(models.Model):
    """Hours of one weekday at which so many people are received by appointment at once."""

    agenda = models.ForeignKey(Agenda, models.CASCADE, related_name="rotas")
    weekday = models.PositiveSmallIntegerField(_("day"))  # 0 = Monday
    opens = models.TimeField(pgettext_lazy("hour", "from"))
    closes = models.TimeField(pgettext_lazy("hour", "to"))
    seats = models.PositiveSmallIntegerField(
        _("at once"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)],
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(pgettext_lazy("date", "until"), null=True, blank=True)

    objects = OfAgenda.as_manager()

    class Meta:
        verbose_name = _("weekly hours by appointment")
        verbose_name_plural = _("weekly hours by appointment")
        ordering = ["weekday", "opens", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")), name="appointments_rota_forward"
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=6), name="appointments_rota_of_a_weekday"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="appointments_rota_valid_forward",
            ),
        ]


class SpecialDay(models.Model):
    """Other hours on one date instead of the weekly ones; without hours, none that day."""

    agenda = models.ForeignKey(Agenda, models.CASCADE, related_name="special_days")
    date = models.DateField(_("date"))
    opens = models.TimeField(pgettext_lazy("hour", "from"), null=True, blank=True)
    closes = models.TimeField(pgettext_lazy("hour", "to"), null=True, blank=True)
    seats = models.PositiveSmallIntegerField(
        _("at once"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)],
    )

    objects = OfAgenda.as_manager()

    class Meta:
        verbose_name = _("special day of an agenda")
        verbose_name_plural = _("special days of an agenda")
        ordering = ["date", "opens", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens=None, closes=None) | Q(closes__gt=F("opens")),
                name="appointments_special_forward",
            )
        ]


class Block(models.Model):
    """Time taken out of an agenda: an absence, a training, a slot kept back."""

    agenda = models.ForeignKey(Agenda, models.CASCADE, related_name="blocks")
    starts_at = models.DateTimeField(pgettext_lazy("hour", "from"))
    ends_at = models.DateTimeField(pgettext_lazy("hour", "to"))
    seats = models.PositiveSmallIntegerField(
        _("places taken out"), null=True, blank=True, validators=[MinValueValidator(1)]
    )  # None: all of them
    reason = models.CharField(_("reason, for colleagues"), max_length=120, blank=True)
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = OfAgenda.as_manager()

    class Meta:
        verbose_name = _("blocked time")
        verbose_name_plural = _("blocked times")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="appointments_block_forward"
            )
        ]
        indexes = [models.Index(fields=["agenda", "ends_at"], name="appointments_blocks")]


class CalendarFeed(models.Model):
    """The address at which a calendar program reads an agenda; a new one ends the old one."""

    agenda = models.ForeignKey(Agenda, models.CASCADE, related_name="feeds")
    secret_hash = models.CharField(max_length=64, unique=True)
    with_names = models.BooleanField(_("with the names of visitors"), default=False)
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OfAgenda.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.UniqueConstraint(
                fields=["agenda", "agent"],
                condition=Q(ended_at=None),
                name="appointments_one_feed",
            )
        ]
