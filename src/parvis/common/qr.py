"""A QR code as an SVG drawing, to be put into a page as it is."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str, *, label: str) -> SafeString:
    """The drawing of a text, dark on white whatever the mode of the page, with its name."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(
        border=3, light="#ffffff", dark="#000000", omitsize=True, svgclass="pv-qr", lineclass=None
    )
    # segno draws only numbers and the colours above; the label is escaped below.
    return mark_safe(_named(drawn, label))  # noqa: S308


def _named(drawn: str, label: str) -> str:
    escaped = (
        label.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{escaped}" ', 1)
