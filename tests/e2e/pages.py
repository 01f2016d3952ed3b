"""Every page of the house: those of the tables of routes, and the states they may be in."""

from dataclasses import dataclass

from tests.support.routes import Route
from tests.test_permissions import ROUTES

# Who opens a page: the first of these roles that may.
ROLES = ("ADV", "REF", "MGR", "QUA", "KBE", "ADM", "DPO")
# Shown to everybody: judged in every look.
MAIN = {
    "web:front", "web:ticket", "web:tracking", "web:workstation", "knowledge:search",
    "knowledge:sheet", "queue:kiosk", "queue:kiosk-topic", "queue:kiosk-ticket", "queue:display",
    "appointments:topics", "appointments:slots", "appointments:details", "web:appointment",
    "appointments:check-in", "appointments:agenda",
    "accounts:sign-in", "cases:portfolio", "cases:case", "quality:today",
}  # fmt: skip
NOT_PAGES = {
    "web:authority-css": "a stylesheet",
    "web:frame-css": "a stylesheet",
    "web:line": "a part of the workstation",
    "web:waits-csv": "a file",
    "assistant:figures-csv": "a file",
    "web:topics": "a part of the workstation",
    "web:talk": "a part of the workstation",
    "web:similar": "a part of the workstation",
    "web:answers": "a part of the workstation",
    "departments:round-ics": "a calendar file",
    "privacy:journal-data": "a file",
    "letters:slip": "a file",
    "letters:pdf": "a file",
    "letters:picture": "a file",
    "letters:scan": "a file",
    "letters:incoming-table": "a file",
    "letters:outgoing-table": "a file",
    "web:tracking-letter": "a file",
    "mail:file": "a file",
    "privacy:copy": "a file",
    "privacy:transfer": "a file",
    "privacy:register-data": "a file",
    "mail:original": "a file",
    "web:pulse": "for the script of the workstation",
    "quality:export": "a file",
    "cases:access-export": "a file",
    "quality:sheets-export": "a file",
    "feedback:thanks-export": "a file",
    "cases:file": "a file",
    "knowledge:file": "a file",
    "knowledge:file-of": "a file",
    "knowledge:agent-file": "a file",
    "web:appointment-calendar": "a calendar file",
    "appointments:feed": "a calendar file",
    "appointments:here": "a part of other pages",
    "knowledge:description": "for machines",
    "knowledge:description-of": "for machines",
    "knowledge:feed": "for machines",
    "knowledge:feed-of": "for machines",
    "knowledge:feed-family": "for machines",
    "knowledge:feed-family-of": "for machines",
    "knowledge:feed-service": "for machines",
    "knowledge:feed-service-of": "for machines",
    "knowledge:exchange-export": "a file",
    "web:sitemap": "for machines",
    "web:sitemap-of": "for machines",
    "web:sitemap-part": "for machines",
    "web:sitemap-part-of": "for machines",
    "web:robots": "for machines",
    "web:pack-file": "a file of its own, without the frame of a page",
    "live": "for machines",
    "ready": "for machines",
}
# The same page under a second name, kept by a library.
TWINS = {"account_login": "accounts:sign-in"}
# Not a role alone, but what somebody with an account has just done: see Town.cookies.
SITUATIONS = {
    "mfa_activate_totp": "PROVEN",
    "mfa_add_webauthn": "PROVEN",
    "mfa_authenticate": "HALF",
    "mfa_reauthenticate": "FACTORS",
    "mfa_deactivate_totp": "FACTORS",
    "mfa_view_recovery_codes": "FACTORS",
    "mfa_generate_recovery_codes": "FACTORS",
}


@dataclass(frozen=True)
class Page:
    """A page to judge; without ``role`` it is public; ``status`` is what it answers with."""

    name: str
    role: str = ""
    route: str = ""
    query: str = ""
    address: str = ""
    status: int = 200
    language: str = ""  # when it is not the reader's own


def _role(route: Route) -> str:
    if route.name in SITUATIONS:
        return SITUATIONS[route.name]
    if route.access == "public":
        return ""
    return next(r for r in ROLES if r in route.access or "any" in route.access)


def _pages() -> list[Page]:
    judged = [
        route
        for route in ROUTES
        if (route.methods.get("get") == 200 or route.name in SITUATIONS)
        and route.name not in {*NOT_PAGES, *TWINS}
    ]
    return [Page(route.name, _role(route), route.name, route.query) for route in judged]


