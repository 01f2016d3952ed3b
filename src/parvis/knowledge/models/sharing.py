"""Sheets between authorities: groups, editorial workgroups, what is shared, what becomes of it."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.common.access import Actor, ScopedQuerySet
from parvis.knowledge.rules import sharing


class GroupQuerySet(ScopedQuerySet["Group"]):
    """Groups are seen by the authorities that belong to them."""

    def visible_to(self, actor: Actor) -> Self:
        return self.of(actor.authority_id)

    def of(self, authority_id: int) -> Self:
        """The groups that an authority belongs to today."""
        mine = Membership.objects.active().filter(authority_id=authority_id)
        return self.filter(pk__in=mine.values("group"))


class Group(models.Model):
    """Authorities that tell each other what they know; one of them coordinates."""

    name = models.CharField(_("name"), max_length=120)
    purpose = models.TextField(_("what it is for"), blank=True)
    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="groups_coordinated"
    )
    created_at = models.DateTimeField()

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group of authorities")
        verbose_name_plural = _("groups of authorities")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(ScopedQuerySet["Membership"]):
    """An authority sees what it was invited to."""

    def active(self) -> Self:
        """Those who accepted and did not leave."""
        return self.filter(accepted_at__isnull=False, left_at=None)

    def invited(self) -> Self:
        """Those who have not answered yet."""
        return self.filter(accepted_at=None, left_at=None)


class Membership(models.Model):
    """An authority in a group: invited, then in, then perhaps gone."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships")
    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="group_memberships"
    )
    invited_by = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    accepted_by = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a group")
        verbose_name_plural = _("members of a group")
        ordering = ["authority__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "authority"],
                condition=Q(left_at=None),
                name="knowledge_one_membership",
            )
        ]


class Workgroup(models.Model):
    """Agents of several authorities who write and read shared sheets together."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="workgroups")
    name = models.CharField(_("name"), max_length=120)
    purpose = models.CharField(_("what it writes"), max_length=300, blank=True)
    members = models.ManyToManyField(
        "accounts.Agent", through="knowledge.WorkgroupMember", related_name="workgroups"
    )

    objects = models.Manager()

    class Meta:
        verbose_name = _("editorial workgroup")
        verbose_name_plural = _("editorial workgroups")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["group", "name"], name="knowledge_workgroup_name")
        ]

    def __str__(self) -> str:
        return self.name


class OfAgent(ScopedQuerySet[Any]):
    """Rows that reach their authority by somebody who works there."""

    scope = "agent__authority_id"


class OfSheetOwner(ScopedQuerySet[Any]):
    """Rows that belong to the authority that owns their sheet."""

    scope = "sheet__authority_id"


class WorkgroupMember(models.Model):
    """Somebody who writes in a workgroup."""

    workgroup = models.ForeignKey(Workgroup, models.CASCADE, related_name="seats")
    agent = models.ForeignKey("accounts.Agent", models.CASCADE, related_name="+")
    since = models.DateTimeField()

    objects = OfAgent.as_manager()

    class Meta:
        verbose_name = _("member of a workgroup")
        verbose_name_plural = _("members of a workgroup")
        constraints = [
            models.UniqueConstraint(
                fields=["workgroup", "agent"], name="knowledge_once_in_a_workgroup"
            )
        ]


class ShareQuerySet(ScopedQuerySet["Share"]):
    """What an authority shares, or is offered."""

    scope = "sheet__authority_id"

    def active(self) -> Self:
        """Not taken back, of a sheet that its owner's public reads, by an owner still there."""
        return self.filter(
            ended_at=None,
            sheet__state="published",
            sheet__is_public=True,
            sheet__current__isnull=False,
        )

    def offered_to(self, authority_id: int) -> Self:
        """What an authority may adopt as a member of a group; nothing of its own."""
        groups = Membership.objects.active().filter(authority_id=authority_id).values("group")
        return self.active().filter(group__in=groups).exclude(sheet__authority_id=authority_id)

    def adopted_by(self, authority_id: int) -> Self:
        """What is offered to an authority and was adopted there: what it reads."""
        return self.offered_to(authority_id).filter(
            sheet__adoptions__authority_id=authority_id,
            sheet__adoptions__state=sharing.ADOPTED,
        )


