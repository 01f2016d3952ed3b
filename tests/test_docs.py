"""What the documents promise is looked up in the code, and the other way round."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from scripts import messages, reference

from parvis.accounts.rules import CAPABILITIES
from parvis.common import events as news
from parvis.interop.api import api
from parvis.quality.definitions import DEFINITIONS

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
# Written for people at the desk, who read French.
FRENCH = {
    "demander-a-un-service.md",
    "ecrire-et-enregistrer-le-courrier.md",
    "exporter-les-fiches.md",
    "CHANGELOG.md",
    "partager-des-fiches.md",
    "passer-au-papier.md",
    "passer-la-main.md",
    "prendre-une-conversation.md",
    "tenir-l-assistant.md",
    "premier-jour-au-guichet.md",
    "la-page-de-la-personne.md",
    "eliminer-des-dossiers.md",
    "lire-et-reunir-des-dossiers.md",
    "regler-silence.md",
    "brancher-courriels.md",
    "tenir-un-agenda.md",
    "tenir-une-fiche.md",
}
ENGLISH = [page for page in PAGES if page.name not in FRENCH]


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def page(title: str) -> str:
    return text(DOCS / "reference" / f"{title}.md")


@pytest.mark.parametrize("path", sorted((DOCS / "reference").glob("*.md")), ids=name)
def test_generated_parts_are_those_of_the_code(path: Path):
    assert reference.renewed(path) == text(path), "run: python scripts/reference.py"


def settings_of_the_code() -> set[str]:
    found = set()
    folders = [ROOT / folder for folder in ("src", "scripts", "tests", "bench")]
    paths = [path for folder in folders for path in folder.rglob("*.py")]
    paths += [ROOT / "Makefile", ROOT / "manage.py", ROOT / "scripts" / "check"]
    for path in paths:
        words = text(path)
        found |= {f"PARVIS_{n}" for n in re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', words)}
        found |= set(re.findall(r'["\s$({](PARVIS_[A-Z_]*[A-Z])\b', words))
    return {setting.removesuffix("_FILE") for setting in found}


def test_every_setting_is_described_and_every_described_one_exists():
    described = set(re.findall(r"`(PARVIS_[A-Z_]*[A-Z])`", page("settings")))

    assert {setting.removesuffix("_FILE") for setting in described} == settings_of_the_code()


def test_every_command_is_described():
    missing = [c for c in reference.our_commands() if f"`parvis {c}`" not in page("commands")]

    assert missing == []


def test_every_event_and_every_handler_is_described():
    events = {event.__name__ for event in reference.event_types()}
    handlers = {
        handler.__name__
        for listeners in news.handlers().values()
        for handler in listeners
        if handler.__module__.startswith("parvis.")
    }

    assert [word for word in sorted(events | handlers) if word not in page("events")] == []


def test_every_call_of_the_api_is_described():
    calls = [
        f"`{method.upper()} {address}`"
        for address, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
    ]

    assert [call for call in calls if call not in page("api")] == []


def test_every_role_capability_and_indicator_is_described():
    words = {*CAPABILITIES, *frozenset().union(*CAPABILITIES.values())}

    assert [word for word in sorted(words) if f"`{word}`" not in page("roles")] == []
    assert [code for code in DEFINITIONS if f"`{code}`" not in page("indicators")] == []


def keys_of_the_templates() -> Iterator[tuple[str, str]]:
    # In the markup, as an argument of a component, or in what a view hands to one.
    patterns = (r'data-parvis-key="([^"{]+)"', r'\bkey="([^"{]+)"(?=[^%]*%})')
    for path in sorted((ROOT / "src").rglob("*.html")):
        for pattern in patterns:
            yield from ((key.lower(), path.name) for key in re.findall(pattern, text(path)))
    for path in sorted((ROOT / "src").rglob("*.py")):
        if path.stem == "gallery":  # examples, which belong to no page of work
            continue
        found = re.findall(r'"key": "(F\d+|\W|\w)"', text(path))
        yield from ((key.lower(), path.name) for key in found)


def test_every_key_of_the_templates_is_described():
    described = {key.lower() for key in re.findall(r"<kbd>([^<]+)</kbd>", page("keys"))}

    assert sorted({key for key in keys_of_the_templates() if key[0] not in described}) == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_python_in_the_documents_compiles(path: Path):
    for number, block in enumerate(re.findall(r"```python\n(.*?)```", text(path), re.DOTALL)):
        compile(block, f"{name(path)}, block {number + 1}", "exec")


def anchor(heading: str) -> str:
    plain = re.sub(r"[^\w\s-]", "", heading.lower())
    return re.sub(r"\s", "-", plain.strip())


def anchors(path: Path) -> set[str]:
    return {anchor(line) for line in re.findall(r"^#+ (.+)$", text(path), re.MULTILINE)}


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_links_inside_the_repository_lead_somewhere(path: Path):
    lost = []
    words = re.sub(r"```.*?```", "", text(path), flags=re.DOTALL)
    for groups in re.findall(r"\]\(([^)\s]+)\)|\bsrc=\"([^\"]+)\"", words):
        target = "".join(groups)
        place, _hash, part = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        found = (path.parent / place) if place else path
        if not found.exists() or (part and part not in anchors(found)):
            lost.append(target)

    assert lost == []


def test_the_readme_fits_a_screen_and_names_the_two_commands():
    words = text(ROOT / "README.md")

    assert len(words.splitlines()) <= 70
    assert "make demo" in words
    assert "make test" in words


@pytest.mark.parametrize("path", sorted(set(PAGES) - set(ENGLISH)), ids=name)
def test_french_documents_are_set_as_french_is(path: Path):
    prose = re.sub(
        r"```.*?```|`[^`]*`|\]\([^)]*\)|<kbd>.*?</kbd>", "x", text(path), flags=re.DOTALL
    )

    assert [fault for pattern, fault in messages.TYPOGRAPHY["fr"] if pattern.search(prose)] == []


FRENCH_WORDS = re.compile(
    r"\b(?:le|la|les|des|une|est|sont|dans|avec|pour|qui|vous|nous|cette|leur|au|aux|du|ou|et)\b"
)
# Quoted, or code: `…`, “…”, "…", « … », a block quote, a block of code, a cell of the glossary; or
# the address of a link.
QUOTED = re.compile(
    r"```.*?```|`[^`]*`|\]\([^)]*\)|“[^”]*”|\"[^\"]*\"|«[^»]*»|^>.*?$|^\|[^|]*\|", re.S | re.M
)


@pytest.mark.parametrize("path", ENGLISH, ids=name)
def test_english_documents_are_in_english(path: Path):
    lines = QUOTED.sub(" ", text(path)).splitlines()

    assert [line for line in lines if len(FRENCH_WORDS.findall(line)) >= 3] == []


def committed() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if listing.returncode:
        pytest.skip("this is not a checkout")
    return [ROOT / line for line in listing.stdout.decode().split("\0") if line]


# Written in pieces, so that this file is none of those it looks for.
FORBIDDEN = re.compile(
    "|".join(
        (
            r"(?<![\w.])/(?:work|root|Users|home)/(?!parvis)\w",
            "index" + r"-url[=\s]+\S*://",
            r"pythonhosted\.org|pypi\.org/simple|registry\.npmjs|/simple/",
        )
    )
)


def test_no_machine_path_and_no_registry_address_is_committed():
    found = []
    for path in committed():
        if path == Path(__file__) or not path.is_file():
            continue
        try:
            words = text(path)
        except UnicodeDecodeError:
            continue
        found += [f"{name(path)}: {hit[0]}" for hit in FORBIDDEN.finditer(words)]

    assert found == []
