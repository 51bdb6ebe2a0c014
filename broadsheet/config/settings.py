"""Django's settings, made from a newsroom's few (docs/settings.md lists every name)."""

from __future__ import annotations

import gc
import os
import re
import zoneinfo
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from broadsheet.config.database import database
from broadsheet.config.environment import FILE, flag, ours_to_use, place, refuse_unknown, several, stop, text, whole
from broadsheet.config.mail import mail_server

gc.disable()  # what a start makes stays: to look through it for rubbish took a fifth of it (`ready` in apps.py goes on)
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
LANGUAGES = [
    ("en", "English"),
    ("ar", "العربية"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt-pt", "Português"),
    ("ru", "Русский"),
    ("uk", "Українська"),
]
_language = text("LANGUAGE", "en", purpose="the language of the pages")
_spoken = [code.partition("-")[0] for code, _ in LANGUAGES]
if _language not in _spoken:
    stop(f"language is {_language!r}: it must be one of {', '.join(_spoken)}.")
LANGUAGE_CODE = next(code for code, _ in LANGUAGES if code.partition("-")[0] == _language)

CONTACT = text("CONTACT", "", purpose="how readers reach the newsroom: an e-mail address or an https:// page")
if CONTACT and not re.fullmatch(r"[^@\s<>\"']+@[^@\s<>\"'/?]+|https://[^\s<>\"']+", CONTACT):
    stop(f"contact is {CONTACT!r}: it must be an e-mail address or an https:// address, or be empty.")

_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname or _site.path or _site.query:
    stop(f"site_url is {SITE_URL!r}: it must be http:// or https://, a host, and nothing after it.")
SECURE = _site.scheme == "https"

SECRET_KEY = text("SECRET_KEY", purpose="signs sessions and tokens; at least 50 characters nobody else knows")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
    stop("secret_key is too short to be secret: run `broadsheet init DIR`, which makes a good one.")
DEBUG = flag("DEBUG", False, purpose="show faults in the browser; never on a public machine")
_hosts = several("HOSTS", purpose="further host names, separated by commas")
for _host in _hosts:
    if not re.fullmatch(r"\*|\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]", _host, re.IGNORECASE):
        stop(f"hosts has {_host!r}: it must be a host's name alone, such as www.example.org, as browsers send it.")
ALLOWED_HOSTS = [
    _site.hostname,
    *(["localhost"] if _site.hostname == "127.0.0.1" else []),  # what people type who try it
    *_hosts,
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUSTED_PROXIES = whole("TRUSTED_PROXIES", 0, purpose="how many proxies in front of us add to X-Forwarded-For", most=9)

# --- What machines may do with our words ------------------------------------------------------------------------------

AI_TRAINING = text(
    "AI_TRAINING", "", purpose="may AI be trained on what stands here; empty: unsaid", among=("", "yes", "no")
)
AI_ANSWERS = text(
    "AI_ANSWERS", "", purpose="may AI answer with what stands here; empty: unsaid", among=("", "yes", "no")
)
AI_TERMS = text("AI_TERMS", "", purpose="the address where machines' owners read or ask for terms")
if AI_TERMS and not re.fullmatch(r"https?://[^\s\"'<>]+", AI_TERMS):
    stop(f"ai_terms is {AI_TERMS!r}: it must be an address that begins with https://, or empty.")
AI_CRAWLERS = several("AI_CRAWLERS", purpose="names of further crawlers that a no keeps out")
for _name in AI_CRAWLERS:
    if not re.fullmatch(r"[A-Za-z0-9_./-]+", _name):
        stop(f"ai_crawlers has {_name!r}: it must be a crawler's name as robots.txt has it, such as GPTBot.")

# --- In other sites' pages --------------------------------------------------------------------------------------------

EMBED_SITES = several("EMBED_SITES", purpose="the sites whose pages may hold our discussions, as https://news.example")
for _origin in EMBED_SITES:  # they become part of the Content-Security-Policy, and are compared letter by letter
    if not re.fullmatch(r"https?://([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", _origin):
        stop(f"embed_sites has {_origin!r}: it must be https:// and a host in small letters, and nothing after it.")

# --- Who comes in -----------------------------------------------------------------------------------------------------

GUESTS = flag("GUESTS", False, purpose="people without an account may comment under a name")
NAME_CHANGE_PERIOD = timedelta(
    days=whole("NAME_CHANGE_DAYS", 14, purpose="days between two changes of one reader's name; 0: names stay")
)
STAFF_SECOND_FACTOR = flag("STAFF_SECOND_FACTOR", SECURE, purpose="staff need a second factor to enter their pages")
STAFF_SESSION = timedelta(
    hours=whole("STAFF_SESSION_HOURS", 24, purpose="hours after which staff sign in again", least=1, most=720)
)
STAFF_IDLE = timedelta(
    minutes=whole("STAFF_IDLE_MINUTES", 60, purpose="minutes without a page after which staff sign in again", least=5)
)
BREACHED_PASSWORDS = place("BREACHED_PASSWORDS", None, purpose="a sorted file of breached passwords' SHA-1 hashes")
if BREACHED_PASSWORDS and not BREACHED_PASSWORDS.is_file():
    stop(f"breached_passwords names {BREACHED_PASSWORDS}, which is not a file: correct it, or leave it empty.")


def _client(name: str, whose: str) -> dict[str, Any]:
    """What a provider of sign-in knows us by: `name_client_id` and `name_secret`; nothing where neither is set."""
    client_id = text(f"{name}_CLIENT_ID", "", purpose=f"our client id at {whose}; empty: no sign-in by {whose}")
    secret = text(f"{name}_SECRET", "", purpose=f"our client secret at {whose}")
    if bool(client_id) != bool(secret):
        stop(f"{name.lower()}_client_id and {name.lower()}_secret belong together: set both, or neither.")
    return {"OAUTH_PKCE_ENABLED": True, "APPS": [{"client_id": client_id, "secret": secret}] if client_id else []}


SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "google": _client("GOOGLE", "Google"),
    "microsoft": _client("MICROSOFT", "Microsoft"),
    "github": _client("GITHUB", "GitHub"),
    "facebook": {**_client("FACEBOOK", "Facebook"), "METHOD": "oauth2", "FIELDS": ["id", "name", "email"]},
    "oidc": _client("OIDC", "an OpenID Connect provider"),
}
_tenant = text("MICROSOFT_TENANT", "common", purpose="which Microsoft accounts: a tenant's id, common, organizations")
for _app in SOCIALACCOUNT_PROVIDERS["microsoft"]["APPS"]:
    _app["settings"] = {"tenant": _tenant}
_oidc_name = text("OIDC_NAME", "", purpose="what the OpenID Connect provider is called on the button")
_oidc_url = text("OIDC_URL", "", purpose="the OpenID Connect provider's issuer address").rstrip("/")
for _app in SOCIALACCOUNT_PROVIDERS["oidc"]["APPS"]:
    if not re.fullmatch(r"https://[^\s/?#]+[^\s?#]*|http://(localhost|127\.0\.0\.1)(:\d+)?[^\s?#]*", _oidc_url):
        stop(f"oidc_url is {_oidc_url!r}: it must be the provider's issuer, an address that begins with https://.")
    _app.update(name=_oidc_name or urlsplit(_oidc_url).hostname, settings={"server_url": _oidc_url})
# Whose names nobody gives themselves: (a name's key, the reader who asks or None) -> whether it is kept from them.
NAME_KEEPERS = [
    "broadsheet.stories.bylines.is_on_one",
]
# Told when somebody's address is shown to be theirs: Reader -> None.
ACCOUNT_LISTENERS = [
    "broadsheet.discussion.verified.publish_waiting",
]

# --- What we keep of readers, and for how long ------------------------------------------------------------------------

SSO_KEYS = place("SSO_KEYS", None, purpose="the file of the publishers that sign their readers in, TOML or JSON")
PUBLISHERS: Any = ()
if SSO_KEYS:
    from broadsheet.accounts.publisher.keys import BadKeys, read_publishers  # with its cryptography, only where needed

    try:
        PUBLISHERS = read_publishers(SSO_KEYS)
    except BadKeys as fault:
        stop(str(fault))
DELETION_GRACE = timedelta(
    days=whole("DELETION_GRACE_DAYS", 7, purpose="days in which a reader may take back the deletion of their account")
)
REJECTED_TEXT_KEPT = timedelta(
    days=whole("REJECTED_TEXT_DAYS", 190, purpose="days after which a rejected comment's words are deleted", least=1)
)
WITHDRAWN_TEXT_KEPT = timedelta(
    days=whole("WITHDRAWN_TEXT_DAYS", 30, purpose="days after which a withdrawn comment's words are deleted", least=1)
)
GUESTS_KEPT = timedelta(
    days=whole("GUEST_DAYS", 30, purpose="days after which nothing is known of a guest but the name", least=1)
)
REPORTS_KEPT = timedelta(
    days=whole("REPORT_DAYS", 365, purpose="days after which the note of an answered report is deleted", least=1)
)
VISITS_KEPT = timedelta(
    days=whole("VISIT_DAYS", 365, purpose="days after which it is forgotten how far a reader read", least=1)
)
# Told, inside its transaction, when something public about a reader is another: Reader -> None.
FACTS_LISTENERS: list[str] = ["broadsheet.discussion.history.facts_changed"]
# A reader's own: each path a function Reader -> (section, rows), in the order of the export.
ACCOUNT_EXPORTS: list[str] = [
    "broadsheet.accounts.personal.profile",
    "broadsheet.accounts.personal.addresses",
    "broadsheet.accounts.personal.former_names",
    "broadsheet.accounts.personal.sign_in_methods",
    "broadsheet.accounts.personal.sessions",
    "broadsheet.accounts.personal.mutes",
    "broadsheet.accounts.personal.follows",
    "broadsheet.accounts.personal.requests",
    "broadsheet.discussion.personal.comments",
    "broadsheet.discussion.personal.reactions",
    "broadsheet.discussion.personal.mentions",
    "broadsheet.discussion.personal.followed_discussions",
    "broadsheet.discussion.personal.expert_in",
    "broadsheet.discussion.personal.visits",
    "broadsheet.moderation.personal.decisions_on_comments",
    "broadsheet.moderation.personal.reports",
    "broadsheet.moderation.personal.decisions_made",
    "broadsheet.moderation.overview.personal.desk_days",
    "broadsheet.moderation.people.personal.sanctions",
    "broadsheet.moderation.people.personal.traces",
    "broadsheet.moderation.people.personal.work_with_people",
    "broadsheet.scores.personal.scores",
    "broadsheet.legal.personal.statements",
    "broadsheet.legal.personal.appeals",
    "broadsheet.legal.personal.notices",
    "broadsheet.legal.personal.legal_work",
    "broadsheet.notifications.personal.notifications",
    "broadsheet.notifications.personal.choices",
    "broadsheet.notifications.personal.letters",
    "broadsheet.notifications.personal.browsers",
    "broadsheet.webhooks.personal.desk_mail",
    "broadsheet.newsdesk.personal.corrections",
    "broadsheet.newsdesk.personal.thanks",
    "broadsheet.newsdesk.personal.news_desk_work",
    "broadsheet.wire.personal.written_elsewhere",
]
# What goes with an account, in this order and before its row, each as often as need be: (Reader, choice) -> None.
ACCOUNT_ERASERS: list[str] = [
    "broadsheet.wire.personal.erase",  # while it is known whose comments they are
    "broadsheet.newsdesk.personal.erase",  # it looks for what they wrote, while that is known to be theirs
    "broadsheet.legal.personal.seal",  # before the words of held comments go
    "broadsheet.scores.personal.erase",  # while it is known whose comments they are
    "broadsheet.discussion.personal.erase",
    "broadsheet.moderation.personal.erase",
    "broadsheet.moderation.overview.personal.erase",
    "broadsheet.moderation.people.personal.erase",
    "broadsheet.legal.personal.erase",
    "broadsheet.notifications.personal.erase",
    "broadsheet.webhooks.personal.erase",
]
# Retention clocks, run daily: the time now -> how many were forgotten, and what (`broadsheet tidy`).
CLOCKS: list[str] = [
    "broadsheet.accounts.clocks.used_tokens",
    "broadsheet.accounts.clocks.exports",
    "broadsheet.accounts.clocks.sign_ups",
    "broadsheet.accounts.clocks.sessions",
    "broadsheet.accounts.clocks.addresses",
    "broadsheet.accounts.clocks.deletions",
    "broadsheet.accounts.clocks.guests",
    "broadsheet.discussion.clocks.visits",
    "broadsheet.discussion.clocks.withdrawn_words",
    "broadsheet.moderation.clocks.addresses",
    "broadsheet.moderation.clocks.settled_reports",
    "broadsheet.moderation.clocks.report_notes",
    "broadsheet.moderation.clocks.rejected_words",
    "broadsheet.moderation.clocks.unreviewed",
    "broadsheet.moderation.clocks.previews",
    "broadsheet.moderation.clocks.likenesses",
    "broadsheet.moderation.people.clocks.traces",
    "broadsheet.moderation.people.clocks.marks",
    "broadsheet.moderation.people.clocks.ownerless",
    "broadsheet.legal.clocks.notices",
    "broadsheet.legal.clocks.addresses",
    "broadsheet.legal.clocks.sealed",
    "broadsheet.intake.clocks.old_findings",
    "broadsheet.scores.clocks.wordless",
    "broadsheet.scores.clocks.hours",
    "broadsheet.scores.clocks.scales",
    "broadsheet.scores.clocks.nudged",
    "broadsheet.jobs.upkeep.results",
    "broadsheet.notifications.clocks.old_notifications",
    "broadsheet.notifications.clocks.old_mails",
    "broadsheet.webhooks.clocks.old_events",
    "broadsheet.webhooks.clocks.old_offers",
    "broadsheet.newsdesk.clocks.old_work",
    "broadsheet.embed.handing_over.old_codes",
    "broadsheet.embed.outside.old_pages",
]

# --- The discussion ---------------------------------------------------------------------------------------------------

DISCUSSION_PERIOD = timedelta(
    hours=whole("COMMENTS_OPEN_HOURS", 14 * 24, purpose="how long a discussion stays open after publication", least=1)
)
EDIT_WINDOW = timedelta(minutes=whole("EDIT_WINDOW_MINUTES", 5, purpose="how long an author may edit a comment"))
PRE_MODERATION = flag("PRE_MODERATION", False, purpose="hold every comment until a moderator approves it")
NEWCOMER_COMMENTS = whole("NEWCOMER_COMMENTS", 0, purpose="hold a reader's first so many comments for a moderator")
LEGAL_TIER = text(
    "LEGAL_TIER",
    "platform",
    purpose="which duties of the EU's Digital Services Act are taken on",
    among=("platform", "hosting"),
)
APPEAL_PERIOD = timedelta(days=whole("APPEAL_DAYS", 183, purpose="days in which a decision can be appealed", least=1))
DISPUTE_BODY = text("DISPUTE_BODY", "", purpose="the out-of-court dispute body readers may turn to, in a sentence")
DANGER_CONTACT = text("DANGER_CONTACT", "", purpose="whom the desk calls when somebody's life is in danger")
TRANSPARENCY_PAGE = flag("TRANSPARENCY_PAGE", True, purpose="publish figures of moderation at /transparency/")
REPORTS_PER_HOUR = whole("REPORTS_PER_HOUR", 10, purpose="reports taken from one reader or address in an hour", least=1)
DESK_LEASE = timedelta(
    minutes=whole("DESK_LEASE_MINUTES", 10, purpose="minutes for which a moderator holds the cards they took", least=1)
)
UNREVIEWED_FOR = timedelta(
    days=whole("UNREVIEWED_DAYS", 14, purpose="days for which published comments wait for somebody to read them")
)
REPORTS_TO_HIDE = whole(
    "REPORTS_TO_HIDE", 0, purpose="reports by so many credible readers hide a comment until an editor looks; 0: none do"
)
ILLEGAL_REPORTS_TO_HIDE = whole(
    "ILLEGAL_REPORTS_TO_HIDE", 0, purpose="the same for reports that it is against the law, counted by themselves"
)
COMMENTS_PER_MINUTE = whole("COMMENTS_PER_MINUTE", 6, purpose="comments taken from one reader in a minute", least=1)
COMMENTS_ORDER = text(
    "COMMENTS_ORDER",
    "oldest",
    purpose="the order a discussion opens in",
    among=("oldest", "newest", "respected", "discussed", "picks"),
)
REACTION = text("REACTION", "", purpose="the name of the one reaction to a comment; empty is Respect, translated")
REACTIONS_PER_MINUTE = whole("REACTIONS_PER_MINUTE", 30, purpose="reactions taken from one reader in a minute", least=1)
SLOW_MODE_SECONDS = whole("SLOW_MODE_SECONDS", 0, purpose="seconds between one reader's comments in a discussion")
BLIND_SAMPLE_PER_DAY = whole(
    "BLIND_SAMPLE_PER_DAY", 5, purpose="decided comments a day that other moderators judge blind; 0: none", most=100
)
PUBLIC_LOG = flag("PUBLIC_LOG", False, purpose="readers may see what was removed and why at /moderation-log/")
DISCUSSION_CHECKS = [
    "broadsheet.discussion.checks.rate",
    "broadsheet.discussion.checks.slow_mode",
    "broadsheet.discussion.checks.repeat_post",
    "broadsheet.discussion.checks.unverified",
    "broadsheet.intake.checks.links",  # discussion's own, where no rule stands in for it
    "broadsheet.intake.checks.newcomer",  # likewise
    "broadsheet.discussion.checks.pre_moderation",
    "broadsheet.moderation.people.checks.standing",
    "broadsheet.legal.checks.legal_hold",
    "broadsheet.scores.checks.scores",  # before the rules, which may ask for a score
    "broadsheet.intake.checks.rules",
]
SCORER = text("SCORER", "local", purpose="what scores comments, if anything does", among=("local", "off"))
SCORE_WAIT_MS = whole("SCORE_WAIT_MS", 50, purpose="milliseconds that a post waits for its score at most", most=5_000)
# Who may ask a writer once, before a comment is stored, whether they mean it so: Submission -> Nudge | None.
DISCUSSION_NUDGES = ["broadsheet.scores.nudges.inappropriate"]
# What measures a comment's words for rules of the kind "score": text -> {name: 0 to 1}. None: the kind is not offered.
SCORERS: list[str] = ["broadsheet.scores.scorers.named"] if SCORER != "off" else []
# Asked when a score has come that a post had not waited for: (comment, {name: 0 to 1}) -> what rules find by it.
LATE_SCORE_CHECKS = ["broadsheet.intake.late.rules"]
# Told of what happens to comments, inside its transaction: discussion.happenings.Happening -> None.
DISCUSSION_LISTENERS = [
    "broadsheet.discussion.mentions.note",  # first: who hears of a comment depends on it
    "broadsheet.notifications.listeners.heard",
    "broadsheet.scores.nudges.heard",  # before the next, with which the post is forgotten
    "broadsheet.scores.listeners.heard",  # before the queues, which are ordered by scores too
    "broadsheet.scores.backends.listeners.heard",
    "broadsheet.moderation.entries.heard",
    "broadsheet.moderation.likeness.note",
    "broadsheet.webhooks.listeners.heard",
    "broadsheet.legal.listeners.heard",
    "broadsheet.intake.listeners.heard",
]
# Told of comments that come from elsewhere, many at once: a sequence of discussion.happenings.Arrival -> None.
ARRIVAL_LISTENERS = [
    "broadsheet.scores.listeners.arrived",  # before the queues, as above
    "broadsheet.moderation.entries.arrived",
    "broadsheet.moderation.likeness.arrived",
]
# Why somebody may not take part, in a discussion or at all: (Reader, Thread | None) -> str | None.
SPEAKING_RULES: list[str] = [
    "broadsheet.moderation.people.rules.why_not_speak",
    "broadsheet.legal.holds.why_not_speak",
]
# Told where somebody comes from when they comment: (Reader, network address) -> None. Signing in is told by a signal.
PRESENCE_LISTENERS: list[str] = ["broadsheet.moderation.people.traces.leave"]
# Told of decisions about comments, inside their transaction: moderation.models.Decision -> None.
DECISION_LISTENERS: list[str] = [
    "broadsheet.legal.listeners.decided",  # first: who is told of a decision finds its statement of reasons
    "broadsheet.moderation.notices.tell",
    "broadsheet.webhooks.listeners.decided",
    "broadsheet.scores.listeners.decided",
    "broadsheet.scores.learning.listening.decided",
]
# Told of sanctions, inside their transaction: moderation.people.models.Sanction -> None.
SANCTION_LISTENERS: list[str] = [
    "broadsheet.legal.listeners.sanctioned",
    "broadsheet.moderation.people.notices.tell",
]
# Why a comment stands where it does in a queue, besides what moderation knows: (comment, queue) -> iterable of Ground.
QUEUE_GROUNDS: list[str] = [
    "broadsheet.legal.grounds.of",
    "broadsheet.scores.grounds.of",
]
# What speaks for proposing a comment as a pick, besides its marks: Comment -> list of Ground, or None: it is none.
PICK_GROUNDS: list[str] = ["broadsheet.scores.picks.of"]
# Comments whose words no clock may delete yet: each path a function () -> queryset of comments' numbers.
WORDS_KEPT: list[str] = ["broadsheet.legal.holds.kept", "broadsheet.legal.appeals.kept"]
# The tabs of the moderators' desk, in this order: Reader -> iterable of moderation.tabs.Tab.
DESK_TABS = [
    "broadsheet.moderation.own_tabs.tabs",
    "broadsheet.moderation.people.tabs.tabs",
    "broadsheet.legal.desk.tabs",
    "broadsheet.intake.tabs.rules",
    "broadsheet.scores.tabs.tabs",
    "broadsheet.moderation.overview.tabs.tabs",
    "broadsheet.webhooks.tabs.tabs",
    "broadsheet.newsdesk.views.tabs",
    "broadsheet.moderation.hours_views.tabs",
]
# What other apps show on the desk's cards: (comments, moderator) -> iterable of (comment's number, parts.Part).
CARD_PARTS: list[str] = [
    "broadsheet.legal.cards.parts",
    "broadsheet.moderation.people.parts.parts",
    "broadsheet.newsdesk.parts.on_card",
    "broadsheet.scores.parts.on_card",
    "broadsheet.scores.backends.parts.on_card",
]
# Where the desk's acts are kept, for the audit log: functions that give an overview.audit.Book, or None.
AUDIT_BOOKS = [
    "broadsheet.moderation.overview.audit.comments",
    "broadsheet.moderation.overview.audit.discussions",
    "broadsheet.moderation.overview.audit.people",
    "broadsheet.moderation.overview.audit.liftings",
    "broadsheet.moderation.overview.audit.changes",
    "broadsheet.moderation.overview.audit.imports",
]
# What a thing is made of whose changes are kept, in the words of its form (functions of the facts that give its
# overview.parts.Part by name), by the code it is kept under.
AUDIT_PARTS = {
    "rule": "broadsheet.intake.changed.rule",
    "list": "broadsheet.intake.changed.listing",
    "scores": "broadsheet.scores.changed.use",
    "scorer": "broadsheet.scores.changed.scorer",
    "webhook": "broadsheet.webhooks.changed.webhook",
    "schedule": "broadsheet.moderation.overview.changed.schedule",
    "canned text": "broadsheet.moderation.overview.changed.canned",
    "saved view": "broadsheet.moderation.overview.changed.view",
    "legal hold": "broadsheet.legal.changed.hold",
    "seal opened": "broadsheet.legal.changed.opened",
    "order": "broadsheet.legal.changed.order",
    "trusted flagger": "broadsheet.legal.changed.flagger",
    "reader page": "broadsheet.legal.changed.reader_page",
}
# Told of the notices on released stories that name a comment: stories.models.Notice -> None, as often as need be.
NOTICE_LISTENERS = ["broadsheet.newsdesk.actions.published", "broadsheet.notifications.listeners.corrected"]
# Told, inside the transaction, of a released story that is another one from then on: Story -> None. Once or oftener.
STORY_LISTENERS = ["broadsheet.wire.listeners.released"]
# Who puts a kind of notification into words, where that is not notifications.items itself: Notification -> Told | None.
NOTIFICATION_TELLERS = {
    "decision": "broadsheet.legal.telling.decision",  # moderation.notices.decision, with the statement of reasons
    "outcome": "broadsheet.moderation.notices.outcome",
    "standing": "broadsheet.legal.telling.standing",  # moderation.people.notices.standing, likewise
    "correction": "broadsheet.newsdesk.notices.correction",
}
# What `/threads/N/me/` tells a signed-in reader besides: Reader -> dict, merged into the answer.
ME_EXTRAS = ["broadsheet.notifications.extras.unread", "broadsheet.moderation.extras.desk"]
# What the live stream and the "changes since" address say of a thread: (thread id, revision) -> a dict, as JSON.
LIVE_SOURCE = "broadsheet.discussion.changes.since"

# --- Where things are kept --------------------------------------------------------------------------------------------

_home = FILE.parent if FILE else Path.cwd() / "var"
DATA_DIR = (
    place("DATA_DIR", _home, purpose="the folder of the database, pictures and run-time files") or _home
).resolve()
RUN_DIR = DATA_DIR / "run"
STATIC_ROOT = DATA_DIR / "static"
STATIC_URL = "/static/"
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
EXPORTS_DIR = DATA_DIR / "exports"  # copies of what we keep of a reader, for them alone; never under an address
for _folder in (DATA_DIR, RUN_DIR, STATIC_ROOT, MEDIA_ROOT):
    try:
        _folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        stop(
            f"data_dir is {DATA_DIR}, where {_folder} cannot be made ({error.strerror}): name a folder we may write to."
        )
    if not os.access(_folder, os.W_OK | os.X_OK):  # else it is found when the first comment comes
        stop(f"The folder {_folder} cannot be written to: {ours_to_use(_folder)}.")


DATABASES = {
    "default": database(
        text("DATABASE_URL", f"sqlite://{quote(str(DATA_DIR / 'broadsheet.sqlite3'))}", purpose="where the database is")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL = text("CACHE_URL", "", purpose="a Valkey or Redis, as redis://host:6379/0; empty for none")
if CACHE_URL and not re.match(r"(redis|rediss|unix)://", CACHE_URL):
    stop(f"cache_url is {CACHE_URL!r}: it must begin with redis://, rediss:// or unix://, or be empty.")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "broadsheet.core.cache.SharedCache", "LOCATION": CACHE_URL}
    if CACHE_URL
    # Django keeps 300 and then forgets a third: whoever comes from many addresses would clear every limit.
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 50_000}}
}
TASKS = {"default": {"BACKEND": "broadsheet.jobs.backend.Queue"}}
TASKS_AT_ONCE = ["wagtail.", "modelsearch."]  # paths of tasks that are run where they are made (see jobs.backend)
# Regular jobs: a function, and the hour of the newsroom's clock or the number of seconds between its runs.
JOBS: dict[str, dict[str, int]] = {
    "broadsheet.core.tidying.tidy": {"hour": 4},
    "broadsheet.jobs.upkeep.give_back_lost": {"every": 600},
    "broadsheet.moderation.candidates.propose": {"every": 900},
    "broadsheet.moderation.overview.figures.count_days": {"every": 3600},
    "broadsheet.moderation.overview.agreement.draw": {"hour": 3},
    "broadsheet.webhooks.delivering.send_due": {"every": 20},
    "broadsheet.wire.hubs.send_due": {"every": 20},
    "broadsheet.webhooks.digests.send_due": {"every": 300},
    "broadsheet.notifications.sending.send_due": {"every": 20},
    "broadsheet.legal.holds.remind": {"hour": 8},
    "broadsheet.discussion.desk_hours.measure": {"every": 20},
    "broadsheet.moderation.promise.compute": {"every": 300},
    "broadsheet.newsdesk.mailing.tell_reporters": {"every": 30},
    "broadsheet.newsdesk.actions.reopen_lost": {"every": 300},
    "broadsheet.scores.late.work": {"every": 60},
    "broadsheet.scores.backends.working.work": {"every": 5},
    "broadsheet.scores.backends.counting.compute": {"hour": 3},
    "broadsheet.scores.approved.compute": {"hour": 2},
    "broadsheet.scores.health.count_hours": {"every": 900},
    "broadsheet.scores.nudges.close": {"every": 600},
    "broadsheet.scores.learning.versions.tend": {"hour": 3},
}

