"""CPU of a list page against the bare template: what queries, forms and rights add to the words.

The page is the log of contacts with its full page of rows; the bare template is the same page's
own template rendered again with the context that it got.
"""

from bench import stage

CODE = """
import os, time, json
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
import django
django.setup()
from datetime import timedelta
from django.template import engines
from django.test import Client
from django.test.signals import template_rendered
from django.test.utils import setup_test_environment
from django.utils import timezone
from parvis.contacts import actions
from parvis.organisations.models import Site, Topic
from tests.accounts.factories import AgentFactory
setup_test_environment()
site, topic = Site.objects.get(), Topic.objects.first()
agent = AgentFactory(username="bench.head", roles=["MGR"], authority=site.authority)
now = timezone.now()
for number in range(60):
    at = now - timedelta(minutes=number)
    actions.log_contact(authority=site.authority, topic=topic, channel="phone", outcome="passed_on",
        started_at=at, ended_at=at, now=now, agent=agent)
client = Client(SERVER_NAME="localhost")
client.force_login(agent)
address = "/agent/contacts/"
answer = client.get(address)
assert answer.status_code == 200, answer.status_code
context, name = answer.context, answer.templates[0].name
template = engines["django"].get_template(name).template
values = {}
for part in context:
    values.update(part.flatten() if hasattr(part, "flatten") else part)
def cpu(work, times=40):
    work()
    start = time.process_time()
    for _ in range(times):
        work()
    return 1000 * (time.process_time() - start) / times
from django.template import Context
from django.test.utils import teardown_test_environment
teardown_test_environment()
request = answer.wsgi_request
def bare():
    template.render(__import__("django.template", fromlist=["RequestContext"]).RequestContext(
        request, {k: v for k, v in values.items() if k not in ("request", "user", "perms")}))
print(json.dumps([cpu(lambda: client.get(address)), cpu(bare)]))
"""


def run(engines: list[str], seconds: float) -> None:
    for engine in engines:
        with stage.house(engine) as house:
            page, bare = eval(house.run("-c", CODE).splitlines()[-1])
        print(
            f"list page {engine}: {page:.1f} ms of CPU for the page, {bare:.1f} ms for the bare"
            f" template; ratio {page / bare:.2f} (aim <= 1.3)"
        )
