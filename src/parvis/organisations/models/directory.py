"""The staff directory."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.common.access import ScopedQuerySet
from parvis.organisations.models.places import Authority, NamePolicy, Service
from parvis.organisations.models.words import in_reader_language


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
    is_contact_point = models.BooleanField(
        _("contact point of the service for the desks"),
        default=False,
        help_text=_("An assistant whom colleagues may ring; the public does not see it."),
    )
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
