"""Coroutines in tests that share a worker with browsers."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def run_apart(function):
    """This function will run a coroutine function to its end in a thread of its own, and return
    what it returns: the browser of other tests may keep an event loop going in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(function())).result()
