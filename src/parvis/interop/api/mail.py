"""Received e-mails over HTTP: what waits, and bringing each to its place."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from parvis.accounts.models import Agent
from parvis.cases.models import Case
from parvis.common import codes
from parvis.interop.api.auth import ApiRequest, fetch, not_there
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas_mail import (
    AttachMail,
    MailListOut,
    MailWholeOut,
    OpenFromMail,
    SetMailAside,
    ShelfName,
)
from parvis.mail import actions, queries, rules, wording
from parvis.mail.models import ReceivedMail
from parvis.organisations.models import Topic

router = ApiRouter(tags=["mail"])
SHELVES = {"waiting": "a-trier", "apart": "a-part", "machines": "machines", "done": "traites"}


def _sorter(request: ApiRequest) -> Agent:
    if not (request.auth.may("mail.sort") or request.auth.may("mail.sort_own")):
        raise PermissionDenied
    return request.auth


@router.get("mails", response=MailListOut, summary="Received e-mails")
def listing(request: ApiRequest, shelf: ShelfName = "waiting") -> Any:
    """Those that the token may read: what waits longest first, what is done latest first."""
    agent = _sorter(request)
    rows = queries.shelf(agent, SHELVES[shelf]).rows
    return {"mails": [mail_out(one) for one in rows]}


@router.get("mails/{mail}", response=MailWholeOut, summary="One e-mail")
def one(request: ApiRequest, mail: str) -> Any:
    agent = _sorter(request)
    return _whole(_mail(agent, mail))


@router.post("mails/{mail}/attach", response=MailWholeOut, summary="Put it with a case")
def attach(request: ApiRequest, mail: str, body: AttachMail) -> Any:
    agent = _sorter(request)
    found = _mail(agent, mail)
    reference = codes.parse_reference(body.case)
    case = Case.objects.visible_to(agent).filter(reference=reference).first()
    if reference is None or case is None:
        raise not_there(Case, body.case)
    actions.attach_to(found, case, agent=agent, now=timezone.now())
    return _whole(_mail(agent, mail))


@router.post("mails/{mail}/open", response=MailWholeOut, summary="Open a case from it")
def open_case(request: ApiRequest, mail: str, body: OpenFromMail) -> Any:
    agent = _sorter(request)
    found = _mail(agent, mail)
    topic = fetch(Topic.objects.visible_to(agent).select_related("service"), body.topic)
    actions.open_case_from(found, topic=topic, title=body.title, agent=agent, now=timezone.now())
    found.refresh_from_db()
    return _whole(found)


@router.post("mails/{mail}/set-aside", response=MailWholeOut, summary="Set it aside")
def set_aside(request: ApiRequest, mail: str, body: SetMailAside) -> Any:
    agent = _sorter(request)
    found = _mail(agent, mail)
    actions.set_aside(found, words=body.reason, agent=agent, now=timezone.now())
    return _whole(_mail(agent, mail))


def _mail(agent: Agent, given: str) -> ReceivedMail:
    read = ReceivedMail.objects.visible_to(agent).exclude(state=rules.KEPT)
    found: ReceivedMail = fetch(read.select_related("box", "case"), given)
    return found


def mail_out(mail: ReceivedMail) -> dict[str, Any]:
    """A message as the contract writes it."""
    return {
        "id": mail.pk,
        "state": mail.state,
        "reason": wording.reason(mail.reason),
        "received_at": mail.received_at,
        "from_name": mail.from_name,
        "from_address": mail.from_address,
        "to": mail.box.address if mail.box else None,
        "subject": mail.subject,
        "case": codes.format_reference(mail.case.reference) if mail.case else None,
    }


def _whole(mail: ReceivedMail) -> dict[str, Any]:
    files = [
        {"name": one.name, "kind": one.kind or None, "size": one.size} for one in mail.files.all()
    ]
    return {**mail_out(mail), "text": mail.text, "history": mail.history, "files": files}
