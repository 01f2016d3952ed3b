"""The look itself: stylesheet of an authority, preferences of a reader, gallery of components."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from parvis.common.http import ActorRequest, next_address, public, requires
from parvis.organisations.http import authority_of_page
from parvis.organisations.models import Authority
from parvis.web import gallery as examples
from parvis.web import rules
from parvis.web.forms import DisplayPreferences
from parvis.web.look import CONTRASTS, SHORTCUTS, THEMES, Preference, chosen

A_YEAR = 365 * 24 * 3600
PREFERENCES: dict[str, Preference] = {
    "theme": THEMES,
    "contrast": CONTRASTS,
    "shortcuts": SHORTCUTS,
}


@public
@require_safe
@cache_control(public=True, max_age=3600)
def authority_css(request: HttpRequest, slug: str) -> HttpResponse:
    authority = get_object_or_404(Authority, slug=slug)
    sheet = rules.stylesheet(authority.action_colour, authority.deep_colour)
    return HttpResponse(sheet, content_type="text/css; charset=utf-8")


@public
@require_safe
@cache_control(public=True, max_age=3600)
def frame_css(request: HttpRequest, colour: str) -> HttpResponse:
    """The colour that a page asks of its frame, made as dark or light as reading needs it."""
    action = f"#{colour.lower()}"
    if not rules.is_colour(action):
        raise Http404
    sheet = rules.stylesheet(action, action)
    return HttpResponse(sheet, content_type="text/css; charset=utf-8")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def display_preferences(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    if slug:
        authority_of_page(request, slug)
    now = {name: chosen(request, one) or one.otherwise for name, one in PREFERENCES.items()}
    form = DisplayPreferences(request.POST or None, initial={**now, "language": get_language()})
    if request.method == "POST" and form.is_valid():
        return _remember(request, form.cleaned_data)
    context = {"form": form, "next_address": next_address(request, "")}
    return render(request, "web/display.html", context)


def _remember(request: HttpRequest, wanted: dict[str, str]) -> HttpResponse:
    response = redirect(next_address(request, request.path))
    language = wanted["language"]
    values = {PREFERENCES[name].cookie: wanted[name] for name in PREFERENCES}
    for cookie, value in {**values, settings.LANGUAGE_COOKIE_NAME: language}.items():
        response.set_cookie(
            cookie,
            value,
            max_age=A_YEAR,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )
    with override(language):
        messages.success(request, _("Your choices are kept on this device."))
    return response


@requires()
@require_safe
def gallery(request: ActorRequest) -> HttpResponse:
    return render(request, "web/gallery.html", examples.examples())
