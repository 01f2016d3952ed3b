"""What the fields of a wording stand for, in one case on one day; French, as letters are."""

from datetime import date

from django.utils import translation
from django.utils.formats import date_format

from parvis.cases import queries as cases
from parvis.cases import rules as case_rules
from parvis.cases.models import Case, CaseEntry, LegalClock
from parvis.common import codes
from parvis.letters.models import Decision, RightRequest

LANGUAGE = "fr"


def values(
    case: Case,
    *,
    on: date,
    decision: Decision | None = None,
    right: RightRequest | None = None,
) -> dict[str, str]:
    """Every field that has a value that day."""
    with translation.override(LANGUAGE):
        found = {
            **_of_case(case, on),
            **_of_signature(case, on),
            **_of_law(case, on),
            **_of_forwarding(case),
            **(_of_decision(decision) if decision else {}),
            **(_of_right(right, case) if right else {}),
        }
    return {name: words for name, words in found.items() if words}


def long_day(day: date | None) -> str:
    """A day as letters write it: 1er mars 2026."""
    if day is None:
        return ""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {date_format(day, 'F Y')}"


def _of_case(case: Case, on: date) -> dict[str, str]:
    return {
        "personne": str(case.person) if case.person else "Madame, Monsieur",
        "dossier": codes.format_reference(case.reference),
        "objet": case.title,
        "demande": case.description,
        "recu_le": long_day(case.received_on),
        "poste_le": long_day(case.posted_on),
        "collectivite": case.authority.name,
        "aujourdhui": long_day(on),
    }


def _of_signature(case: Case, on: date) -> dict[str, str]:
    signed = cases.signature(case, on=on)
    contact = cases.named_contact(case, on)
    return {
        "service": signed.service,
        "adresse_service": signed.address,
        "telephone": signed.phone,
        "courriel": signed.email,
        # A withheld name gives way to the service, in the middle of a sentence as well.
        "referent": signed.name or (f"Le service {signed.service}" if signed.exception else ""),
        "fonction": signed.function,
        "suppleant": contact.deputy,
    }


def _of_law(case: Case, on: date) -> dict[str, str]:
    told, legal = cases.told(case, on), cases.legal_clock(case)
    items = cases.still_missing(case)
    missing = "\n".join(f"- {item.words}" for item in items)
    limits = [item.until for item in items if item.until]
    found = {
        "pieces": missing,
        "ce_qui_manque": missing or "Rien\u00a0: votre demande est complète.",
        "limite": long_day(max(limits)) if limits else "",
    }
    if told is None or legal is None:
        return found
    return {
        **found,
        "procedure": legal.procedure.label,
        "silence": told.sentence,
        "echeance": long_day(told.falls_on),
        "base_legale": legal.legal_reference,
        "voies_de_recours": legal.appeal or _no_refusal(legal),
        "recours_jusquau": long_day(_contested_until(legal, told.falls_on)),
    }


def _no_refusal(legal: LegalClock) -> str:
    if legal.silence == case_rules.Meaning.REJECTION:
        return ""
    return "Le silence ne vaut pas refus : il n’y a rien à contester pour le moment."


def _contested_until(legal: LegalClock, falls_on: date | None) -> date | None:
    if falls_on is None:
        return None
    given = legal.receipt_sent_at is not None
    return case_rules.appeal(falls_on, proper_receipt=given).ends_on


def _of_forwarding(case: Case) -> dict[str, str]:
    if case.state != Case.State.FORWARDED:
        return {}
    line = case.entries.filter(kind=CaseEntry.Kind.FORWARDED).order_by("-id").first()
    if line is None:
        return {}
    return {
        "autre_collectivite": str(line.data.get("authority", "")),
        "motif_transmission": line.text,
    }


def _of_decision(decision: Decision) -> dict[str, str]:
    articles = decision.articles.select_related("article__text").order_by("pk")
    return {
        "articles": "\n".join(f"- {one.article.label} : {one.article.subject}" for one in articles),
        "droit": decision.law,
        "faits": decision.facts,
        "explication": decision.plain,
        "voies_de_recours": decision.appeal,
    }


def _of_right(right: RightRequest, case: Case) -> dict[str, str]:
    legal = cases.legal_clock(case)
    given = legal is not None and legal.receipt_sent_at is not None
    ends = case_rules.appeal(right.silence_on, proper_receipt=given).ends_on
    return {
        "demande_le": long_day(right.asked_on),
        "echeance": long_day(right.silence_on),
        "recours_jusquau": long_day(ends),
    }
