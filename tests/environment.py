"""What every test run starts from: settings of its own, before Django reads any.

A pytest plug-in rather than a conftest, because pytest-django reads the settings before conftests are loaded.
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile

from hypothesis import HealthCheck, settings

os.environ.pop("BROADSHEET_CONFIG", None)
os.environ.setdefault("BROADSHEET_SECRET_KEY", "tests-only-" + "kqvX7rJ2mW9bZ4tN8pL3sD6fG1hC5yA0eU" * 2)
os.environ.setdefault("BROADSHEET_DEBUG", "true")  # plain static files, so that no test waits for collectstatic
os.environ.setdefault("BROADSHEET_SITE_NAME", "The Test Courier")
os.environ.setdefault("BROADSHEET_SITE_URL", "http://testserver")
os.environ.setdefault("BROADSHEET_HOSTS", "localhost,127.0.0.1")
os.environ.setdefault("BROADSHEET_TIME_ZONE", "America/New_York")
os.environ.setdefault("BROADSHEET_COMMENTS_PER_MINUTE", "1000")  # tests post quickly; those about the rate set it
if "PYTEST_XDIST_WORKER" in os.environ:  # a process beside others has files of its own
    os.environ.pop("BROADSHEET_DATA_DIR", None)
if "BROADSHEET_DATA_DIR" not in os.environ:
    os.environ["BROADSHEET_DATA_DIR"] = _files = tempfile.mkdtemp(prefix="broadsheet-tests-")
    atexit.register(shutil.rmtree, _files, ignore_errors=True)
# Playwright runs an event loop in the test's thread; the ORM calls beside it are ordinary ones.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Django, Wagtail and their migrations make millions of objects that stay; looking through all of them again and again
# for rubbish took a tenth of the whole run.
gc.set_threshold(50_000, 20, 100)
# The same examples in every run, and none refused because the machine does much else besides.
settings.register_profile("checks", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("checks")
