"""Log files that rotate although several processes write to them, and that hold no secrets."""

import fcntl
import logging
import os
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

# The address of a judge's card or of a seat is its secret. deploy/nginx.conf masks the same.
SECRET = re.compile(r"/(card|seat)/[^/\s?\"']{6,}")


class SecretsMasked(logging.Formatter):
    """A formatter whose lines, tracebacks too, say `/card/…` in place of a card's whole address."""

    def format(self, record):
        """This function will return the line of a record."""
        return SECRET.sub(r"/\1/…", super().format(record))


class SharedRotatingFile(RotatingFileHandler):
    """A rotating log file shared by processes: a lock file keeps rotation and writing in line.

    The standard handler loses lines when two processes rotate the same file, and keeps writing to
    the renamed file after another process has rotated it.
    """

    def emit(self, record):
        """This function will write one line while it alone holds the file."""
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        with Path(f"{self.baseFilename}.lock").open("a") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            self._follow_rotation()
            super().emit(record)

    def _follow_rotation(self):
        """This function will close the stream when its file is no longer the one at the path."""
        if self.stream is None:
            return
        try:
            here = Path(self.baseFilename).stat()
            same = os.path.samestat(here, os.fstat(self.stream.fileno()))
        except FileNotFoundError:
            same = False
        if not same:
            self.stream.close()
            self.stream = None
