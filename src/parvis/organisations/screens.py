"""The screens of the settings: what each list shows, which form changes a row, and by which action.

Three views (list, form, retire) serve all of them; a new kind of row is one more ``Screen``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.common.access import Actor
from parvis.common.forms import ActorModelForm
from parvis.organisations import actions, forms
from parvis.organisations.models import (
    Authority,
    Closure,
    Desk,
    DirectoryEntry,
    HoursException,
    LegalEntity,
    Season,
    Service,
    Site,
    Topic,
    TopicFamily,
)

Words = str | Promise
Keep = Callable[[Any, Actor], models.Model]
Cell = Callable[[Any], object]


def _keep(form: ActorModelForm[Any], actor: Actor) -> models.Model:
    kept: models.Model = actions.keep(form.instance, actor=actor, changed=form.changed_data)
    return kept


def _keep_site(form: forms.SiteForm, actor: Actor) -> models.Model:
    now = timezone.now()
    return actions.keep_site(form.instance, actor=actor, now=now, changed=form.changed_data)


def _keep_desk(form: forms.DeskForm, actor: Actor) -> models.Model:
    topics = form.cleaned_data["topics"]
    kept: models.Model = actions.keep(
        form.instance, actor=actor, changed=form.changed_data, topics=topics
    )
    return kept


def _keep_season(form: forms.SeasonForm, actor: Actor) -> models.Model:
    return actions.keep_season(form.instance, form.week(), actor=actor, changed=form.changed_data)


def _keep_exception(form: forms.ExceptionForm, actor: Actor) -> models.Model:
    given = form.cleaned_data
    old = HoursException.objects.filter(pk=form.instance.pk).first() if form.instance.pk else None
    return actions.keep_exception(
        given["site"],
        actor=actor,
        channel=given["channel"],
        day=given["date"],
        openings=given["hours"],
        reason=given["reason"],
        replaces=old,
    )


def _keep_entry(form: forms.DirectoryEntryForm, actor: Actor) -> models.Model:
    return actions.keep_entry(form.instance, actor=actor, changed=form.changed_data)


@dataclass(frozen=True)
class Screen:
    """One kind of row: its words, its columns, its form."""

    key: str  # in URL names
    address: str  # in addresses
    model: type[models.Model]
    form: type[ActorModelForm[Any]]
    title: Words
    lede: Words
    add: Words
    columns: tuple[tuple[Words, Cell], ...]
    keep: Keep = _keep
    remove: Callable[..., None] = actions.remove
    related: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    form_template: str = "organisations/form.html"
    capabilities: tuple[str, ...] = ("settings.manage",)

    @property
    def retires(self) -> bool:
        """Whether rows are taken out of use rather than deleted."""
        return any(field.name == "is_active" for field in self.model._meta.fields)

    def rows(self, actor: Actor) -> models.QuerySet[Any]:
        """The rows of the actor's authority, with all that the columns read."""
        rows = self.model._default_manager.all().visible_to(actor)  # type: ignore[attr-defined]
        found: models.QuerySet[Any] = rows.select_related(*self.related)
        in_use_first = ("-is_active",) if self.retires else ()
        order = (*in_use_first, *(self.order or self.model._meta.ordering or ("pk",)))
        return found.order_by(*order)


def _name(row: Any) -> object:
    return row


def _day(value: Any) -> str:
    return date_format(value, "DATE_FORMAT")


def _kept_until(entry: DirectoryEntry) -> str:
    if not entry.name_policy:
        return ""
    until = entry.name_policy_until
    return f"{entry.get_name_policy_display()}, {_day(until)}" if until else ""


_NAME: Final = (_("Name"), _name)
_SITE: Final = (_("Site"), lambda row: row.site)

AUTHORITY = Screen(
    key="authority",
    address="collectivite",
    model=Authority,
    form=forms.AuthorityForm,
    title=_("The authority"),
    lede=_("Name, colours, front door, and what holds for everybody."),
    add="",
    columns=(),
)

