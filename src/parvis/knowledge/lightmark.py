"""What people type into a block: a small, forgiving markup, to the HTML of a sheet and back.

Nothing is ever lost on the way back: every piece of HTML is written in the light markup, read
again and compared; where it would come out different, the HTML itself stands in the text.
"""

import re
from functools import cache
from html import escape
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from parvis.knowledge import markup

VOID = {"br"}
INLINE = {"a", "abbr", "br", "em", "strong", "sub", "sup"}
_NOTES = {"pv-note": "> ", "pv-note pv-note-attention": "> ! "}
_SPACE = re.compile(r"[ \t\n\r\f]+")  # what browsers fold; a no-break space is a word
_LINES = re.compile(r"[ \t\r\f]*\n[ \t\n\r\f]*")
_TAGS = re.compile(r"<[^<>]*>")
_MARKS = re.compile(r"([\\*_\[\]<>&`])")
_AT_START = re.compile(r"^(?:(#{1,6})(?=\s|$)|([-+*])(?=\s|$)|(>)|(\d+)([.)])(?=\s|$))")
# "Less than 5" and "<name>" are words; only the elements that a sheet may hold are elements.
_NO_TAG = re.compile(
    rf"<(?!/?(?:{'|'.join(sorted(markup.TAGS))})(?:\s[^<>]*)?/?>|!-- -->|(?:https?://|mailto:)[^\s<>]+>)"
)


class _Element:
    """A piece of HTML as a tree: just enough to write it in another way."""

    def __init__(self, tag: str, attrs: dict[str, str] | None = None) -> None:
        self.tag = tag
        self.attrs = attrs or {}
        self.children: list[_Element | str] = []


