"""The texts that the house works by, for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.common.http import public
from parvis.law import queries
from parvis.organisations.http import authority_of_page


@public
@require_safe
def texts(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    authority = authority_of_page(request, slug)
    context = {"texts": queries.public_texts(authority)}
    return render(request, "law/public.html", context)