# --- Feeds and wire formats -------------------------------------------------------------------------------------------

FEED_TEXT = text(
    "FEED_TEXT", "summary", purpose="what feeds hold of a story: its summary, or all of it", among=("summary", "full")
)
WIRE = flag("WIRE", True, purpose="offer stories as ninjs and NewsML-G2 to other programs")
WEBSUB_HUBS = several("WEBSUB_HUBS", purpose="the WebSub hubs that are told of new stories, as addresses, by commas")
for _hub in WEBSUB_HUBS:
    if not re.fullmatch(r"https?://[^\s/<>\"',;@]+(/[^\s<>\"',;]*)?", _hub):
        stop(f"websub_hubs has {_hub!r}: it must be a hub's whole address, such as https://hub.example.org/.")

# --- Serving ----------------------------------------------------------------------------------------------------------

LIVE_PORT = whole("LIVE_PORT", 8001, purpose="the port of the live stream; 0 for none", least=0, most=65535)
LIVE_URL = text(
    "LIVE_URL",
    f"{_site.scheme}://{_site.hostname}:{LIVE_PORT}" if LIVE_PORT else "",
    purpose="where browsers find the live stream; empty for none",
).rstrip("/")
if LIVE_URL and not re.fullmatch(r"https?://[^\s/;,'\"]+", LIVE_URL):  # it becomes part of the Content-Security-Policy
    stop(f"live_url is {LIVE_URL!r}: it must be http:// or https://, a host, and nothing after it; or empty.")

