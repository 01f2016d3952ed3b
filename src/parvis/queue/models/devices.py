"""The machines of a hall: screens, printers, and the poster at the door."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.common.access import M, ScopedQuerySet
from parvis.queue.models.scopes import OfSite, OfTicket


class OfPrinter(ScopedQuerySet[M]):
    """Rows that reach their authority by their printer."""

    scope = "printer__site__authority_id"


class Screen(models.Model):
    """A display on a wall of a hall, for all its topics or for some."""

    site = models.ForeignKey("organisations.Site", models.PROTECT, related_name="screens")
    slug = models.SlugField(_("short name in addresses"))
    name = models.CharField(_("name"), max_length=60)
    topics = models.ManyToManyField(
        "organisations.Topic", verbose_name=_("only these topics"), blank=True, related_name="+"
    )
    languages = models.JSONField(_("languages of the voice"), default=list, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    version_seen = models.PositiveBigIntegerField(default=0)
    behind_since = models.DateTimeField(null=True, blank=True)  # shows an older state than ours
    voiceless = models.JSONField(default=list, blank=True)  # languages its machine cannot speak

    objects = OfSite.as_manager()

    class Meta:
        verbose_name = _("display")
        verbose_name_plural = _("displays")
        ordering = ["site", "name"]
        constraints = [models.UniqueConstraint(fields=["site", "slug"], name="queue_screen_slug")]

    def __str__(self) -> str:
        return self.name


class Poster(models.Model):
    """The code at the door by which a telephone joins the line; a new one ends the old one."""

    site = models.ForeignKey("organisations.Site", models.PROTECT, related_name="posters")
    secret = models.CharField(max_length=32, unique=True)  # on paper at the door: no secret at all
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OfSite.as_manager()

    class Meta:
        verbose_name = _("poster at the door")
        verbose_name_plural = _("posters at the door")
        constraints = [
            models.UniqueConstraint(
                fields=["site"], condition=Q(ended_at=None), name="queue_one_poster"
            )
        ]


class Printer(models.Model):
    """A ticket printer on the network (ESC/POS); dead or alive, it never holds a ticket back."""

    site = models.ForeignKey("organisations.Site", models.PROTECT, related_name="printers")
    name = models.CharField(_("name"), max_length=60)
    host = models.CharField(_("address on the network"), max_length=120)
    port = models.PositiveIntegerField(_("port"), default=9100)
    width = models.PositiveSmallIntegerField(_("characters per line"), default=42)
    is_active = models.BooleanField(_("in use"), default=True)
    last_printed_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    objects = OfSite.as_manager()

    class Meta:
        verbose_name = _("ticket printer")
        verbose_name_plural = _("ticket printers")
        ordering = ["site", "name"]

    def __str__(self) -> str:
        return self.name


class PrintJob(models.Model):
    """A slip on its way to a printer; too old, it is thrown away rather than printed for nobody."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        PRINTED = "printed", _("printed")
        DROPPED = "dropped", _("given up")

    printer = models.ForeignKey(Printer, models.CASCADE, related_name="jobs")
    title = models.CharField(max_length=40)  # the code of the ticket
    lines = models.JSONField(default=list)
    url = models.CharField(max_length=300, blank=True)  # becomes a QR code
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)  # the next try, or a try under way
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OfPrinter.as_manager()

    class Meta:
        verbose_name = _("slip to print")
        verbose_name_plural = _("slips to print")
        indexes = [
            models.Index(
                fields=["printer", "id"], condition=Q(state="waiting"), name="queue_to_print"
            )
        ]


class Alert(models.Model):
    """“Tell me when it is nearly my turn”: sent once, then the address is forgotten."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        SMS = "sms", _("text message")

    ticket = models.ForeignKey("queue.Ticket", models.CASCADE, related_name="alerts")
    channel = models.CharField(max_length=5, choices=Channel)
    address = models.CharField(max_length=254, blank=True)  # emptied once it is of no use
    ahead = models.PositiveSmallIntegerField(default=2)  # told when so many or fewer are ahead
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    objects = OfTicket.as_manager()

    class Meta:
        verbose_name = _("alert near one’s turn")
        verbose_name_plural = _("alerts near one’s turn")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "channel"], name="queue_one_alert")
        ]
        indexes = [
            models.Index(fields=["ticket"], condition=Q(told_at=None), name="queue_alerts_open")
        ]
