"""Booking without an account: topic, place, time, name. Every step is a link or a plain form."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from parvis.appointments import actions, keys, queries, rules, stamps
from parvis.appointments.forms.public import GuestForm
from parvis.appointments.letters import documents_of_topic
from parvis.appointments.models import AgendaTopic, Appointment, Made
from parvis.common import idempotency, throttle
from parvis.common.errors import Refused
from parvis.common.http import client_address, public
from parvis.organisations.http import authority_of_page, public_address
from parvis.organisations.models import Site
from parvis.organisations.queries import public_site

# A family that books for everybody fits; a program that hoards does not.
BOOKINGS = throttle.Limit("booking", burst=8, seconds=120)
DAYS_SHOWN = 5


@public
@require_safe
def topics(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    authority = authority_of_page(request, slug)
    wanted = request.GET.get("motif", "")[:60]
    rows = list(queries.offerings(authority, topic=wanted))
    if wanted and not rows:
        raise Http404
    sites = list(dict.fromkeys(row.agenda.site for row in rows))
    if wanted and len(sites) == 1:
        return redirect("appointments:slots", site=sites[0].slug, topic=wanted)
    context = {
        "home": public_address(request, authority, "appointments:topics"),
        "topic": rows[0].topic if wanted else None,
        "places": _places(rows) if wanted else [],
        "families": [] if wanted else _families(rows),
    }
    return render(request, "appointments/topics.html", context)


@public
@require_safe
@never_cache
def slots(request: HttpRequest, site: str, topic: str) -> HttpResponse:
    place, rows = _offered(request, site, topic)
    now = timezone.now()
    first = day_asked(request)
    with timezone.override(place.timezone):
        days = queries.free_days(rows, now=now, first=first, count=DAYS_SHOWN + 1)
        context = {
            **_shared(request, place, rows),
            "days": days[:DAYS_SHOWN],
            "more": days[DAYS_SHOWN].day if len(days) > DAYS_SHOWN else None,
            "first": first,
            "last_day": queries.window(rows[0].agenda, now=now).latest,
        }
        return render(request, "appointments/slots.html", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def details(request: HttpRequest, site: str, topic: str, when: str) -> HttpResponse:
    place, rows = _offered(request, site, topic)
    starts_at = stamps.instant(request.POST.get("when", "") or when)
    if starts_at is None:
        raise Http404
    form = GuestForm(request.POST if request.method == "POST" else None)
    with timezone.override(place.timezone):
        context = {
            **_shared(request, place, rows),
            "starts_at": starts_at,
            "form": form,
            "when": when,
        }
        if request.method != "POST":
            return _before_typing(request, rows, context)
        if not form.is_valid():
            return _details(request, context, status=422)
        try:
            throttle.take(BOOKINGS, client_address(request), now=timezone.now())
            made = _book_once(request, rows, starts_at, form.cleaned_data)
        except _Twice as twice:
            return _details(request, {**context, "twin": _told(request, twice.twin)}, status=409)
        except actions.SlotTaken as taken:
            refused = {"refusal": taken.message, "nearest": taken.nearest}
            return _details(request, {**context, **refused}, status=409)
        except Refused as refusal:
            status = 429 if refusal.code == "busy" else 409
            return _details(request, {**context, "refusal": refusal.message}, status=status)
    return HttpResponseRedirect(keys.page_path(made))


class _Twice(Exception):
    """The person has this appointment already."""

    def __init__(self, twin: Appointment) -> None:
        self.twin = twin


def _before_typing(
    request: HttpRequest, rows: list[AgendaTopic], context: dict[str, Any]
) -> HttpResponse:
    """The form; or, for a time that nobody can have, what is free, before anything is typed."""
    now, starts_at = timezone.now(), context["starts_at"]
    for one in queries.booked_at(rows[0].topic_id, context["site"], starts_at):
        if _is_of_browser(request, one):
            context["twin"] = {"address": keys.page_path(one)}
    if any(queries.place_for(row, starts_at, now=now) is not None for row in rows):
        return _details(request, context)
    # Far from every free time, the first ones say more than the closest ones.
    is_near = now < starts_at < queries.window(rows[0].agenda, now=now).latest
    nearest = queries.nearest_slots(rows, starts_at if is_near else now, now=now)
    return _details(request, {**context, "is_gone": True, "nearest": nearest}, status=409)


def _details(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "appointments/details.html", context, status=status)


def _book_once(
    request: HttpRequest, rows: list[AgendaTopic], starts_at: Any, given: dict[str, Any]
) -> Appointment:
    """One appointment per form, however often it is sent; only its number is remembered."""
    now = timezone.now()

    def effect() -> idempotency.Answer:
        _check_twice(request, rows, starts_at, given)
        free = [row for row in rows if queries.place_for(row, starts_at, now=now) is not None]
        guest = actions.Guest(**given, language=get_language() or "fr")
        booked = actions.book(
            (free or rows)[0], starts_at=starts_at, guest=guest, now=now, made=Made.PUBLIC
        )
        _remember(request, booked.appointment, now)
        return idempotency.Answer(302, str(booked.appointment.pk))

    key = request.POST.get("form_key", "")[:200]
    if key:
        answer = idempotency.once(effect, scope="form:appointment", key=key, mark="", now=now)
    else:
        answer = effect()
    return Appointment.objects.get(pk=int(answer.text))


def _check_twice(
    request: HttpRequest,
    rows: list[AgendaTopic],
    starts_at: datetime,
    given: dict[str, Any],
) -> None:
    """Refuse a second seat to who comes back to the form.

    In another browser, somebody of the same name who left no address may well be another person.
    """
    who = {name: given[name] for name in ("name", "email", "phone")}
    for one in queries.booked_at(rows[0].topic_id, rows[0].agenda.site, starts_at):
        is_known = _is_of_browser(request, one) or rules.is_reached(one.email, one.phone)
        if is_known and queries.is_of(one, **who):
            raise _Twice(one)


def _told(request: HttpRequest, twin: Appointment) -> dict[str, str]:
    """The link is shown in the browser that booked only: elsewhere it goes to the address."""
    if _is_of_browser(request, twin):
        return {"address": keys.page_path(twin)}
    actions.send_again(twin, now=timezone.now())
    return {"address": ""}


def _browser(request: HttpRequest) -> str:
    """A mark of the browser, of the cookie that protects its forms; nothing before it has one."""
    cookie = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    mark = salted_hmac("parvis.appointments.browser", cookie, algorithm="sha256").hexdigest()
    return f"booked-in:{mark}"[:80] if cookie else ""


def _remember(request: HttpRequest, made: Appointment, now: datetime) -> None:
    if scope := _browser(request):
        answer = idempotency.Answer(302, "")
        idempotency.once(lambda: answer, scope=scope, key=str(made.pk), mark="", now=now)


def _is_of_browser(request: HttpRequest, appointment: Appointment) -> bool:
    scope = _browser(request)
    return bool(scope and idempotency.given(scope, str(appointment.pk), mark=""))


def _offered(request: HttpRequest, site: str, topic: str) -> tuple[Site, list[AgendaTopic]]:
    place = public_site(site)
    if place is None:
        raise Http404
    rows = list(queries.offerings(place.authority_id, topic=topic, site=site))
    if not rows:
        raise Http404
    request.authority = place.authority  # type: ignore[attr-defined]
    return place, rows


def _shared(request: HttpRequest, place: Site, rows: list[AgendaTopic]) -> dict[str, Any]:
    row = rows[0]
    many = list(queries.offerings(place.authority_id, topic=row.topic.slug))
    return {
        "site": place,
        "home": public_address(request, place.authority, "appointments:topics"),
        "topic": row.topic,
        "service": row.agenda.service,
        "minutes": row.minutes,
        "documents": documents_of_topic(place.authority_id, row.topic_id),
        "has_other_places": len({one.agenda.site_id for one in many}) > 1,
        "kept_days": rules.KEPT.days,
    }


def _families(rows: list[AgendaTopic]) -> list[tuple[Any, list[Any]]]:
    """Topics by family, each once."""
    found: dict[Any, list[Any]] = {}
    for row in rows:
        of_family = found.setdefault(row.topic.family, [])
        if row.topic not in of_family:
            of_family.append(row.topic)
    return list(found.items())


def _places(rows: list[AgendaTopic]) -> list[dict[str, Any]]:
    """Where a topic is received by appointment, with the next free time of each place."""
    by_site: dict[Site, list[AgendaTopic]] = {}
    for row in rows:
        by_site.setdefault(row.agenda.site, []).append(row)
    now = timezone.now()
    places = []
    for site, of_site in by_site.items():
        days = queries.free_days(of_site, now=now, count=1)
        next_free = days[0].slots[0].starts_at if days else None
        words = queries.moment_words(next_free, site) if next_free else ""
        places.append({"site": site, "next": words})
    return places


def day_asked(request: HttpRequest) -> date | None:
    """From which day on free times are looked for, as the address says."""
    try:
        return date.fromisoformat(request.GET.get("des", ""))
    except ValueError:
        return None
