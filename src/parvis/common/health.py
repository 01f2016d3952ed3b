"""Two addresses for whoever watches the server: does it live, can it work."""

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from parvis.common import jobs
from parvis.common.http import public


@public
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@public
def ready(request: HttpRequest) -> JsonResponse:
    """Pages can be served, or 503; whether jobs are run is told only: pages go on without."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
            cursor.fetchone()
        stands_still = jobs.nobody_works(timezone.now())
    except Error:
        # A broken connection must not stay broken for the next visitor.
        connection.close()
        return JsonResponse({"status": "the database does not answer"}, status=503)
    if stands_still:
        return JsonResponse({"status": "pages are served, but nobody runs the background jobs"})
    return JsonResponse({"status": "ok"})
