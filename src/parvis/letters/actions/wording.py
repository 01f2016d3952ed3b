"""Changing what letters say: wordings with their history, letterhead, delegations."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.letters import rules
from parvis.letters.models import Delegation, Kind, Letterhead, Template, TemplateVersion


@transaction.atomic
def keep_wording(
    kind: str,
    *,
    agent: Agent,
    now: datetime,
    subject: str,
    body: str,
    name: str = "",
    what_changed: str = "",
) -> TemplateVersion:
    """Give a kind of letter another wording; what was written before stays as it was."""
    title, text = one_line(subject)[:160], body.replace("\r\n", "\n").replace("\0", "").strip()
    if kind not in Kind.values or not title or not text:
        raise Refused(_("A wording has a subject and a text."))
    strangers = rules.unknown_fields(f"{title}\n{text}")
    if strangers:
        raise Refused(_("There is no such field: %s") % ", ".join(strangers), code="unknown_field")
    template, _made = Template.objects.get_or_create(
        authority_id=agent.authority_id, kind=kind, name=one_line(name)[:80]
    )
    template = Template.objects.select_for_update().get(pk=template.pk)
    last = template.versions.order_by("-number").first()
    if last is not None and (last.subject, last.body) == (title, text):
        return last
    version = TemplateVersion.objects.create(
        template=template,
        number=last.number + 1 if last else 1,
        subject=title,
        body=text,
        what_changed=one_line(what_changed)[:200],
        author=agent,
        at=now,
    )
    template.current, template.is_active = version, True
    template.save(update_fields=["current", "is_active"])
    journal.record(agent, "letters.wording_changed", template, number=version.number, kind=kind)
    return version


@transaction.atomic
def drop_wording(template: Template, *, agent: Agent) -> Template:
    """Offer a named wording no more; letters written with it stay."""
    if not template.name:
        raise Refused(_("Every kind of letter keeps a wording: change it instead."))
    template.is_active = False
    template.save(update_fields=["is_active"])
    journal.record(agent, "letters.wording_dropped", template)
    return template


@transaction.atomic
def keep_letterhead(*, agent: Agent, place: str, foot: str) -> Letterhead:
    """Set the place and the foot that all letters carry from now on."""
    where = one_line(place)[:80]
    if not where:
        raise Refused(_("A letter is dated somewhere: write the place."))
    head, _made = Letterhead.objects.update_or_create(
        authority_id=agent.authority_id,
        defaults={"place": where, "foot": one_line(foot)[:160]},
    )
    journal.record(agent, "letters.letterhead_changed", head)
    return head


@transaction.atomic
def keep_delegation(row: Delegation, *, agent: Agent) -> Delegation:
    """Write down who may sign for the authority, by which act, and from when until when."""
    row.authority_id = agent.authority_id
    if row.entry.authority_id != agent.authority_id:
        raise Refused(_("This belongs to another authority."), code="foreign")
    if row.service is not None and row.service.authority_id != agent.authority_id:
        raise Refused(_("This belongs to another authority."), code="foreign")
    row.save()
    journal.record(agent, "letters.delegation_kept", row, act=row.act)
    return row
