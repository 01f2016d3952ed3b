from tests.support.html import html_errors

HEAD = '<!doctype html><html lang="fr"><head><title>x</title></head>'


def test_a_fault_is_told_with_the_name_of_its_page_and_today_s_html_is_known():
    good = HEAD + '<body><search><div popover id="p" inert>x</div></search></body></html>'
    bad = HEAD + "<body><p><div></div></p></body></html>"
    found = html_errors({"/good/": good, "/bad/": bad})
    assert len(found) == 1
    assert found[0].startswith("/bad/: No “p” element in scope")
