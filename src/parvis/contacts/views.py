"""The log of exchanges: read it, add to it from the keyboard, correct it in the open."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.accounts.queries import current_desk
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires
from parvis.contacts import actions, queries
from parvis.contacts.forms import KEYS, CorrectionForm, EntryForm, FilterForm
from parvis.contacts.models import Channel, Contact, Linking, Outcome

ICONS = {
    Channel.DESK: "person-standing",
    Channel.PHONE: "telephone",
    Channel.EMAIL: "envelope",
    Channel.POST: "mailbox",
    Channel.WEB: "globe",
    Channel.ASSISTANT: "chat-dots",
}
OUTCOME_ICONS = {
    Outcome.RESOLVED: "check2-circle",
    Outcome.PASSED_ON: "arrow-left-right",
    Outcome.CASE_OPENED: "folder-plus",
    Outcome.APPOINTMENT_MADE: "calendar-check",
    Outcome.OTHER_AUTHORITY: "box-arrow-up-right",
}
CHANNEL_KEY = "entry_channel"  # in the session: what the agent is answering today


@requires("contacts.read")
@require_safe
def log(request: AgentRequest) -> HttpResponse:
    return _log_page(request, None)


def _log_page(
    request: AgentRequest, entry: EntryForm | None, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    agent = request.user
    chosen = {key: request.GET[key] for key in FilterForm.base_fields if key in request.GET}
    filter_form = FilterForm(chosen or None, agent=agent, auto_id="filter_%s")
    page = queries.log(
        agent,
        filter_form.filters(),
        zone=queries.zone_of(agent),
        before=request.GET.get("before", ""),
        after=request.GET.get("after", ""),
    )
    context: dict[str, Any] = {
        "page": page,
        "filter_form": filter_form,
        "is_filtered": any(chosen.values()),
        "older_url": _page_address("before", page.older, chosen),
        "newer_url": _page_address("after", page.newer, chosen),
        "icons": {channel.value: icon for channel, icon in ICONS.items()},
        "refusal": refusal,
    }
    if agent.may("contacts.log"):
        context["entry_form"] = entry or _fresh_entry(request)
        context["topics"] = queries.topics_for(agent.authority_id)
        context["outcomes"] = [
            (key, value, value.label, OUTCOME_ICONS[value]) for key, value in KEYS.items()
        ]
    return render(request, "contacts/log.html", context, status=status)


def _fresh_entry(request: AgentRequest) -> EntryForm:
    channel = request.session.get(CHANNEL_KEY, Channel.PHONE.value)
    return EntryForm(agent=request.user, initial={"channel": channel}, auto_id="entry_%s")


def _page_address(name: str, mark: str, chosen: dict[str, Any]) -> str:
    return "?" + urlencode({**chosen, name: mark}) if mark else ""


@requires("contacts.log")
@once
@require_POST
def new(request: AgentRequest) -> HttpResponse:
    form = EntryForm(request.POST, agent=request.user, auto_id="entry_%s")
    if not form.is_valid():
        return _log_page(request, form, status=422)
    try:
        contact = _log(request, form)
    except Refused as refused:
        return _log_page(request, form, refusal=refused.message, status=409)
    request.session[CHANNEL_KEY] = contact.channel
    messages.success(
        request,
        _("Written down: %(topic)s, %(outcome)s.")
        % {"topic": contact.topic.label, "outcome": contact.get_outcome_display()},
        extra_tags=f"undo:{reverse('contacts:undo', args=[contact.pk])}",
    )
    if contact.outcome == Outcome.CASE_OPENED and (address := _opening(contact)):
        return redirect(address)
    return redirect("contacts:log")


def _log(request: AgentRequest, form: EntryForm) -> Contact:
    agent, now, given = request.user, timezone.now(), form.cleaned_data
    assert form.topic is not None  # noqa: S101  # a valid form has its topic
    person, linking = None, str(Linking.NONE)
    if given["last_name"].strip() or form.way_to_reach:
        person, linking = actions.identify_person(
            agent.authority, now=now, last_name=given["last_name"], **form.way_to_reach
        )
    desk = current_desk(request) if given["channel"] == Channel.DESK else None
    return actions.log_contact(
        authority=agent.authority,
        topic=form.topic,
        channel=given["channel"],
        outcome=form.outcome or Outcome.RESOLVED,
        started_at=now - timedelta(minutes=given["minutes"] or 0),
        ended_at=now,
        now=now,
        agent=agent,
        site=agent.site,
        desk=desk,
        person=person,
        linking=linking,
        avoidable_cause=given["avoidable_cause"],
        note=given["note"],
    )


def _opening(contact: Contact) -> str:
    # The room of cases is above this one: its page is a link, known by name only.
    try:
        return f"{reverse('cases:open')}?contact={contact.pk}"
    except NoReverseMatch:
        return ""


@requires("contacts.read")
@require_safe
def contact(request: AgentRequest, pk: int) -> HttpResponse:
    return _contact_page(request, get_object_or_404(queries.whole(request.user), pk=pk), None)


def _contact_page(
    request: AgentRequest, found: Contact, form: CorrectionForm | None, *, refusal: str = ""
) -> HttpResponse:
    agent = request.user
    may_correct = agent.may("contacts.correct") or (
        agent.may("contacts.log") and found.agent_id == agent.pk
    )
    context = {
        "contact": found,
        "icon": ICONS[Channel(found.channel)],
        "corrections": [_told(row) for row in queries.corrections_of(found)],
        "sheets": found.sheets_used.select_related("version__sheet"),
        "earlier": queries.earlier_of_person(found, agent),
        "may_correct": may_correct and found.undone_at is None,
        "form": form or CorrectionForm(contact=found, agent=agent),
        "opening": _opening(found) if agent.may("cases.open") else "",
        "refusal": refusal,
    }
    status = 409 if refusal else 422 if form else 200
    return render(request, "contacts/contact.html", context, status=status)


def _told(correction: Any) -> dict[str, Any]:
    changes = [
        {
            "label": queries.COLUMNS[name],
            "before": queries.in_words(name, correction.before[name]),
            "after": queries.in_words(name, correction.after[name]),
        }
        for name in correction.after
    ]
    return {
        "at": correction.at,
        "by": correction.by.display_name,
        "reason": correction.reason,
        "changes": changes,
    }


@requires("contacts.log", "contacts.correct")
@once
@require_POST
def correct(request: AgentRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.whole(request.user), pk=pk)
    form = CorrectionForm(request.POST, contact=found, agent=request.user)
    if not form.is_valid():
        return _contact_page(request, found, form)
    try:
        actions.correct_contact(
            found,
            agent=request.user,
            now=timezone.now(),
            reason=form.cleaned_data["reason"],
            **form.changes(),
        )
    except Refused as refused:
        return _contact_page(request, found, form, refusal=refused.message)
    messages.success(request, _("Corrected. What was written before stays readable below."))
    return redirect("contacts:contact", pk)


@requires("contacts.log")
@require_POST
def undo(request: AgentRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    try:
        actions.undo_contact(found, agent=request.user, now=timezone.now())
    except Refused as refused:
        refuse(request, refused)
    else:
        messages.success(request, _("Taken back."))
    return redirect("contacts:log")
