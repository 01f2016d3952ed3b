"""The sheets at work: who keeps them, older wordings, texts on their way, other texts, a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from parvis.accounts.models import Agent
from parvis.demo.content.loader import Content
from parvis.knowledge import actions, queries
from parvis.knowledge.actions import OtherWords
from parvis.knowledge.models import ReviewDigest, Sheet, SheetDraft, SheetVersion
from parvis.knowledge.rules import PUBLIC, Block, writing
from parvis.knowledge.rules.reviews import week_of
from parvis.knowledge.rules.writing import Writing
from parvis.organisations.models import Authority

PLAIN, LENT = "SO-021", "SO-099"  # the sheet in plain words, the one with a form to take away
_PANEL = "Atelier des Tilleuls, cinq lecteurs"


@dataclass(frozen=True)
class Older:
    """What a sheet said before the words of today, and why it was changed."""

    now: str
    before: str
    reason: str


# Tried on every sheet: where the words of today hold the first, an older version held the second.
OLDER = (
    Older("trois semaines", "cinq semaines", "Le délai a raccourci."),
    Older("quinze jours", "un mois", "Le service s’engage sur un délai plus court."),
    Older("sous dix jours", "sous trois semaines", "Nouveau délai décidé en réunion d’équipe."),
    Older("guichet 2", "guichet 5", "Le guichet a changé de place."),
    Older("gratuit", "facturé 2 €", "Gratuité votée par le conseil municipal."),
    Older("sans rendez-vous", "sur rendez-vous", "L’accueil se fait désormais sans rendez-vous."),
    Older("une pièce d’identité", "l’original d’une pièce d’identité", "Une copie suffit."),
    Older("en ligne", "par courrier", "La démarche existe maintenant en ligne."),
)
CHANGED = 14  # sheets with an older version


def create(content: Content, *, now: datetime, since: datetime) -> None:
    """Give the sheets of the town their keepers, their past and what is being written today."""
    town = Authority.objects.get(slug=content.town.slug)
    every = {sheet.ref: sheet.review_every_days for sheet in content.sheets}
    sheets = list(Sheet.objects.filter(authority=town).select_related("current", "service"))
    keepers = _keepers(town)
    for sheet in sheets:
        sheet.keeper = keepers.get(sheet.service_id or 0) or keepers[0]
        sheet.review_every_days = every.get(sheet.ref, sheet.review_every_days)
    Sheet.objects.bulk_update(sheets, ["keeper", "review_every_days"])
    _give_a_past(sheets, since=since)
    by_ref = {sheet.ref: sheet for sheet in sheets}
    _being_written(town, by_ref, now=now)
    _other_texts(content, by_ref, now=now)
    _attach_form(by_ref[LENT], now=now)


def remind(*, now: datetime) -> None:
    """The weekly mail about due sheets was sent already: a terminal that shows mails stays calm."""
    today = timezone.localdate(now)
    told = {agent.pk for _sheet, agents in queries.due_with_keepers(today) for agent in agents}
    ReviewDigest.objects.bulk_create(
        [ReviewDigest(agent_id=pk, week=week_of(today), sent_at=now) for pk in sorted(told)],
        ignore_conflicts=True,
    )


def _keepers(town: Authority) -> dict[int, Agent]:
    """The liaison of each service, else a referent of it; under 0 the editor of the house."""
    found: dict[int, Agent] = {}
    for role in ("REF", "LIA"):
        for agent in _with_role(town, role):
            if agent.service_id:
                found[agent.service_id] = agent
    found[0] = _with_role(town, "KBE")[0]
    return found


def _with_role(town: Authority, role: str) -> list[Agent]:
    agents = Agent.objects.at_work().filter(authority=town, grants__role=role)
    return list(agents.with_rights().order_by("username"))


def _give_a_past(sheets: Sequence[Sheet], *, since: datetime) -> None:
    """Some sheets said something else before; contacts of the year name the version of then."""
    given = 0
    for sheet in sheets:
        older = next((one for one in OLDER if _says(sheet, one.now)), None)
        if older is None or given == CHANGED or sheet.current is None:
            continue
        given += 1
        _make_older(sheet, sheet.current, older, since=since + timedelta(days=given))


def _says(sheet: Sheet, words: str) -> bool:
    blocks = sheet.current.blocks if sheet.current else []
    return any(words in block["html"] for block in blocks)


def _make_older(sheet: Sheet, version: SheetVersion, older: Older, *, since: datetime) -> None:
    """Put the older words into the first version, and those of today into the second."""
    today = list(version.blocks)
    past = [
        Block(**{**block, "html": block["html"].replace(older.now, older.before)})  # type: ignore[typeddict-item]
        for block in today
        if block["kind"] != "for_whom"  # this part came with the new version
    ]
    words = actions.wording(version.title, version.short_answer, past)
    version.blocks, version.text, version.content_hash = words.blocks, words.text, words.digest
    version.save(update_fields=["blocks", "text", "content_hash"])
    again = actions.publish_version(
        sheet,
        now=since,
        author=version.author,
        title=version.title,
        short_answer=version.short_answer,
        blocks=today,
    )
    again.reason, again.written_by = older.reason, sheet.keeper
    again.reviewed_by = sheet.keeper
    again.reviewer = sheet.keeper.display_name if sheet.keeper else ""
    again.save(update_fields=["reason", "written_by", "reviewed_by", "reviewer"])


def _being_written(town: Authority, sheets: dict[str, Sheet], *, now: datetime) -> None:
    """A text at every stage: begun, proposed, returned, given up, and an urgent correction."""
    reception, editor = _with_role(town, "REC")[0], _with_role(town, "KBE")[0]
    head, adviser = _with_role(town, "MGR")[0], _with_role(town, "ADV")[0]
    day = timedelta(days=1)
    begun = actions.start_sheet(
        adviser, now=now - 2 * day, title="Boîte à livres du quartier", service=None, ref="SO-990"
    )
    _write(begun, adviser, "Chacun dépose et prend un livre.", at=now - day, kind="explanation")
    for ref, words, agent in (
        ("SO-036", "Prévenez-nous avant le jeudi pour la semaine suivante.", reception),
        ("SO-089", "Le plan du cimetière est affiché à l’entrée.", adviser),
        ("SO-056", "Les plans se déposent aussi sur clé USB.", editor),
    ):
        draft = actions.open_draft(sheets[ref], agent=agent, now=now - 3 * day)
        draft = _write(draft, agent, words, at=now - 2 * day)
        actions.propose(draft, agent=agent, now=now - 2 * day)
    for ref, words, answer in (
        ("SO-065", "L’enlèvement se fait le mardi.", "Le mardi ou le jeudi selon la rue."),
        ("SO-095", "La caution est rendue le jour même.", "La caution est rendue sous huit jours."),
    ):
        draft = actions.open_draft(sheets[ref], agent=adviser, now=now - 4 * day)
        draft = _write(draft, adviser, words, at=now - 4 * day)
        actions.propose(draft, agent=adviser, now=now - 3 * day)
        actions.return_draft(draft, agent=editor, words=answer)
    given_up = actions.open_draft(sheets["SO-102"], agent=reception, now=now - 9 * day)
    given_up = _write(given_up, reception, "Prêt de jeux à l’essai.", at=now - 9 * day)
    actions.abandon(given_up, agent=reception, now=now - 8 * day)
    _correct_at_once(sheets["SO-067"], head, now=now)


def _correct_at_once(sheet: Sheet, head: Agent, *, now: datetime) -> None:
    draft = actions.open_draft(sheet, agent=head, now=now, is_urgent=True)
    draft = _write(draft, head, "Fermée ce samedi : travaux sur le quai.", at=now, kind="warning")
    actions.publish_urgent(
        draft, agent=head, now=now, revision=draft.revision, reason="Quai fermé pour travaux"
    )


def _write(
    draft: SheetDraft, agent: Agent, words: str, *, at: datetime, kind: str = ""
) -> SheetDraft:
    """Add a sentence to the first part that people read, or a part of its own."""
    blocks = [dict(block) for block in draft.blocks]
    if kind:
        blocks = [*writing.with_block(draft.blocks, kind)]  # type: ignore[list-item]
        blocks[-1]["text"] = words
    else:
        first = next(block for block in blocks if block["level"] == PUBLIC)
        first["text"] = f"{first['text']}\n\n{words}"
    said = Writing(**{**draft.writing, "blocks": blocks})  # type: ignore[typeddict-item]
    said["short_answer"] = said["short_answer"] or words
    return actions.save_draft(draft, said, agent=agent, now=at, revision=draft.revision).draft


def _other_texts(content: Content, sheets: dict[str, Sheet], *, now: datetime) -> None:
    """One sheet in plain language, two in English, one of them older than its sheet."""
    sheet = sheets[PLAIN]
    keeper = sheet.keeper
    assert keeper is not None  # noqa: S101 - given above
    plain = actions.keep_text(
        sheet,
        OtherWords(
            "Demander une copie d’acte de naissance",
            "L’acte de naissance dit où et quand vous êtes né. La copie est gratuite.",
            _PLAIN_BLOCKS,
        ),
        kind="simple",
        language="fr",
        agent=keeper,
        now=now - timedelta(days=40),
        revision=0,
    )
    actions.sign_text(
        plain, agent=keeper, panel=_PANEL, signed_on=(now - timedelta(days=30)).date()
    )
    actions.show_text(plain, agent=keeper, shown=True)
    titles = {one.ref: one for one in content.sheets}
    first = next(s for s in sheets.values() if s.versions.count() > 1 and s.ref != PLAIN)
    for one in (sheet, first):
        words = titles[one.ref]
        agent = one.keeper
        assert agent is not None  # noqa: S101 - given above
        english = actions.keep_text(
            one,
            OtherWords(words.title.en, words.short.en, ()),
            kind="translation",
            language="en",
            agent=agent,
            now=now - timedelta(days=60),
            revision=0,
        )
        actions.show_text(english, agent=agent, shown=True)
        if one == first:  # made from the version before
            english.based_on = one.versions.earliest("number")
            english.save(update_fields=["based_on"])


_PLAIN_BLOCKS = (
    Block(
        kind="steps",
        title="Comment faire ?",
        level=PUBLIC,
        html="<ol><li>Vous allez à la mairie de la ville où vous êtes né.</li>"
        "<li>Vous montrez votre carte d’identité.</li>"
        "<li>Nous vous donnons la copie.</li></ol>",
    ),
    Block(
        kind="documents",
        title="Ce qu’il faut apporter",
        level=PUBLIC,
        html="<ul><li>Votre carte d’identité ou votre passeport</li></ul>",
    ),
    Block(
        kind="cost",
        title="Combien ça coûte ?",
        level=PUBLIC,
        html="<p>C’est gratuit. Si quelqu’un vous demande de payer, ce n’est pas nous.</p>",
    ),
)


def _attach_form(sheet: Sheet, *, now: datetime) -> None:
    keeper = sheet.keeper
    assert keeper is not None  # noqa: S101 - given above
    lines = ("Demande de prêt de matériel", "Nom, prénom :", "Date :", "Tables :", "Chaises :")
    actions.attach(
        sheet,
        [_pdf(lines)],
        name="demande-de-pret.pdf",
        title="Formulaire de demande de prêt",
        level=PUBLIC,
        agent=keeper,
        now=now - timedelta(days=100),
    )


def _pdf(lines: Sequence[str]) -> bytes:
    """One page with a few lines, written by hand: the smallest form that a reader opens."""
    shown = [line.replace("(", r"\(").replace(")", r"\)") for line in lines]
    drawn = "\n".join(f"({line}) Tj 0 -36 Td" for line in shown)
    stream = f"BT /F1 16 Tf 72 770 Td\n{drawn}\nET".encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        + table
        + end % (len(objects) + 1, len(body))
    )
