"""Runs a part of a measurement inside the product: `python -m bench.inside MODULE` sets Django up,
then imports the module and calls its main(), so that it may import models like any other."""

import sys
from importlib import import_module

import django


def run(name):
    """This function will run the main() of the module of that name."""
    django.setup()
    import_module(name).main()


if __name__ == "__main__":
    run(sys.argv[1])
