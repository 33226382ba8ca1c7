"""Log files that rotate although several processes write to them, and that hold no secrets."""

import contextlib
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

    _gate = None

    def emit(self, record):
        """This function will write one line while it alone holds the file."""
        try:
            line = self.format(record) + self.terminator
            with self._alone():
                size = self._follow_rotation()
                if self.maxBytes and size + len(line.encode(self.encoding)) > self.maxBytes:
                    self.doRollover()
                self.stream = self.stream or self._open()
                self.stream.write(line)
                self.flush()
        except Exception:
            self.handleError(record)

    def close(self):
        """This function will close the file and the lock."""
        super().close()
        if self._gate is not None:
            os.close(self._gate)
            self._gate = None

    @contextlib.contextmanager
    def _alone(self):
        """Hold the lock. It stays open, as a line is written for every request; it belongs to the
        process, not to the open file, so that a worker and who forked it keep each other out."""
        if self._gate is None:
            Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
            self._gate = os.open(f"{self.baseFilename}.lock", os.O_CREAT | os.O_WRONLY, 0o644)
        fcntl.lockf(self._gate, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._gate, fcntl.LOCK_UN)

    def _follow_rotation(self):
        """This function will close the stream when its file is no longer the one at the path, and
        return how many bytes are in that one."""
        try:
            here = Path(self.baseFilename).stat()
            same = self.stream and os.path.samestat(here, os.fstat(self.stream.fileno()))
        except FileNotFoundError:
            here, same = None, False
        if self.stream is not None and not same:
            self.stream.close()
            self.stream = None
        return here.st_size if here else 0