class _Tree(HTMLParser):
    """Reads cleaned HTML, which is well formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {name: value or "" for name, value in attrs if name != "rel"}
        element = _Element(tag, kept)
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def _tree(html: str) -> _Element:
    reader = _Tree()
    reader.feed(html)
    reader.close()
    return reader.root


# From HTML to what people type


def to_text(html: str) -> str:
    """Cleaned HTML as it is typed; what the light markup cannot say stays HTML."""
    pieces = [_piece(run) for run in _runs(_tree(markup.clean(html)))]
    text = "\n\n".join(piece for piece in pieces if piece)
    # Two pieces that are right alone can run into one another (a list after a list).
    return text if same(to_html(text), html) else _as_html(html)


def _runs(root: _Element) -> list[list[_Element | str]]:
    """Blocks one by one; loose words and inline elements together."""
    runs: list[list[_Element | str]] = []
    is_loose = False
    for child in root.children:
        inline = isinstance(child, str) or child.tag in INLINE
        if inline and is_loose:
            runs[-1].append(child)
        else:
            runs.append([child])
        is_loose = inline
    return [run for run in runs if any(not isinstance(c, str) or c.strip() for c in run)]


def _piece(run: list[_Element | str]) -> str:
    html = "".join(map(_html, run))
    first = run[0]
    if isinstance(first, _Element) and first.tag not in INLINE:
        for careful in (False, True):
            typed = _block(first, careful)
            if typed and same(to_html(typed), html):
                return typed
    return _as_html(html)


def _as_html(html: str) -> str:
    """On one line, so that no blank line ends it too early, and in a block, so that it is kept."""
    whole = _TAGS.sub(lambda tag: tag[0].replace("\n", "&#10;"), markup.clean(html))
    line = _LINES.sub(" ", whole).strip()
    is_block = re.match(r"<(?:p|div|ul|ol|dl|table|details|h[3-6])\b", line)
    return line if is_block else f"<!-- -->{line}"


def _block(element: _Element, careful: bool) -> str:
    tag = element.tag
    if tag == "p" and not element.attrs:
        return _start(_inline(element, careful).strip(), careful)
    if tag in {"h3", "h4", "h5", "h6"}:
        return f"{'#' * int(tag[1])} {_inline(element, careful).strip()}"
    if tag in {"ul", "ol"} and set(element.attrs) <= {"start"}:
        return _list(element, careful)
    if tag == "div" and element.attrs.get("class") in _NOTES:
        return _note(element, careful)
    if tag == "table":
        return _table(element, careful)
    return ""


def _list(element: _Element, careful: bool) -> str:
    number = int(element.attrs.get("start", "1") or "1") if element.tag == "ol" else 0
    lines = []
    for item in element.children:
        if isinstance(item, str):
            continue
        mark = f"{number}. " if element.tag == "ol" else "- "
        number += 1
        inside = _item(item, careful)
        lines.append(mark + inside.replace("\n", "\n" + " " * len(mark)))
    return "\n".join(lines)


def _item(item: _Element, careful: bool) -> str:
    parts: list[str] = []
    for run in _runs(item):
        first = run[0]
        if isinstance(first, str) or first.tag in INLINE:
            words = _Element("")
            words.children = run
            parts.append(_start(_inline(words, careful).strip(), careful))
        else:
            parts.append(_block(first, careful) or _as_html(_html(first)))
    return "\n".join(parts)


def _note(element: _Element, careful: bool) -> str:
    inside = "\n\n".join(
        _block(child, careful) for child in element.children if isinstance(child, _Element)
    )
    first, *others = inside.split("\n")
    mark = _NOTES[element.attrs["class"]]
    return "\n".join([mark + first, *(f"> {line}".rstrip() for line in others)])


def _table(element: _Element, careful: bool) -> str:
    rows = [
        [_inline(cell, careful).strip().replace("|", "\\|") for cell in row.children
         if isinstance(cell, _Element)]
        for row in _rows(element)
    ]  # fmt: skip
    if not rows or any("\n" in cell for row in rows for cell in row):
        return ""
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _rows(element: _Element) -> list[_Element]:
    found = []
    for child in element.children:
        if isinstance(child, _Element):
            found += [child] if child.tag == "tr" else _rows(child)
    return found


def _inline(element: _Element, careful: bool) -> str:
    return "".join(_inline_piece(child, careful) for child in element.children)


def _inline_piece(child: _Element | str, careful: bool) -> str:
    if isinstance(child, str):
        words = _SPACE.sub(" ", child)
        return _MARKS.sub(r"\\\1", words) if careful else words
    inside = _inline(child, careful)
    if child.tag == "br":
        return "\n"
    if child.tag == "a" and set(child.attrs) == {"href"}:
        if inside == child.attrs["href"] and re.match(r"https?://", inside):
            return f"<{inside}>"
        return f"[{inside}]({child.attrs['href']})"
    if child.tag == "strong":
        return f"**{inside}**"
    if child.tag == "em":
        return f"*{inside}*"
    return _html_of(child, inside)


def _start(text: str, careful: bool) -> str:
    """Words at the start of a line that would be read as a mark there."""
    if not careful:
        return text
    return "\n".join(
        _AT_START.sub(lambda m: f"{m[4]}\\{m[5]}" if m[4] else f"\\{m[0]}", line)
        for line in text.split("\n")
    )


def _html(node: _Element | str) -> str:
    if isinstance(node, str):
        return escape(node, quote=False)
    return _html_of(node, "".join(map(_html, node.children)))


def _html_of(element: _Element, inside: str) -> str:
    attrs = "".join(f' {name}="{escape(value)}"' for name, value in element.attrs.items())
    end = "" if element.tag in VOID else f"</{element.tag}>"
    return f"<{element.tag}{attrs}>{inside}{end}"


# From what people type to HTML


class _Writer(RendererHTML):
    """Headings from the third level on, quotes as notes."""

    def heading_open(self, tokens: list[Token], at: int, *_others: object) -> str:
        return f"<{_heading(tokens[at])}>"

    def heading_close(self, tokens: list[Token], at: int, *_others: object) -> str:
        return f"</{_heading(tokens[at])}>"

    def blockquote_open(self, tokens: list[Token], at: int, *_others: object) -> str:
        first = next((t for t in tokens[at + 1 :] if t.type == "inline"), None)
        if first is not None and first.content.startswith("! ") and first.children:
            first.children[0].content = first.children[0].content.removeprefix("! ")
            return '<div class="pv-note pv-note-attention">'
        return '<div class="pv-note">'

    def blockquote_close(self, *_others: object) -> str:
        return "</div>"


def _heading(token: Token) -> str:
    return f"h{max(3, int(token.tag[1]))}"


@cache
def _reader() -> MarkdownIt:
    # A name in angle brackets or an indented line are words of the writer, not code.
    reader = MarkdownIt("commonmark", {"html": True, "breaks": True}, renderer_cls=_Writer)
    reader.enable("table")
    return reader.disable(["code", "fence", "backticks", "hr", "lheading", "image", "reference"])


def to_html(text: str) -> str:
    """What somebody typed as cleaned HTML; never refuses anything."""
    typed = _NO_TAG.sub("&lt;", markup.printable(text).replace("\r\n", "\n"))
    return markup.clean(_reader().render(typed)).strip()


def same(one: str, other: str) -> bool:
    """Would a reader see the same: the same words in the same elements, whatever the blanks?"""
    return _shape(_tree(markup.clean(one))) == _shape(_tree(markup.clean(other)))


def _shape(element: _Element) -> list[object]:
    """The tree without the blanks that no browser shows."""
    shape: list[object] = []
    is_block = element.tag not in INLINE
    kept = _merged(element.children)
    for at, child in enumerate(kept):
        if isinstance(child, _Element):
            shape.append((child.tag, tuple(sorted(child.attrs.items())), _shape(child)))
            continue
        before, after = kept[at - 1] if at else None, kept[at + 1] if at + 1 < len(kept) else None
        words = _SPACE.sub(" ", child)
        if _ends(before, is_block):
            words = words.lstrip(" ")
        if _ends(after, is_block):
            words = words.rstrip(" ")
        if words:
            shape.append(words)
    return shape


def _merged(children: list["_Element | str"]) -> list["_Element | str"]:
    merged: list[_Element | str] = []
    for child in children:
        if isinstance(child, str) and merged and isinstance(merged[-1], str):
            merged[-1] += child
        else:
            merged.append(child)
    return merged


def _ends(neighbour: "_Element | str | None", is_block: bool) -> bool:
    """Is there the edge of a block or the end of a line, where blanks are not shown?"""
    if neighbour is None:
        return is_block
    return isinstance(neighbour, _Element) and (
        neighbour.tag not in INLINE or neighbour.tag == "br"
    )
