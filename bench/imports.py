"""Seconds for 3,000 synthetic national XML files, against the limit and against parsing alone."""

import json

from bench import stage

FILES = 3000
LIMIT = 120

CODE = """
import json, os, sys, tempfile, time
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
import django
django.setup()
from pathlib import Path
from xml.parsers import expat
from django.utils import timezone
from parvis.knowledge.dila.importing import Import
from parvis.knowledge.dila.xml import parse
from parvis.knowledge.models import Sheet
from tests.knowledge import editions, samples
count = int(sys.argv[1])
parts = [samples.BODY, editions.QUESTIONS, editions.CASES]
filler = "<Texte>" + "".join(
    f"<Chapitre><Titre><Paragraphe>Chapitre {n}</Paragraphe></Titre>"
    + "<Paragraphe>Le dossier se depose au guichet de la mairie, avec ses pieces.</Paragraphe>" * 12
    + "</Chapitre>" for n in range(6)) + "</Texte>"
with tempfile.TemporaryDirectory() as place:
    folder = Path(place)
    for number in range(count):
        ref = f"F{700000 + number}"
        inner = parts[number % 3] + filler
        text = samples.publication(inner, ref=ref, title=f"Fiche {number}")
        (folder / f"{ref}.xml").write_text(text, encoding="utf-8")
    (folder / f"F{700000 + count - 2}.xml").write_text("<Publication><oops>", encoding="utf-8")
    contents = [path.read_bytes() for path in sorted(folder.iterdir())]
    def seconds(work):
        start = time.perf_counter()
        result = work()
        return time.perf_counter() - start, result
    def bare():
        for content in contents:
            try:
                expat.ParserCreate().Parse(content, True)
            except expat.ExpatError:
                pass
    def ours():
        for content in contents:
            try:
                parse(content)
            except Exception:
                pass
    def take():
        return Import(audience="particuliers", now=timezone.now()).run(folder)
    alone, _ = seconds(bare)
    safe, _ = seconds(ours)
    first, report = seconds(take)
    second, again = seconds(take)
    print(json.dumps({
        "bytes": sum(map(len, contents)), "expat": alone, "parse": safe, "first": first,
        "second": second, "broken": report.counts["broken"], "new": report.counts["new"],
        "changed_again": again.counts["new"] + again.counts["changed"],
        "stored": Sheet.objects.filter(authority=None).count(),
    }))
"""


def run(engines: list[str], _seconds: float) -> None:
    for engine in engines:
        with stage.house(engine) as house:
            told = json.loads(house.run("-c", CODE, str(FILES)).strip().splitlines()[-1])
        print(
            f"imports {engine}: {FILES} files ({told['bytes'] >> 20} MB) in {told['first']:.1f} s"
            f" = {told['first'] / LIMIT:.2f} of the limit of {LIMIT} s,"
            f" {told['first'] / told['expat']:.0f} x expat alone ({told['expat']:.2f} s),"
            f" {told['first'] / told['parse']:.0f} x our safe parsing ({told['parse']:.2f} s);"
            f" again {told['second']:.1f} s with {told['changed_again']} changes;"
            f" {told['broken']} broken file told, {told['stored']} sheets held"
        )
