"""Processes that share an address, and take as many connections each.

Of idle processes that listen together the system wakes all, mostly in the same order, and one of
them takes what has come: eighteen of thirty judges' phones stayed with one, and handed in one
after another there while the others had nothing to do.
"""

import socket
import time

# Who holds more connections leaves a new one to the others for so much longer, in seconds each.
STEP, MOST = 0.00005, 40


class SharedListener(socket.socket):
    """A listening socket of one of several processes; `count()` says how many connections this one
    holds."""

    count, pause = int, staticmethod(time.sleep)
    _took = False

    def accept(self):
        """This function will take one connection, or raise BlockingIOError: where there is none,
        where another process was quicker, and after each one, since the event loop asks until then
        and would take all that wait."""
        if self._took:
            self._took = False
            raise BlockingIOError
        self.pause(STEP * min(self.count(), MOST))
        taken = super().accept()
        self._took = True
        return taken


def share(listener, count):
    """This function will return a SharedListener in place of a listening socket, which is its no
    longer."""
    family, kind, protocol = listener.family, listener.type, listener.proto
    shared = SharedListener(family, kind, protocol, fileno=listener.detach())
    shared.setblocking(False)
    shared.count = count
    return shared
