"""gunicorn's settings, for the demonstration and for real use alike.

Embedded, one process serves pages and the live feed (config.asgi). On PostgreSQL there are two
gunicorns: the pages' (config.pages), and with LEITAI_PART=feed the feed's, one small process.
"""

import os
import resource
import signal
from pathlib import Path

from django.conf import settings

from config import env
from config.listening import share

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
EMBEDDED = settings.DATABASES["default"]["ENGINE"] == "config.sqlite"
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

FEED = env.text("LEITAI_PART", "pages") == "feed"
# Who sends the feed holds a connection for every phone in the hall.
SENDS = EMBEDDED or FEED

if FEED:
    bind = env.text("LEITAI_FEED_BIND", "127.0.0.1:8001")
else:
    bind = env.text("LEITAI_BIND", "127.0.0.1:8000")
wsgi_app = "config.asgi:application" if SENDS else "config.pages:application"
worker_class = "asgi"
# SQLite has one writer at a time: in one process writers queue on a lock, between processes they
# poll and some wait for seconds. On PostgreSQL one more than the cores: of a whole panel that hands
# in at once each waits for who is writing, and he for a core, so more of them took a third longer.
# Its default of 100 connections caps the number. The threads are config.pages'.
workers = 1 if SENDS else env.number("LEITAI_WORKERS", min(CORES + 1, 17))
timeout = 60
graceful_timeout = 20
keepalive = 75
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
# Only a front server on this machine (or on the unix socket) may say where a request came from.
forwarded_allow_ips = "127.0.0.1,::1"
proc_name = "leitai-feed" if FEED else "leitai"
control_socket_disable = True

accesslog = "-"
# No query string and no browser name: a log is for finding faults, not for following people.
access_log_format = '%({x-forwarded-for}i)s %(h)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'


def _file(name):
    return {
        "class": "config.logs.SharedRotatingFile",
        "filename": str(Path(settings.LOG_DIR) / name),
        "maxBytes": 10_000_000,
        "backupCount": 10,
        "encoding": "utf-8",
        "delay": True,
        "formatter": "line",
    }


logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.logs.SecretsMasked",
            "format": "%(asctime)s %(levelname)s %(message)s",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "level": "INFO" if settings.PRODUCTION else "WARNING",
        },
        "access": _file("access.log"),
        "server": _file("server.log"),
    },
    "loggers": {
        "gunicorn.access": {"handlers": ["access"], "level": "INFO", "propagate": False},
        "gunicorn.error": {"handlers": ["console", "server"], "level": "INFO", "propagate": False},
    },
}


def post_fork(server, worker):
    """This function will let a worker hold as many connections as the system allows it."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def post_worker_init(worker):
    """This function will print the demonstration's banner as soon as requests are answered, and
    have open streams end when the server is asked to stop: they would keep it waiting."""
    # They need the app registry, which the worker has made by now.
    from config.collector import settle_collector

    settle_collector()
    if SENDS:
        from config.asgi import drain
    else:
        from config.pages import drain

        for listener in worker.sockets:
            listener.sock = share(listener.sock, lambda: worker.nr_conns)

    async def end():
        await drain()
        # Connections that are only kept alive would hold the server for graceful_timeout.
        worker.handle_quit_signal()

    def leave():
        worker.handle_exit_signal()
        # Whoever comes now is for the process that follows.
        for server in worker.servers:
            server.close()
        worker.leaving = worker.loop.create_task(end())

    worker.loop.add_signal_handler(signal.SIGTERM, leave)
    banner = os.environ.pop("LEITAI_BANNER", "")
    if banner:
        print(banner, flush=True)
