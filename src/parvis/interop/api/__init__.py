"""The REST API, ``/api/v1/``: a thin layer over the rooms' actions and queries."""

from parvis import __version__
from parvis.interop.api import problems
from parvis.interop.api.appointments import router as appointments
from parvis.interop.api.around import router as around
from parvis.interop.api.assistant import router as assistant
from parvis.interop.api.auth import TokenAuth
from parvis.interop.api.cases import router as cases
from parvis.interop.api.contacts import router as contacts
from parvis.interop.api.conversations import router as conversations
from parvis.interop.api.departments import router as departments
from parvis.interop.api.document import HouseAPI
from parvis.interop.api.figures import router as figures
from parvis.interop.api.indicators import router as indicators
from parvis.interop.api.knowledge import router as knowledge
from parvis.interop.api.law import router as law
from parvis.interop.api.letters import router as letters
from parvis.interop.api.mail import router as mail
from parvis.interop.api.page import router as page
from parvis.interop.api.parsing import BodyParser
from parvis.interop.api.privacy import router as privacy
from parvis.interop.api.queue import router as queue
from parvis.interop.api.sharing import router as sharing
from parvis.interop.api.suggestions import router as suggestions
from parvis.interop.api.waits import router as waits
from parvis.interop.api.writing import router as writing

api = HouseAPI(
    title="Parvis",
    version=__version__,
    description=(
        "The reception of a local public service. A token belongs to one authority and one role. "
        "Any POST takes an Idempotency-Key header: the same key and body give the same answer for "
        "at least 24 hours. Errors are application/problem+json (RFC 9457)."
    ),
    urls_namespace="api",
    docs_url=None,
    auth=TokenAuth(),
    parser=BodyParser(),
)
problems.install(api)
for router in (
    queue,
    waits,
    contacts,
    cases,
    page,
    around,
    appointments,
    departments,
    letters,
    mail,
    knowledge,
    writing,
    law,
    sharing,
    assistant,
    suggestions,
    conversations,
    figures,
    indicators,
    privacy,
):
    api.add_router("", router)
