"""A question from a desk to a department, and everything that happened to it."""

from datetime import datetime
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.accounts.models import Agent, Liaison
from parvis.common.access import Actor, ScopedQuerySet
from parvis.departments.rules import questions as rules


class AnswerTime(models.Model):
    """Within what time a service answers the desks; without a service, what holds for all."""

    authority = models.ForeignKey(
        "organisations.Authority", models.CASCADE, related_name="answer_times"
    )
    service = models.OneToOneField(
        "organisations.Service",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="answer_time",
        verbose_name=_("service"),
    )
    present_minutes = models.PositiveSmallIntegerField(
        _("minutes, with the visitor at the desk"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    present_step_minutes = models.PositiveSmallIntegerField(
        _("minutes before somebody else is asked"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    hours = models.PositiveSmallIntegerField(
        _("open hours, without a visitor"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
    )
    step_hours = models.PositiveSmallIntegerField(
        _("open hours before somebody else is asked"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
    )

    objects = ScopedQuerySet["AnswerTime"].as_manager()

    class Meta:
        verbose_name = _("time for answers")
        verbose_name_plural = _("times for answers")
        constraints = [
            models.UniqueConstraint(
                fields=["authority"],
                condition=Q(service=None),
                name="departments_one_default_promise",
            ),
            models.CheckConstraint(
                condition=Q(
                    present_minutes__gte=1, present_step_minutes__gte=1, hours__gte=1,
                    step_hours__gte=1,
                ),
                name="departments_promise_takes_time",
            ),
        ]  # fmt: skip

    @property
    def promise(self) -> rules.Promise:
        return rules.Promise(
            self.present_minutes, self.present_step_minutes, self.hours, self.step_hours
        )


class Questions(ScopedQuerySet["Question"]):
    """Questions as far as somebody may read them."""

    def visible_to(self, actor: Actor) -> Self:
        """All for the head of reception; of the own service; those one asked or holds."""
        rows = super().visible_to(actor)
        if actor.may("departments.manage"):
            return rows
        allowed = Q(asked_by=actor.pk) | Q(holder=actor.pk)
        if actor.may("departments.answer"):
            asked_for = Liaison.objects.filter(agent=actor.pk, until=None)
            allowed |= Q(service=getattr(actor, "service_id", None) or 0)
            allowed |= Q(service__in=asked_for.values("service"))
        return rows.filter(allowed)

    def waiting(self) -> Self:
        """Those that nobody has answered."""
        return self.filter(state__in=rules.OPEN)

    def answered(self) -> Self:
        """Those that have an answer of their own, whatever became of them."""
        return self.filter(answered_at__isnull=False)


class Question(models.Model):
    """What a desk wants to know from a department, possibly with somebody standing there."""

    class State(models.TextChoices):
        ASKED = rules.ASKED, _("asked")
        SEEN = rules.SEEN, _("seen")
        ANSWERED = rules.ANSWERED, pgettext_lazy("question", "answered")
        LATE = rules.LATE, _("answered too late for the visitor")
        WITHDRAWN = rules.WITHDRAWN, _("withdrawn")
        CLOSED = rules.CLOSED, pgettext_lazy("question", "closed")

    class Step(models.TextChoices):
        LIAISON = rules.LIAISON, _("liaison")
        DEPUTY = rules.DEPUTY, _("deputy")
        HEAD_OF_SERVICE = rules.HEAD_OF_SERVICE, _("head of the service")
        HEAD_OF_RECEPTION = rules.HEAD_OF_RECEPTION, _("head of reception")

    class Level(models.TextChoices):
        PUBLIC = rules.PUBLIC, _("may be told to everybody")
        IF_ASKED = rules.IF_ASKED, _("told if they ask")
        INTERNAL = rules.INTERNAL, _("for colleagues only")

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="department_questions"
    )
    service = models.ForeignKey(
        "organisations.Service",
        models.PROTECT,
        related_name="department_questions",
        verbose_name=_("service"),
    )
    topic = models.ForeignKey(
        "organisations.Topic",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("topic"),
    )
    sheet = models.ForeignKey(
        "knowledge.Sheet",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="department_questions",
        verbose_name=_("sheet"),
    )
    block = models.CharField(_("block of the sheet"), max_length=40, blank=True)  # its kind
    text = models.CharField(_("question"), max_length=500)
    stems = models.CharField(max_length=500, blank=True)  # to know it again
    visitor_present = models.BooleanField(_("the visitor is at the desk"), default=False)
    # The visit or case in plain words and its number: rooms on this floor do not know each other.
    visit = models.CharField(max_length=40, blank=True)
    visit_kind = models.CharField(max_length=10, blank=True)  # ticket or case
    visit_id = models.BigIntegerField(null=True, blank=True)
    visitor_left_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(Agent, models.PROTECT, related_name="questions_asked")
    site = models.ForeignKey(
        "organisations.Site", models.PROTECT, null=True, blank=True, related_name="+"
    )
    desk = models.ForeignKey(
        "organisations.Desk", models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    holder = models.ForeignKey(
        Agent, models.PROTECT, null=True, blank=True, related_name="questions_held"
    )
    step = models.CharField(max_length=10, choices=Step, default=Step.LIAISON)
    step_due_at = models.DateTimeField(null=True, blank=True)  # then the next one is asked
    seen_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    level = models.CharField(_("who may know it"), max_length=8, choices=Level, blank=True)
    answered_by = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    shown_at = models.DateTimeField(null=True, blank=True)  # who asked has read the answer
    closed_at = models.DateTimeField(null=True, blank=True)
    sheets = models.ManyToManyField("knowledge.Sheet", related_name="+", blank=True)
    reuse_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reused"
    )
    draft = models.ForeignKey(  # the text of a sheet that the answer became
        "knowledge.SheetDraft", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = Questions.as_manager()

    class Meta:
        verbose_name = _("question to a department")
        verbose_name_plural = _("questions to departments")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[rules.ANSWERED, rules.LATE])
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="departments_answered_has_answer",
            ),
            models.CheckConstraint(
                condition=Q(answer="") | ~Q(level=""), name="departments_answer_has_level"
            ),
        ]
        indexes = [
            models.Index(
                fields=["authority", "service", "asked_at"], name="departments_by_service"
            ),
            models.Index(
                fields=["step_due_at"],
                condition=Q(state__in=["asked", "seen"]),
                name="departments_next_step",
            ),
            models.Index(fields=["asked_by", "state"], name="departments_by_asker"),
            models.Index(fields=["visit_kind", "visit_id"], name="departments_by_visit"),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN

    @property
    def has_visitor(self) -> bool:
        """Is somebody waiting at the desk for this answer?"""
        return self.visitor_present and self.visitor_left_at is None and self.is_open

    def is_overdue(self, now: datetime) -> bool:
        """Unanswered, and the promise has passed."""
        return self.is_open and self.due_at < now


class OfQuestion(ScopedQuerySet[Any]):
    """Rows that reach their authority by their question."""

    scope = "question__authority_id"


class QuestionStep(models.Model):
    """One thing that happened to a question; never changed, never deleted."""

    class Verb(models.TextChoices):
        ASKED = "asked", _("asked")
        TURNED = "turned", _("came to")
        SKIPPED = "skipped", _("nobody there")
        TAKEN = "taken", _("taken")
        PASSED = "passed", pgettext_lazy("question", "passed on")
        MOVED = "moved", _("given to another service")
        ANSWERED = "answered", pgettext_lazy("question", "answered")
        VISITOR_LEFT = "left", _("the visitor has left")
        SHOWN = "shown", _("read at the desk")
        DRAFTED = "drafted", _("became the text of a sheet")
        REUSED = "reused", _("answered from an earlier one")
        WITHDRAWN = "withdrawn", _("withdrawn")
        CLOSED = "closed", pgettext_lazy("question", "closed")

    question = models.ForeignKey(Question, models.PROTECT, related_name="trail")
    verb = models.CharField(max_length=10, choices=Verb)
    at = models.DateTimeField()
    agent = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")
    to = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")
    service = models.ForeignKey(
        "organisations.Service", models.PROTECT, null=True, blank=True, related_name="+"
    )
    step = models.CharField(max_length=10, choices=Question.Step, blank=True)
    words = models.CharField(max_length=300, blank=True)

    objects = OfQuestion.as_manager()

    class Meta:
        verbose_name = _("step of a question")
        verbose_name_plural = _("steps of a question")
        ordering = ["id"]
        constraints = [
            # Each is asked once per service, however many processes look at the clock.
            models.UniqueConstraint(
                fields=["question", "service", "step"],
                condition=Q(verb__in=["turned", "skipped"]),
                name="departments_each_step_once",
            )
        ]
