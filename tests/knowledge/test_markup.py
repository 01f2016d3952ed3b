import pytest

from parvis.knowledge import markup


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="JaVa\tScript:alert(1)">x</a>',
        '<p onclick="alert(1)" style="position:fixed">x</p>',
        "<svg><script>alert(1)</script></svg>",
        '<iframe src="https://evil.example"></iframe>',
        '<form action="https://evil.example"><input name=q></form>',
        '<details ontoggle="alert(1)" open><summary>x</summary></details>',
        "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
        '<div class="pv-note evil-overlay">x</div>',
    ],
)
def test_nothing_that_acts_or_dresses_up_survives_cleaning(html):
    cleaned = markup.clean(html).lower()

    for danger in ("script", "onerror", "onclick", "ontoggle", "style", "iframe", "form", "evil"):
        assert danger not in cleaned


def test_cleaning_twice_changes_nothing_more():
    once = markup.clean('<p>a &amp; b <a href="https://x.fr/?a=1&b=2">c</a></p><table><tr><td>d')

    assert markup.clean(once) == once


def test_words_keep_one_line_for_each_item_and_row():
    html = "<p>Venez&nbsp;:</p><ul><li>a &lt;b&gt;</li><li>c</li></ul>"
    html += "<table><tr><td>1</td><td>2</td></tr></table>"

    assert markup.words(html) == "Venez :\na <b>\nc\n1 · 2"


def test_control_characters_that_databases_refuse_are_dropped():
    assert markup.clean("<p>a\x00b\x1fc</p>") == "<p>abc</p>"


def test_plain_text_becomes_safe_paragraphs_and_lists():
    assert markup.paragraphs("a <b>\n\n c ") == "<p>a &lt;b&gt;</p><p>c</p>"
    assert markup.items(["a", "<b>"], ordered=True) == "<ol><li>a</li><li>&lt;b&gt;</li></ol>"
