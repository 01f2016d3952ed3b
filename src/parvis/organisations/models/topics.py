"""What people come for, and the desks that receive them for it."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.common.access import ScopedQuerySet
from parvis.organisations.models.places import Authority, Service, Site
from parvis.organisations.models.scopes import OfSite
from parvis.organisations.models.words import in_reader_language


class TopicFamily(models.Model):
    """A family of topics: what repeats are looked for in, and what tickets are lettered by."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="topic_families")
    slug = models.SlugField(_("short name in addresses"))
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    other_names = models.JSONField(_("name in other languages"), default=dict, blank=True)
    series = models.CharField(
        _("letter of its tickets"), max_length=2, validators=[RegexValidator(r"^[A-Z]{1,2}$")]
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("family of topics")
        verbose_name_plural = _("families of topics")
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "slug"], name="organisations_family_slug")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_reader_language(self.name, self.name_en, self.other_names)


class Topic(models.Model):
    """Why people come: the word that queue, contacts, cases and sheets share."""

    class Level(models.IntegerChoices):
        RECEPTION = 1, _("reception may close it")
        REFERENT = 2, _("a referent of the service")

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="topics")
    family = models.ForeignKey(
        TopicFamily, models.PROTECT, related_name="topics", verbose_name=_("family")
    )
    service = models.ForeignKey(
        Service, models.PROTECT, related_name="topics", verbose_name=_("owning service")
    )
    slug = models.SlugField(_("short name in addresses"))
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    short_name = models.CharField(_("name on the kiosk"), max_length=40, blank=True)
    short_name_en = models.CharField(_("name on the kiosk in English"), max_length=40, blank=True)
    other_names = models.JSONField(_("name in other languages"), default=dict, blank=True)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, default=Level.RECEPTION)
    fcr_window_days = models.PositiveSmallIntegerField(
        _("days within which coming back means: not solved"), default=14
    )
    is_resolvable = models.BooleanField(
        _("can be resolved at first contact"),
        default=True,
        help_text=_("Untick for mere drop-offs, which say nothing about resolution."),
    )
    needs_skill = models.BooleanField(
        _("only for agents who are able in its family"),
        default=False,
        help_text=_("Other agents at the same desk do not call these people."),
    )
    on_kiosk = models.BooleanField(_("shown first on the kiosk"), default=False)
    handling_minutes = models.PositiveSmallIntegerField(_("usual minutes at the desk"), default=8)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "slug"], name="organisations_topic_slug")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_reader_language(self.name, self.name_en, self.other_names)

    @property
    def short_label(self) -> str:
        return (
            in_reader_language(self.short_name, self.short_name_en, self.other_names) or self.label
        )


class Desk(models.Model):
    """A place in a hall where one agent receives one person at a time."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="desks")
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=40, blank=True)
    other_names = models.JSONField(_("name in other languages"), default=dict, blank=True)
    topics = models.ManyToManyField(
        Topic, related_name="desks", blank=True, verbose_name=_("topics")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = OfSite.as_manager()

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desks")
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], name="organisations_desk_name")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_reader_language(self.name, self.name_en, self.other_names)
