"""Reading hostile XML: no entities, no outside files, a limit on depth and on size."""

from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

from parvis.knowledge.dila.draft import Broken

# The deepest real sheet has 13 levels; far below what Python's own recursion would stand.
MAX_DEPTH = 60
MAX_BYTES = 20 * 1024 * 1024


class _TooDeep(Exception):
    pass


class _Shallow(TreeBuilder):
    """Builds the tree as usual and stops at the first element that is nested too deep."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def start(self, tag: Any, attrs: Any, /) -> Element:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _TooDeep
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def parse(content: bytes) -> Element:
    """The root of a well-formed, harmless document; Broken says in words what is wrong."""
    if len(content) > MAX_BYTES:
        raise Broken(_("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES >> 20})
    if not content.strip():
        raise Broken(_("The file is empty."))
    parser = DefusedXMLParser(target=_Shallow())
    try:
        parser.feed(content)
        return parser.close()
    except _TooDeep:
        line = int(parser.parser.CurrentLineNumber)
        raise Broken(_("Elements are nested more than %d deep.") % MAX_DEPTH, line) from None
    except DefusedXmlException:
        line = int(parser.parser.CurrentLineNumber)
        raise Broken(_("The file declares entities, which sheets never need."), line) from None
    except ParseError as error:
        line, column = error.position
        words = {"column": column, "what": str(error).split(":")[0]}
        reason = _("The XML is broken at column %(column)d: %(what)s.") % words
        raise Broken(reason, line) from None
    except (ValueError, LookupError) as error:  # an encoding that does not exist, or is a lie
        raise Broken(_("The text cannot be decoded: %s.") % error) from None
