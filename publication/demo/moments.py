"""When things happened in the demonstration, and the operation id of each thing that is done."""

import datetime
import uuid
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
NAMESPACE = uuid.UUID("6f1d1d6a-2b0c-5b7e-9c57-2e1f15080202")


def moment(year, month, day, hour=9, minute=0):
    """This function will return an instant of the demonstration, in Shanghai's time."""
    return datetime.datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def op(*words):
    """This function will return the operation id of one thing done in the demonstration."""
    return uuid.uuid5(NAMESPACE, "/".join(map(str, words)))
