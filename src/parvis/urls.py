"""Every address of the house: each room brings its own list."""

from django.urls import URLPattern, include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from parvis.common import health
from parvis.common.routing import room
from parvis.interop.api import api
from parvis.interop.api.methods import mannered

patterns, app_name, namespace = api.urls
calls = mannered(one for one in patterns if isinstance(one, URLPattern))

urlpatterns = [
    # First: programs ask most often, and each line above costs them.
    path("api/v1/", include((calls, app_name), namespace)),
    path("", room("parvis.web.urls")),
    path("", room("parvis.queue.urls")),
    path("", room("parvis.knowledge.urls")),
    path("", room("parvis.law.urls")),
    path("", room("parvis.cases.urls")),
    path("", room("parvis.departments.urls")),
    path("", room("parvis.letters.urls")),
    path("", room("parvis.appointments.urls")),
    path("", room("parvis.feedback.urls")),
    path("", room("parvis.assistant.urls")),
    path("", room("parvis.mail.urls")),
    path("", room("parvis.contacts.urls")),
    path("", room("parvis.organisations.urls")),
    path("", room("parvis.quality.urls")),
    path("", room("parvis.privacy.urls")),
    path("", room("parvis.accounts.urls")),
    path("", room("parvis.accounts.factor_urls")),
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
