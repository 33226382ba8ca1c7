"""The editor of the rules as a browser meets it: what a page's form holds, and sending it."""

from html.parser import HTMLParser

from competitions.queries.drafts import working_draft
from competitions.scheme.places import find_spot

EDIT = "/work/linhe/rules/edit/"


GROWTH = f"{EDIT}tracks.0.rounds.2.criteria.0/"


def fields_of(response):
    """What a browser would send of the page's form: {name: [values]}."""
    reader = _Fields()
    reader.feed(response.content.decode().partition("data-scheme-form")[2].partition("</form>")[0])
    return reader.found


class _Fields(HTMLParser):
    """The values of the fields of a form as it is rendered."""

    def __init__(self):
        super().__init__()
        self.found = {}
        self.name = self.text = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "input" and (attrs["type"] != "checkbox" or "checked" in attrs):
            usual = "on" if attrs["type"] == "checkbox" else ""
            self.found.setdefault(attrs["name"], []).append(attrs.get("value", usual))
        elif tag in ("select", "textarea"):
            self.name, self.text = attrs["name"], ""
        elif tag == "option" and (self.name not in self.found or "selected" in attrs):
            self.found[self.name] = [attrs["value"]]

    def handle_data(self, data):
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.found[self.name] = [self.text.removeprefix("\n")]
        if tag in ("select", "textarea"):
            self.name = self.text = None


def send(client, address, page=None, **changes):
    """Fill in the page's form anew and save it (or press the button `do`)."""
    values = fields_of(page or client.get(address)) | {"do": "save"}
    for name, value in changes.items():
        name = name.replace("__", ".")
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value
    return client.post(address, values)


def table(competition, at):
    return find_spot(working_draft(competition).document, at).table


def press(client, address, button, page=None):
    page = page or client.get(address)
    values = {name: page.context[name] for name in ("op", "revision")}
    return client.post(address, {**values, "do": button})
