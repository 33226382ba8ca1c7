#!/usr/bin/env python
"""Django's command line for Leitai."""

import os
import sys


def main():
    """This function will run one management command.

    `tabulate` and `verify` compute a bundle: they need neither a database nor settings, so that
    they also run where no server was ever set up.
    """
    if sys.argv[1:2] in (["tabulate"], ["verify"]) and "LEITAI_MODE" not in os.environ:
        from publication.bundle.cli import main as run_on_bundle

        sys.exit(run_on_bundle(sys.argv[1:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