class Share(models.Model):
    """A sheet of one authority offered to the others of a group."""

    sheet = models.ForeignKey("knowledge.Sheet", models.PROTECT, related_name="shares")
    group = models.ForeignKey(Group, models.PROTECT, related_name="shares")
    workgroup = models.ForeignKey(
        Workgroup, models.SET_NULL, null=True, blank=True, related_name="shares"
    )
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    end_note = models.CharField(max_length=300, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared sheet")
        verbose_name_plural = _("shared sheets")
        ordering = ["sheet__title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "group"],
                condition=Q(ended_at=None),
                name="knowledge_shared_once",
            )
        ]


class Adoption(models.Model):
    """What an authority made of a sheet that is offered to it; nothing decided is no row."""

    class State(models.TextChoices):
        ADOPTED = sharing.ADOPTED, _("adopted")
        IGNORED = sharing.IGNORED, _("ignored")
        ENDED = sharing.ENDED, _("no longer shared")

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="adoptions"
    )
    sheet = models.ForeignKey("knowledge.Sheet", models.PROTECT, related_name="adoptions")
    state = models.CharField(max_length=8, choices=State)
    version = models.ForeignKey("knowledge.SheetVersion", models.PROTECT, related_name="+")  # seen
    reason = models.CharField(_("why"), max_length=300, blank=True)
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Taken back by its owner: the copy that was kept here, if any; seen by somebody here.
    copy = models.OneToOneField(
        "knowledge.Sheet", models.SET_NULL, null=True, blank=True, related_name="copied_from"
    )
    ended_on = models.DateField(null=True, blank=True)
    end_note = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on a shared sheet")
        verbose_name_plural = _("decisions on shared sheets")
        ordering = ["sheet__title", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "sheet"], name="knowledge_decided_once"),
            models.CheckConstraint(
                condition=~Q(state=sharing.IGNORED) | ~Q(reason=""),
                name="knowledge_ignored_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=sharing.ENDED) | Q(ended_on__isnull=False),
                name="knowledge_ended_on_a_day",
            ),
        ]
        indexes = [models.Index(fields=["authority", "state"], name="knowledge_adopted_by")]

    @property
    def is_behind(self) -> bool:
        """Nobody here has looked at the words of today."""
        return self.state == sharing.ADOPTED and self.version_id != self.sheet.current_id


class SheetComment(models.Model):
    """What somebody of a workgroup, or of the house that owns it, says about a shared sheet."""

    sheet = models.ForeignKey("knowledge.Sheet", models.CASCADE, related_name="comments")
    workgroup = models.ForeignKey(Workgroup, models.CASCADE, related_name="comments")
    version = models.ForeignKey("knowledge.SheetVersion", models.PROTECT, related_name="+")  # read
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    # Somebody of the house that owns the sheet has read it, or wrote it.
    noted_at = models.DateTimeField(null=True, blank=True)

    objects = OfSheetOwner.as_manager()

    class Meta:
        verbose_name = _("remark on a shared sheet")
        verbose_name_plural = _("remarks on shared sheets")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="knowledge_comment_says_something")
        ]
        indexes = [
            models.Index(fields=["sheet", "workgroup"], name="knowledge_comments_on"),
        ]


class SharingDigest(models.Model):
    """The one mail of a week that told somebody what waits between authorities."""

    agent = models.ForeignKey("accounts.Agent", models.CASCADE, related_name="+")
    week = models.DateField()  # its Monday
    sent_at = models.DateTimeField()

    objects = OfAgent.as_manager()

    class Meta:
        verbose_name = _("weekly word about shared sheets")
        verbose_name_plural = _("weekly words about shared sheets")
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "week"], name="knowledge_one_sharing_digest_a_week"
            )
        ]
