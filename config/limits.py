"""How long a request's body may be, asked before any of it is read; and how much one address may
ask of the pages that are open to everybody in a hall.

A hall of 500 phones stands behind one address: whoever limits an address limits a hall. So each may
ask BURST times at once (500 phones that open the page, its stream, and all of it once more), and
then RATE times a second: as 500 phones do, every two seconds, where a proxy eats streams. Whoever
asks more is told in a few bytes to wait, and does (static/js/feed.js, static/js/hall.js). Each
process counts for itself.
"""

import threading

# deploy/nginx.conf allows as much. Forms have their own, smaller limits.
MOST_BODY = 20 * 1024 * 1024
# A ballot, a seat's code, a judge's card: what everybody may send has a few hundred bytes.
MOST_OF_ANYBODY = 4096
ANYBODY = ("/hall/", "/seat/", "/card/")
TOO_LONG = "发来的内容太长（上传的文件不能超过 20 MB），没有接收，请压缩或分开后再上传。\n"

# What the phones of a hall ask. Signing in, by a card or a password, is not counted: a crowd keeps
# no judge out.
HALL = ("/hall/", "/seat/", "/feed/")
BURST, RATE = 2000, 250
MOST_ADDRESSES = 10_000
BUSY = "现在打开的人太多，请等几秒再刷新。\n"


class Pace:
    """How often each of many may ask: `burst` times at once, then `rate` times a second."""

    def __init__(self, burst, rate):
        self.burst, self.rate = burst, rate
        self.left = {}
        self.lock = threading.Lock()

    def allows(self, key, now):
        """This function will say whether `key` may ask at the moment `now` (seconds that never run
        back), and count it if so."""
        with self.lock:
            left, before = self.left.get(key, (self.burst, now))
            left = min(self.burst, left + (now - before) * self.rate)
            if len(self.left) >= MOST_ADDRESSES and key not in self.left:
                # Whoever comes by so many addresses is not stopped by counting them.
                self.left.clear()
            self.left[key] = (left - 1 if left >= 1 else left, now)
            return left >= 1


def shuts_out(status):
    """This function will say whether an answer's status says no to its reader: an error of the
    server, or a crowd at his address that must wait, says nothing about him."""
    return status < 500 and status != 429


def most_body(path):
    """This function will return how many bytes may be sent to a path."""
    return MOST_OF_ANYBODY if path.startswith(ANYBODY) else MOST_BODY


def is_too_long(path, announced):
    """This function will say whether a body of the announced length (text, may be empty) is refused
    at this path."""
    return announced.isdigit() and int(announced) > most_body(path)
