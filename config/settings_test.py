"""The settings of the tests: the product's own, with passing data and quick passwords."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="linli-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["LINLI_DATA"] = _folder
os.environ.setdefault("LINLI_SECRET_KEY", "only-for-tests")

from config.settings import *  # noqa: E402,F403
from config.settings import DATA_DIR, DATABASES, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "linli.kernel.db.sqlite":
    # A file and not memory: threads of the live server then wait for each other as in production.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
else:
    # Test databases are dropped at the end, and a pool would hold on to them.
    DATABASES["default"]["OPTIONS"].pop("pool", None)

STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
