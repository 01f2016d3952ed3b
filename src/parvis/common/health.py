"""Two addresses for whoever watches the server: does it live, can it work."""

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse

from parvis.common.http import public


@public
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@public
def ready(request: HttpRequest) -> JsonResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
            cursor.fetchone()
    except Error:
        # A broken connection must not stay broken for the next visitor.
        connection.close()
        return JsonResponse({"status": "the database does not answer"}, status=503)
    return JsonResponse({"status": "ok"})
