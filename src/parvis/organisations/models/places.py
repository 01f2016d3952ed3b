"""The authority, its legal entities, its services and its sites."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.common.access import ScopedQuerySet
from parvis.organisations.models.scopes import OfItself, OfSite
from parvis.organisations.models.words import in_reader_language

colour = RegexValidator(r"^#[0-9a-f]{6}$", _("Write a colour as # and six digits or letters a-f."))


class Territory(models.TextChoices):
    """Which public holidays hold here (law of each territory)."""

    METROPOLIS = "metropolis", _("Metropolitan France")
    ALSACE_MOSELLE = "alsace-moselle", _("Alsace and Moselle")
    GUADELOUPE = "971", _("Guadeloupe")
    MARTINIQUE = "972", _("Martinique")
    GUYANE = "973", _("French Guiana")
    REUNION = "974", _("Réunion")
    MAYOTTE = "976", _("Mayotte")


class NamePolicy(models.TextChoices):
    """How much of a colleague's name the public reads (CRPA L111-2 and its safety exception)."""

    FULL = "full", _("first name and name")
    FIRST_NAME = "first_name", _("first name and function")
    SERVICE_ONLY = "service", _("service only")


class Authority(models.Model):
    """A public body that receives people: the wall between tenants."""

    slug = models.SlugField(_("short name in addresses"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    hostname = models.CharField(_("host name of its front door"), max_length=253, blank=True)
    territory = models.CharField(
        _("territory"), max_length=16, choices=Territory, default=Territory.METROPOLIS
    )
    address = models.CharField(_("postal address"), max_length=240, blank=True)
    phone = models.CharField(_("telephone"), max_length=24, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    action_colour = models.CharField(
        _("colour of links and buttons"), max_length=7, default="#0b5c6b", validators=[colour]
    )
    deep_colour = models.CharField(
        _("colour of the rail and the board"), max_length=7, default="#0a3a43", validators=[colour]
    )
    name_policy = models.CharField(
        _("names of colleagues"), max_length=12, choices=NamePolicy, default=NamePolicy.FULL
    )
    directory_is_public = models.BooleanField(_("publish the staff directory"), default=False)
    second_factor_for_admins = models.BooleanField(
        _("administrators need a second factor"), default=True
    )
    lock_minutes = models.PositiveSmallIntegerField(
        _("minutes without activity before the screen locks"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
    )

    objects = OfItself.as_manager()

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        constraints = [
            models.UniqueConstraint(
                fields=["hostname"], condition=~Q(hostname=""), name="organisations_one_host"
            )
        ]

    def __str__(self) -> str:
        return self.name


class LegalEntity(models.Model):
    """A legal person within the authority: the town, its social action centre."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="legal_entities")
    name = models.CharField(_("name"), max_length=120)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal entity")
        verbose_name_plural = _("legal entities")
        constraints = [
            models.UniqueConstraint(fields=["authority", "name"], name="organisations_entity_name")
        ]

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """A department: the institution behind every named person."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="services")
    legal_entity = models.ForeignKey(
        LegalEntity, models.PROTECT, related_name="services", verbose_name=_("legal entity")
    )
    slug = models.SlugField(_("short name in addresses"))
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    phone = models.CharField(_("telephone"), max_length=24, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("postal address"), max_length=240, blank=True)
    is_sensitive = models.BooleanField(
        _("sensitive (social): colleagues of other services only learn who to ask"), default=False
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "slug"], name="organisations_service_slug")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_reader_language(self.name, self.name_en)


class Site(models.Model):
    """A place that people come to, with its own hours, hall and time zone."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="sites")
    slug = models.SlugField(_("short name in addresses"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    address = models.CharField(_("postal address"), max_length=240, blank=True)
    phone = models.CharField(_("telephone"), max_length=24, blank=True)
    timezone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    fairness_minutes = models.PositiveSmallIntegerField(
        _("fairness limit (minutes)"),
        default=20,
        help_text=_("A priority counts as having arrived this much earlier; nobody else passes."),
    )
    wait_target_minutes = models.PositiveSmallIntegerField(
        _("wait goal (minutes)"),
        default=10,
        help_text=_("A change counts from today: the days before keep the goal that they had."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_reader_language(self.name, self.name_en)


class EarlierWaitTarget(models.Model):
    """The wait goal that a site had before it was changed: past days are held to it."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="earlier_wait_targets")
    until = models.DateField(_("until"))  # the first day on which another one holds
    minutes = models.PositiveSmallIntegerField(_("wait goal (minutes)"))

    objects = OfSite.as_manager()

    class Meta:
        verbose_name = _("earlier wait goal")
        verbose_name_plural = _("earlier wait goals")
        ordering = ["until"]
        constraints = [
            models.UniqueConstraint(fields=["site", "until"], name="organisations_one_target_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.site} < {self.until}: {self.minutes}"
