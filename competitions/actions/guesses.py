"""Slowing down who guesses cards and codes in a hall, where everybody may come from one address.

A card has 128 random bits and a seat's QR code 79: a million guesses a second take nine million
years to hit one of 2000 seats (2^79 / 2000 / 10^6 s), so that no limit of a whole address is needed
against them. What is limited is each void card for itself, and what such guesses write.

A seat's typed code is one of 9 · 10^8, and at most 2000 are in force. From one address FREE wrong
ones are told at once; from then on one every BREATH: at most 60 + 12 a minute, 3660 in an event of
five hours. That hits any seat at all with a chance below 3660 · 2000 / (9 · 10^8) < 1 %, for one
vote of 2000; and it is over for everybody else BREATH after the last guess.
"""

import datetime

from django.db import transaction
from django.db.models import F

from competitions import kinds
from competitions.actions.signins import MOST_FAILURES, REST, keys_of_failure
from competitions.machine import network_of
from competitions.models import FailedSignins
from record import actions as record

FREE = 60
BREATH = datetime.timedelta(seconds=5)


def find_guess_pause(*, sort, guess, address, now, typed=False):
    """This function will return until when a card or code is refused, or None. `sort` says in a
    word of which kind it is, `guess` is its digest; `typed` for short codes, for which a whole
    address takes breath."""
    own, of_address = _keys(sort, guess, address)
    limits = {own: (MOST_FAILURES, REST)} | ({of_address: (FREE, BREATH)} if typed else {})
    rows = FailedSignins.objects.filter(key__in=limits).order_by("id")
    ends = [row.last_at + limits[row.key][1] for row in rows if row.count >= limits[row.key][0]]
    return max((end for end in ends if end > now), default=None)


def note_guess(*, sort, guess, address, now):
    """This function will count a void card or code, and record it unless FREE of this address are:
    the record is for ever, and takes no flood. Of a flood one is written every BREATH: whoever
    writes keeps the marks of a hall waiting."""
    own, of_address = _keys(sort, guess, address)
    flood = FailedSignins.objects.filter(key=of_address, count__gte=FREE)
    if not flood.filter(last_at__gt=now - BREATH).exists():
        _note(own, of_address, address, now)


@transaction.atomic
def _note(own, of_address, address, now):
    FailedSignins.objects.filter(last_at__lte=now - REST).delete()
    flood = FailedSignins.objects.filter(key=of_address, count__gte=FREE).exists()
    for key in [of_address] if flood else [own, of_address]:
        row, _ = FailedSignins.objects.get_or_create(key=key, defaults={"last_at": now})
        FailedSignins.objects.filter(pk=row.pk).update(count=F("count") + 1, last_at=now)
    if not flood:
        body = {"account": None, "address": address}
        record.append(chain=record.AUDIT, kind=kinds.SIGNIN_FAILED, body=body, by="", now=now)


def _keys(sort, guess, address):
    """The counters of a card or code and of all of its sort from the address: apart from those of
    passwords, so that guesses in the hall keep nobody from signing in."""
    return keys_of_failure(f"guess:{guess}", f"{network_of(address)} {sort}")
