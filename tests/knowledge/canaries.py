"""What the know-how keeps inside: levels, drafts, versions, files, protocols, the neighbours'."""

import io
from collections.abc import Iterator
from datetime import date, timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.accounts.models import Agent
from parvis.knowledge import actions
from parvis.knowledge.actions import LocalWords, OtherWords
from parvis.knowledge.exchange import writing
from parvis.knowledge.exchange.records import Scope, header, records
from parvis.knowledge.models import Gap, Overlay, Searched, Sheet, Synonym, Vote
from parvis.knowledge.rules import Block
from parvis.organisations.models import Authority
from tests.accounts.factories import AgentFactory
from tests.knowledge.factories import NOON, block, editor, local_sheet, national_sheet, written
from tests.knowledge.federation import editor_of, join
from tests.organisations.factories import ServiceFactory, TopicFactory
from tests.support.canaries import Aviary, Page, get

TOMORROW = (date.today() + timedelta(days=40)).isoformat()
PNG = b"\x89PNG\r\n\x1a\n"


def inside(aviary: Aviary, where: str) -> list[Block]:
    """A block of every level that the public does not read, with a title of its own."""
    return [
        block("<p>Dit par tous : gratuit.</p>", kind="cost"),
        *(
            block(
                f"<p>{aviary.word(f'{where}, {level} {kind}')}</p>",
                kind=kind,
                title=aviary.word(f"{where}, title of {level} {kind}"),
                level=level,
                until=TOMORROW if level == "embargo" else "",
            )
            for level in ("asked", "internal", "embargo", "unheard-of")
            for kind in ("documents", "explanation", "warning", "where", "legal")
        ),
        block(f"<p>{aviary.word(f'{where}, embargo without a day')}</p>", level="embargo"),
    ]


def sheet_of(aviary: Aviary, ref: str, authority: Authority | None = None, **more: object) -> Sheet:
    aviary.refs.append(ref)
    return local_sheet(authority or aviary.ours, ref=ref, **more)


def levels(aviary: Aviary) -> None:
    sheet_of(
        aviary,
        "CA-1",
        title="Fiche publique",
        short_answer="Une réponse publique.",
        blocks=inside(aviary, "public sheet"),
        asked=[aviary.word("public sheet, how people ask for it")],
        topics=[TopicFactory.create(authority=aviary.ours)],
    )


def not_public(aviary: Aviary) -> None:
    sheet_of(
        aviary,
        "CA-2",
        title=aviary.word("internal sheet, title"),
        short_answer=aviary.word("internal sheet, short answer"),
        blocks=[
            block(f"<p>{aviary.word('internal sheet, public block')}</p>", kind="documents"),
            *inside(aviary, "internal sheet"),
        ],
        breadcrumb=aviary.word("internal sheet, breadcrumb"),
        keywords=[aviary.word("internal sheet, keywords")],
        asked=[aviary.word("internal sheet, how people ask for it")],
        is_public=False,
        topics=[TopicFactory.create(authority=aviary.ours)],
    )


def earlier_versions(aviary: Aviary) -> None:
    sheet = sheet_of(
        aviary,
        "CA-3",
        title=aviary.word("earlier version, title"),
        short_answer=aviary.word("earlier version, short answer"),
        blocks=[block(f"<p>{aviary.word('earlier version, public block')}</p>")],
    )
    version = actions.publish_version(
        sheet,
        now=timezone.now(),
        author=aviary.word("version, author"),
        title="Fiche réécrite",
        short_answer="Réponse d’aujourd’hui.",
        blocks=[block("<p>Nouveau texte.</p>")],
    )
    version.reason = aviary.word("version, reason")
    version.raw = aviary.word("version, raw source")
    version.save()


