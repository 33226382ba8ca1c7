"""What the tests of publishing share: releasing a version, and reading a page."""

import uuid

from django.urls import reverse
from django.utils import timezone

from publication import actions
from publication.models import Circle
from tests import factories

NOTICE = {
    "since": "2022年9月1日",
    "until": "2022年9月7日",
    "telephone": "0478-0000000",
    "address": "组织部",
}


def release(tabulation, organiser, circle, *, op=None):
    return actions.publish_results(
        competition=tabulation.competition,
        circle=circle,
        tabulation=tabulation,
        notice=NOTICE if circle == Circle.PUBLIC else None,
        by=organiser.person,
        now=timezone.now(),
        op=op or uuid.uuid4(),
    )


def secretary_of(entry_key, case):
    term = case.entries.get(key=entry_key).term
    return factories.UserFactory(person=term.person)


def text(client, name, *args):
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, (name, args, answer.status_code)
    return answer.content.decode()
