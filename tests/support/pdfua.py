"""Does a PDF say to a screen reader what it shows? The structure that PDF/UA-1 asks for.

veraPDF, where a machine has it on its path, is asked as well: it is the reference, but no registry
of packages offers it.
"""

import io
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2

STANDARD = {
    "Document", "Part", "Sect", "Div", "H1", "H2", "H3", "P", "L", "LI", "Lbl", "LBody", "Span",
    "Figure", "Link", "Table", "TR", "TH", "TD", "THead", "TBody", "Artifact", "NonStruct",
    "Strong", "Em", "Title", "Caption", "Note", "Reference",
}  # fmt: skip
_CONTENT = {"Tj", "TJ", "'", '"', "Do", "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh"}


def faults(content: bytes) -> list[str]:
    """What keeps this document from being PDF/UA-1; empty when nothing does."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        found = [
            *_catalog(pdf),
            *_metadata(pdf),
            *_structure(pdf),
            *_pages(pdf),
            *_fonts(pdf),
        ]
    return [*found, *_verapdf(content)]


def _catalog(pdf: pikepdf.Pdf) -> Iterator[str]:
    root: Any = pdf.Root
    if not bool(root.get("/MarkInfo", {}).get("/Marked", False)):
        yield "not tagged"
    if bool(root.get("/MarkInfo", {}).get("/Suspects", False)):
        yield "suspects"
    if not str(root.get("/Lang", "")):
        yield "no language"
    if not bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)):
        yield "no title shown"
    if pdf.is_encrypted:
        yield "encrypted"


def _metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/Metadata" not in pdf.Root:
        yield "not PDF/UA"
        return
    with pdf.open_metadata() as said:
        if str(said.get("pdfuaid:part", "")) != "1":
            yield "not PDF/UA"
        if not said.get("dc:title"):
            yield "no title"


def elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every element of the structure, from the top."""
    tree = pdf.Root.get("/StructTreeRoot")
    waiting = [tree] if tree is not None else []
    while waiting:
        node = waiting.pop(0)
        if "/S" in node:
            yield node
        waiting = [*_children(node), *waiting]


def _children(node: Any) -> list[Any]:
    kids = node.get("/K")
    if kids is None:
        return []
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _structure(pdf: pikepdf.Pdf) -> Iterator[str]:
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is None:
        yield "no structure"
        return
    if "/ParentTree" not in tree:
        yield "no parent tree"
    roles = {str(k)[1:]: str(v)[1:] for k, v in tree.get("/RoleMap", {}).items()}
    level = 0
    for node in elements(pdf):
        name = str(node["/S"])[1:]
        meant = roles.get(name, name)
        if meant not in STANDARD:
            yield f"unknown element {name}"
        if meant in {"Figure", "Formula"} and not str(
            node.get("/Alt", node.get("/ActualText", ""))
        ):
            yield "a figure without words"
        if heading := re.fullmatch(r"H([1-6])", meant):
            if int(heading[1]) > level + 1:
                yield f"heading {meant} after H{level}"
            level = int(heading[1])
    if level == 0:
        yield "no heading"


def _pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    known = _marked_numbers(pdf)
    for place, page in enumerate(pdf.pages):
        if "/StructParents" not in page.obj and place in known:
            yield f"page {place + 1} is outside the structure"
        if "/Annots" in page.obj and str(page.obj.get("/Tabs", "")) != "/S":
            yield f"page {place + 1} has no tab order"
        yield from _marks(page, place, known.get(place, set()))


def _marks(page: pikepdf.Page, place: int, known: set[int]) -> Iterator[str]:
    """Everything drawn is either in the structure or said to be decoration."""
    stack: list[bool] = []
    numbers: set[int] = set()
    for step in pikepdf.parse_content_stream(page):
        operands, operator = list(step.operands), str(step.operator)
        if operator in {"BDC", "BMC"}:
            tag = str(operands[0])
            number = operands[1].get("/MCID") if operator == "BDC" and isinstance(
                operands[1], pikepdf.Dictionary
            ) else None  # fmt: skip
            if number is not None:
                numbers.add(int(number))
            stack.append(tag == "/Artifact" or number is not None)
        elif operator == "EMC":
            stack.pop()
        elif operator in _CONTENT and not any(stack):
            yield f"page {place + 1} draws something unmarked ({operator})"
            return
    if numbers - known:
        yield f"page {place + 1} has marks outside the structure"


def _marked_numbers(pdf: pikepdf.Pdf) -> dict[int, set[int]]:
    """The marked content that the structure reaches, by page."""
    places = {page.obj.objgen: place for place, page in enumerate(pdf.pages)}
    found: dict[int, set[int]] = {}
    for node in elements(pdf):
        kids = node.get("/K")
        listed = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        for kid in listed:
            page = node.get("/Pg")
            if isinstance(kid, pikepdf.Dictionary) and "/MCID" in kid:
                page, kid = kid.get("/Pg", page), kid["/MCID"]
            if isinstance(kid, int) and page is not None:
                found.setdefault(places[page.objgen], set()).add(int(kid))
    return found


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for page in pdf.pages:
        drawn: Any = page.obj
        for font in drawn.get("/Resources", {}).get("/Font", {}).values():
            inner = font.get("/DescendantFonts")
            described = (inner[0] if inner is not None else font).get("/FontDescriptor", {})
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(described.keys()):
                yield f"font {font.get('/BaseFont')} is not embedded"
            if "/ToUnicode" not in font:
                yield f"font {font.get('/BaseFont')} has no letters"


def _verapdf(content: bytes) -> list[str]:
    program = shutil.which("verapdf")
    if program is None:
        return []
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        said = subprocess.run(
            [program, "--flavour", "ua1", "--format", "text", file.name],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
    return [] if said.startswith("PASS") else [f"veraPDF: {said[:200]}"]


def figures(content: bytes) -> list[str]:
    """The words of every figure."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [str(node["/Alt"]) for node in elements(pdf) if node["/S"] == "/Figure"]


def text(content: bytes) -> str:
    """What stands on the pages."""
    document = pypdfium2.PdfDocument(content)
    try:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    return " ".join(" ".join(pages).split())
