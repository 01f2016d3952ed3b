"""Who acts: agents with roles and skills, API tokens, sign-in tries."""

from functools import cached_property
from typing import Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.accounts import rules
from parvis.common.access import Actor, M, ScopedQuerySet


class Agents(ScopedQuerySet[M]):
    """Colleagues, with what a page needs of them."""

    def with_rights(self) -> Self:
        """With authority, entry, service and roles: two queries, once per request."""
        return self.select_related("authority", "entry", "service").prefetch_related("grants")

    def at_work(self) -> Self:
        """Colleagues who may sign in; not the doubles of other programs."""
        return self.filter(is_active=True, is_robot=False)


class OfAgent(ScopedQuerySet[M]):
    """Rows that reach their authority by another row."""

    scope = "agent__authority_id"


class AgentManager(BaseUserManager["Agent"].from_queryset(Agents)):  # type: ignore[misc]
    """Agents by their user name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "Agent":
        agent: Agent = self.get(username__iexact=username)
        return agent


class Agent(AbstractBaseUser):
    """A colleague who signs in; works for one authority, in at most one service."""

    authority = models.ForeignKey("organisations.Authority", models.PROTECT, related_name="agents")
    entry = models.OneToOneField(
        "organisations.DirectoryEntry",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agent",
        verbose_name=_("directory entry"),
    )
    username = models.CharField(_("user name"), max_length=80, unique=True)
    email = models.EmailField(_("e-mail"), blank=True)
    service = models.ForeignKey(
        "organisations.Service",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agents",
        verbose_name=_("service"),
    )
    site = models.ForeignKey(
        "organisations.Site",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agents",
        verbose_name=_("usual site"),
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_robot = models.BooleanField(_("acts for an API token"), default=False)
    # Of its token: shown wherever a colleague's name would be, without a query more.
    program = models.CharField(_("name of the program"), max_length=80, blank=True)
    password_is_temporary = models.BooleanField(
        _("must choose a password at the next sign-in"), default=False
    )
    pin_hash = models.CharField(max_length=128, blank=True)
    language = models.CharField(_("language"), max_length=5, default="fr")
    shortcuts = models.BooleanField(_("one-key shortcuts"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AgentManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """First name and name, or the name of a program; the user name where neither is known."""
        if self.entry_id and self.entry:
            return str(self.entry)
        return self.program or self.username

    @cached_property
    def capabilities(self) -> frozenset[str]:
        roles = [grant.role for grant in self.grants.all() if grant.is_current(timezone.now())]
        return rules.capabilities_of(roles)

    def unlocks_with(self, secret: str) -> bool:
        """Does this PIN or password open the locked screen?"""
        if self.pin_hash and secret.isdigit():
            return check_password(secret, self.pin_hash)
        return self.check_password(secret)

    def may(self, capability: str, /) -> bool:
        """May this agent do that, by any of the roles held today?"""
        return self.is_active and capability in self.capabilities


class Role(models.TextChoices):
    """The roles of the house, by their codes in the tables of rights."""

    RECEPTION = "REC", _("reception agent")
    ADVISER = "ADV", _("public-service adviser")
    REFERENT = "REF", _("back-office referent")
    LIAISON = "LIA", _("reception liaison of a service")
    HEAD = "MGR", _("head of reception")
    QUALITY = "QUA", _("quality manager")
    EDITOR = "KBE", _("sheet editor")
    TRAINING = "HR", _("training officer")
    DIRECTOR = "DIR", _("department head")
    ELECTED = "ELU", _("elected official or general management")
    AUDITOR = "AUD", _("external auditor")
    MODERATOR = "MOD", _("consultation moderator")
    FEDERATION = "FED", _("federation coordinator")
    ADMINISTRATOR = "ADM", _("technical administrator")
    PROTECTION = "DPO", _("data protection officer")


class RoleGrant(models.Model):
    """A role that an agent holds, possibly until a date (an auditor's always has one)."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=3, choices=Role)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = OfAgent.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "role"], name="accounts_one_grant_per_role"),
            models.CheckConstraint(
                condition=~Q(role="AUD") | Q(until__isnull=False), name="accounts_auditor_has_end"
            ),
        ]

    def is_current(self, now: "timezone.datetime") -> bool:  # type: ignore[name-defined]
        return self.until is None or now < self.until


