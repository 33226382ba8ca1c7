"""Walking through every page that a signed-in person can reach by links."""

import io
import zipfile
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from django.test import Client
from django.urls import resolve

# Of each route so many addresses a competition: the eleventh explanation looks like the first.
MOST_OF_A_ROUTE = 1
# Of this competition come the routes only that no other has.
SPARSE = "linhe-2024"


class Visitor(Client):
    """A client that only asks: Django's own also copies every template's context, which is slow."""

    user = None

    def request(self, **request):
        """This function will return the answer, with the cookies kept."""
        response = self.handler(self._base_environ(**request))
        self.cookies.update(response.cookies)
        return response


class _Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found.append(href)


def crawl(client, start):
    """This function will follow links from `start` and return {address: response}, each once.

    Only addresses of this site; of each route the first few, in the order in which they are met.
    """
    waiting, sparse, answers, visits = [start], [], {}, {}
    while waiting or sparse:
        address = waiting.pop(0) if waiting else sparse.pop(0)
        if address in answers:
            continue
        match = resolve(urlsplit(address).path)
        place = (match.url_name, match.kwargs.get("slug"))
        visits[place] = visits.get(place, 0) + 1
        known = any(name == place[0] and slug != SPARSE for name, slug in visits)
        if visits[place] > MOST_OF_A_ROUTE or (place[1] == SPARSE and known):
            continue
        answers[address] = response = client.get(address, follow=False)
        hrefs = []
        if response.status_code in (301, 302):
            hrefs = [response["Location"]]
        elif response.get("Content-Type", "").startswith("text/html"):
            links = _Links()
            links.feed(text_of(response))
            hrefs = links.found
        targets = [urldefrag(urljoin(address, href))[0] for href in hrefs]
        for target in targets:
            if target.startswith("/") and not target.startswith("/static/"):
                (sparse if f"/{SPARSE}/" in target else waiting).append(target)
    return answers


def body_of(response):
    """This function will return the bytes of an answer, streamed or not."""
    return b"".join(response) if response.streaming else response.content


def text_of(response):
    """This function will return what an answer says: a page's source, or a workbook's words."""
    body = response.body = getattr(response, "body", None) or body_of(response)
    if "spreadsheetml" in response.get("Content-Type", ""):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "".join(
                book.read(name).decode() for name in book.namelist() if name.endswith(".xml")
            )
    return body.decode("utf-8", "replace")