LIVE_PER_ADDRESS = whole("LIVE_PER_ADDRESS", 100, purpose="live streams taken from one address", least=1)

# --- Mail -------------------------------------------------------------------------------------------------------------

EMAIL_URL = text("EMAIL_URL", "", purpose="the mail server, as smtp://user:password@host:587; empty prints mail")
EMAIL_BACKEND = "broadsheet.core.mail.Backend" if EMAIL_URL else "django.core.mail.backends.console.EmailBackend"
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_USE_SSL, EMAIL_USE_TLS = mail_server(EMAIL_URL)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = text("EMAIL_FROM", f"newsroom@{_site.hostname}", purpose="the sender of our mail")
if not re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+|[^<>\r\n]+<[^@\s<>,]+@[^@\s<>,]+>", DEFAULT_FROM_EMAIL):
    stop(f"email_from is {DEFAULT_FROM_EMAIL!r}: it must be an address, or as in The Ledger <news@example.org>.")

# --- Calls to other servers (core.outbound) ---------------------------------------------------------------------------

OUTBOUND_HOSTS = [
    name.lower()
    for name in several(
        "OUTBOUND_HOSTS", purpose="the only servers we call, separated by commas; .example.org for all below it"
    )
]
OUTBOUND_INSIDE = [
    name.lower()
    for name in several(
        "OUTBOUND_INSIDE", purpose="servers of your own network that we may call, as host:port, by commas"
    )
]

