"""Around a case over HTTP: put together, link, who takes part, who acts for the person."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from ninja import Schema, Status
from pydantic import Field

from parvis.accounts.models import Agent
from parvis.cases import actions, queries
from parvis.cases.models import Case, CaseMerge, Mandate
from parvis.common import codes
from parvis.common.http import full_address
from parvis.interop.api.auth import ApiRequest, need, number
from parvis.interop.api.cases import find_case, read_case
from parvis.interop.api.contacts import find_person
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas import (
    PersonIn,
)
from parvis.interop.api.values import Day, Id, ShortText, Text

router = ApiRouter(tags=["cases"])
Code = Annotated[Text, Field(min_length=1, max_length=20)]
KindName = Literal["family", "helper", "lawyer", "guardian"]
ProofName = Literal["signed", "present", "court", "card"]
MailTo = Literal["person", "both", "holder"]
Reason = Annotated[Text, Field(min_length=1, max_length=200)]


class MergeIn(Schema):
    other: Code
    reason: Reason


class LinkIn(Schema):
    other: Code
    kind: Literal["related", "follows", "household"] = "related"


class ApartIn(Schema):
    merged: Code
    reason: Reason


class RevokeIn(Schema):
    reason: Reason


class PartyIn(Schema):
    person: PersonIn
    part: Literal["applicant", "concerned"] = "applicant"


class MandateIn(Schema):
    holder: PersonIn
    kind: KindName
    proof: ProofName
    first_day: Day
    last_day: Day | None = None
    organisation: Annotated[Text, Field(max_length=120)] = ""
    proof_words: ShortText = ""
    may_write: bool = False
    mail_to: MailTo = "person"


class NeighbourOut(Schema):
    reference: str
    service: str
    how: str


class PartOut(Schema):
    reference: str
    at: datetime
    reason: str
    may_be_undone: bool


class PartyOut(Schema):
    name: str
    part: str


class MandateOut(Schema):
    id: Id
    holder: str
    kind: str
    organisation: str
    may_write: bool
    mail_to: str
    first_day: date
    last_day: date | None
    proof: str
    holds: bool


class RecipientOut(Schema):
    name: str
    email: str
    address: str
    language: str
    acts_for: str


class AroundOut(Schema):
    alike: list[NeighbourOut]
    parts: list[PartOut]
    links: list[NeighbourOut]
    parties: list[PartyOut]
    mandates: list[MandateOut]
    recipients: list[RecipientOut]


class MandateMade(Schema):
    id: Id
    tracking_url: str


@router.get(
    "cases/{reference}/around",
    response=AroundOut,
    summary="Likely duplicates, cases put together or linked, people and mandates",
)
def around(request: ApiRequest, reference: str) -> Any:
    agent = need(request, "cases.read")
    return _around(read_case(request, agent, reference), agent)


def _around(case: Case, agent: Agent) -> dict[str, Any]:
    now, today = timezone.now(), timezone.localdate()
    held = queries.around(case, agent, now, today)
    return {
        "alike": [_neighbour(one.case, one.why) for one in held.alike],
        "parts": [
            {
                "reference": part.reference,
                "at": part.merge.at,
                "reason": part.merge.reason,
                "may_be_undone": part.may_be_undone,
            }
            for part in held.parts
        ],
        "links": [_neighbour(one.case, one.how) for one in held.links],
        "parties": [{"name": str(one.person), "part": one.part} for one in held.parties],
        "mandates": [_mandate(one) for one in held.mandates],
        "recipients": [asdict(one) for one in queries.recipients(case, today)],
    }


def _neighbour(case: Case, how: str) -> dict[str, str]:
    code = codes.format_reference(case.reference)
    return {"reference": code, "service": case.service.label, "how": how}


def _mandate(one: queries.Acting) -> dict[str, Any]:
    row = one.mandate
    names = ("id", "kind", "organisation", "may_write", "mail_to", "first_day", "last_day", "proof")
    shown = {name: getattr(row, name) for name in names}
    return {**shown, "holder": str(row.holder), "holds": one.holds}


@router.post("cases/{reference}/merge", response=AroundOut, summary="Put another case into it")
def merge(request: ApiRequest, reference: str, body: MergeIn) -> Any:
    agent = need(request, "cases.act")
    case, other = read_case(request, agent, reference), find_case(request, body.other)
    actions.merge(other, into=case, agent=agent, now=timezone.now(), reason=body.reason)
    return _around(case, agent)


@router.post("cases/{reference}/separate", response=AroundOut, summary="Undo a merge")
def separate(request: ApiRequest, reference: str, body: ApartIn) -> Any:
    agent = need(request, "cases.act")
    case = read_case(request, agent, reference)
    plain = codes.parse_reference(body.merged) or ""
    inside = CaseMerge.objects.filter(merged__in=queries.part_ids(case), undone_at=None)
    row = inside.filter(merged__reference=plain).first()
    if row is None:
        raise Http404
    actions.take_apart(row, agent=agent, now=timezone.now(), reason=body.reason)
    queries.forget_parts(case)
    return _around(case, agent)


@router.post("cases/{reference}/links", response=AroundOut, summary="Link another case to it")
def link(request: ApiRequest, reference: str, body: LinkIn) -> Any:
    agent = need(request, "cases.act")
    case, other = read_case(request, agent, reference), find_case(request, body.other)
    actions.link(case, to=other, kind=body.kind, agent=agent, now=timezone.now())
    return _around(case, agent)


@router.post("cases/{reference}/people", response=AroundOut, summary="Somebody else takes part")
def party(request: ApiRequest, reference: str, body: PartyIn) -> Any:
    agent, now = need(request, "cases.act"), timezone.now()
    case = read_case(request, agent, reference)
    person = find_person(request, body.person, now)[0]
    if person is None:
        raise Http404
    actions.add_party(case, person=person, part=body.part, agent=agent, now=now)
    return _around(case, agent)


@router.post(
    "cases/{reference}/mandates",
    response={201: MandateMade},
    summary="Somebody acts for the person",
)
def mandate(request: ApiRequest, reference: str, body: MandateIn) -> Status[Any]:
    """Write down a mandate; the answer holds the representative's own link, known only now."""
    agent, now = need(request, "cases.act"), timezone.now()
    case = read_case(request, agent, reference)
    holder = find_person(request, body.holder, now)[0]
    if holder is None:
        raise Http404
    terms = actions.Terms(**body.dict(exclude={"holder"}))
    made = actions.give_mandate(case, holder=holder, terms=terms, agent=agent, now=now)
    path = reverse("web:tracking", args=[made.secret])
    return Status(201, {"id": made.mandate.pk, "tracking_url": full_address(path)})


@router.post(
    "cases/{reference}/mandates/{mandate_id}/revoke",
    response=AroundOut,
    summary="End a mandate, and its link with it",
)
def revoke(request: ApiRequest, reference: str, mandate_id: str, body: RevokeIn) -> Any:
    agent = need(request, "cases.act")
    case = read_case(request, agent, reference)
    rows = Mandate.objects.filter(case__in=queries.part_ids(case))
    row = rows.select_related("case__service", "holder").filter(pk=number(mandate_id)).first()
    if row is None:
        raise Http404
    actions.revoke_mandate(row, agent=agent, now=timezone.now(), reason=body.reason)
    return _around(case, agent)
