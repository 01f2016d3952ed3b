from django.urls import path

from bench.plain.views import call_next, call_next_bare
from parvis.common import health

urlpatterns = [
    path("health/ready", health.ready),
    path("api/v1/desks/<int:desk_id>/call-next", call_next),
    path("bare/desks/<int:desk_id>/call-next", call_next_bare),
]
