"""The one settings file. Everything that differs between machines comes from the environment.

LEITAI_MODE is `production` (the default), `demo` or `test`. Production refuses to start with the
demo's secret, with DEBUG or without allowed hosts.
"""

from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = env.text("LEITAI_MODE", "production")
if MODE not in {"production", "demo", "test"}:
    raise ImproperlyConfigured(f"LEITAI_MODE 应为 production、demo 或 test，现在是「{MODE}」。")
PRODUCTION = MODE == "production"
DEMO_SECRET = "demo-secret-never-for-real-results"  # noqa: S105 - refused in production below

DATA_DIR = Path(env.text("LEITAI_DATA_DIR", str(BASE_DIR / "var")))
DEBUG = env.flag("LEITAI_DEBUG")
SECRET_KEY = env.text("LEITAI_SECRET_KEY", None if PRODUCTION else DEMO_SECRET)
ALLOWED_HOSTS = env.words(
    "LEITAI_ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,[::1],testserver"
)
if PRODUCTION:
    if SECRET_KEY == DEMO_SECRET or len(SECRET_KEY) < 32:
        raise ImproperlyConfigured(
            "正式运行不能使用演示密钥或短于 32 个字符的密钥，请设置 LEITAI_SECRET_KEY。"
        )
    if DEBUG:
        raise ImproperlyConfigured("正式运行不能打开调试，请去掉 LEITAI_DEBUG。")
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "正式运行必须写明 LEITAI_ALLOWED_HOSTS，例如 lt.example.gov.cn。"
        )

# HTTPS is said, never guessed: a hall network often has no certificate.
HTTPS = env.flag("LEITAI_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CSRF_TRUSTED_ORIGINS = env.words("LEITAI_TRUSTED_ORIGINS")
SESSION_COOKIE_HTTPONLY = True
SESSION_ENGINE = "config.sessions"
# A working day: computers in a hall are shared, and nobody signs out.
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"

INSTALLED_APPS = [
    # Before Django's own: changepassword would leave no trace in the record, and collectstatic
    # could throw away files that stored pages name.
    "competitions",
    "config",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "record",
    "scoring",
    "rewards",
    "arena",
    "publication",
]
MIDDLEWARE = [
    "config.middleware.security_headers",
    "competitions.middleware.private_pages",
    "config.middleware.short_bodies",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.patient_halls",
    "django.contrib.messages.middleware.MessageMiddleware",
    "arena.middleware.bound_device",
    "competitions.middleware.active_role",
    "competitions.middleware.password_first",
    "competitions.middleware.typed_before",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "competitions.context.shell",
            ],
            "builtins": ["django.templatetags.static"],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

AUTH_USER_MODEL = "competitions.User"
AUTHENTICATION_BACKENDS = ["competitions.backends.AccountBackend"]
LOGIN_URL = "signin"
LOGIN_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "competitions.passwords.Length", "OPTIONS": {"min_length": 10}},
    {"NAME": "competitions.passwords.NotLikeAccount"},
    {"NAME": "competitions.passwords.NotCommon"},
    {"NAME": "competitions.passwords.NotOnlyDigits"},
]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

DATABASES = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'leitai.sqlite3'}"),
        conn_max_age=None,
        # A restarted database costs nobody an error page.
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "config.sqlite"
    # Every transaction queues for the write lock at its start; a commit is on the disk before it
    # is acknowledged; REPLACE cannot walk past the record's triggers.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "PRAGMA recursive_triggers=ON; PRAGMA foreign_keys=ON;"
        ),
    }
    # Tests use a real file, as the product does: threads and processes meet its locks.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test_leitai.sqlite3"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = env.text("LEITAI_TIME_ZONE", "Asia/Shanghai")
USE_I18N = USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
if MODE == "test":
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "config.storage.StaticStorage"
    },
}
WHITENOISE_USE_FINDERS = MODE == "test"
# Attachments are never served by address: a view checks the reader and sends the file.
MEDIA_ROOT = DATA_DIR / "attachments"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# Of the live feed, in seconds: how often every stream carries something, and how often its reader
# is asked again whether he may follow (signed out, role ended).
FEED_BEAT = 5
FEED_ASK_AGAIN = 60
# So many streams one address holds of readers who have not signed in (see arena.feed.places).
FEED_PLACES = 1000

LOG_DIR = DATA_DIR / "logs"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.logs.SecretsMasked",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "file": {
            "class": "config.logs.SharedRotatingFile",
            "filename": LOG_DIR / "leitai.log",
            "maxBytes": 5_000_000,
            "backupCount": 10,
            "encoding": "utf-8",
            "delay": True,
            "formatter": "line",
        },
    },
    "root": {"handlers": ["console"] if MODE == "test" else ["console", "file"], "level": "INFO"},
}
if MODE != "test":
    LOG_DIR.mkdir(parents=True, exist_ok=True)