def drafts(aviary: Aviary) -> None:
    agent = editor()
    sheet = sheet_of(aviary, "CA-4", title="Fiche en réécriture", blocks=[block("<p>Lu.</p>")])
    draft = actions.open_draft(sheet, agent=agent, now=NOON)
    words = written(
        draft,
        title=aviary.word("draft, title"),
        short_answer=aviary.word("draft, short answer"),
        text=aviary.word("draft, public block"),
    )
    saved = actions.save_draft(
        draft, words, agent=agent, now=NOON, revision=1, reason=aviary.word("draft, reason")
    )
    aside = written(saved.draft, title=aviary.word("draft, put aside"))
    actions.save_draft(saved.draft, aside, agent=agent, now=NOON, revision=1)
    saved.draft.returned_words = aviary.word("draft, what the reviewer said")
    saved.draft.save()
    new = actions.start_sheet(
        agent,
        now=NOON,
        title=aviary.word("first draft, title"),
        service=ServiceFactory.create(authority=aviary.ours),
        ref="CA-5",
    )
    aviary.refs.append("CA-5")
    words = written(new, short_answer=aviary.word("first draft, short answer"))
    actions.save_draft(new, words, agent=agent, now=NOON, revision=1)


def put_away(aviary: Aviary) -> None:
    target = sheet_of(aviary, "CA-6", title="Fiche qui remplace", blocks=[block("<p>Oui.</p>")])
    moved = sheet_of(
        aviary,
        "CA-7",
        title=aviary.word("moved sheet, title"),
        blocks=[block(f"<p>{aviary.word('moved sheet, public block')}</p>")],
    )
    closed = sheet_of(aviary, "CA-8", title="Archivée", blocks=inside(aviary, "archived sheet"))
    hidden = sheet_of(
        aviary,
        "CA-9",
        title=aviary.word("archived internal sheet, title"),
        blocks=[block(f"<p>{aviary.word('archived internal sheet, block')}</p>")],
        is_public=False,
    )
    agent = editor()
    actions.archive(
        moved, agent=agent, now=NOON, moved_to=target, note=aviary.word("moved sheet, note")
    )
    actions.archive(closed, agent=agent, now=NOON)
    actions.archive(hidden, agent=agent, now=NOON, note=aviary.word("archived internal, note"))


def other_texts(aviary: Aviary) -> None:
    sheet = sheet_of(aviary, "CA-10", title="Fiche traduite", blocks=[block("<p>Texte.</p>")])
    for kind, language in (("simple", "fr"), ("translation", "en")):
        words = OtherWords(
            title=aviary.word(f"{kind} not shown, title"),
            short_answer=aviary.word(f"{kind} not shown, short answer"),
            blocks=[block(f"<p>{aviary.word(f'{kind} not shown, block')}</p>")],
        )
        actions.keep_text(
            sheet, words, kind=kind, language=language, agent=editor(), now=NOON, revision=0
        )


def files(aviary: Aviary) -> None:
    open_sheet = sheet_of(aviary, "CA-11", title="Fiche à pièces", blocks=[block("<p>A.</p>")])
    closed = sheet_of(
        aviary, "CA-12", title=aviary.word("closed sheet with a file"), is_public=False
    )
    aviary.with_files += [open_sheet.ref, closed.ref]
    levels = [(open_sheet, level) for level in ("asked", "internal", "embargo")]
    for sheet, level in [*levels, (closed, "public"), (open_sheet, "public")]:
        where = f"file, {level} of {sheet.ref}"
        content = PNG + aviary.word(f"{where}, content").encode()
        row = actions.attach(
            sheet,
            [content],
            name=f"{aviary.word(f'{where}, name')}.png",
            title=aviary.word(f"{where}, title"),
            level=level,
            until=date.fromisoformat(TOMORROW) if level == "embargo" else None,
            agent=editor(),
            now=NOON,
        )
        aviary.files.append(row.pk)
    actions.detach(row, agent=editor(), now=NOON)  # the last one was public until it was removed


def protocols(aviary: Aviary) -> None:
    step = block(f"<p>{aviary.word('protocol, step')}</p>", kind="step", level="internal")
    step |= {"role": aviary.word("protocol, role"), "support": aviary.word("protocol, support")}
    sheet_of(
        aviary,
        "CA-13",
        title=aviary.word("protocol, title"),
        short_answer=aviary.word("protocol, short answer"),
        blocks=[step],
        nature=Sheet.Nature.PROTOCOL,
        is_public=False,
        topics=[TopicFactory.create(authority=aviary.ours)],
    )


