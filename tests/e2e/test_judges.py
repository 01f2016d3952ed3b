"""What judges the pages finds the faults that it is there for."""

from playwright.sync_api import Browser

from tests.support.browser import axe_violations

PAGE = """<!doctype html><html lang="en"><title>Page</title><body><main><h1>Title</h1>
<section {where}><p style="color: {ink}; position: relative">Words</p></section></main>"""
GREY, BLACK = "#999", "#000"


def test_a_text_seen_before_is_judged_again_where_its_look_is_another(browser: Browser):
    seen: set[str] = set()

    def faults(ink: str, where: str = "") -> bool:
        page = browser.new_page()
        page.set_content(PAGE.format(ink=ink, where=where))
        found = axe_violations(page, seen)
        page.close()
        assert all(fault.startswith("color-contrast") for fault in found)
        return bool(found)

    assert not faults(BLACK)
    assert faults(GREY)
    assert faults(GREY)  # what was found wrong is never taken for known
    assert not faults(BLACK)
    assert faults(BLACK, 'style="background: #222"')
    assert faults(BLACK, 'style="opacity: .4"')
    assert not faults(GREY, 'style="background: #000"')
    assert faults(GREY, 'style="background: #eee"')
