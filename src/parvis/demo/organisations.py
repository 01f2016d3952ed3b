"""Authorities, services, sites, hours, topics and desks of the demo, from the packaged words."""

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from typing import Final

from parvis.demo.content import schema
from parvis.demo.content.loader import Content
from parvis.organisations import models

ONE_DAY = timedelta(days=1)


def create(content: Content, *, first: date, today: date) -> None:
    """Write everything that stands still; ``first`` is the day on which the history begins."""
    for words in content.authorities.authorities:
        authority = _authority(words, is_town=words is content.town)
        services = _services(authority, words)
        topics = _topics(authority, words, services, content)
        for site in words.sites:
            _site(authority, words, site, topics, content, first, today)


def address(words: schema.Address) -> str:
    """A postal address on one line."""
    return f"{words.line}, {words.postcode} {words.city}"


def others(words: schema.Text) -> dict[str, str]:
    """A name in the other languages of the kiosk, as far as it is written."""
    return {code: name for code, name in (("ar", words.ar), ("uk", words.uk)) if name}


def _authority(words: schema.Authority, *, is_town: bool) -> models.Authority:
    return models.Authority.objects.create(
        slug=words.slug,
        name=words.name,
        hostname=words.hostname,
        address=address(words.address),
        phone=words.phone,
        email=words.email,
        action_colour=words.colours.action.lower(),
        deep_colour=words.colours.deep.lower(),
        directory_is_public=is_town,
        # Whoever tries the demo has no telephone enrolled: the password is enough there.
        second_factor_for_admins=False,
    )


def _services(authority: models.Authority, words: schema.Authority) -> dict[str, models.Service]:
    entities = {
        entity.key: models.LegalEntity.objects.create(authority=authority, name=entity.name.fr)
        for entity in words.legal_entities
    }
    return {
        service.slug: models.Service.objects.create(
            authority=authority,
            legal_entity=entities[service.legal_entity],
            slug=service.slug,
            name=service.name.fr,
            name_en=service.name.en,
            phone=service.phone,
            email=service.email,
            is_sensitive=service.sensitive,
        )
        for service in words.services
    }


def _topics(
    authority: models.Authority,
    words: schema.Authority,
    services: dict[str, models.Service],
    content: Content,
) -> dict[str, models.Topic]:
    offered = content.topics_of(words)
    used = {topic.family for topic in offered}
    families = {
        family.slug: models.TopicFamily.objects.create(
            authority=authority,
            slug=family.slug,
            name=family.name.fr,
            name_en=family.name.en,
            other_names=others(family.name),
            series=family.series,
            position=family.position,
        )
        for family in content.topics.families
        if family.slug in used
    }
    rows = [
        _topic(authority, topic, families[topic.family], services[service.slug])
        for topic in offered
        for service in [content.service_of(words, topic)]
    ]
    return {row.slug: row for row in models.Topic.objects.bulk_create(rows)}


_SENSITIVE: Final = ("sainte-orvanne", {"declaration-deces", "dossier-mariage"})  # need a skill


def _topic(
    authority: models.Authority,
    words: schema.Topic,
    family: models.TopicFamily,
    service: models.Service,
) -> models.Topic:
    return models.Topic(
        authority=authority,
        needs_skill=authority.slug == _SENSITIVE[0] and words.slug in _SENSITIVE[1],
        family=family,
        service=service,
        slug=words.slug,
        name=words.name.fr,
        name_en=words.name.en,
        short_name=words.kiosk_label.fr,
        short_name_en=words.kiosk_label.en,
        other_names=others(words.kiosk_label) or others(words.name),
        level=words.level,
        fcr_window_days=words.fcr_days,
        is_resolvable=words.slug != "depot-dossier",  # a mere drop-off
        on_kiosk=words.kiosk,
        handling_minutes=max(1, round(words.handling.mean)),
    )


