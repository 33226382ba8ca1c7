"""Reading a page's markup: elements by name and class, their text, and what a form would send."""

from django.test.html import Element, parse_html


def read_markup(text):
    """This function will return the root element of a page or fragment."""
    body = text[text.index("<body") :].replace("</html>", "") if "<body" in text else text
    return parse_html(body)


def walk(element):
    """This function will yield an element and everything in it, in order."""
    yield element
    for child in element.children:
        if isinstance(child, Element):
            yield from walk(child)


def attributes(element):
    """This function will return {name: value} of an element."""
    return dict(element.attributes)


def find_all(root, name, kind=""):
    """This function will list the elements of a name, and of a class where `kind` says one."""
    return [
        item
        for item in walk(root)
        if item.name == name and (not kind or kind in (attributes(item).get("class") or "").split())
    ]


def text_of(element):
    """This function will return the words in an element, without what is between tags."""
    return "".join(
        text_of(child) if isinstance(child, Element) else str(child) for child in element.children
    ).strip()


def sent_by(form, filler):
    """This function will return what a form sends as it stands; empty fields hold `filler`."""
    data = {}
    for item in walk(form):
        said = attributes(item)
        if item.name == "input" and said.get("name"):
            data[said["name"]] = said.get("value") or filler
        elif item.name == "select":
            options = find_all(item, "option")
            chosen = [option for option in options if "selected" in attributes(option)]
            data[said["name"]] = attributes((chosen or options)[0])["value"]
    return data
