"""The settings: read from the environment once, with defaults that serve a community on one machine."""

import os
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from config import keys

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("LINLI_DATA", BASE_DIR / "var")).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

# The demo shows one-time codes on the screen and lists its accounts on the sign-in page.
DEMO = os.environ.get("LINLI_DEMO", "0") == "1"
DEBUG = os.environ.get("LINLI_DEBUG", "0") == "1"
SECRET_KEY = os.environ.get("LINLI_SECRET_KEY") or keys.read_or_make(DATA_DIR / "secret.key")
# One key per line, newest first: the first encrypts, all decrypt (kernel/secrets.py).
DATA_KEYS = (
    os.environ.get("LINLI_DATA_KEYS") or keys.read_or_make_fernet(DATA_DIR / "data.key")
).split()
ALLOWED_HOSTS = os.environ.get("LINLI_HOSTS", "*").split(",")
# The public address in links and QR codes; empty means "as the request came in".
PUBLIC_URL = os.environ.get("LINLI_PUBLIC_URL", "").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
IS_SECURE = PUBLIC_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "js_lib_leaflet",
    "linli.kernel",
    "linli.field",
    "linli.places",
    "linli.people",
    "linli.posts",
    "linli.messages",
    "linli.clients",
    "linli.cases",
    "linli.care",
    "linli.patrols",
    "linli.campaigns",
    "linli.indicators",
    "linli.publishing",
    "linli.blueprints",
    "linli.portals",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "linli.kernel.middleware.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "linli.posts.middleware.ActorMiddleware",
    "linli.clients.middleware.KeyMiddleware",
    "linli.kernel.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "linli.kernel.context.page",
            ],
            "builtins": [
                "django.templatetags.static",
                "django.templatetags.i18n",
                "linli.kernel.templatetags.constants",
                "linli.kernel.templatetags.linli",
            ],
        },
    },
]

DATABASE_URL = os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'linli.sqlite3'}"
_database = dj_database_url.parse(DATABASE_URL)
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # Measured (docs/adr/0002): the defaults gave thousands of "database is locked", these none.
    _database["ENGINE"] = "linli.kernel.db.sqlite"
    _database["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
            "PRAGMA journal_size_limit=67108864;PRAGMA cache_size=-4000;"
            # A report changes 50 pages, many of them again and again: written back together they cost
            # a fifth less of it than at the usual 1,000.
            "PRAGMA wal_autocheckpoint=4000;"
        ),
    }
    _database["CONN_MAX_AGE"] = None
else:
    _database["ENGINE"] = "linli.kernel.db.postgresql"
    _database["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": 7, "timeout": 20, "num_workers": 1},
        # Pages ask for a row with ten related ones, in the order that answers soonest: to weigh every
        # order of ten took longer than the answer (a queue's statements 5 to 3 ms, a case's 9 to 6.5).
        "options": "-c join_collapse_limit=4 -c from_collapse_limit=4",
    }
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SESSION_ENGINE = "linli.kernel.sessions"
SESSION_COOKIE_AGE = 12 * 3600
# A staff session that nobody used for so long has ended (people/services/signing.py).
STAFF_IDLE_SECONDS = 60 * int(os.environ.get("LINLI_STAFF_IDLE_MINUTES", "120"))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "linli.kernel.views.csrf_failure"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies in front of us may be believed about the caller's address.
TRUSTED_PROXIES = int(os.environ.get("LINLI_TRUSTED_PROXIES", "0"))
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# Templates for map tiles, for example "https://tiles.example.cn/{z}/{x}/{y}.png"; none by default.
TILE_URL = os.environ.get("LINLI_TILE_URL", "")
# What they are drawn in: wgs84 (Tianditu), gcj02 (Gaode, Tencent) or bd09 (Baidu); stored is WGS-84.
TILE_DATUM = os.environ.get("LINLI_TILE_DATUM", "wgs84").lower()
if TILE_DATUM not in ("wgs84", "gcj02", "bd09"):
    raise ImproperlyConfigured("LINLI_TILE_DATUM is wgs84, gcj02 or bd09.")
TILE_ORIGIN = "/".join(TILE_URL.split("/")[:3])
# What pages may load and where forms may go; the same header on every answer.
CONTENT_SECURITY_POLICY = "; ".join([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    f"img-src 'self' data: blob: {TILE_ORIGIN}".strip(),
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
])  # fmt: skip

PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]

LANGUAGE_CODE = "zh-hans"
# Texts are Chinese and wrapped for translation. While there is one language, looking each of some
# hundred words up for every page would cost a fifth of it; a catalogue in another language turns it on.
USE_I18N = (BASE_DIR / "locale").is_dir()
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
# Drawn by `manage.py build_sprite`; the folder exists from the start, so that no order matters.
SPRITE_DIR = BASE_DIR / "build" / "sprite"
SPRITE_DIR.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [SPRITE_DIR]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "media"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# A photo may be 25 MB; a report has at most four and a sentence.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
PHOTO_MAX_BYTES = 25 * 1024 * 1024

# Ways out (linli/messages/adapters). Empty: what would be sent is recorded in the log, and not sent.
SMS_URL = os.environ.get("LINLI_SMS_URL", "")
SMS_KEY = os.environ.get("LINLI_SMS_KEY", "")
SMS_SIGN = os.environ.get("LINLI_SMS_SIGN", "")
MAIL_URL = os.environ.get("LINLI_MAIL_URL", "")
# Hosts of group robots that may be in our own network, or without https.
ROBOT_HOSTS = frozenset(filter(None, os.environ.get("LINLI_ROBOT_HOSTS", "").split(",")))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "linli.kernel.middleware.RequestIdFilter"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s"}
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request"]}
    },
    "root": {"handlers": ["console"], "level": os.environ.get("LINLI_LOG", "WARNING")},
}
