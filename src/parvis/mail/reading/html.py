"""Pages sent as mail: only plain words, paragraphs, lists and links are left of them."""

import html
import re
from typing import Final

import nh3

LONGEST_SOURCE: Final = 2 * 1024 * 1024
LONGEST_KEPT: Final = 200_000
DEEPEST: Final = 40
DEEPEST_SOURCE: Final = 400
TAGS: Final = {
    "p", "br", "blockquote", "ul", "ol", "li", "a", "b", "strong", "i", "em", "u", "s", "pre",
    "code", "sub", "sup",
}  # fmt: skip
_BLOCKS = {"div", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "table", "center"}
_GONE = {"script", "style", "title", "template", "svg", "math", "noscript", "iframe", "object"}
_IMAGE = re.compile(r"<(?:img|picture|video|audio)\b|background\s*=|url\s*\(", re.I)
_BLOCK_END = re.compile(r"</(?:" + "|".join(_BLOCKS) + r")\s*>", re.I)
_CELL_END = re.compile(r"</t[dh]\s*>", re.I)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9:]{0,30})", re.I)
_NEVER_DEEP = {
    "br", "img", "hr", "meta", "link", "input", "col", "wbr", "area", "base", "p", "li", "td", "tr",
    "th", "dd", "dt", "option", "o:p",
}  # fmt: skip


def sanitise(source: str) -> str:
    """A page as it may be shown: what runs, what loads and what disguises is gone."""
    return nh3.clean(
        source,
        tags=TAGS,
        clean_content_tags=_GONE,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def read(source: str) -> tuple[str, str, bool]:
    """The page made harmless, its words, and whether it wanted to load something."""
    cut = source[:LONGEST_SOURCE]
    if _depth(cut, DEEPEST_SOURCE) > DEEPEST_SOURCE:  # made to exhaust whoever parses it
        return "", _bare(cut), True
    loads = bool(_IMAGE.search(cut))
    spaced = _BLOCK_END.sub(r"<br>\g<0>", _CELL_END.sub(r" \g<0>", cut))
    safe = sanitise(spaced)
    words = _words(safe)
    if len(safe) > LONGEST_KEPT or _depth(safe) > DEEPEST:
        safe = ""  # the words are enough
    return safe, words, loads


def _depth(page: str, enough: int = DEEPEST) -> int:
    """How deep elements lie in one another; no further than ``enough``."""
    deepest = depth = 0
    for found in _TAG.finditer(page):
        tag = found[2].lower()
        if tag in _NEVER_DEEP:
            continue
        depth += -1 if found[1] else 1
        deepest = max(deepest, depth)
        if deepest > enough:
            break
    return deepest


_LINK = re.compile(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.S)


def _words(safe: str) -> str:
    text = re.sub(r"\s+", " ", safe)
    text = _LINK.sub(_told, text)
    text = re.sub(r"<br ?/?>\s?", "\n", text)
    text = re.sub(r"</(?:p|ul|ol|pre)>\s?", "\n\n", text)
    text = re.sub(r"<blockquote>\s?", "\n> ", text)
    text = re.sub(r"</(?:blockquote|li)>\s?", "\n", text)
    text = re.sub(r"<li>\s?", "\n- ", text)
    return _bare(text)


def _bare(text: str) -> str:
    plain = html.unescape(re.sub(r"<[^<>]*>", "", text)).replace("\xa0", " ")
    lines = (" ".join(one.split()) for one in plain.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _told(found: re.Match[str]) -> str:
    address, label = found[1], found[2]
    plain = re.sub(r"<[^<>]*>", "", label).strip()
    bare = address.removeprefix("mailto:").removeprefix("tel:")
    if not plain or plain.rstrip("/") == bare.rstrip("/"):
        return bare
    return f"{plain} ({bare})"
