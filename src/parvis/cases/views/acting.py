"""One composer for all that may be done with a case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.accounts.models import Agent
from parvis.cases import actions, forms, rules
from parvis.cases.models import Case

Run = Callable[[Case, Agent, datetime, dict[str, Any]], object]


@dataclass(frozen=True)
class Act:
    """One tab of the composer."""

    label: Any
    icon: str
    button: Any
    form: type[forms.ActForm]
    run: Run
    steers: bool = False  # only for the owning service
    takes_documents: bool = False
    key: str = ""


def _write(case: Case, agent: Agent, now: datetime, given: dict[str, Any]) -> object:
    return actions.write_to_person(case, agent=agent, now=now, **given)


def _ask(case: Case, agent: Agent, now: datetime, given: dict[str, Any]) -> object:
    return actions.ask_for_items(case, agent=agent, now=now, **given)


def _note(case: Case, agent: Agent, now: datetime, given: dict[str, Any]) -> object:
    shared = not given["reason"].strip()
    return actions.add_note(case, agent=agent, now=now, shared=shared, **given)


def _next(case: Case, agent: Agent, now: datetime, given: dict[str, Any]) -> object:
    return actions.plan_next_step(case, agent=agent, now=now, **given)


def _assign(case: Case, agent: Agent, now: datetime, given: dict[str, Any]) -> object:
    return actions.assign(case, agent=agent, now=now, **given)


def _hand_over(case: Case, agent: Agent, now: datetime, given: dict[str, Any]) -> object:
    note = forms.note_of(given)
    return actions.hand_over(case, agent=agent, now=now, note=note, **given)


def _deputy(case: Case, agent: Agent, now: datetime, given: dict[str, Any]) -> object:
    return actions.name_deputy(case, agent=agent, now=now, **given)


def _transfer(case: Case, agent: Agent, now: datetime, given: dict[str, Any]) -> object:
    note = forms.note_of(given)
    return actions.transfer_to_service(case, agent=agent, now=now, note=note, **given)


def _forward(case: Case, agent: Agent, now: datetime, given: dict[str, Any]) -> object:
    return actions.forward(case, agent=agent, now=now, **given)


def _close(case: Case, agent: Agent, now: datetime, given: dict[str, Any]) -> object:
    return actions.close(case, agent=agent, now=now, text=given["text"])


def _reopen(case: Case, agent: Agent, now: datetime, given: dict[str, Any]) -> object:
    return actions.reopen(case, agent=agent, now=now, **given)


def _exchange(case: Case, agent: Agent, now: datetime, given: dict[str, Any]) -> object:
    return actions.log_exchange(case, agent=agent, now=now, **given)


def _help(case: Case, agent: Agent, now: datetime, given: dict[str, Any]) -> object:
    return actions.help_person(case, agent=agent, now=now, **given)


# By the word in the address, in the order of the tabs.
ACTS: dict[str, Act] = {
    "message": Act(
        _("Write"), "chat-left-text", pgettext_lazy("button", "Send"), forms.WriteForm, _write,
        takes_documents=True,
        key="m",
    ),
    "note": Act(
        pgettext_lazy("case", "Note"), "pencil", _("Add the note"), forms.NoteForm, _note, key="n"
    ),
    "pieces": Act(
        _("Ask for what is missing"), "clipboard-check", _("Ask the person"), forms.AskForm, _ask,
        steers=True, key="d",
    ),
    "suite": Act(_("Next step"), "signpost", _("Say so"), forms.NextStepForm, _next, key="s"),
    "echange": Act(
        _("They called or came"), "telephone", _("Write it down"), forms.ExchangeForm, _exchange,
        key="t",
    ),
    "aide": Act(
        _("Done with the person"), "person-raised-hand", _("Write it down"), forms.HelpForm, _help
    ),
    "referent": Act(
        _("Name a referent"), "person-check", _("Assign"), forms.AssignForm, _assign, steers=True
    ),
    "passation": Act(
        _("Hand over"), "arrow-left-right", _("Hand over"), forms.HandOverForm, _hand_over,
        steers=True, key="h",
    ),
    "suppleance": Act(
        _("Deputy"), "people", _("Name the deputy"), forms.DeputyForm, _deputy, steers=True
    ),
    "service": Act(
        _("Another service"), "arrow-right", _("Pass on"), forms.TransferForm, _transfer,
        steers=True,
    ),
    "collectivite": Act(
        _("Another authority"), "box-arrow-up-right", _("Pass on"), forms.ForwardForm, _forward,
        steers=True,
    ),
    "reponse": Act(
        _("Answer and close"), "check-circle", _("Answer and close"), forms.CloseForm, _close,
        steers=True, key="e",
    ),
    "reouverture": Act(
        _("Reopen"), "arrow-counterclockwise", _("Reopen"), forms.ReopenForm, _reopen
    ),
}  # fmt: skip


def acts_for(case: Case, agent: Agent, now: datetime) -> Mapping[str, Act]:
    """The acts that make sense now, for this agent and the state of the case."""
    roles = frozenset(grant.role for grant in agent.grants.all() if grant.is_current(now))
    steerer = rules.Steerer(roles, agent.service_id, agent.is_robot)
    steers = rules.may_steer(steerer, service_id=case.service_id)
    if case.state not in rules.RUNNING:
        wanted = {"reouverture", "note", "echange"}
    elif case.referent_id is None:
        wanted = set(ACTS) - {"reouverture", "passation", "suppleance"}
    else:
        wanted = set(ACTS) - {"reouverture", "referent"}
    return {
        name: act for name, act in ACTS.items() if name in wanted and (steers or not act.steers)
    }
