"""A conversation and its turns: what was asked, what was answered, and why."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.common.access import M, ScopedQuerySet


class OfConversation(ScopedQuerySet[M]):
    """Rows that reach their authority by their conversation."""

    scope = "conversation__authority_id"


class Conversation(models.Model):
    """What somebody asks, from the first question until they leave or are helped by a person."""

    class Place(models.TextChoices):
        PAGE = "page", pgettext_lazy("assistant", "page")
        WIDGET = "widget", _("widget on another site")
        KIOSK = "kiosk", _("kiosk")
        API = "api", _("another program")
        LINK = "link", _("link of a topic")

    class State(models.TextChoices):
        BOT = "bot", _("with the assistant")
        WAITING = "waiting", _("waits for a person")
        WITH_AGENT = "with_agent", _("with an agent")
        ENDED = "ended", pgettext_lazy("conversation", "ended")

    class Outcome(models.TextChoices):
        CONTAINED = "contained", _("answered, nobody was asked for")
        HANDED_OVER = "handed_over", _("handed over to a person")
        ABANDONED = "abandoned", pgettext_lazy("conversation", "left without an answer")

    class Called(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")
        UNSURE = "unsure", _("I do not know")

    class Verdict(models.TextChoices):
        RIGHT = "right", pgettext_lazy("answer", "right")
        WRONG = "wrong", pgettext_lazy("answer", "wrong")
        UNSURE = "unsure", _("cannot be told")

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="conversations"
    )
    site = models.ForeignKey(
        "organisations.Site", models.PROTECT, null=True, blank=True, related_name="+"
    )
    topic = models.ForeignKey(
        "organisations.Topic", models.PROTECT, null=True, blank=True, related_name="+"
    )
    secret_hash = models.CharField(max_length=64, unique=True)
    place = models.CharField(_("where"), max_length=8, choices=Place, default=Place.PAGE)
    language = models.CharField(max_length=5, default="fr")
    state = models.CharField(max_length=12, choices=State, default=State.BOT)
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    turns = models.PositiveIntegerField(default=0)  # the number of the last one
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    helped = models.BooleanField(null=True, blank=True)
    would_have_called = models.CharField(max_length=8, choices=Called, blank=True)
    helped_at = models.DateTimeField(null=True, blank=True)
    contact = models.ForeignKey(
        "contacts.Contact", models.PROTECT, null=True, blank=True, related_name="conversations"
    )
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="conversations"
    )
    left_screen_at = models.DateTimeField(null=True, blank=True)  # of a kiosk: forgotten there
    logged_at = models.DateTimeField(null=True, blank=True)  # into the log; stays when it is erased
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict, blank=True)
    review_note = models.CharField(_("why"), max_length=300, blank=True)

    objects = ScopedQuerySet["Conversation"].as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering = ["-last_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_at__gte=F("started_at")), name="assistant_time_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(helped_at__isnull=False) | Q(helped__isnull=True, would_have_called=""),
                name="assistant_helped_has_hour",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True, verdict="")
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(verdict="")),
                name="assistant_review_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "started_at"], name="assistant_by_time"),
            models.Index(fields=["authority", "state", "last_at"], name="assistant_by_state"),
        ]


class Turn(models.Model):
    """One thing said in a conversation; what was said is never changed."""

    class Author(models.TextChoices):
        PERSON = "person", _("the person")
        ASSISTANT = "assistant", _("the assistant")
        AGENT = "agent", _("an agent")
        HOUSE = "house", _("the house")  # "Inès joins": automatic as well

    class Kind(models.TextChoices):
        QUESTION = "question", _("question")
        ANSWER = "answer", _("answer")
        CLOSEST = "closest", _("closest sheets")
        NONE = "none", _("no answer")
        ASKS_BACK = "asks_back", _("question back")
        STRUCTURED = "structured", _("hours, place, documents, cost")
        URGENT = "urgent", _("emergency numbers")
        ANNOUNCEMENT = "announcement", _("announcement")
        MESSAGE = "message", _("message")

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="said")
    number = models.PositiveIntegerField()
    author = models.CharField(max_length=10, choices=Author)
    agent = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.TextField(blank=True)  # personal data is masked before it comes here
    data = models.JSONField(default=dict, blank=True)  # passages, closest, signals, masked kinds

    objects = OfConversation["Turn"].as_manager()

    class Meta:
        verbose_name = _("turn of a conversation")
        verbose_name_plural = _("turns of a conversation")
        ordering = ["conversation", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "number"], name="assistant_turn_number"
            ),
            models.CheckConstraint(
                condition=Q(author="agent", agent__isnull=False)
                | (~Q(author="agent") & Q(agent__isnull=True)),
                name="assistant_agent_is_named",
            ),
        ]