def words_of_the_search(aviary: Aviary) -> None:
    today = timezone.localdate()
    sheet = sheet_of(aviary, "CA-14", title="Fiche jugée", blocks=[block("<p>B.</p>")])
    Gap.objects.create(
        authority=aviary.ours,
        stems="x",
        words=aviary.word("gap"),
        count=9,
        last_on=today,
        sheet=sheet,
    )
    Searched.objects.create(
        authority=aviary.ours,
        day=today,
        place="public",
        words=aviary.word("search of somebody"),
        stems="x",
        found=1,
        was_answered=True,
    )
    Vote.objects.create(
        authority=aviary.ours,
        sheet=sheet,
        day=today,
        place="public",
        was_useful=False,
        reason=aviary.word("vote, reason"),
    )
    Synonym.objects.create(
        authority=aviary.ours,
        said=aviary.word("synonym, said"),
        written=aviary.word("synonym, written"),
        created_at=NOON,
    )


def neighbours(aviary: Aviary) -> None:
    """Of another town nothing is seen on our pages; what it publishes, on its own pages only."""
    public = Under(aviary, "theirs, public")
    sheet_of(
        aviary,
        "CA-20",
        aviary.theirs,
        title=public.word("title"),
        short_answer=public.word("short answer"),
        blocks=[
            block(f"<p>{public.word('block')}</p>", kind="documents"),
            *inside(aviary, "theirs, inside"),
        ],
        breadcrumb=public.word("breadcrumb"),
        service=ServiceFactory.create(
            authority=aviary.theirs, slug="accueil", name=public.word("service")
        ),
    )
    sheet_of(
        aviary,
        "CA-21",
        aviary.theirs,
        title=aviary.word("theirs, internal sheet, title"),
        short_answer=aviary.word("theirs, internal sheet, short answer"),
        blocks=inside(aviary, "theirs, internal sheet"),
        is_public=False,
    )
    agent = AgentFactory.create(
        authority=aviary.theirs,
        username="solange.kerven",
        entry__first_name="Solange",
        entry__last_name="Kerven",
        roles=["KBE"],
    )
    sheet = Sheet.objects.get(authority=aviary.theirs, ref="CA-20")
    draft = actions.open_draft(sheet, agent=agent, now=NOON)
    words = written(draft, title=aviary.word("theirs, draft, title"))
    actions.save_draft(draft, words, agent=agent, now=NOON, revision=1)


def between(aviary: Aviary) -> None:
    """Local words of two towns over one text, and a sheet of ours that theirs has adopted."""
    ours, theirs = editor(), their_editor(aviary)
    sheet = national_sheet("F99001", title="Texte de tous", short_answer="Pour tous.")
    aviary.refs.append("F99001")
    public = Under(aviary, "theirs, public")
    local_words(sheet, theirs, public.word("local words"), "public", public.word("heading"))
    for agent, whose in ((ours, "local words"), (theirs, "theirs, local words")):
        for level in ("asked", "internal", "embargo"):
            words = aviary.word(f"{whose}, {level}")
            local_words(sheet, agent, words, level, aviary.word(f"{whose}, heading of {level}"))
        hidden = LocalWords(1, "hide", note=aviary.word(f"{whose}, why not shown"))
        actions.lay(sheet, hidden, seen=sheet.current, agent=agent, now=NOON)
    gone = local_words(sheet, ours, aviary.word("local words taken away"), "public", "")
    actions.remove_overlay(gone, agent=ours, now=NOON)
    shared = sheet_of(
        aviary,
        "CA-30",
        title="Fiche partagée",
        short_answer="Partagée.",
        blocks=[
            block("<p>Dit par tous : gratuit.</p>", kind="cost"),
            block(f"<p>{aviary.word('shared sheet, note')}</p>", level="internal"),
            block(f"<p>{aviary.word('shared sheet, soon')}</p>", level="embargo", until=TOMORROW),
        ],
    )
    group = actions.found_group(ours, name=aviary.word("group"), purpose="", now=NOON)
    asked = actions.invite(group, aviary.theirs, agent=ours, now=NOON)
    actions.answer_invitation(asked, agent=theirs, now=NOON, accept=True)
    actions.share_sheets([shared], group, agent=ours, now=NOON)
    actions.adopt(shared, seen=shared.current, agent=theirs, now=NOON)
    local_words(shared, theirs, aviary.word("theirs, words on ours"), "internal", "")


