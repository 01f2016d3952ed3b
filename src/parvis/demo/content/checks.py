"""Say what does not hold together in the demo town's words; silence means all is well."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from parvis.demo.content.loader import Content
from parvis.demo.content.protocols import ProtocolWords
from parvis.demo.content.schema import Authority, Colours, Site, StaffMember, Text, Topic
from parvis.demo.content.wording import CaseTemplate, Sheet
from parvis.knowledge.rules.writing import asked_lines

ROLES = frozenset(("REC", "ADV", "REF", "LIA", "MGR", "QUA", "KBE", "HR")) | frozenset(
    ("DIR", "ELU", "AUD", "MOD", "FED", "ADM", "DPO")
)
LEVELS = frozenset(("public", "asked", "internal"))
BLOCK_KINDS = frozenset(("for_whom", "explanation", "steps", "documents", "cost")) | frozenset(
    ("delay", "where", "online", "coming", "legal", "internal", "warning", "related")
)
CHANNELS = frozenset(("desk", "phone", "email", "post", "web", "assistant"))
HOURS_CHANNELS = frozenset(("desk", "phone", "appointment"))
ENTRY_KINDS = frozenset(("message_out", "message_in", "note", "transferred", "forwarded"))
ENTRY_AUTHORS = frozenset(("person", "referent", "service", "reception"))
NAME_POLICIES = frozenset(("full", "first_name", "service"))
CAUSES = frozenset(("person", "impossible", "time", "asked", "better"))
DECISIONS = frozenset(("stays", "rule"))
PLACEHOLDERS = frozenset(("code", "service", "referent", "deputy", "agent", "date"))
SHORT_ANSWER_WORDS = 40
KIOSK_LABEL_LENGTH = 28
CONTRAST = 4.5

# Ranges kept for fiction by the numbering plan, so that no demo number ever rings.
PHONE = re.compile(r"^(01 99 00|02 61 91|03 53 01|04 65 71|05 36 49|06 39 98) \d\d \d\d$")
EMAIL = re.compile(r"^[a-z0-9.-]+@[a-z-]+\.example$")
CLOCK = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")
DAY_OF_YEAR = re.compile(r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
BAD_FRENCH = re.compile(r"['\"]| [:;!?%€»]|« |\.\.\.|  ")
WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")


def problems(content: Content) -> list[str]:
    """Every broken reference, bad number, missing wording or unkept rule of form."""
    found: list[str] = []
    checks = (_authorities, _topics, _people, _sheets, _protocols, _cases, _typography)
    for check in checks:
        found.extend(check(content))
    return found


def words_in(text: str) -> int:
    """The number of words somebody reads aloud, punctuation left out."""
    return len(WORD.findall(text))


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours written as #rrggbb."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _twice(what: str, values: Iterable[str]) -> Iterator[str]:
    for value, times in Counter(values).items():
        if times > 1:
            yield f"{what} {value}: {times} times"


def _unknown(where: str, given: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    for value in sorted(set(given) - set(known)):
        yield f"{where}: unknown {value}"


def _authorities(content: Content) -> Iterator[str]:
    authorities = content.authorities.authorities
    yield from _twice("authority", (a.slug for a in authorities))
    yield from _twice("site", (s.slug for a in authorities for s in a.sites))
    federations = {f.slug for f in content.authorities.federations}
    for authority in authorities:
        yield from _unknown(authority.slug, [authority.federation], federations)
        yield from _authority(content, authority)
        yield from _colours(authority.slug, authority.colours)
        for site in authority.sites:
            yield from _site(content, authority, site)


def _authority(content: Content, authority: Authority) -> Iterator[str]:
    services = [service.slug for service in authority.services]
    yield from _twice(f"{authority.slug}: service", services)
    entities = [entity.key for entity in authority.legal_entities]
    yield from _unknown(authority.slug, (s.legal_entity for s in authority.services), entities)
    named = [*authority.family_services.values(), *authority.topic_services.values()]
    yield from _unknown(authority.slug, named, services)
    offered = content.topics_of(authority)
    yield from _unknown(authority.slug, authority.topic_services, content.topic_by_slug)
    for topic in offered:
        by_family = authority.family_services.get(topic.family, topic.service)
        service = authority.topic_services.get(topic.slug, by_family)
        yield from _unknown(f"{authority.slug}/{topic.slug}", [service], services)
    desks = [desk for site in authority.sites for desk in site.desks]
    served = {t.slug for desk in desks for t in content.topics_of_desk(authority, desk)}
    for topic in offered:
        if topic.slug not in served:
            yield f"{authority.slug}: no desk serves {topic.slug}"


def _colours(where: str, colours: Colours) -> Iterator[str]:
    pairs = (
        (colours.action, "#ffffff"),
        (colours.action_strong, "#ffffff"),
        (colours.action, colours.action_soft),
        (colours.deep, "#f4f1ea"),
        (colours.action_dark, "#15191b"),
    )
    for ink, ground in pairs:
        if contrast(ink, ground) < CONTRAST:
            yield f"{where}: {ink} on {ground} is hard to read"


def _site(content: Content, authority: Authority, site: Site) -> Iterator[str]:
    where = f"{authority.slug}/{site.slug}"
    seasons = {"all", *(season.slug for season in authority.seasons)}
    yield from _twice(f"{where}: desk", (str(desk.number) for desk in site.desks))
    yield from _unknown(where, (hours.season for hours in site.hours), seasons)
    channels = [hours.channel for hours in site.hours] + [e.channel for e in site.exceptions]
    yield from _unknown(where, channels, HOURS_CHANNELS)
    slots = [(hours.opens, hours.closes) for hours in site.hours]
    slots += [(quiet.opens, quiet.closes) for quiet in site.quiet_hours]
    slots += [(slot.opens, slot.closes) for e in site.exceptions for slot in e.slots]
    for opens, closes in slots:
        if not (CLOCK.match(opens) and CLOCK.match(closes) and opens < closes):
            yield f"{where}: {opens} to {closes}"
    for exception in site.exceptions:
        dated = bool(DAY_OF_YEAR.match(exception.date)) == (exception.rule == "yearly")
        if exception.rule not in ("yearly", "offset") or not dated:
            yield f"{where}: exception {exception.rule} {exception.date}"
    for rule in (rule for desk in site.desks for rule in desk.serves):
        yield from _unknown(where, rule.topics, content.topic_by_slug)
        yield from _unknown(where, rule.families, (f.slug for f in content.topics.families))


def _topics(content: Content) -> Iterator[str]:
    catalogue = content.topics
    yield from _twice("topic", (topic.slug for topic in catalogue.topics))
    yield from _twice("family", (family.slug for family in catalogue.families))
    families = {family.slug: family for family in catalogue.families}
    for topic in catalogue.topics:
        yield from _topic(content, topic)
        yield from _unknown(f"topic {topic.slug}", [topic.family], families)
        if topic.family in families and families[topic.family].series != topic.series:
            yield f"topic {topic.slug}: series {topic.series} is not its family's"
    for family in catalogue.families:
        total = sum(topic.share for topic in catalogue.topics if topic.family == family.slug)
        if abs(total - family.share) > 0.001:
            yield f"family {family.slug}: topics weigh {total}, not {family.share}"
        yield from _labels(f"family {family.slug}", family.kiosk_label)
    yield from _unknown("series", (t.series for t in catalogue.topics), catalogue.series)
    for slug, subset in catalogue.subsets.items():
        yield from _twice(f"subset {slug}", subset)
        yield from _unknown(f"subset {slug}", subset, content.topic_by_slug)


def _topic(content: Content, topic: Topic) -> Iterator[str]:
    yield from _labels(f"topic {topic.slug}", topic.kiosk_label)
    if topic.level not in (1, 2) or topic.share <= 0 or topic.handling.mean <= 0:
        yield f"topic {topic.slug}: level, share or handling time"
    sheet = content.sheet_by_topic.get(topic.slug)
    if sheet is None or sheet.topic != topic.slug:
        yield f"topic {topic.slug}: no sheet {topic.sheet}"


def _labels(where: str, label: Text) -> Iterator[str]:
    for words in (label.fr, label.en):
        if not 0 < len(words) <= KIOSK_LABEL_LENGTH:
            yield f"{where}: kiosk label {words!r}"


def _people(content: Content) -> Iterator[str]:
    staff = content.people.staff
    everybody = [person for group in staff.values() for person in group]
    yield from _twice("user name", (person.username for person in everybody))
    yield from _unknown("staff", staff, (a.slug for a in content.authorities.authorities))
    yield from _twice("last name", content.people.last_names)
    families = {family.slug for family in content.topics.families}
    for skill in content.people.skills:
        yield from _unknown(f"skill {skill.slug}", skill.families, families)
    for authority in content.authorities.authorities:
        for person in staff.get(authority.slug, ()):
            yield from _staff_member(content, authority, person)
        services = [service.slug for service in authority.services]
        directory = content.people.directory.get(authority.slug, ())
        yield from _unknown("directory", (entry.service for entry in directory), services)
        for entry in directory:
            if entry.published == bool(entry.unpublished_reason.fr):
                yield f"directory {entry.email}: published and its reason"


def _staff_member(content: Content, authority: Authority, person: StaffMember) -> Iterator[str]:
    where = f"{authority.slug}/{person.username}"
    yield from _unknown(where, person.roles, ROLES)
    yield from _unknown(where, person.skills, (skill.slug for skill in content.people.skills))
    yield from _unknown(where, [person.service], (service.slug for service in authority.services))
    colleagues = {p.username for p in content.people.staff[authority.slug]} - {person.username}
    yield from _unknown(where, filter(None, [person.deputy]), colleagues)
    sites = {site.slug: site for site in authority.sites}
    yield from _unknown(where, filter(None, [person.site]), sites)
    if person.desk and person.site in sites:
        desks = {desk.number for desk in sites[person.site].desks}
        if person.desk not in desks:
            yield f"{where}: no desk {person.desk}"
    policy = person.name_policy
    yield from _unknown(where, [policy.mode], NAME_POLICIES)
    if policy.mode != "full" and not (policy.reason.fr and policy.alias and policy.until_days):
        yield f"{where}: a restricted name needs an alias, a reason and an end"


def _sheets(content: Content) -> Iterator[str]:
    yield from _twice("sheet", (sheet.ref for sheet in content.sheets))
    yield from _unknown("sheets", (s.topic for s in content.sheets), content.topic_by_slug)
    yield from _twice("title", (sheet.title.fr for sheet in content.sheets))
    services = [service.slug for service in content.town.services]
    refs = frozenset(sheet.ref for sheet in content.sheets)
    for sheet in content.sheets:
        yield from _unknown(sheet.ref, [sheet.service], services)
        yield from _unknown(f"{sheet.ref}: related", _related(sheet), refs - {sheet.ref})
        yield from _sheet(sheet)


def _related(sheet: Sheet) -> tuple[str, ...]:
    return tuple(ref for b in sheet.blocks if b.kind == "related" for ref in b.items)


def _sheet(sheet: Sheet) -> Iterator[str]:
    for words in (sheet.short.fr, sheet.short.en):
        if not 5 <= words_in(words) <= SHORT_ANSWER_WORDS:
            yield f"{sheet.ref}: short answer of {words_in(words)} words"
    if asked_lines("\n".join(sheet.asked)) != "\n".join(sheet.asked):
        yield f"{sheet.ref}: lines on how people ask for it are not as they are kept"
    kinds = [block.kind for block in sheet.blocks]
    yield from _twice(f"{sheet.ref}: block", kinds)
    yield from _unknown(sheet.ref, kinds, BLOCK_KINDS)
    yield from _unknown(sheet.ref, (block.level for block in sheet.blocks), LEVELS)
    yield from _unknown(f"{sheet.ref}: no block", {"for_whom", "steps", "where"}, kinds)
    for block in sheet.blocks:
        if not (block.text or block.items or block.cases or block.legal):
            yield f"{sheet.ref}: empty {block.kind}"
        if block.level != "internal" and (block.kind == "internal" or block.embargo_days):
            yield f"{sheet.ref}: {block.kind} would be read by everybody"
        if not all(basis.to_confirm for basis in block.legal):
            yield f"{sheet.ref}: a legal basis is not marked to be confirmed"


def _protocols(content: Content) -> Iterator[str]:
    held = {protocol.ref: protocol for protocol in content.protocols.protocols}
    yield from _twice("protocol", (protocol.ref for protocol in content.protocols.protocols))
    services = [service.slug for service in content.town.services]
    for protocol in held.values():
        yield from _unknown(protocol.ref, [protocol.service], services)
        yield from _unknown(protocol.ref, protocol.topics, content.topic_by_slug)
        yield from _steps(protocol)
    for left in content.protocols.deviations:
        if left.protocol not in held:
            yield f"deviation: unknown {left.protocol}"
        elif not 1 <= left.step <= len(held[left.protocol].steps):
            yield f"deviation: {left.protocol} has no step {left.step}"
        yield from _unknown(left.protocol, [left.cause], CAUSES)
        yield from _unknown(left.protocol, filter(None, [left.decision]), DECISIONS)


def _steps(protocol: ProtocolWords) -> Iterator[str]:
    if not 3 <= len(protocol.steps) <= 7:
        yield f"{protocol.ref}: {len(protocol.steps)} steps"
    for step in protocol.steps:
        if not (step.title and step.text and step.role and step.support and step.delay):
            yield f"{protocol.ref}: {step.title!r} does not say who, with what, by when"


def _cases(content: Content) -> Iterator[str]:
    words = content.cases
    yield from _twice("case template", (template.key for template in words.templates))
    outcomes = {outcome.code for outcome in words.outcomes}
    for template in words.templates:
        where = f"case {template.key}"
        yield from _unknown(where, [template.topic], content.topic_by_slug)
        yield from _unknown(where, [template.outcome], outcomes)
        yield from _unknown(where, template.channels, CHANNELS)
        yield from _timeline(where, template)
    for key, texts in words.phrases.items():
        used = {name for text in texts for name in re.findall(r"\{(\w+)\}", text)}
        yield from _unknown(f"phrase {key}", used, PLACEHOLDERS)
    families = {family.slug for family in content.topics.families}
    comments = (words.thanks, words.not_solved, words.complaints, words.suggestions, words.notes)
    for comment in (c for group in (*comments, *words.satisfaction.values()) for c in group):
        yield from _unknown(f"comment {comment.text!r}", comment.families, families)
    for visitor in words.visitors:
        yield from _unknown(f"visitor {visitor.last}", visitor.topics, content.topic_by_slug)


def _timeline(where: str, template: CaseTemplate) -> Iterator[str]:
    days = [entry.day for entry in template.timeline]
    if days != sorted(days) or not (template.first_words and template.closing):
        yield f"{where}: order of days, first words or closing"
    yield from _unknown(where, (entry.kind for entry in template.timeline), ENTRY_KINDS)
    yield from _unknown(where, (entry.by for entry in template.timeline), ENTRY_AUTHORS)
    for entry in template.timeline:
        if (entry.by == "person") != (entry.kind == "message_in"):
            yield f"{where}: only the person writes in"
        if entry.reason and entry.kind != "note":
            yield f"{where}: only a note is internal"
        if entry.awaits and entry.kind != "message_out":
            yield f"{where}: what is awaited is asked in a message"


def _typography(content: Content) -> Iterator[str]:
    for path, value in _strings(content.authorities, "authorities"):
        yield from _address(path, value)
    for path, value in _strings(content.people, "people"):
        yield from _address(path, value)
    parts = (content.authorities, content.topics, content.people, content.sheets, content.cases)
    for part in (*parts, content.protocols):
        for path, value in _strings(part, type(part).__name__):
            if not path.endswith((".en", ".url")) and (bad := BAD_FRENCH.search(value)):
                yield f"{path}: {bad.group()!r} in {value!r}"
            if path.endswith((".fr", ".en")) and not value and "reason" not in path:
                yield f"{path}: empty"


def _address(path: str, value: str) -> Iterator[str]:
    if path.endswith(".phone") and value and not PHONE.match(value):
        yield f"{path}: {value} might be somebody's"
    if path.endswith(".email") and not EMAIL.match(value):
        yield f"{path}: {value} might be somebody's"


def _strings(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif is_dataclass(value):
        for each in fields(value):
            yield from _strings(getattr(value, each.name), f"{path}.{each.name}")
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _strings(item, f"{path}[{number}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, f"{path}.{key}")
