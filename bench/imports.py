"""Seconds and memory for 3,000 synthetic national XML files, file by file and all or nothing.

Against the limit and against parsing alone; all or nothing is also killed twice on its way.
"""

import json

from bench import stage

FILES = 3000
LIMIT = 120

WRITING = """
import json, os, resource, signal, sys, tempfile, time
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
megabytes = lambda who: resource.getrusage(who).ru_maxrss >> 10
parts = [samples.BODY, editions.QUESTIONS, editions.CASES]
filler = "<Texte>" + "".join(
    f"<Chapitre><Titre><Paragraphe>Chapitre {n}</Paragraphe></Titre>"
    + "<Paragraphe>Le dossier se depose au guichet de la mairie, avec ses pieces.</Paragraphe>" * 12
    + "</Chapitre>" for n in range(6)) + "</Texte>"
def write(folder, broken):
    for number in range(count):
        ref = f"F{700000 + number}"
        inner = parts[number % 3] + filler
        text = samples.publication(inner, ref=ref, title=f"Fiche {number}")
        (folder / f"{ref}.xml").write_text(text, encoding="utf-8")
    if broken:
        (folder / f"F{700000 + count - 2}.xml").write_text("<Publication><oops>", encoding="utf-8")
"""

CODE = (
    WRITING
    + """
with tempfile.TemporaryDirectory() as place:
    folder = Path(place)
    write(folder, True)
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
        "memory": megabytes(resource.RUSAGE_SELF),
    }))
"""
)

ATOMIC = (
    WRITING
    + """
from django.db import connection
from parvis.knowledge.dila import working
from parvis.knowledge.models import ImportRun, SheetVersion
def take(folder):
    connection.close()
    child = os.fork()
    if child:
        return child
    try:
        working.from_terminal(str(folder), audience="particuliers", is_atomic=True,
                              clock=timezone.now, progress=lambda what, done, total: None)
    finally:
        os._exit(0)
def held():
    return Sheet.objects.filter(authority=None).count()
with tempfile.TemporaryDirectory() as place:
    folder = Path(place)
    write(folder, False)
    left = []
    for stop in (count // 2, count):  # while it reads, and in the middle of the one transaction
        child = take(folder)
        while True:
            run = ImportRun.objects.order_by("-id").first()
            if run is not None and run.position >= stop:
                break
            time.sleep(0.05)
        time.sleep(1.5 if stop == count else 0)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        left.append(held())
    start = time.perf_counter()
    os.waitpid(take(folder), 0)
    whole = time.perf_counter() - start
    stored = held()
    memory = megabytes(resource.RUSAGE_CHILDREN)
    versions = SheetVersion.objects.count()
    start = time.perf_counter()
    os.waitpid(take(folder), 0)
    again = time.perf_counter() - start
    print(json.dumps({
        "left": left, "stored": stored, "seconds": whole, "again": again, "memory": memory,
        "runs": ImportRun.objects.count(),
        "changed_again": SheetVersion.objects.count() - versions,
    }))
"""
)


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
            f" {told['broken']} broken file told, {told['stored']} sheets held;"
            f" {told['memory']} MB at most"
        )
        with stage.house(engine) as house:
            told = json.loads(house.run("-c", ATOMIC, str(FILES)).strip().splitlines()[-1])
        print(
            f"imports {engine}, all or nothing: killed while reading and while writing,"
            f" {told['left']} sheets held; then {told['stored']} of {FILES} in"
            f" {told['seconds']:.1f} s, {told['memory']} MB at most; again {told['again']:.1f} s"
            f" with {told['changed_again']} changes"
        )
