"""The little HTML that a sheet may hold: cleaned when it comes in and again when it is shown."""

import re
from collections.abc import Iterable
from html import escape, unescape

import nh3

TAGS = {
    "a", "abbr", "br", "caption", "dd", "details", "div", "dl", "dt", "em", "h3", "h4", "h5",
    "h6", "li", "ol", "p", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th",
    "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "hreflang"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# What a part depends on and which office it names: rules/paths.py reads these and takes them out.
MARKS = {"data-case", "data-part", "data-pivot"}
for _tag in ("details", "div", "li", "p"):
    ATTRIBUTES[_tag] = MARKS
CLASSES = {"div": {"pv-note", "pv-note-attention"}, "ul": {"pv-check"}}
SCHEMES = {"http", "https", "mailto", "tel"}

_BREAK = re.compile(
    r"</?(?:p|div|li|ul|ol|dl|dt|dd|tr|table|caption|h[3-6]|details|summary|br)\b[^<>]*>"
)
_CELL = re.compile(r"</t[dh]>")
_TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_MARK = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def clean(html: str) -> str:
    """Only the tags, attributes and addresses of the lists above; scripts and styles vanish."""
    return nh3.clean(
        printable(html),
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
        strip_comments=True,
        attribute_filter=_kept,
    )


def _kept(_tag: str, name: str, value: str) -> str | None:
    return value if name not in MARKS or _MARK.fullmatch(value) else None


def printable(text: str) -> str:
    """The text without control characters, which PostgreSQL refuses and nobody reads."""
    return _CONTROL.sub("", text)


def words(html: str) -> str:
    """The plain words of cleaned HTML, one line per paragraph, item or row."""
    text = _CELL.sub(" · ", _BREAK.sub("\n", html))
    lines = (
        " ".join(line.split()).strip(" ·") for line in unescape(_TAG.sub("", text)).split("\n")
    )
    return "\n".join(line for line in lines if line)


def paragraphs(text: str) -> str:
    """Plain text as paragraphs, one per line."""
    return "".join(f"<p>{escape(line.strip())}</p>" for line in text.split("\n") if line.strip())


def items(entries: Iterable[str], *, ordered: bool = False) -> str:
    """Plain entries as a list."""
    tag = "ol" if ordered else "ul"
    return f"<{tag}>{''.join(f'<li>{escape(entry)}</li>' for entry in entries)}</{tag}>"
