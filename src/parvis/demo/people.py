"""Who works in the demo: the directory, the accounts with their roles, the keys of programs."""

from datetime import UTC, date, datetime, time, timedelta

from django.contrib.auth.hashers import make_password

from parvis.accounts.actions.tokens import create_token
from parvis.accounts.models import Agent, RoleGrant, Skill
from parvis.demo import seeds
from parvis.demo.content import schema
from parvis.demo.content.loader import Content
from parvis.organisations.models import (
    Authority,
    DirectoryEntry,
    NamePolicy,
    Service,
    Site,
    TopicFamily,
)

_POLICIES = {
    "first_name": NamePolicy.FIRST_NAME.value,
    "service": NamePolicy.SERVICE_ONLY.value,
}
_AUDIT = timedelta(days=60)  # how long the external auditor may read
_UNUSABLE = "!a-program-never-signs-in"
_TOKEN_NAME = "Démonstration"  # noqa: S105 - who uses the key


def create(content: Content, *, seed: int, now: datetime, since: datetime) -> None:
    """Write the staff of every authority, with one password for all accounts of the demo."""
    # One Argon2 computation, with a salt from the seed: the same database for the same seed.
    hashed = make_password(seeds.password(seed), salt=seeds.secret(seed, "salt")[:22])
    today = now.date()
    for words in content.authorities.authorities:
        authority = Authority.objects.get(slug=words.slug)
        services = {service.slug: service for service in authority.services.all()}
        sites = {site.slug: site for site in authority.sites.all()}
        staff = content.people.staff[words.slug]
        entries = DirectoryEntry.objects.bulk_create(
            _entry(authority, services[person.service], person, today) for person in staff
        )
        agents = Agent.objects.bulk_create(
            _agent(authority, services[person.service], sites.get(person.site), person, entry)
            for person, entry in zip(staff, entries, strict=True)
        )
        for agent in agents:
            agent.password, agent.created_at = hashed, since
        Agent.objects.bulk_update(agents, ["password", "created_at"])
        _grant(staff, agents, now)
        _teach(content, authority, staff, agents, since.date())
        _without_account(content, authority, services)
        _give_key(authority, seed, now)


def _entry(
    authority: Authority, service: Service, person: schema.StaffMember, today: date
) -> DirectoryEntry:
    policy = _POLICIES.get(person.name_policy.mode, "")
    until = today + timedelta(days=person.name_policy.until_days or 365)
    return DirectoryEntry(
        authority=authority,
        service=service,
        first_name=person.first,
        last_name=person.last,
        function=person.function.fr,
        function_en=person.function.en,
        phone=person.phone,
        email=person.email,
        is_listed=person.group != "leadership" or "DIR" in person.roles or "MGR" in person.roles,
        name_policy=policy,
        name_policy_reason=person.name_policy.reason.fr if policy else "",
        name_policy_author="Direction des ressources humaines" if policy else "",
        name_policy_until=until if policy else None,
    )


def _agent(
    authority: Authority,
    service: Service,
    site: Site | None,
    person: schema.StaffMember,
    entry: DirectoryEntry,
) -> Agent:
    return Agent(
        authority=authority,
        entry=entry,
        username=person.username,
        email=person.email,
        service=service,
        site=site,
    )


def _grant(staff: tuple[schema.StaffMember, ...], agents: list[Agent], now: datetime) -> None:
    RoleGrant.objects.bulk_create(
        RoleGrant(agent=agent, role=role, until=now + _AUDIT if role == "AUD" else None)
        for person, agent in zip(staff, agents, strict=True)
        for role in person.roles
    )


def _teach(
    content: Content,
    authority: Authority,
    staff: tuple[schema.StaffMember, ...],
    agents: list[Agent],
    since: date,
) -> None:
    """Skills open families of topics; who follows cases for a living is an expert in them."""
    opens = {skill.slug: skill.families for skill in content.people.skills}
    families = {family.slug: family for family in TopicFamily.objects.filter(authority=authority)}
    skills = []
    for person, agent in zip(staff, agents, strict=True):
        level = Skill.Level.EXPERT if "REF" in person.roles else Skill.Level.ABLE
        known = dict.fromkeys(family for slug in person.skills for family in opens[slug])
        skills += [
            Skill(agent=agent, family=families[slug], level=level, validated_on=since)
            for slug in known
            if slug in families
        ]
    Skill.objects.bulk_create(skills)


def _without_account(content: Content, authority: Authority, services: dict[str, Service]) -> None:
    DirectoryEntry.objects.bulk_create(
        DirectoryEntry(
            authority=authority,
            service=services[person.service],
            first_name=person.first,
            last_name=person.last,
            function=person.function.fr,
            function_en=person.function.en,
            phone=person.phone,
            email=person.email,
            is_listed=person.published,
        )
        for person in content.people.directory.get(authority.slug, ())
    )


def token_of(seed: int, slug: str) -> str:
    """The key by which programs work for an authority in this demo."""
    return f"parvis_demo_{seeds.secret(seed, 'token', slug)}"


def _give_key(authority: Authority, seed: int, now: datetime) -> None:
    given = create_token(
        authority,
        actor=None,
        now=now,
        name=_TOKEN_NAME,
        role="MGR",
        secret=token_of(seed, authority.slug),
    )
    # A name from the seed instead of the one drawn by the action: the same demo twice.
    Agent.objects.filter(pk=given.token.agent_id).update(
        username=f"api.{authority.slug}.demo", password=_UNUSABLE, created_at=now
    )


def start_of(day: date) -> datetime:
    """The first instant of a day, in UTC."""
    return datetime.combine(day, time.min, tzinfo=UTC)