SCREENS = (
    Screen(
        key="entities",
        address="personnes-morales",
        model=LegalEntity,
        form=forms.LegalEntityForm,
        title=_("Legal entities"),
        lede=_("The town, its social action centre: who is answerable for a service."),
        add=_("Add a legal entity"),
        columns=(_NAME,),
        order=("name",),
    ),
    Screen(
        key="services",
        address="services",
        model=Service,
        form=forms.ServiceForm,
        title=_("Services"),
        lede=_("The institution behind every named person."),
        add=_("Add a service"),
        columns=(
            _NAME,
            (_("Legal entity"), lambda row: row.legal_entity),
            (_("Telephone"), lambda row: row.phone),
        ),
        related=("legal_entity",),
    ),
    Screen(
        key="sites",
        address="sites",
        model=Site,
        form=forms.SiteForm,
        title=_("Sites"),
        lede=_("Places that people come to, each with its hall and its hours."),
        add=_("Add a site"),
        columns=(
            _NAME,
            (_("Address"), lambda row: row.address),
            (_("Short name in addresses"), lambda row: row.slug),
        ),
        keep=_keep_site,
    ),
    Screen(
        key="desks",
        address="guichets",
        model=Desk,
        form=forms.DeskForm,
        title=_("Desks"),
        lede=_("Where one agent receives one person at a time, and for which topics."),
        add=_("Add a desk"),
        columns=(
            _NAME,
            _SITE,
            (_("Topics"), lambda row: row.topic_count),
        ),
        keep=_keep_desk,
        related=("site",),
        order=("site__name", "position", "name"),
    ),
    Screen(
        key="seasons",
        address="horaires",
        model=Season,
        form=forms.SeasonForm,
        title=_("Opening hours"),
        lede=_("Seasons with their week. After the end of a season nothing is claimed."),
        add=_("Add a season"),
        columns=(
            _NAME,
            _SITE,
            (pgettext_lazy("day", "From"), lambda row: _day(row.valid_from)),
            (pgettext_lazy("day", "Until"), lambda row: _day(row.valid_through)),
        ),
        keep=_keep_season,
        related=("site",),
        order=("site__name", "-valid_from"),
        form_template="organisations/season.html",
    ),
    Screen(
        key="exceptions",
        address="horaires-exceptionnels",
        model=HoursException,
        form=forms.ExceptionForm,
        title=_("Exceptional hours"),
        lede=_("Other hours on one day, with the reason that people read."),
        add=_("Add an exception"),
        columns=(
            (_("Day"), lambda row: _day(row.date)),
            _SITE,
            (_("Channel"), lambda row: row.get_channel_display()),
            (_("Hours"), lambda row: row.shown_hours),
            (_("Reason"), lambda row: row.reason),
        ),
        keep=_keep_exception,
        remove=actions.remove_exception,
        related=("site",),
        order=("-date", "site__name", "channel", "opens"),
    ),
    Screen(
        key="closures",
        address="fermetures",
        model=Closure,
        form=forms.ClosureForm,
        title=_("Closures"),
        lede=_("Days on which a site is closed on every channel."),
        add=_("Add a closure"),
        columns=(
            (_("First day"), lambda row: _day(row.first_day)),
            (_("Last day"), lambda row: _day(row.last_day)),
            _SITE,
            (_("Reason"), lambda row: row.reason),
        ),
        related=("site",),
        order=("-first_day",),
    ),
    Screen(
        key="families",
        address="familles",
        model=TopicFamily,
        form=forms.TopicFamilyForm,
        title=_("Families of topics"),
        lede=_("They letter the tickets, and are where a second visit is looked for."),
        add=_("Add a family"),
        columns=(
            _NAME,
            (_("Letter of the tickets"), lambda row: row.series),
            (_("Position"), lambda row: row.position),
        ),
    ),
    Screen(
        key="topics",
        address="motifs",
        model=Topic,
        form=forms.TopicForm,
        title=_("Topics"),
        lede=_("Why people come: the word that the line, contacts, cases and sheets share."),
        add=_("Add a topic"),
        columns=(
            _NAME,
            (_("Family"), lambda row: row.family),
            (_("Owning service"), lambda row: row.service),
            (_("Level"), lambda row: row.get_level_display()),
        ),
        related=("family", "service"),
        order=("family__position", "family__name", "name"),
    ),
    Screen(
        key="directory-entries",
        address="annuaire",
        model=DirectoryEntry,
        form=forms.DirectoryEntryForm,
        title=_("Staff directory"),
        lede=_("Colleagues with and without an account, and which name of theirs is shown."),
        add=_("Add a colleague"),
        columns=(
            _NAME,
            (_("Function"), lambda row: row.function_label),
            (_("Service"), lambda row: row.service),
            (_("Name protected"), _kept_until),
        ),
        keep=_keep_entry,
        related=("service",),
        capabilities=("settings.manage", "staff.manage"),
    ),
)
