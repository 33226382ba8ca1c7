"""Which Chromium the tests and the measurements drive."""

import shutil


def find_chromium():
    """This function will return the Chromium to drive, or None for Playwright's own.

    Debian's shell without windows is the same engine at a third of the processor's time.
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    return next(filter(None, map(shutil.which, names)), None)