def their_editor(aviary: Aviary) -> Agent:
    return AgentFactory.create(
        authority=aviary.theirs, username="solange.ansker", entry=None, roles=["KBE"]
    )


def local_words(sheet: Sheet, agent: Agent, text: str, level: str, title: str) -> Overlay:
    sheet.refresh_from_db()
    assert sheet.current is not None
    until = date.fromisoformat(TOMORROW) if level == "embargo" else None
    words = LocalWords(1, "after", "documents", title, text, level, until)
    return actions.lay(sheet, words, seen=sheet.current, agent=agent, now=NOON)


def shared_with_us(aviary: Aviary) -> None:
    """A sheet of the other town that ours adopted: its public words, nothing else of it."""
    made = editor_of("tremalon", "Trémalon", "olivier.penhouet")
    ours = editor()
    sheet = sheet_of(
        aviary,
        "CA-31",
        aviary.theirs,
        title="Fiche partagée",
        short_answer="Partagée.",
        blocks=inside(aviary, "theirs, shared"),
        service=ServiceFactory.create(authority=aviary.theirs),
    )
    actions.attach(
        sheet,
        [PNG + aviary.word("theirs, shared, internal file").encode()],
        name="a.png",
        title=aviary.word("theirs, shared, title of an internal file"),
        level="internal",
        agent=made,
        now=NOON,
    )
    group = actions.found_group(made, name="Réseau", purpose="", now=NOON)
    join(group, ours, by=made)
    actions.share_sheets([sheet], group, agent=made, now=NOON)
    sheet.refresh_from_db()
    actions.adopt(sheet, seen=sheet.current, agent=ours, now=NOON)
    for level in ("asked", "internal"):
        words = LocalWords(
            position=1, act="after", kind="where", text=aviary.word(f"our local words, {level}"),
            level=level,
        )  # fmt: skip
        actions.lay(sheet, words, seen=sheet.current, agent=ours, now=NOON)


class Under:
    """The same aviary, its places named after a beginning."""

    def __init__(self, aviary: Aviary, beginning: str) -> None:
        self._aviary, self._beginning = aviary, beginning

    def word(self, place: str) -> str:
        return self._aviary.word(f"{self._beginning}: {place}")


PLANTED = [
    levels, not_public, earlier_versions, drafts, put_away, other_texts, files, protocols,
    words_of_the_search, neighbours, between, shared_with_us,
]  # fmt: skip


def searches(aviary: Aviary, client: Client) -> Iterator[Page]:
    """The public search, asked for the word beside each canary and for words of all."""
    questions = ["fiche", "gratuit", "naissance", *aviary.neighbours()]
    for question in questions:
        yield get(client, f"{reverse('knowledge:search')}?q={question}")


def other_wordings(aviary: Aviary, client: Client) -> Iterator[Page]:
    """Every sheet in its other texts, and with answers to questions that it may not have."""
    for ref in aviary.refs:
        for query in ("?texte=simple", "?langue=en", "?q1=1&v=1", "?langue=fr"):
            yield get(client, reverse("knowledge:sheet", args=[ref]) + query)


def public_exports(aviary: Aviary, client: Client) -> Iterator[Page]:
    """What an authority gives away as public, in both formats, with the files."""
    for kind in writing.FORMATS:
        target = io.BytesIO()
        rows = records(aviary.ours, Scope.PUBLIC, today=timezone.localdate())
        writing.archive(target, kind, header(Scope.PUBLIC), rows)
        yield Page(f"public export as {kind}", 200, target.getvalue())


SURFACES = [searches, other_wordings, public_exports]