WEBHOOK_LOG_KEPT = timedelta(
    days=whole("WEBHOOK_LOG_DAYS", 30, purpose="days after which a webhook's event and its tries are deleted", least=1)
)
MAIL_WORDS = flag("MAIL_WORDS", False, purpose="mail to moderators holds the words of comments that wait")

PUSH_KEY = text("PUSH_KEY", "", purpose="wakes readers' browsers (Web Push); `broadsheet pushkeys` makes it")
if PUSH_KEY and not re.fullmatch(r"[A-Za-z0-9_-]{43}", PUSH_KEY):
    stop("push_key is not a key: run `broadsheet pushkeys`, which makes one, or leave it out.")
DIGEST_HOUR = whole("DIGEST_HOUR", 7, purpose="the hour of the newsroom's clock at which the daily mail goes", most=23)

refuse_unknown()

# --- Django -----------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "broadsheet.config",
    "broadsheet.demo",
    "broadsheet.embed",
    "broadsheet.wire",
    "broadsheet.intake",
    "broadsheet.legal",
    "broadsheet.newsdesk",
    "broadsheet.scores",
    "broadsheet.webhooks",
    "broadsheet.moderation",
    "broadsheet.notifications",
    "broadsheet.discussion",
    "broadsheet.stories",
    "broadsheet.live",
    "broadsheet.delivery",
    "broadsheet.jobs",
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
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.microsoft",
    "allauth.socialaccount.providers.github",
    "allauth.socialaccount.providers.facebook",
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
    "broadsheet.embed.middleware.Frames",
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
    "broadsheet.accounts.middleware.Doors",
    "broadsheet.stories.middleware.FormerAddresses",
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
LOCALE_PATHS = [PACKAGE / "locale"]

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "broadsheet.delivery.storage.HashedFiles"
    },
}
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ROOT = PACKAGE / "stories/static/stories/root"  # what browsers ask the site for without having read a page

