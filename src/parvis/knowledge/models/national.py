"""What comes with the national sheets: the tree, the resources, the redirections, the imports."""

from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.common.access import Actor, ScopedQuerySet

M = TypeVar("M", bound=models.Model, covariant=True)


class SharedQuerySet(ScopedQuerySet[M]):
    """What has no authority belongs to the installation and is read by everybody."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(Q(authority_id=actor.authority_id) | Q(authority_id=None))


class Node(models.Model):
    """A theme, sub-theme or dossier of the national tree, in its order."""

    class Kind(models.TextChoices):
        THEME = "theme", _("theme")
        SUB_THEME = "sub_theme", _("sub-theme")
        DOSSIER = "dossier", _("file of sheets")
        SUB_DOSSIER = "sub_dossier", _("part of a file of sheets")

    authority = models.ForeignKey(
        "organisations.Authority", models.CASCADE, null=True, blank=True, related_name="+"
    )
    ref = models.CharField(_("reference"), max_length=40)  # N19803; N19803-2 for its second part
    audience = models.CharField(max_length=20, default="particuliers")
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=300)
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    position = models.PositiveIntegerField(default=0)
    introduction = models.TextField(blank=True)  # little HTML, cleaned like the blocks of a sheet
    source_url = models.URLField(max_length=300, blank=True)
    source_note = models.CharField(max_length=300, blank=True)
    source_date = models.DateField(null=True, blank=True)
    raw = models.TextField(blank=True)
    content_hash = models.CharField(max_length=64, blank=True)

    objects = SharedQuerySet["Node"].as_manager()

    class Meta:
        verbose_name = _("node of the tree of sheets")
        verbose_name_plural = _("nodes of the tree of sheets")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ref", "audience"],
                condition=Q(authority__isnull=True),
                name="knowledge_national_node",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def above(self) -> list["Node"]:
        """The node with those above it, the widest first."""
        parent = self.parent
        return [*(parent.above if parent else []), self]


class Placement(models.Model):
    """A sheet standing in a node; named by its reference, for it may come in a later file."""

    node = models.ForeignKey(Node, models.CASCADE, related_name="placements")
    ref = models.CharField(max_length=20, db_index=True)
    title = models.CharField(max_length=300, blank=True)  # what the menu calls it
    position = models.PositiveIntegerField(default=0)

    objects = models.Manager()

    class Meta:
        verbose_name = _("place of a sheet in the tree")
        verbose_name_plural = _("places of sheets in the tree")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["node", "ref"], name="knowledge_one_placement")
        ]

    def __str__(self) -> str:
        return self.title or self.ref


class Resource(models.Model):
    """What sheets point to: an online service, a form, a letter, a word, an amount."""

    class Kind(models.TextChoices):
        SERVICE = "service", _("online service")
        FORM = "form", _("form")
        LETTER = "letter", _("model letter")
        SIMULATOR = "simulator", _("simulator")
        WORD = "word", _("word of the glossary")
        ACRONYM = "acronym", _("acronym")
        VALUE = "value", _("reference amount")
        CENTRE = "centre", _("contact centre")
        OFFICE = "office", _("office")
        OTHER = "other", _("other resource")

    authority = models.ForeignKey(
        "organisations.Authority", models.CASCADE, null=True, blank=True, related_name="+"
    )
    ref = models.CharField(_("reference"), max_length=40)
    audience = models.CharField(max_length=20, default="particuliers")
    kind = models.CharField(max_length=12, choices=Kind)
    national_type = models.CharField(max_length=60, blank=True)  # the type as the file names it
    title = models.CharField(_("title"), max_length=300)
    html = models.TextField(blank=True)  # little HTML, cleaned like the blocks of a sheet
    address = models.URLField(_("address"), max_length=600, blank=True)
    facts = models.JSONField(default=dict)  # number of the form, notices, cost, sheets: dila/
    history = models.JSONField(default=list)  # [{"value", "since", "until"}], newest first
    is_available = models.BooleanField(default=True)
    is_current = models.BooleanField(default=True)  # False when a full edition no longer has it
    source_url = models.URLField(max_length=300, blank=True)
    source_note = models.CharField(max_length=300, blank=True)
    source_date = models.DateField(null=True, blank=True)
    raw = models.TextField(blank=True)
    content_hash = models.CharField(max_length=64, blank=True)

    objects = SharedQuerySet["Resource"].as_manager()

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["ref", "audience"],
                condition=Q(authority__isnull=True),
                name="knowledge_national_resource",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Redirection(models.Model):
    """An address that was quoted and has a successor."""

    authority = models.ForeignKey(
        "organisations.Authority", models.CASCADE, null=True, blank=True, related_name="+"
    )
    audience = models.CharField(max_length=20, default="particuliers")
    from_ref = models.CharField(max_length=40)
    to_ref = models.CharField(max_length=40, blank=True)
    to_url = models.URLField(max_length=600, blank=True)  # it moved out of the national set
    since = models.DateField(null=True, blank=True)

    objects = SharedQuerySet["Redirection"].as_manager()

    class Meta:
        verbose_name = _("redirection")
        verbose_name_plural = _("redirections")
        constraints = [
            models.UniqueConstraint(
                fields=["from_ref", "audience"],
                condition=Q(authority__isnull=True),
                name="knowledge_national_redirection",
            ),
            models.UniqueConstraint(
                fields=["authority", "from_ref"],
                condition=Q(authority__isnull=False),
                name="knowledge_local_redirection",
            ),
            models.CheckConstraint(
                condition=~Q(from_ref=models.F("to_ref")), name="knowledge_redirects_elsewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_ref} > {self.to_ref or self.to_url}"


class ImportRun(models.Model):
    """One import of the national set: where it came from, how far it is, what it found."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for its turn")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        CANCELLED = "cancelled", _("cancelled")

    class Origin(models.TextChoices):
        PATH = "path", _("folder or file of this machine")
        UPLOAD = "upload", _("file sent from the screen")
        FEED = "feed", _("feed address")

    authority = models.ForeignKey(
        "organisations.Authority", models.CASCADE, null=True, blank=True, related_name="+"
    )
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.PATH)
    source = models.CharField(max_length=500)  # the path or address; the name of a sent file
    stored_at = models.CharField(max_length=500, blank=True)  # where the bytes are while it runs
    fingerprint = models.CharField(max_length=64, blank=True)  # the same source goes on
    audience = models.CharField(max_length=20, default="particuliers")
    edition = models.CharField(max_length=40, blank=True)  # date of the newest file inside
    is_atomic = models.BooleanField(default=False)
    started_by = models.ForeignKey(
        "accounts.Agent", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)  # last sign of life of the worker
    ended_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)  # files taken; a new start goes on here
    counts = models.JSONField(default=dict)
    report = models.JSONField(default=list)  # [{"name", "outcome", "reason", "line"}]
    unknown = models.JSONField(default=dict)  # element or attribute -> number of times
    words = models.TextField(blank=True)  # why it was refused
    cancel_asked = models.BooleanField(default=False)
    is_scheduled = models.BooleanField(default=False)  # asked for by the hour, by nobody
    told_at = models.DateTimeField(null=True, blank=True)  # when its failure was told

    objects = SharedQuerySet["ImportRun"].as_manager()

    class Meta:
        verbose_name = _("import of national sheets")
        verbose_name_plural = _("imports of national sheets")
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return self.source

    @property
    def edition_day(self) -> date | None:
        """The date that stands for the edition."""
        return date.fromisoformat(self.edition) if self.edition else None