PAGES = _pages()
# Without an address here: tests/e2e/furnish.py makes one.
EXTRA = [
    Page("ticket-waiting"),
    Page("ticket-called"),
    Page("ticket-held"),
    Page("ticket-absent"),
    Page("ticket-done"),
    Page("ticket-left"),
    Page("display-busy"),
    Page("tracking-awaiting"),
    Page("tracking-full"),
    Page("tracking-code-sent"),
    Page("tracking-slip-narrow"),
    Page("tracking-closed"),
    Page("case-closed", "REF"),
    Page("case-fallen", "ADV"),
    Page("case-offered", "REF"),
    Page("case-away", "REF"),
    Page("tracking-away"),
    Page("together", "REF"),
    Page("handovers-full", "REF", address="/agent/dossiers/passations/"),
    Page("portfolio-standing-in", "REF", address="/agent/dossiers/?whose=standing-in"),
    Page("complaints-answered", "MGR", address="/agent/reclamations/?vue=repondues"),
    Page("case-reason", "MGR"),
    Page("case-sealed", "MGR"),
    Page("tracking-represented"),
    Page("access-empty", "MGR", address="/agent/dossiers/lectures/?reason=safety"),
    Page("rows-cases", "MGR", address="/agent/indicateurs/lignes/?rows=cases"),
    Page("tracking-fallen"),
    Page("tracking-sent-on"),
    Page("slip-refusal"),
    Page("portfolio-silence", "REF", address="/agent/dossiers/?whose=service&view=silence"),
    Page("appointment-cancelled"),
    Page("appointment-waiting"),
    Page("appointments-other-place"),
    Page("appointments-empty", address="/rendez-vous/a/mairie/cni-demande/?des=2099-01-01"),
    Page("agenda-week", "MGR", address="/agent/rendez-vous/?vue=semaine"),
    Page("check-in-code", address="/borne/mairie/rendez-vous/?code=K4F&touch=H"),
    Page("unknown-appointment", address="/rendez-vous/personne-ne-connait-ce-lien/", status=404),
    Page("no-answer", address="/fiches/?q=xylophone+quantique"),
    Page("search-empty", address="/fiches/"),
    Page("kiosk-code", address="/borne/mairie/avis/?code=E4&touch=1"),
    Page("kiosk-question-ar", address="/borne/mairie/question/?langue=ar", language="ar"),
    Page("kiosk-ar", address="/borne/mairie/?langue=ar", language="ar"),
    Page("kiosk-uk", address="/borne/mairie/?langue=uk&contraste=plus", language="uk"),
    Page(
        "kiosk-topic-ar",
        address="/borne/mairie/motif/acte-naissance/?langue=ar",
        language="ar",
    ),
    Page("kiosk-several", address="/borne/mairie/?avec=acte-naissance"),
    Page("display-ar", address="/ecran/mairie/?langue=ar", language="ar"),
    Page("display-uk", address="/ecran/mairie/etat-civil/?langue=uk", language="uk"),
    Page("join-ar", address="/entrer/<poster>/?langue=ar", language="ar"),
    Page("join-unknown", address="/entrer/nulle-part/", status=404),
    Page("question-waiting", "MGR"),
    Page("letter-left", "REF"),
    Page("letters-refused", "REF"),
    Page("letters-asked", "REF"),
    Page("post-with-case", "MGR"),
    Page("mail-apart", "ADV"),
    Page("mail-came-back", "ADV"),
    Page("mail-with-case", "MGR"),
    Page("mail-others", "ADV"),
    Page("round-done", "MGR"),
    Page("round-planned-for", "MGR"),
    Page("unknown-page", address="/rien-de-tel/", status=404),
    Page("unknown-ticket", address="/ticket/personne-ne-connait-ce-lien/", status=404),
    Page("unknown-case", address="/suivi/personne-ne-connait-ce-lien/", status=404),
    Page("unknown-kiosk", address="/borne/nulle-part/", status=404),
    Page("forbidden", "ADV", address="/agent/reglages/", status=403),
    Page("locked", "LOCKED", address="/agent/dossiers/", status=423),
    Page("factors", "FACTORS", address="/agent/compte/securite/"),
    Page("agent-unknown", "ADV", address="/agent/dossiers/XXXX-XXXX/", status=404),
    Page("workstation-search", "ADV", address="/agent/poste/?q=naissance&fiche=<sheet>"),
    Page("workstation-nothing-found", "ADV", address="/agent/poste/?q=xylophone"),
    Page("workstation-new-ticket", "ADV", address="/agent/poste/?nouveau=ac"),
    Page("workstation-nowhere", "MGR", address="/agent/poste/"),
    Page("sheet-editor", "KBE"),
    Page("two-texts", "KBE"),
    Page("sheet-archived"),
    Page("sheet-questions", address="/fiches/F910001/"),
    Page("sheet-case", address="/fiches/F910001/?v=1&q1=2&q2=1"),
    Page("sheet-case-documents", address="/fiches/F910001/documents/?v=1&q1=2&q2=1"),
    Page("sheet-moved", address="/fiches/F900095/", status=410),
    Page("agent-sheet-case", "ADV", address="/agent/fiches/F910002/?v=1&q1=1"),
    Page("sheet-simple", address="/fiches/SO-021/?texte=simple"),
    Page("agent-no-answer", "ADV", address="/agent/fiches/?q=xylophone"),
]


def page_names() -> list[str]:
    return [page.name for page in (*PAGES, *EXTRA)]