# --- Accounts ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Reader"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
# Long, and on no list; no composition rules: NIST SP 800-63B-4, section 3.1.1.2, as accounts.passwords explains.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "broadsheet.accounts.passwords.Length"},
    {"NAME": "broadsheet.accounts.passwords.NotExpected"},
    {"NAME": "broadsheet.accounts.passwords.NotBreached"},
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
ACCOUNT_FORMS = {
    "signup": "broadsheet.accounts.forms.SignUpForm",
    "login": "broadsheet.accounts.forms.SignInForm",
    "request_login_code": "broadsheet.accounts.forms.AskForCodeForm",
    "confirm_login_code": "broadsheet.accounts.forms.SignInCodeForm",
    "confirm_email_verification_code": "broadsheet.accounts.forms.AddressCodeForm",
    "add_email": "broadsheet.accounts.forms.ChangeAddressForm",
    "change_password": "broadsheet.accounts.forms.ChangePasswordForm",
    "set_password": "broadsheet.accounts.forms.SetPasswordForm",
    "reset_password": "broadsheet.accounts.forms.AskForPasswordForm",
    "reset_password_from_key": "broadsheet.accounts.forms.NewPasswordForm",
    "reauthenticate": "broadsheet.accounts.forms.PasswordAgainForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# An address is proved before the first sign-in, so that signing up tells nobody whose address has an account.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
# Seconds: as long as a code sent by mail may be good (NIST SP 800-63B-4, section 3.1.3.2; ASVS 5.0, 6.5.5).
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
NAME_HOLD = timedelta(hours=1)  # longer than any code sent in signing up is good, however often it is sent again
ACCOUNT_CHANGE_EMAIL = True  # one address a person; a new one takes its place when its code has been typed
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
PASSWORD_RESET_TIMEOUT = 3600  # seconds
SOCIALACCOUNT_ADAPTER = "broadsheet.accounts.adapter.SocialAdapter"
SOCIALACCOUNT_FORMS = {
    "signup": "broadsheet.accounts.forms.SignUpByProviderForm",
    "disconnect": "broadsheet.accounts.forms.DisconnectForm",
}
SOCIALACCOUNT_AUTO_SIGNUP = False  # everybody chooses their name
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an address alone opens no account
SOCIALACCOUNT_STORE_TOKENS = False
MFA_ADAPTER = "broadsheet.accounts.adapter.FactorAdapter"
MFA_FORMS = {
    "authenticate": "broadsheet.accounts.forms.SecondFactorForm",
    "reauthenticate": "broadsheet.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "broadsheet.accounts.forms.AuthenticatorAppForm",
    "add_webauthn": "broadsheet.accounts.forms.AddPasskeyForm",
    "login_webauthn": "broadsheet.accounts.forms.PasskeySignInForm",
    "authenticate_webauthn": "broadsheet.accounts.forms.PasskeyFactorForm",
    "reauthenticate_webauthn": "broadsheet.accounts.forms.PasskeyAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # steps of half a minute: clocks differ; a code is good once all the same (accounts.forms)
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Whose pages need what staff need, and which permissions make somebody staff besides being marked so.
STAFF_PATHS = ("/desk/", "/moderation/")
STAFF_PERMISSIONS = ["moderation.decide", "wagtailadmin.access_admin"]

# --- Safety -----------------------------------------------------------------------------------------------------------

SESSION_ENGINE = "broadsheet.accounts.session_store"
SESSION_COOKIE_AGE = 30 * 24 * 3600  # seconds; the most that NIST SP 800-63B-4, section 2.1.3, advises for readers
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
# The proxy redirects to https (W008); a place on browsers' preload lists (W021) is for the domain's owner to ask for.
SILENCED_SYSTEM_CHECKS = ["security.W008", "security.W021"]
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
        "worker-src": ["'self'"],
        "trusted-types": ["broadsheet", "broadsheet-worker"],
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
WAGTAIL_ALLOW_UNICODE_SLUGS = False  # an address is ASCII: "Café" becomes "cafe"
WAGTAIL_ENABLE_UPDATE_CHECK = False  # no call leaves the newsroom's machine
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_CONTENT_LANGUAGES = [(LANGUAGE_CODE, LANGUAGE_CODE)]
WAGTAILADMIN_PERMITTED_LANGUAGES = [(LANGUAGE_CODE, dict(LANGUAGES)[LANGUAGE_CODE])]  # the newsroom's, for everybody
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database"}}
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
TAGGIT_CASE_INSENSITIVE = True

# --- Logs: who, what, when; never the words of a withheld comment -----------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{", "datefmt": "%Y-%m-%dT%H:%M:%S%z"}
    },
    "filters": {"once": {"()": "broadsheet.core.logs.OnceForAStranger"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "broadsheet": {"level": "INFO"},
        "django.security": {"level": "ERROR"},
        "django.security.DisallowedHost": {"filters": ["once"]},
    },
}