class FeedSchedule(models.Model):
    """When the jobs fetch the national set by themselves, and from where."""

    audience = models.CharField(max_length=20, unique=True, default="particuliers")
    is_on = models.BooleanField(_("every day"), default=False)
    hour = models.PositiveSmallIntegerField(_("from this hour"), default=4)
    address = models.URLField(_("feed address"), max_length=500, blank=True)
    asked_on = models.DateField(null=True, blank=True)  # the last day for which it was asked

    objects = models.Manager()

    class Meta:
        verbose_name = _("daily import of national sheets")
        verbose_name_plural = _("daily imports of national sheets")
        constraints = [
            models.CheckConstraint(condition=models.Q(hour__lt=24), name="knowledge_feed_hour")
        ]


class LocalPlaceQuerySet(ScopedQuerySet["LocalPlace"]):
    """The places of one's own authority."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(authority_id=actor.authority_id)


class LocalPlace(models.Model):
    """Where an authority sends people when a national sheet says "town hall" or "prefecture"."""

    authority = models.ForeignKey(
        "organisations.Authority", models.CASCADE, related_name="local_places"
    )
    pivot = models.CharField(_("kind of office"), max_length=60)  # mairie, prefecture, caf...
    site = models.ForeignKey(
        "organisations.Site", models.CASCADE, null=True, blank=True, related_name="+"
    )
    service = models.ForeignKey(
        "organisations.Service", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    address = models.TextField(_("address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    hours = models.TextField(_("opening hours"), blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = LocalPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("local place")
        verbose_name_plural = _("local places")
        ordering = ["pivot", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(site__isnull=False) | Q(service__isnull=False) | ~Q(name=""),
                name="knowledge_place_is_somewhere",
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.site or self.service or self.pivot)