class Skill(models.Model):
    """An agent knows a family of topics, since a validation by somebody."""

    class Level(models.IntegerChoices):
        LEARNING = 1, _("learning")
        ABLE = 2, _("able")
        EXPERT = 3, _("expert")

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="skills")
    family = models.ForeignKey(
        "organisations.TopicFamily",
        models.CASCADE,
        related_name="skills",
        verbose_name=_("family of topics"),
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, default=Level.ABLE)
    validated_on = models.DateField(_("validated on"))

    objects = OfAgent.as_manager()

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "family"], name="accounts_one_skill_per_family"
            )
        ]


class DeskChoice(models.Model):
    """The desk that an agent chose for the day: colleagues see that it is taken."""

    agent = models.OneToOneField(Agent, models.CASCADE, related_name="desk_choice")
    desk = models.OneToOneField(
        "organisations.Desk", models.CASCADE, related_name="choice", verbose_name=_("desk")
    )
    since = models.DateTimeField()

    objects = OfAgent.as_manager()


class ApiToken(models.Model):
    """A key for another program: one authority, one role, kept only as a hash."""

    agent = models.OneToOneField(Agent, models.CASCADE, related_name="token")
    name = models.CharField(_("used by"), max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = OfAgent.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")


class Presence(models.Model):
    """What a colleague said of being there today; nothing said means: here."""

    agent = models.OneToOneField(Agent, models.CASCADE, related_name="presence")
    out_since = models.DateTimeField(null=True, blank=True)
    back_at = models.DateTimeField(null=True, blank=True)  # nobody knows when: empty

    objects = OfAgent.as_manager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [
            models.CheckConstraint(
                condition=Q(back_at=None) | Q(out_since__isnull=False, back_at__gt=F("out_since")),
                name="accounts_back_after_going_out",
            )
        ]

    def is_out(self, now: "timezone.datetime") -> bool:  # type: ignore[name-defined]
        """Out, and not expected back yet."""
        return rules.is_out(self.out_since, self.back_at, now)


class OfService(ScopedQuerySet[M]):
    """Rows that reach their authority by a service."""

    scope = "service__authority_id"


class Liaison(models.Model):
    """Whom the desks ask when a service has to answer: the first, and who stands in."""

    class Rank(models.TextChoices):
        FIRST = "first", _("liaison")
        DEPUTY = "deputy", _("deputy")

    agent = models.ForeignKey(
        Agent, models.CASCADE, related_name="liaisons", verbose_name=_("colleague")
    )
    service = models.ForeignKey(
        "organisations.Service", models.CASCADE, related_name="liaisons", verbose_name=_("service")
    )
    rank = models.CharField(_("rank"), max_length=6, choices=Rank, default=Rank.FIRST)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)  # the last day

    objects = OfService.as_manager()

    class Meta:
        verbose_name = _("reception liaison")
        verbose_name_plural = _("reception liaisons")
        ordering = ["service__name", "since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "service"],
                condition=Q(until=None),
                name="accounts_one_liaison_per_service",
            ),
            models.UniqueConstraint(
                fields=["service"],
                condition=Q(rank="first", until=None),
                name="accounts_one_first_liaison",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="accounts_liaison_forward"
            ),
        ]


class Absence(models.Model):
    """Days on which a colleague is not there, and who stands in; why is nobody's business."""

    agent = models.ForeignKey(
        Agent, models.CASCADE, related_name="absences", verbose_name=_("colleague")
    )
    first_day = models.DateField(_("first day away"))
    last_day = models.DateField(_("last day away"))
    deputy = models.ForeignKey(
        Agent,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="standing_in",
        verbose_name=_("who stands in"),
    )
    said_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OfAgent.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="accounts_absence_forward"
            ),
            models.CheckConstraint(
                condition=Q(deputy=None) | ~Q(deputy=F("agent")),
                name="accounts_absence_deputy_is_another",
            ),
        ]
        indexes = [models.Index(fields=["agent", "last_day"], name="accounts_absence_days")]

    @property
    def days(self) -> rules.Away:
        """The same as a plain value, for the rules."""
        return rules.Away(self.agent_id, self.first_day, self.last_day, self.deputy_id)


def _agent_is_an_actor(agent: Agent) -> Actor:
    return agent  # checked by mypy only: an Agent satisfies the protocol of common.access
