"""Which rule counts for what, and which cases have come to the end of a phase."""

from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from parvis.cases.models import Case, LegalClock, Procedure
from parvis.common import personal
from parvis.common.access import Actor
from parvis.organisations.models import Authority
from parvis.privacy import rules
from parvis.privacy.models import Hold, RetentionRule, SlipLine

CASE = "cases.Case"


def rules_of(actor: Actor) -> QuerySet[RetentionRule]:
    """Every rule of the authority, those of procedures after the one by default."""
    return RetentionRule.objects.visible_to(actor).select_related("procedure")


def unruled(actor: Actor) -> list[personal.Root | Procedure]:
    """What is kept and has a term of its own, and for which nobody has made a rule."""
    known = set(rules_of(actor).filter(procedure=None).values_list("subject", flat=True))
    roots = [root for root in personal.roots() if root.model not in known and _has_term(root)]
    ruled = rules_of(actor).exclude(procedure=None).values("procedure_id")
    procedures = Procedure.objects.visible_to(actor).filter(is_active=True).exclude(pk__in=ruled)
    return [*roots, *procedures.order_by("name")]


def _has_term(root: personal.Root) -> bool:
    return root.needs_visa or root.months > 0


def rule_of(case: Case) -> RetentionRule | None:
    """The rule of the procedure of a case, else the one for all cases of its authority."""
    own = RetentionRule.objects.filter(authority_id=case.authority_id, subject=CASE)
    return (
        own.filter(procedure__links__topic_id=case.topic_id).first()
        or own.filter(procedure=None).first()
    )


def _cases_of(rule: RetentionRule) -> QuerySet[Case]:
    cases = Case.objects.filter(authority_id=rule.authority_id, eliminated_at=None)
    if rule.procedure_id:
        return cases.filter(topic__procedure_link__procedure_id=rule.procedure_id)
    others = RetentionRule.objects.filter(
        authority_id=rule.authority_id, procedure__links__topic_id=OuterRef("topic_id")
    )
    return cases.filter(~Exists(others))


def end_of(day: date) -> datetime:
    """The first instant after a day, where the server counts days."""
    following = date.fromordinal(day.toordinal() + 1)
    return timezone.make_aware(datetime.combine(following, time.min))


def past_active(rule: RetentionRule, today: date) -> QuerySet[Case]:
    """The closed cases whose daily use is over, and that are still read by everybody."""
    latest = rules.latest_ended(today, rule.active_months)
    return _cases_of(rule).filter(_ended_by(latest), archived_at=None)


def ripe(rule: RetentionRule, today: date) -> QuerySet[Case]:
    """The cases whose term is over, and that nothing holds back; none by an unchecked rule."""
    if not rule.is_confirmed(today):
        return Case.objects.none()
    latest = rules.latest_ended(today, rule.active_months + rule.intermediate_months)
    listed = SlipLine.objects.filter(case=OuterRef("pk")).exclude(
        Q(fate=SlipLine.Fate.WITHDRAWN) | Q(slip__state=rules.REFUSED)
    )
    return _cases_of(rule).filter(
        _ended_by(latest),
        ~Q(state=Case.State.MERGED),  # goes with the case into which it was put
        ~Exists(held_back(OuterRef("pk"))),
        ~Exists(clock_is_running(OuterRef("pk"), today)),
        ~Exists(listed),
    )


def _ended_by(latest: date) -> Q:
    """Closed by then; or passed on or put together, and still since."""
    over = ~Q(state__in=[Case.State.OPEN, Case.State.AWAITING_PERSON])
    before = end_of(latest)
    quiet = Q(closed_at__isnull=True, last_activity_at__lt=before)
    return over & (Q(closed_at__lt=before) | quiet)


def held_back(case: OuterRef) -> QuerySet[Hold]:
    """The hold on a case, if there is one."""
    return Hold.objects.filter(case=case, lifted_at=None)


def clock_is_running(case: OuterRef | int, today: date) -> QuerySet[LegalClock]:
    """The legal clock of a case, if its silence still counts."""
    return LegalClock.objects.filter(case=case, decided_on=None, falls_on__gte=today)


def authorities() -> QuerySet[Authority]:
    """Those with rules: the others are never touched."""
    return Authority.objects.filter(retention_rules__isnull=False).distinct().order_by("pk")
