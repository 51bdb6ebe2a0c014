"""Django's settings, made from a newsroom's few (docs/settings.md lists every name)."""

from __future__ import annotations

import re
import zoneinfo
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from broadsheet.config.environment import FILE, flag, refuse_unknown, stop, text, whole

PACKAGE = Path(__file__).resolve().parent.parent

# --- The newsroom -----------------------------------------------------------------------------------------------------

SITE_NAME = text("SITE_NAME", "The Broadsheet", purpose="the paper's name")
PORT = whole("PORT", 8000, purpose="the port `broadsheet serve` listens on", least=1, most=65535)
SITE_URL = text(
    "SITE_URL", f"http://127.0.0.1:{PORT}", purpose="the address readers type, without a final slash"
).rstrip("/")
AGENCY = text("AGENCY", "", purpose="the agency credited in datelines where a story names none")
TIME_ZONE = text("TIME_ZONE", "America/New_York", purpose="the newsroom's time zone, an IANA name")
if TIME_ZONE not in zoneinfo.available_timezones():
    stop(f"time_zone is {TIME_ZONE!r}: it must be an IANA name such as America/New_York or Europe/Berlin.")
LANGUAGE_CODE = text("LANGUAGE", "en", purpose="the language of the pages")

_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname or _site.path or _site.query:
    stop(f"site_url is {SITE_URL!r}: it must be http:// or https://, a host, and nothing after it.")
SECURE = _site.scheme == "https"

SECRET_KEY = text("SECRET_KEY", purpose="signs sessions and tokens; at least 50 characters nobody else knows")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
    stop("secret_key is too short to be secret: run `broadsheet init DIR`, which makes a good one.")
DEBUG = flag("DEBUG", False, purpose="show faults in the browser; never on a public machine")
ALLOWED_HOSTS = [
    _site.hostname,
    *text("HOSTS", "", purpose="further host names, separated by commas").replace(",", " ").split(),
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUSTED_PROXIES = whole("TRUSTED_PROXIES", 0, purpose="how many proxies in front of us add to X-Forwarded-For", most=9)

# --- The discussion ---------------------------------------------------------------------------------------------------

DISCUSSION_PERIOD = timedelta(
    hours=whole("COMMENTS_OPEN_HOURS", 14 * 24, purpose="how long a discussion stays open after publication", least=1)
)
EDIT_WINDOW = timedelta(minutes=whole("EDIT_WINDOW_MINUTES", 5, purpose="how long an author may edit a comment"))
PRE_MODERATION = flag("PRE_MODERATION", False, purpose="hold every comment until a moderator approves it")
NEWCOMER_COMMENTS = whole("NEWCOMER_COMMENTS", 0, purpose="hold a reader's first so many comments for a moderator")
REPORTS_PER_HOUR = whole("REPORTS_PER_HOUR", 10, purpose="reports taken from one reader or address in an hour", least=1)
COMMENTS_PER_MINUTE = whole("COMMENTS_PER_MINUTE", 6, purpose="comments taken from one reader in a minute", least=1)
DISCUSSION_CHECKS = [
    "broadsheet.discussion.checks.rate",
    "broadsheet.discussion.checks.repeat_post",
    "broadsheet.discussion.checks.links",
    "broadsheet.discussion.checks.newcomer",
    "broadsheet.discussion.checks.pre_moderation",
]
# What the live stream and the "changes since" address say of a thread: (thread id, revision) -> live.changes.Changes.
LIVE_SOURCE = "broadsheet.discussion.changes.since"

# --- Where things are kept --------------------------------------------------------------------------------------------

_home = FILE.parent if FILE else Path.cwd() / "var"
DATA_DIR = Path(text("DATA_DIR", _home, purpose="the folder of the database, pictures and run-time files")).resolve()
RUN_DIR = DATA_DIR / "run"
STATIC_ROOT = DATA_DIR / "static"
STATIC_URL = "/static/"
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
for _folder in (DATA_DIR, RUN_DIR, STATIC_ROOT, MEDIA_ROOT):
    try:
        _folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        stop(
            f"data_dir is {DATA_DIR}, where {_folder} cannot be made ({error.strerror}): name a folder we may write to."
        )


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]) if parts.path.startswith("//") else unquote(parts.path),
            "CONN_MAX_AGE": 600,  # opening and its pragmas cost a third of a millisecond; a thread keeps its connection
            # FULL: an acknowledged comment survives a power cut. IMMEDIATE: a writer queues instead of failing.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=134217728;",
            },
        }
    if parts.scheme in {"postgresql", "postgres"}:
        try:
            port = parts.port
        except ValueError:
            stop("database_url has a port that is no number: postgresql://user:password@host:5432/name.")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": port or "",
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"connect_timeout": 5},  # seconds; kept pages are served meanwhile
        }
    stop("database_url must begin with sqlite:/// or postgresql://, for instance postgresql://user:password@host/name.")


