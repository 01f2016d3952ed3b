"""Cases that belong together: what was put into one, what is linked, what looks like it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from parvis.cases import rules
from parvis.cases.models import Case, CaseLink, CaseMerge
from parvis.common import codes
from parvis.common.access import Actor
from parvis.contacts import rules as contact_rules
from parvis.contacts.models import Person

Kind = CaseLink.Kind
LOOKED_AT = 40  # other cases of one person


def part_ids(case: Case) -> list[int]:
    """The case itself and every case put into it, one or several steps away."""
    known: list[int] | None = case.__dict__.get("_part_ids")
    if known is None:
        known, newest = [case.pk], [case.pk]
        while newest:
            into = Case.objects.filter(merged_into__in=newest)
            newest = list(into.order_by("pk").values_list("pk", flat=True))
            known += newest
        case.__dict__["_part_ids"] = known
    return known


def forget_parts(*cases: Case) -> None:
    """What belongs to these cases has just changed."""
    for case in cases:
        case.__dict__.pop("_part_ids", None)


def root_id(case: Case) -> int:
    """The case where the story goes on: itself, unless it was put into another."""
    pk, into = case.pk, case.merged_into_id
    while into is not None:
        pk = into
        into = Case.objects.filter(pk=pk).values_list("merged_into_id", flat=True).first()
    return pk


def filed(case: Case) -> rules.Filed:
    """What tells this request from another one."""
    person = case.person
    keys = frozenset[str]()
    if person is not None:
        keys = rules.person_keys(
            person.pk,
            name=contact_rules.plain(f"{person.first_name} {person.last_name}").strip(),
            email=contact_rules.normal_email(person.email),
            phone=contact_rules.normal_phone(person.phone),
        )
    return rules.Filed(
        pk=case.pk,
        authority=case.authority_id,
        service=case.service_id,
        topic=case.topic_id,
        family=case.topic.family_id,
        received_on=case.received_on,
        state=case.state,
        is_sealed=case.service.is_sensitive,
        people=keys,
    )


@dataclass(frozen=True)
class Alike:
    """A case that looks like the same request."""

    case: Case
    why: str


def duplicates_of(case: Case, actor: Actor) -> list[Alike]:
    """Cases the actor may read that look like this request made twice, likeliest first."""
    person = case.person
    if person is None or case.state == Case.State.MERGED:
        return []
    near = timedelta(days=rules.NEAR_DAYS)
    rows = Case.objects.visible_to(actor).filter(
        person__in=_same_people(person),
        topic__family_id=case.topic.family_id,
        received_on__range=(case.received_on - near, case.received_on + near),
    )
    rows = rows.exclude(pk=case.pk).exclude(state=Case.State.MERGED)
    # One of two that were linked on purpose is no duplicate.
    linked = CaseLink.objects.filter(Q(first=case) | Q(second=case), ended_at=None)
    apart = {pk for pair in linked.values_list("first_id", "second_id") for pk in pair}
    found = {
        other.pk: other
        for other in rows.select_related("topic", "service", "person").order_by("-received_on")[
            :LOOKED_AT
        ]
        if other.pk not in apart
    }
    alike = rules.likely_duplicates(filed(case), map(filed, found.values()))
    return [Alike(found[pk], _alike(how)) for pk, how in alike]


def _same_people(person: Person) -> list[int]:
    """The rows under which the same person may be known: ids, so that each has its index."""
    reach = Q()
    if person.email:
        reach |= Q(email=person.email)
    if person.phone:
        reach |= Q(phone=person.phone)
    if not person.last_name or not reach:
        return [person.pk]
    twins = Person.objects.filter(reach, authority_id=person.authority_id)
    found = twins.filter(last_name__iexact=person.last_name).order_by("pk")[:LOOKED_AT]
    return list({person.pk, *found.values_list("pk", flat=True)})


def _alike(how: rules.Likeness) -> str:
    if how is rules.Likeness.TOPIC:
        return _("same person, same topic, near dates")
    return _("same person, same family of topics, near dates")


@dataclass(frozen=True)
class Linked:
    """A case that is read together with another one."""

    pk: int
    case: Case
    how: str


def links_of(case: Case, actor: Actor) -> list[Linked]:
    """The cases linked to this one that the actor may read, from both sides."""
    parts = part_ids(case)
    rows = CaseLink.objects.filter(Q(first__in=parts) | Q(second__in=parts), ended_at=None)
    links = list(rows.order_by("pk"))
    others = {link.pk: _other(link, parts) for link in links}
    wanted = {pk for pk, _is_first in others.values()}
    readable = Case.objects.visible_to(actor).filter(pk__in=wanted).select_related("service")
    cases = {one.pk: one for one in readable} if wanted else {}
    return [
        Linked(link.pk, cases[others[link.pk][0]], _how(link, others[link.pk][1]))
        for link in links
        if others[link.pk][0] in cases
    ]


def _other(link: CaseLink, parts: Iterable[int]) -> tuple[int, bool]:
    return (link.second_id, True) if link.first_id in parts else (link.first_id, False)


def _how(link: CaseLink, is_first: bool) -> str:
    if link.kind == Kind.FOLLOWS:
        return (
            pgettext("case", "before this one") if is_first else pgettext("case", "after this one")
        )
    return str(Kind(link.kind).label)


@dataclass(frozen=True)
class Part:
    """A case put into this one, with its own clock, and whether that can be undone."""

    merge: CaseMerge
    case: Case
    reference: str
    may_be_undone: bool


def parts_of(case: Case, now: datetime) -> list[Part]:
    """The cases put into this one, oldest first."""
    inside = [pk for pk in part_ids(case) if pk != case.pk]
    if not inside:
        return []
    rows = CaseMerge.objects.filter(merged__in=inside, undone_at=None).order_by("pk")
    return [
        Part(
            row,
            row.merged,
            codes.format_reference(row.merged.reference),
            rules.may_be_taken_apart(row.at, now),
        )
        for row in rows.select_related("merged__clock", "merged__service", "agent__entry")
    ]
