"""Cards, phones that scan them, and the operator who approves."""

import re
import uuid

from django.utils import timezone

from arena.actions.cards import make_cards
from arena.actions.devices import approve_device, ask_device
from arena.models import Device


def make(live, *numbers):
    """This function will make cards for the judges of these numbers: [(judge, secret)]."""
    return make_cards(
        competition=live.hall.competition,
        judge_keys=[f"j{number:02d}" for number in numbers],
        op=uuid.uuid4(),
        by=live.operator,
        now=timezone.now(),
    )


def ask(secret, now=None):
    """This function will have a phone ask by a card and return the Device that waits."""
    return ask_device(
        secret=secret, label="安卓手机，微信", address="10.0.0.7", now=now or timezone.now()
    )


def approve(device, live, now=None):
    """This function will have the operator approve a device."""
    return approve_device(device=device, by=live.operator, now=now or timezone.now())


def scan(client, secret):
    """This function will scan a card, press the button and return the code on the phone."""
    page = client.post(f"/card/{secret}/", follow=True)
    return re.search(r'id="card-code">(\d{4})<', page.content.decode())[1]


def come_in(client, live, secret):
    """This function will sign a phone in by a card, approved by the operator."""
    code = scan(client, secret)
    approve(Device.objects.get(code=code, state="waiting"), live)
    return client.post("/card/")