DATABASES = {
    "default": _database(
        text("DATABASE_URL", f"sqlite://{quote(str(DATA_DIR / 'broadsheet.sqlite3'))}", purpose="where the database is")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL = text("CACHE_URL", "", purpose="a Valkey or Redis, as redis://host:6379/0; empty for none")
if CACHE_URL and not re.match(r"(redis|rediss|unix)://", CACHE_URL):
    stop(f"cache_url is {CACHE_URL!r}: it must begin with redis://, rediss:// or unix://, or be empty.")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

# --- Serving ----------------------------------------------------------------------------------------------------------

LIVE_PORT = whole("LIVE_PORT", 8001, purpose="the port of the live stream; 0 for none", least=0, most=65535)
LIVE_URL = text(
    "LIVE_URL",
    f"{_site.scheme}://{_site.hostname}:{LIVE_PORT}" if LIVE_PORT else "",
    purpose="where browsers find the live stream; empty for none",
).rstrip("/")
if LIVE_URL and not re.fullmatch(r"https?://[^\s/;,'\"]+", LIVE_URL):  # it becomes part of the Content-Security-Policy
    stop(f"live_url is {LIVE_URL!r}: it must be http:// or https://, a host, and nothing after it; or empty.")

# --- Mail -------------------------------------------------------------------------------------------------------------

EMAIL_URL = text("EMAIL_URL", "", purpose="the mail server, as smtp://user:password@host:587; empty prints mail")
_mail = urlsplit(EMAIL_URL)
if EMAIL_URL and _mail.scheme not in {"smtp", "smtps"}:
    stop("email_url must begin with smtp:// (port 587, STARTTLS) or smtps:// (port 465), or be empty.")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_URL else 'console'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or (465 if _mail.scheme == "smtps" else 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.scheme == "smtps", _mail.scheme == "smtp" and bool(_mail.username)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = text("EMAIL_FROM", f"newsroom@{_site.hostname}", purpose="the sender of our mail")

refuse_unknown()

# --- Django -----------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "broadsheet.config",
    "broadsheet.demo",
    "broadsheet.wire",
    "broadsheet.moderation",
    "broadsheet.discussion",
    "broadsheet.stories",
    "broadsheet.live",
    "broadsheet.delivery",
    "broadsheet.accounts",
    "broadsheet.core",
    "wagtail.snippets",
    "broadsheet.stories.desk.apps.DeskAccounts",  # wagtail.users
    "wagtail.images",
    "wagtail.documents",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "allauth",
    "allauth.account",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "broadsheet.delivery.middleware.KeepReadyPages",  # sees the finished answer, headers and all
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "broadsheet.stories.middleware.DeskPolicy",
    "broadsheet.core.middleware.SafetyHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "broadsheet.core.middleware.RefuseCrossSiteWrites",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "broadsheet.core.middleware.AnswerRefusals",
]

ROOT_URLCONF = "broadsheet.config.urls"
WSGI_APPLICATION = "broadsheet.config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "broadsheet.core.context.newsroom",
            ],
            "builtins": ["broadsheet.core.templatetags.newsroom"],
        },
    }
]

USE_I18N = True
USE_TZ = True
LOCALE_PATHS: list[Path] = []

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "broadsheet.delivery.storage.HashedFiles"
    },
}
WHITENOISE_MAX_AGE = 3600

# --- Accounts ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Reader"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
# Length and known-bad passwords, no composition rules: NIST SP 800-63B, section 3.1.1.2.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "broadsheet.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "name*", "password1*"]
ACCOUNT_FORMS = {"signup": "broadsheet.accounts.forms.SignUpForm", "login": "broadsheet.accounts.forms.SignInForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# With mail an address is proved before the first sign-in, so that signing up tells nobody whose address has an account.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if EMAIL_URL else "optional"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PRESERVE_USERNAME_CASING = False

# --- Safety -----------------------------------------------------------------------------------------------------------

SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "broadsheet.core.views.form_expired"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False  # the proxy that ends TLS redirects; we would only see its plain side
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE and TRUSTED_PROXIES else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o644

# No nonce: a public page is the same bytes for everyone, so its scripts are files of ours and nothing else.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/desk/"],  # Wagtail's pages carry the policy of stories.middleware
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *filter(None, [LIVE_URL])],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["broadsheet"],
    },
}

# --- Wagtail, the desk's engine room ----------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILIMAGES_IMAGE_MODEL = "stories.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "broadsheet.stories.desk.forms.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif"]  # what stories.pictures.intake takes
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 30 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 64_000_000
WAGTAILADMIN_LOGIN_URL = LOGIN_URL  # one way to sign in, one to change a password: ours
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_AUTOSAVE_INTERVAL = 3000  # milliseconds after the last key
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]  # the desk tells the newsroom's time, whoever looks
WAGTAIL_ENABLE_UPDATE_CHECK = False  # no call leaves the newsroom's machine
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_CONTENT_LANGUAGES = [(LANGUAGE_CODE, LANGUAGE_CODE)]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database"}}
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
TAGGIT_CASE_INSENSITIVE = True

# --- Logs: who, what, when; never the words of a withheld comment -----------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"broadsheet": {"level": "INFO"}, "django.security": {"level": "ERROR"}},
}
