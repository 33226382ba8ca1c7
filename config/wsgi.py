"""The WSGI entry: it refuses to start unless every system check passes."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from config.startup import refuse_to_start_when_unsafe  # noqa: E402 - needs the app registry

refuse_to_start_when_unsafe()
