"""Every address of the house: each room brings its own list."""

from django.urls import URLPattern, include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from parvis.common import health
from parvis.interop.api import api
from parvis.interop.api.methods import mannered

patterns, app_name, namespace = api.urls
calls = mannered(one for one in patterns if isinstance(one, URLPattern))

urlpatterns = [
    # First: programs ask most often, and each line above costs them.
    path("api/v1/", include((calls, app_name), namespace)),
    path("", include("parvis.web.urls")),
    path("", include("parvis.queue.urls")),
    path("", include("parvis.knowledge.urls")),
    path("", include("parvis.law.urls")),
    path("", include("parvis.cases.urls")),
    path("", include("parvis.departments.urls")),
    path("", include("parvis.letters.urls")),
    path("", include("parvis.appointments.urls")),
    path("", include("parvis.feedback.urls")),
    path("", include("parvis.assistant.urls")),
    path("", include("parvis.mail.urls")),
    path("", include("parvis.contacts.urls")),
    path("", include("parvis.organisations.urls")),
    path("", include("parvis.quality.urls")),
    path("", include("parvis.privacy.urls")),
    path("", include("parvis.accounts.urls")),
    path("", include("parvis.accounts.factor_urls")),
    # From a page without referrer (a secret link) the browser sends "Origin: null", which the
    # usual check refuses; a forged request could only change the language of a page.
    path("langue/", csrf_exempt(set_language), name="set_language"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
]

handler400 = "parvis.web.views.errors.bad_request"
handler403 = "parvis.web.views.errors.forbidden"
handler404 = "parvis.web.views.errors.not_found"
handler500 = "parvis.web.views.errors.server_error"
