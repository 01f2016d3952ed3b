"""Where things happen, what people come for, and who is in the staff directory."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parvis.common.access import M, ScopedQuerySet


class OfItself(ScopedQuerySet[M]):
    """The authority itself."""

    scope = "id"


class OfSeason(ScopedQuerySet[M]):
    """Rows that reach their authority by another row."""

    scope = "season__site__authority_id"


class OfSite(ScopedQuerySet[M]):
    """Rows that reach their authority by another row."""

    scope = "site__authority_id"


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
    wait_target_minutes = models.PositiveSmallIntegerField(_("wait goal (minutes)"), default=10)
    notice = models.CharField(_("message to everyone waiting"), max_length=200, blank=True)
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


class TopicFamily(models.Model):
    """A family of topics: what repeats are looked for in, and what tickets are lettered by."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="topic_families")
    slug = models.SlugField(_("short name in addresses"))
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
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
        return in_reader_language(self.name, self.name_en)


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
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, default=Level.RECEPTION)
    fcr_window_days = models.PositiveSmallIntegerField(
        _("days within which coming back means: not solved"), default=14
    )
    is_resolvable = models.BooleanField(
        _("can be resolved at first contact"),
        default=True,
        help_text=_("Untick for mere drop-offs, which say nothing about resolution."),
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
        return in_reader_language(self.name, self.name_en)

    @property
    def short_label(self) -> str:
        return in_reader_language(self.short_name, self.short_name_en) or self.label


class Desk(models.Model):
    """A place in a hall where one agent receives one person at a time."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="desks")
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=40, blank=True)
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
        return in_reader_language(self.name, self.name_en)


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


class DirectoryEntry(models.Model):
    """A colleague in the staff directory, with or without an account."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="directory")
    service = models.ForeignKey(
        Service, models.PROTECT, related_name="staff", verbose_name=_("service")
    )
    first_name = models.CharField(_("first name"), max_length=60)
    last_name = models.CharField(_("name"), max_length=60)
    function = models.CharField(_("function"), max_length=100)
    function_en = models.CharField(_("function in English"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=24, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_listed = models.BooleanField(_("in the public directory"), default=True)
    is_active = models.BooleanField(_("in post"), default=True)
    # The policy of one person: never without its reason, author and end date (CRPA L111-2).
    name_policy = models.CharField(
        _("name shown to the public"), max_length=12, choices=NamePolicy, blank=True
    )
    name_policy_reason = models.CharField(_("reason"), max_length=200, blank=True)
    name_policy_author = models.CharField(_("decided by"), max_length=120, blank=True)
    name_policy_until = models.DateField(_("until"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("directory entry")
        verbose_name_plural = _("directory entries")
        ordering = ["last_name", "first_name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(name_policy="")
                | (
                    ~Q(name_policy_reason="")
                    & ~Q(name_policy_author="")
                    & Q(name_policy_until__isnull=False)
                ),
                name="organisations_name_policy_has_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def function_label(self) -> str:
        return in_reader_language(self.function, self.function_en)


def in_reader_language(french: str, english: str) -> str:
    """The text in the language of the page, French when there is no translation."""
    return english if english and (get_language() or "fr").startswith("en") else french
