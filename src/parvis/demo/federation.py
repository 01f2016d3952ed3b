"""Six bodies that share what they know: a group, a workgroup, adopted sheets, local words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from parvis.accounts.models import Agent, RoleGrant
from parvis.demo.content.federation import Between, LocalVariant, NeighbourSheet, SmallBody
from parvis.demo.content.loader import Content
from parvis.demo.sheets import paragraph
from parvis.knowledge import actions, markup, queries
from parvis.knowledge.actions import LocalWords, NewSheet
from parvis.knowledge.models import Group, Share, SharingDigest, Sheet, SheetVersion, Workgroup
from parvis.knowledge.rules import ASKED, INTERNAL, PUBLIC, Block, overlays
from parvis.knowledge.rules.reviews import week_of
from parvis.organisations.models import (
    Authority,
    DirectoryEntry,
    LegalEntity,
    OpeningHours,
    Season,
    Service,
    Site,
)

SHARED = 240  # of the 500 sheets of the town
_DAY = timedelta(days=1)


def create(content: Content, *, now: datetime, since: datetime) -> None:
    """Found the federation before the history begins, and let it live until today."""
    between = content.between
    town = Authority.objects.get(slug=content.town.slug)
    password = Agent.objects.filter(authority=town).values_list("password", flat=True)[0]
    for body in between.bodies:
        _body(body, password=password, now=now, since=since)
    houses = _Houses.read()
    group = _group(between, houses, now=since)
    workgroup = _workgroup(between, group, houses, now=since)
    _write(between, houses, group, now=since)
    shared = _share(content, town, group, workgroup, houses, now=since)
    _decide(between, houses, shared, now=since)
    _lay(between, houses, now=now)
    _talk(between, now=now)


def remind(*, now: datetime) -> None:
    """The weekly mail was sent already: a terminal that shows mails stays calm."""
    editors = Agent.objects.at_work().filter(grants__role__in=queries.roles_with("knowledge.share"))
    week = week_of(timezone.localdate(now))
    SharingDigest.objects.bulk_create(
        [
            SharingDigest(agent_id=pk, week=week, sent_at=now)
            for pk in sorted(set(editors.values_list("pk", flat=True)))
        ],
        ignore_conflicts=True,
    )


@dataclass(frozen=True)
class _Houses:
    """Who decides in each house, and who coordinates."""

    editors: dict[str, Agent]
    coordinator: Agent

    @classmethod
    def read(cls) -> "_Houses":
        """One editor of each house, and the coordinator of the town."""
        agents = Agent.objects.with_rights().select_related("authority", "entry")
        editors = {
            agent.authority.slug: agent
            for agent in agents.filter(grants__role="KBE", is_robot=False).order_by("-pk")
        }
        return cls(editors, agents.filter(grants__role="FED").order_by("pk")[0])


def _body(body: SmallBody, *, password: str, now: datetime, since: datetime) -> None:
    authority = Authority.objects.create(
        slug=body.slug,
        name=body.name,
        hostname=body.hostname,
        address=body.address,
        phone=body.phone,
        second_factor_for_admins=False,
    )
    entity = LegalEntity.objects.create(authority=authority, name=body.name)
    service = Service.objects.create(
        authority=authority, legal_entity=entity, slug="accueil", name=body.service,
        phone=body.phone,
    )  # fmt: skip
    site = Site.objects.create(
        authority=authority, slug=f"{body.slug}-accueil", name=body.site, address=body.address,
        phone=body.phone,
    )  # fmt: skip
    today = now.date()
    season = Season.objects.create(
        site=site, name=f"Année {today.year}", valid_from=today - 400 * _DAY,
        valid_through=today + 400 * _DAY,
    )  # fmt: skip
    OpeningHours.objects.bulk_create(
        OpeningHours(season=season, weekday=day, opens=time(9), closes=time(17)) for day in range(5)
    )
    _editor(body, authority, service, password=password, since=since)


def _editor(
    body: SmallBody, authority: Authority, service: Service, *, password: str, since: datetime
) -> None:
    email = f"accueil@{body.hostname}"
    entry = DirectoryEntry.objects.create(
        authority=authority, service=service, first_name=body.editor_first,
        last_name=body.editor_last, function="Rédaction des fiches",
        function_en="Sheet editor", email=email,
    )  # fmt: skip
    agent = Agent.objects.create(
        authority=authority, entry=entry, username=f"editeur.{body.slug}", email=email,
        service=service, password=password, created_at=since,
    )  # fmt: skip
    RoleGrant.objects.create(agent=agent, role="KBE")


def _group(between: Between, houses: _Houses, *, now: datetime) -> Group:
    coordinator = houses.coordinator
    group = actions.found_group(coordinator, name=between.group, purpose=between.purpose, now=now)
    for slug, editor in sorted(houses.editors.items()):
        if editor.authority_id != coordinator.authority_id:
            asked = actions.invite(
                group, Authority.objects.get(slug=slug), agent=coordinator, now=now
            )
            actions.answer_invitation(asked, agent=editor, now=now + _DAY, accept=True)
    return group


def _workgroup(between: Between, group: Group, houses: _Houses, *, now: datetime) -> Workgroup:
    workgroup = actions.found_workgroup(
        group, agent=houses.coordinator, name=between.workgroup, purpose=between.workgroup_purpose
    )
    for username in between.workgroup_members:
        member = Agent.objects.with_rights().get(username=username)
        actions.seat(workgroup, member, agent=member, now=now)
    return workgroup


def _write(between: Between, houses: _Houses, group: Group, *, now: datetime) -> None:
    """The sheets of the neighbours, each offered to the others; one has been changed since."""
    for slug, editor in houses.editors.items():
        words = [one for one in between.sheets if one.by == slug]
        if not words:
            continue
        sheets = actions.create_local_sheets(
            editor.authority,
            [_new(one, editor, now) for one in words],
            now=now,
            author=editor.display_name,
            actor=editor,
        )
        actions.share_sheets(sheets, group, agent=editor, now=now)


def _new(one: NeighbourSheet, editor: Agent, now: datetime) -> NewSheet:
    return NewSheet(
        ref=one.ref,
        title=one.title,
        short_answer=one.short,
        blocks=list(_blocks(one)),
        service=editor.service,
        breadcrumb=one.breadcrumb,
        reviewed_on=now.date(),
        review_due_on=now.date() + 900 * _DAY,
    )


def _blocks(one: NeighbourSheet) -> Iterator[Block]:
    documents = markup.items(one.documents)
    yield Block(kind="documents", title="Pièces à apporter", level=PUBLIC, html=documents)
    for kind, title, level, text in (
        ("cost", "Coût", PUBLIC, one.cost),
        ("delay", "Délai", PUBLIC, one.delay),
        ("where", "Où aller", PUBLIC, one.where),
        ("explanation", "Explication", ASKED, one.asked),
        ("legal", "Références", PUBLIC, one.legal),
        ("internal", "Pour les agents", INTERNAL, one.internal),
    ):
        yield Block(kind=kind, title=title, level=level, html=paragraph(text))


def _share(
    content: Content,
    town: Authority,
    group: Group,
    workgroup: Workgroup,
    houses: _Houses,
    *,
    now: datetime,
) -> list[Sheet]:
    """Almost half of the sheets of the town, those of one family written by the workgroup."""
    wanted = [sheet.ref for sheet in content.sheets if sheet.shared][:SHARED]
    topics = {t.slug for t in content.topics.topics if t.family == content.between.workgroup_family}
    together = {sheet.ref for sheet in content.sheets if sheet.topic in topics}
    rows = {
        sheet.ref: sheet
        for sheet in Sheet.objects.filter(authority=town, ref__in=wanted).select_related("current")
    }
    coordinator = houses.coordinator
    written = [rows[ref] for ref in wanted if ref in together]
    others = [rows[ref] for ref in wanted if ref not in together]
    actions.share_sheets(written, group, agent=coordinator, now=now, workgroup=workgroup)
    actions.share_sheets(others, group, agent=coordinator, now=now)
    return [rows[ref] for ref in wanted]


def _decide(between: Between, houses: _Houses, shared: list[Sheet], *, now: datetime) -> None:
    by_ref = {sheet.ref: sheet for sheet in shared}
    others = Sheet.objects.filter(ref__in=[one.ref for one in between.sheets])
    by_ref |= {sheet.ref: sheet for sheet in others.select_related("current")}
    for one in between.asides:
        sheet = by_ref[one.ref]
        actions.ignore(
            sheet, seen=_seen(sheet), agent=houses.editors[one.by], now=now + 3 * _DAY,
            reason=one.reason,
        )  # fmt: skip
    older = _older([sheet.pk for sheet in by_ref.values()])
    aside = {(one.by, one.ref) for one in between.asides}
    for slug, count in between.adopts.items():
        laid = [one.ref for one in between.variants if one.by == slug]
        refs = dict.fromkeys([*laid, *(sheet.ref for sheet in shared)])
        for ref in [ref for ref in refs if (slug, ref) not in aside][:count]:
            sheet = by_ref[ref]
            seen = older.get(sheet.pk, _seen(sheet))
            actions.adopt(sheet, seen=seen, agent=houses.editors[slug], now=now + 4 * _DAY)
    home = houses.editors["sainte-orvanne"]
    for ref in ("DO-001", "DO-002"):
        sheet = by_ref[ref]
        actions.adopt(sheet, seen=_seen(sheet), agent=home, now=now + 5 * _DAY)


def _older(sheet_ids: list[int]) -> dict[int, SheetVersion]:
    """The first versions of sheets that have another one today: who saw them is behind."""
    rows = SheetVersion.objects.filter(sheet__in=sheet_ids, number=1)
    return {row.sheet_id: row for row in rows.exclude(sheet__current__number=1)}


def _seen(sheet: Sheet) -> SheetVersion:
    assert sheet.current is not None  # noqa: S101 - only published sheets are shared
    return sheet.current


def _lay(between: Between, houses: _Houses, *, now: datetime) -> None:
    """Local words, the last ones a week ago; some stand on a text that changed since."""
    refs = {one.ref for one in between.variants}
    rows = Sheet.objects.filter(ref__in=refs, authority__isnull=False).select_related("current")
    sheets = {sheet.ref: sheet for sheet in rows}
    for days, one in enumerate(between.variants, start=8):
        sheet, editor = sheets[one.ref], houses.editors[one.by]
        seen = _seen(sheet)
        actions.lay(sheet, _words(one, seen), seen=seen, agent=editor, now=now - days * _DAY)
    for one in between.variants:
        if one.on_older:
            _change_below(sheets[one.ref], one.over, now=now - 2 * _DAY)


def _talk(between: Between, *, now: datetime) -> None:
    """What the workgroup and the house that owns it said about shared sheets."""
    refs = {one.ref for one in between.remarks}
    rows = Share.objects.active().filter(sheet__ref__in=refs, workgroup__isnull=False)
    shares = {share.sheet.ref: share for share in rows.select_related("sheet")}
    for one in between.remarks:
        agent = Agent.objects.with_rights().get(username=one.by)
        actions.comment(shares[one.ref], agent=agent, now=now - one.days * _DAY, text=one.text)
    # The demo puts no mail into the outbox.
    DBTaskResult.objects.filter(task_path="parvis.common.tasks.deliver_mail").delete()


def _words(one: LocalVariant, seen: SheetVersion) -> LocalWords:
    kinds = [block["kind"] for block in seen.blocks]
    if one.over == overlays.SHORT_KIND:
        return LocalWords(
            position=overlays.SHORT, act=one.act, text=one.text, level=PUBLIC, note=one.note
        )
    return LocalWords(
        position=kinds.index(one.over) + 1 if one.over in kinds else 0,
        act=one.act if one.over in kinds else "after",
        kind=one.kind,
        text=one.text,
        level=one.level,
        note=one.note,
    )


def _change_below(sheet: Sheet, kind: str, *, now: datetime) -> None:
    """The house that wrote it says one part otherwise: what lies over it is to be checked."""
    version = _seen(sheet)
    blocks = [block.copy() for block in version.blocks]
    part = next(block for block in blocks if block["kind"] == kind)
    part["html"] += paragraph("Mis à jour ce mois-ci : appelez avant de vous déplacer.")
    actions.publish_version(
        sheet, now=now, author=version.author, title=version.title,
        short_answer=version.short_answer, blocks=blocks,
    )  # fmt: skip