def _site(
    authority: models.Authority,
    owner: schema.Authority,
    words: schema.Site,
    topics: dict[str, models.Topic],
    content: Content,
    first: date,
    today: date,
) -> None:
    site = models.Site.objects.create(
        authority=authority,
        slug=words.slug,
        name=words.name.fr,
        name_en=words.name.en,
        address=address(words.address),
        phone=words.phone,
    )
    for desk in words.desks:
        row = models.Desk.objects.create(
            site=site,
            name=f"Guichet {desk.number}",
            name_en=f"Desk {desk.number}",
            other_names={"ar": f"الشباك {desk.number}", "uk": f"Вікно {desk.number}"},
            position=desk.number,
        )
        row.topics.set([topics[topic.slug] for topic in content.topics_of_desk(owner, desk)])
    for season, hours in _seasons(owner, words, first, today):
        season.site = site
        season.save()
        models.OpeningHours.objects.bulk_create(_slots(season, hours))
    models.HoursException.objects.bulk_create(_exceptions(site, words, first, today))
    models.Closure.objects.bulk_create(_closures(site, words, today))


def _seasons(
    owner: schema.Authority, words: schema.Site, first: date, today: date
) -> Iterator[tuple[models.Season, list[schema.Hours]]]:
    """The seasons from before the history until after the coming one."""
    by_slug = {season.slug: season for season in owner.seasons}
    for year in range(first.year - 1, today.year + 1):
        for slug in dict.fromkeys(hours.season for hours in words.hours):
            hours = [one for one in words.hours if one.season == slug]
            if slug == "all":
                name, start, end = f"Année {year}", date(year, 1, 1), date(year, 12, 31)
                if year == today.year:
                    end = date(year + 1, 12, 31)
            else:
                season = by_slug[slug]
                name, start, end = season.name.fr, _on(year, season.starts), _on(year, season.ends)
                if end < start:
                    end = _on(year + 1, season.ends)
            if end >= first:
                yield models.Season(name=name, valid_from=start, valid_through=end), hours


def _slots(season: models.Season, hours: Iterable[schema.Hours]) -> Iterator[models.OpeningHours]:
    for one in hours:
        for weekday in one.weekdays:
            yield models.OpeningHours(
                season=season,
                channel=one.channel,
                weekday=weekday,
                opens=time.fromisoformat(one.opens),
                closes=time.fromisoformat(one.closes),
            )


def _exceptions(
    site: models.Site, words: schema.Site, first: date, today: date
) -> Iterator[models.HoursException]:
    for one in words.exceptions:
        for day in _days_of(one, first, today):
            slots: list[tuple[time | None, time | None]] = [
                (time.fromisoformat(s.opens), time.fromisoformat(s.closes)) for s in one.slots
            ]
            for opens, closes in slots or [(None, None)]:
                yield models.HoursException(
                    site=site,
                    channel=one.channel,
                    date=day,
                    opens=opens,
                    closes=closes,
                    reason=one.reason.fr,
                )


def _days_of(one: schema.HoursException, first: date, today: date) -> list[date]:
    """The dates of an exception; a day at the weekend is no exception to anything."""
    if one.rule == "yearly":
        days = [_on(year, one.date) for year in range(first.year, today.year + 2)]
        return [day for day in days if day.weekday() < 5]
    return [working_day(today + one.days * ONE_DAY)]


def _closures(site: models.Site, words: schema.Site, today: date) -> Iterator[models.Closure]:
    for one in words.closures:
        starts = working_day(today + one.starts_in_days * ONE_DAY)
        yield models.Closure(
            site=site,
            first_day=starts,
            last_day=starts + (one.days - 1) * ONE_DAY,
            reason=one.reason.fr,
        )


def working_day(day: date) -> date:
    """The day itself, or the Monday after it."""
    return day + (7 - day.weekday()) * ONE_DAY if day.weekday() >= 5 else day


def _on(year: int, month_day: str) -> date:
    month, day = month_day.split("-")
    return date(year, int(month), int(day))
