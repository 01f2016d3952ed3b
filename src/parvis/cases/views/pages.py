"""The pages themselves: fetch with the right, call one action or query, draw."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.accounts.models import Agent
from parvis.cases import actions, queries, uploads
from parvis.cases.forms import ActForm, OpenForm
from parvis.cases.models import Case, Handover
from parvis.cases.views import kept_words
from parvis.cases.views.acting import ACTS, Act, acts_for
from parvis.cases.views.fetching import any_case_of, asks_why, case_of, check_reason, stub_page
from parvis.cases.views.portfolio import keep_shelf, shelf_of, whole_rows
from parvis.common import codes
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires, takes_files
from parvis.common.qr import qr_svg
from parvis.contacts import actions as contacts
from parvis.contacts import queries as contact_queries
from parvis.contacts.models import Channel, Contact, Linking, Person
from parvis.knowledge.models import ProtocolDeviation

SLIPS = "slips"  # in the session: secrets of links just made, until the slip was printed
SLIP_KEPT = timedelta(minutes=15)
OPENED_FROM = "cases:open"


@requires("cases.read")
@asks_why
@require_safe
def case(request: AgentRequest, reference: str) -> HttpResponse:
    plain = codes.parse_reference(reference) or ""
    found = queries.whole(request.user).filter(reference=plain).first()
    if found is None:
        held = queries.opened_in_danger(request.user, plain, timezone.now())
        return _case_page(request, held, "", reads=True) if held else stub_page(request, plain)
    if found.merged_into_id is not None:
        root = any_case_of(request, plain)
        messages.info(request, _("This case was put into another one: here it goes on."))
        return redirect("cases:case", root.reference)
    check_reason(request, found)
    page = _case_page(request, found, request.GET.get("act", ""))
    actions.record_reading(found, agent=request.user, now=timezone.now())
    return page


def _case_page(
    request: AgentRequest,
    found: Case,
    wanted: str,
    *,
    form: ActForm | None = None,
    refusal: str = "",
    came: uploads.Received | None = None,
    reads: bool = False,  # and does nothing else
) -> HttpResponse:
    agent, now, today = request.user, timezone.now(), timezone.localdate()
    acts = acts_for(found, agent, now) if agent.may("cases.act") and not reads else {}
    if wanted not in acts:
        wanted = next(iter(acts), "")
    items = queries.items_of(found)
    context = {
        "case": found,
        "reference": codes.format_reference(found.reference),
        "receipt": queries.receipt(found, today),
        "awaited": queries.awaited(found, [one for one in items if one.received_on is None]),
        "items": items,
        "clock": queries.clock_now(found, items, today, agent),
        "may_act": agent.may("cases.act") and not reads,
        "only_reads": reads,
        "story": queries.timeline(found, for_person=False, on=today),
        "seen": queries.last_entry_id(found),
        "act": wanted,
        "act_button": acts[wanted].button if wanted else "",
        "act_form": form or (acts[wanted].form(case=found) if wanted else None),
        "kept": None,
        "tabs": _act_tabs(found, acts, wanted, keep_shelf(shelf_of(request))),
        **_from_the_page(found, agent, now, came, acts.get(wanted)),
        "row": whole_rows([found], now)[0],
        "waits_since": found.last_activity_at,
        "stubs": queries.known_elsewhere(found.person, agent) if found.person else [],
        "readings": queries.outside_readings(found),
        "around": queries.around(found, agent, now, today),
        "refusal": refusal,
        **_around(request, found),
    }
    _note_offer(context, form)
    kept_words.put_back(request, context, acts, typed=form is not None)
    _type_at_once(request, context["act_form"])
    status = 409 if refusal else 422 if form else 200
    return render(request, "cases/case.html", context, status=status)


def _type_at_once(request: AgentRequest, form: ActForm | None) -> None:
    """Whoever came here by a key finds the first field ready."""
    if form is not None and request.GET.get("act"):
        next(iter(form.fields.values())).widget.attrs["autofocus"] = True


def _note_offer(context: dict[str, Any], form: ActForm | None) -> None:
    """Where the case is offered to somebody already, nothing is typed before that is settled."""
    offer = context["handover"]
    is_offered = offer is not None and offer.state == Handover.State.OFFERED
    context["waits_for_answer"] = is_offered and context["act"] == "passation"
    if context["waits_for_answer"] and form is None:
        context["act_form"] = None


def _from_the_page(
    found: Case, agent: Agent, now: datetime, came: uploads.Received | None, act: Act | None
) -> dict[str, Any]:
    """What the person sent and asked for, and documents of a form that was refused."""
    return {
        "now": now,
        "earlier": queries.earlier_of_person(found, agent),
        "call": queries.promised_call(found),
        "documents": queries.documents_of(found),
        "may_record": agent.may("complaints.record"),
        "is_own_service": agent.service_id == found.service_id,
        "takes_documents": act is not None and act.takes_documents,
        "problems": came.problems if came else [],
        "held": uploads.hold(came, found) if came else [],
        "most": uploads.AT_ONCE,
    }


def _around(request: AgentRequest, found: Case) -> dict[str, Any]:
    """The shelf the case was taken from, who follows it, the protocol it follows."""
    agent, today = request.user, timezone.localdate()
    desk = shelf_of(request)
    beside = queries.beside(found, desk) if desk else None
    staff = queries.staff_on(today, [found.service_id], for_agents=True)
    return {
        "shelf": keep_shelf(desk),
        "beside": beside,
        "stand_in": queries.stands_in(found, staff),
        "handover": queries.pending_handover(found),
        "exception": queries.exception_of(found),
        "protocols": queries.protocols_of(found, agent),
        "causes": ProtocolDeviation.Cause.choices,
        "may_assign": agent.may("cases.assign"),
        "me": agent,
    }


def _act_tabs(found: Case, acts: Any, wanted: str, shelf: str) -> list[dict[str, Any]]:
    here = reverse("cases:case", args=[found.reference])
    return [
        {
            "text": act.label,
            "url": f"{here}?{shelf}act={name}",
            "current": name == wanted,
            "key": act.key,
        }
        for name, act in acts.items()
    ]


@takes_files()
@requires("cases.act")
@once
@asks_why
@require_POST
def act(request: AgentRequest, reference: str, act: str) -> HttpResponse:
    found = case_of(request, reference)
    now = timezone.now()
    acts = acts_for(found, request.user, now)
    chosen = acts.get(act)
    form = ACTS[act].form(request.POST, case=found)
    if chosen is None:
        kept_words.keep(request, found, act, form)
        sentence = _("This is not possible now: the case has changed, or its service decides.")
        wanted = "reouverture" if "reouverture" in acts else ""
        return _case_page(request, found, wanted, refusal=sentence)
    came = uploads.received(request, found) if chosen.takes_documents else uploads.Received()
    if not form.is_valid() or came.problems:
        return _case_page(request, found, act, form=form, came=came)
    documents = {"documents": came.documents} if came.documents else {}
    try:
        _check_seen(request, found)
        chosen.run(found, request.user, now, form.cleaned_data | documents)
    except Refused as refused:
        found = case_of(request, reference)
        return _case_page(request, found, act, form=form, refusal=refused.message, came=came)
    done = _("“%(act)s”: done, and written in the story.")
    messages.success(request, done % {"act": chosen.label})
    kept_words.forget(request, found, act)
    # A case passed to a sensitive service may be out of sight now.
    if not Case.objects.visible_to(request.user).filter(pk=found.pk).exists():
        return redirect("cases:portfolio")
    shelf = keep_shelf(shelf_of(request))
    if kept := kept_words.of(request, found):
        shelf += f"act={kept.act}"  # what could not be sent before is there to be sent
    here = reverse("cases:case", args=[found.reference])
    return redirect(f"{here}?{shelf}".rstrip("?&"))


def _check_seen(request: AgentRequest, found: Case) -> None:
    """What was written since this page was drawn is read first."""
    seen = request.POST.get("seen", "")
    if seen.isdigit() and queries.news_since(found, int(seen), request.user):
        raise Refused(
            _("Something was added to this case meanwhile: read it above, then send again.")
        )


@requires("cases.open")
@once
@require_http_methods(["GET", "HEAD", "POST"])
def open_case(request: AgentRequest) -> HttpResponse:
    contact = _contact_of(request)
    if request.method != "POST":
        return _open_page(request, contact, OpenForm(
            agent=request.user, contact=contact, initial=_initial(contact)
        ))  # fmt: skip
    form = OpenForm(request.POST, agent=request.user, contact=contact)
    if not form.is_valid():
        return _open_page(request, contact, form, status=422)
    try:
        opened = _open(request, contact, form)
    except Refused as refused:
        return _open_page(request, contact, form, refusal=refused.message, status=409)
    _keep_for_slip(request, opened.case, opened.secret)
    return redirect("cases:slip", opened.case.reference)


def _contact_of(request: AgentRequest) -> Contact | None:
    wanted = request.GET.get("contact", "")
    if not wanted:
        return None
    if not wanted.isdigit():
        raise Http404
    return get_object_or_404(contact_queries.whole(request.user), pk=wanted)


def _initial(contact: Contact | None) -> dict[str, Any]:
    if contact is None:
        return {"channel": Channel.PHONE}
    return {"topic": contact.topic_id, "description": contact.note}


def _open_page(
    request: AgentRequest,
    contact: Contact | None,
    form: OpenForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    person = contact.person if contact else None
    context = {
        "contact": contact,
        "form": form,
        "stubs": queries.known_elsewhere(person, request.user) if person else [],
        "refusal": refusal,
    }
    return render(request, "cases/open.html", context, status=status)


def _open(request: AgentRequest, contact: Contact | None, form: OpenForm) -> actions.Opened:
    agent, now, given = request.user, timezone.now(), form.cleaned_data
    person: Person | None = contact.person if contact else None
    details = form.person_details()
    if details:
        person, linking = contacts.identify_person(agent.authority, now=now, **details)
        if contact is not None and contact.linking == Linking.NONE:
            contacts.link_person(contact, person=person, linking=linking)
    return actions.open_case(
        topic=given["topic"],
        channel=contact.channel if contact else given["channel"],
        description=given["description"],
        title=given["title"],
        posted_on=given["posted_on"],
        received_on=given["received_on"],
        first_received_on=given["first_received_on"],
        now=now,
        agent=agent,
        person=person,
        contact=contact,
    )


def _keep_for_slip(request: AgentRequest, case: Case, secret: str) -> None:
    kept = dict(list(request.session.get(SLIPS, {}).items())[-4:])
    kept[case.reference] = [secret, timezone.now().isoformat()]
    request.session[SLIPS] = kept


def _secret_for_slip(request: AgentRequest, reference: str) -> str:
    kept = request.session.get(SLIPS, {}).get(reference)
    if not kept or timezone.now() - datetime.fromisoformat(kept[1]) > SLIP_KEPT:
        return ""
    return str(kept[0])


@requires("cases.open")
@asks_why
@require_safe
def slip(request: AgentRequest, reference: str) -> HttpResponse:
    plain, now = codes.parse_reference(reference) or "", timezone.now()
    secret = _secret_for_slip(request, plain)
    # Whoever has just opened a case of a sensitive service prints its slip, and no more.
    held = queries.by_secret(secret, now) if secret else None
    if held is None or held.authority_id != request.user.authority_id:
        secret, held = "", None  # never shown here, or replaced meanwhile by a newer link
    found = held or case_of(request, reference)
    if held is None:
        actions.record_reading(found, agent=request.user, now=now)
    address = request.build_absolute_uri(reverse("web:tracking", args=[secret])) if secret else ""
    lacking = queries.unfinished(found, request.user)
    context = {
        "case": found,
        "receipt": queries.receipt(found, timezone.localdate()),
        "awaited": queries.awaited(found),
        "law": None if lacking else queries.told(found, timezone.localdate()),
        "lacking": lacking,
        "narrow": request.GET.get("papier") == "ticket",
        "address": address,
        "qr": qr_svg(address, label=_("Code that opens the page of the request"))
        if address
        else "",
    }
    return render(request, "cases/slip.html", context)


@requires("cases.open")
@asks_why
@require_POST
def renew_link(request: AgentRequest, reference: str) -> HttpResponse:
    found = case_of(request, reference)
    try:
        secret = actions.renew_link(found, agent=request.user, now=timezone.now())
    except Refused as refused:
        refuse(request, refused)
    else:
        _keep_for_slip(request, found, secret)
        messages.success(request, _("New link made: the old one no longer opens anything."))
    return redirect("cases:slip", found.reference)
