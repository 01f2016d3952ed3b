"""When a site receives people: seasons, exceptions, closures."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from parvis.organisations.models.places import Site
from parvis.organisations.models.scopes import OfSeason, OfSite


class HoursChannel(models.TextChoices):
    """What the hours are of."""

    DESK = "desk", _("at the desk")
    PHONE = "phone", _("by telephone")
    APPOINTMENT = "appointment", _("by appointment")


class Season(models.Model):
    """A stretch of the year with its weekly hours; after its end nothing is claimed."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="seasons")
    name = models.CharField(_("name"), max_length=60)
    valid_from = models.DateField(_("from"))
    valid_through = models.DateField(_("until"))

    objects = OfSite.as_manager()

    class Meta:
        verbose_name = _("season of opening hours")
        verbose_name_plural = _("seasons of opening hours")
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_through__gte=F("valid_from")), name="organisations_season_forward"
            )
        ]

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """One weekly slot of a season."""

    season = models.ForeignKey(Season, models.CASCADE, related_name="slots")
    channel = models.CharField(
        _("channel"), max_length=12, choices=HoursChannel, default=HoursChannel.DESK
    )
    weekday = models.PositiveSmallIntegerField(_("day"))  # 0 = Monday
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    objects = OfSeason.as_manager()

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")), name="organisations_slot_forward"
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="organisations_slot_weekday"),
        ]


class HoursException(models.Model):
    """Other hours on one date, or none at all (a closure), with the reason that people read."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="exceptions")
    channel = models.CharField(
        _("channel"), max_length=12, choices=HoursChannel, default=HoursChannel.DESK
    )
    date = models.DateField(_("date"))
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=120)

    objects = OfSite.as_manager()

    class Meta:
        verbose_name = _("exceptional hours")
        verbose_name_plural = _("exceptional hours")
        ordering = ["date", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__gt=F("opens")),
                name="organisations_exception_hours",
            )
        ]


class Closure(models.Model):
    """A stretch of days on which the site is closed on every channel."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="closures")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=120)

    objects = OfSite.as_manager()

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="organisations_closure_forward"
            )
        ]
