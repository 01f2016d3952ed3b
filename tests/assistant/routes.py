"""Who gets which answer at the addresses of the assistant."""

from tests.support.routes import Route

ROUTES: list[Route] = []
