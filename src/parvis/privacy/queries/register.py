"""The register of processing activities (GDPR, art. 30), made of what the rooms declare."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.common import personal
from parvis.common.access import Actor
from parvis.common.personal import Activity, Words
from parvis.privacy.models import Basis, RetentionRule
from parvis.privacy.queries.terms import rules_of


@dataclass(frozen=True)
class Entry:
    """One line of the register."""

    key: str
    name: Words
    purpose: Words
    basis: Words
    people: Words
    categories: Words
    recipients: Words
    kept: Words
    is_confirmed: bool


def register(actor: Actor, today: date) -> list[Entry]:
    """One entry for each activity, and one for each procedure that has a rule of its own."""
    by_default: dict[str, RetentionRule] = {}
    by_procedure: list[RetentionRule] = []
    for rule in rules_of(actor):
        if rule.procedure_id:
            by_procedure.append(rule)
        else:
            by_default[rule.subject] = rule
    entries = []
    for activity in personal.activities():
        entries.append(_entry(activity, by_default.get(activity.root), today))
        if activity.root == "cases.Case":
            entries += [_entry(activity, rule, today) for rule in by_procedure]
    return entries


def _entry(activity: Activity, rule: RetentionRule | None, today: date) -> Entry:
    if rule is None:
        return Entry(
            activity.key, activity.name, activity.purpose,
            activity.basis or Basis.TASK.label, activity.people, activity.categories,
            activity.recipients, activity.kept or _("No rule yet: nothing is erased by itself."),
            bool(activity.kept),
        )  # fmt: skip
    of_procedure = rule.procedure_id is not None
    return Entry(
        f"{activity.key}.{rule.procedure_id}" if of_procedure else activity.key,
        rule.label if of_procedure else activity.name,
        rule.purpose or (rule.procedure.purpose if rule.procedure else "") or activity.purpose,
        rule.get_basis_display(), activity.people, activity.categories,
        rule.recipients or activity.recipients,
        kept_words(rule), rule.is_confirmed(today),
    )  # fmt: skip


def kept_words(rule: RetentionRule) -> str:
    """The phases of a rule in one sentence."""
    active = ngettext("%(n)d month in daily use", "%(n)d months in daily use", rule.active_months)
    words = [active % {"n": rule.active_months}]
    if rule.intermediate_months:
        then = ngettext(
            "%(n)d month under restricted access",
            "%(n)d months under restricted access",
            rule.intermediate_months,
        )
        words.append(then % {"n": rule.intermediate_months})
    return _("%(phases)s; in the end: %(final)s.") % {
        "phases": ", ".join(words),
        "final": rule.get_final_display(),
    }
