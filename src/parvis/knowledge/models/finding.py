"""What makes sheets found: editors' words and pins, saved questions, searches, gaps, votes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.common.access import ScopedQuerySet


class Synonym(models.Model):
    """What people here say, and what sheets say instead; tried by the search as well."""

    authority = models.ForeignKey(
        "organisations.Authority", models.CASCADE, related_name="synonyms"
    )
    said = models.CharField(_("what people say"), max_length=200)
    written = models.CharField(_("what sheets say"), max_length=300)
    author = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()

    objects = ScopedQuerySet["Synonym"].as_manager()

    class Meta:
        ordering = ["said"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "said"], name="knowledge_synonym_said")
        ]

    def __str__(self) -> str:
        return self.said


class Pin(models.Model):
    """For these words, this sheet first."""

    authority = models.ForeignKey("organisations.Authority", models.CASCADE, related_name="pins")
    words = models.CharField(_("words of the question"), max_length=200)
    sheet = models.ForeignKey("knowledge.Sheet", models.CASCADE, related_name="pins")
    author = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()

    objects = ScopedQuerySet["Pin"].as_manager()

    class Meta:
        ordering = ["words"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "words"], name="knowledge_pin_words")
        ]

    def __str__(self) -> str:
        return self.words


class QuestionSet(models.Model):
    """Saved questions that the search of one authority is measured on."""

    authority = models.ForeignKey(
        "organisations.Authority", models.CASCADE, related_name="question_sets"
    )
    name = models.CharField(_("name"), max_length=100)
    created_at = models.DateTimeField()

    objects = ScopedQuerySet["QuestionSet"].as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "name"], name="knowledge_question_set")
        ]

    def __str__(self) -> str:
        return self.name


class SavedQuestion(models.Model):
    """One question with the sheets that answer it; none when nobody here can."""

    question_set = models.ForeignKey(QuestionSet, models.CASCADE, related_name="questions")
    text = models.CharField(_("question"), max_length=2000)
    refs = models.JSONField(default=list)  # any of these sheets is right
    kind = models.CharField(max_length=30, blank=True)

    objects = models.Manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:80]


class SearchMeasure(models.Model):
    """How well the search found on a set of questions, one day."""

    question_set = models.ForeignKey(QuestionSet, models.CASCADE, related_name="measures")
    at = models.DateTimeField()
    collection = models.PositiveBigIntegerField()
    questions = models.PositiveIntegerField()
    hit1 = models.FloatField()
    hit3 = models.FloatField()
    mrr = models.FloatField()
    answered = models.FloatField()
    wrongly = models.FloatField()
    p95_ms = models.FloatField()

    objects = models.Manager()

    class Meta:
        ordering = ["at", "id"]


class Searched(models.Model):
    """One search as it is remembered: masked words, day, outcome, nobody's name; ninety days."""

    class Place(models.TextChoices):
        PUBLIC = "public", _("public pages")
        DESK = "desk", _("at the desk")

    authority = models.ForeignKey(
        "organisations.Authority", models.CASCADE, related_name="searches"
    )
    day = models.DateField()
    place = models.CharField(max_length=10, choices=Place)
    words = models.CharField(max_length=200)  # masked: no number, address or name kept
    stems = models.CharField(max_length=200)  # sorted: the same need in another order is the same
    found = models.PositiveSmallIntegerField()
    was_answered = models.BooleanField()
    secret = models.CharField(max_length=32, blank=True)  # lets the next page say what was opened
    opened = models.ForeignKey(
        "knowledge.Sheet", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    said_no = models.BooleanField(default=False)  # the person said: not what I was looking for

    objects = ScopedQuerySet["Searched"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["authority", "day"], name="knowledge_searched_day"),
            models.Index(
                fields=["secret"], condition=~Q(secret=""), name="knowledge_searched_secret"
            ),
        ]


class Gap(models.Model):
    """Something that people look for and do not find: who writes it, and by when."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        WRITTEN = "written", _("sheet written")
        DISMISSED = "dismissed", _("not ours")

    authority = models.ForeignKey("organisations.Authority", models.CASCADE, related_name="gaps")
    stems = models.CharField(max_length=200)
    words = models.CharField(_("what people typed"), max_length=200)
    count = models.PositiveIntegerField(default=0)
    last_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    owner = models.ForeignKey(
        "organisations.Service", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField(_("due date"), null=True, blank=True)
    sheet = models.ForeignKey(
        "knowledge.Sheet", models.SET_NULL, null=True, blank=True, related_name="gaps"
    )
    closed_on = models.DateField(null=True, blank=True)

    objects = ScopedQuerySet["Gap"].as_manager()

    class Meta:
        ordering = ["-count", "words"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "stems"], name="knowledge_gap_stems")
        ]

    def __str__(self) -> str:
        return self.words


class Vote(models.Model):
    """Whether a sheet was useful to somebody, and why not; for the service that keeps it."""

    authority = models.ForeignKey("organisations.Authority", models.CASCADE, related_name="votes")
    sheet = models.ForeignKey("knowledge.Sheet", models.CASCADE, related_name="votes")
    version = models.ForeignKey(
        "knowledge.SheetVersion", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    day = models.DateField()
    place = models.CharField(max_length=10, choices=Searched.Place)
    was_useful = models.BooleanField()
    reason = models.CharField(_("what was missing"), max_length=500, blank=True)
    settled_on = models.DateField(null=True, blank=True)
    settled_by = models.CharField(max_length=120, blank=True)

    objects = ScopedQuerySet["Vote"].as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["authority", "day"], name="knowledge_vote_day")]


class Street(models.Model):
    """Which body, site or service answers for a street, a part of it, or a district."""

    class Side(models.TextChoices):
        BOTH = "", _("both sides")
        ODD = "odd", _("odd numbers")
        EVEN = "even", _("even numbers")

    authority = models.ForeignKey("organisations.Authority", models.CASCADE, related_name="streets")
    name = models.CharField(_("street or district"), max_length=200)
    folded = models.CharField(max_length=200, editable=False)  # small letters, no accents
    first = models.PositiveIntegerField(_("from number"), null=True, blank=True)
    last = models.PositiveIntegerField(_("to number"), null=True, blank=True)
    side = models.CharField(max_length=4, choices=Side, blank=True)
    subject = models.CharField(_("for what"), max_length=100)  # school, waste, polling station
    service = models.ForeignKey(
        "organisations.Service", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    site = models.ForeignKey(
        "organisations.Site", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    body = models.CharField(_("body"), max_length=200, blank=True)  # when it is not one of ours
    contact = models.CharField(_("how to reach it"), max_length=200, blank=True)

    objects = ScopedQuerySet["Street"].as_manager()

    class Meta:
        ordering = ["name", "first", "subject"]
        indexes = [models.Index(fields=["authority", "folded"], name="knowledge_street_folded")]

    def __str__(self) -> str:
        return self.name
