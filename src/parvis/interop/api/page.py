"""What a person sends and asks for about a case, over HTTP."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Status

from parvis.cases import actions, queries
from parvis.cases.models import CallBack, CaseFile
from parvis.common import files
from parvis.common.http import saved
from parvis.feedback import actions as feedback
from parvis.feedback.models import Complaint
from parvis.interop.api.auth import ApiRequest, fetch, need
from parvis.interop.api.cases import read_case
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas_page import (
    CallOut,
    ComplaintOut,
    Documents,
    NewCall,
    NewComplaint,
)

router = ApiRouter(tags=["cases"])


@router.get("cases/{reference}/documents", response=Documents, summary="Documents of a case")
def documents(request: ApiRequest, reference: str) -> Any:
    agent = need(request, "cases.read")
    found = read_case(request, agent, reference)
    actions.record_reading(found, agent=agent, now=timezone.now())
    return {
        "documents": [
            {
                "id": row.pk,
                "name": row.name,
                "kind": row.kind,
                "size": row.size,
                "from_person": row.from_person,
                "internal": row.is_internal,
                "added_at": row.added_at,
                "sha256": row.digest,
            }
            for row in queries.documents_of(found)
        ]
    }


@router.get("cases/{reference}/documents/{document}", summary="A document: its bytes, to save")
def document(request: ApiRequest, reference: str, document: str) -> HttpResponse:
    agent = need(request, "cases.read")
    found = read_case(request, agent, reference)
    row = fetch(
        CaseFile.objects.visible_to(agent).filter(case__in=queries.part_ids(found)), document
    )
    actions.record_reading(found, agent=agent, now=timezone.now())
    return saved(files.path_of(row.digest), name=row.name, kind=row.kind)


@router.post("cases/{reference}/calls", response={201: CallOut}, summary="Promise a call")
def call(request: ApiRequest, reference: str, body: NewCall) -> Status[Any]:
    agent = need(request, "cases.act")
    found = read_case(request, agent, reference)
    made = actions.ask_call(found, now=timezone.now(), agent=agent, **body.dict())
    return Status(201, _call_out(made))


@router.post(
    "cases/{reference}/complaints", response={201: ComplaintOut}, summary="Pass on a complaint"
)
def complaint(request: ApiRequest, reference: str, body: NewComplaint) -> Status[Any]:
    agent = need(request, "complaints.record")
    found = read_case(request, agent, reference)
    made = feedback.complain(found, now=timezone.now(), agent=agent, **body.dict())
    return Status(201, _complaint_out(made))


def _call_out(call: CallBack) -> dict[str, Any]:
    return {
        "id": call.pk,
        "day": call.wanted_on,
        "part": call.part,
        "promised_until": call.promised_until,
        "state": call.state,
    }


def _complaint_out(complaint: Complaint) -> dict[str, Any]:
    return {
        "id": complaint.pk,
        "state": complaint.state,
        "received_at": complaint.received_at,
        "take_by": complaint.take_by,
        "due_on": complaint.due_on,
    }
