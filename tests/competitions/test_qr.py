"""The QR codes of what is printed."""

from competitions.qr import qr_svg


def test_code_has_neither_style_nor_size_nor_markup_of_its_title():
    drawn = qr_svg("http://192.168.1.10/card/abc", "<b>3 号</b>")
    assert drawn.startswith("<svg ") and 'class="qr"' in drawn and 'viewBox="0 0 ' in drawn
    assert "style" not in drawn and "width" not in drawn and "<b>" not in drawn
    assert "&lt;b&gt;3 号&lt;/b&gt;" in drawn


def test_same_text_gives_the_same_code_and_another_text_another():
    assert qr_svg("a") == qr_svg("a") != qr_svg("b")
