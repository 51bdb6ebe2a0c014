"""The kinds of rules: what each looks for, and how it says what it has found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from broadsheet.core import clock, detection
from broadsheet.core.language import number
from broadsheet.intake import external, kind_forms, repeats
from broadsheet.intake.addresses import has_alias
from broadsheet.intake.models import Asks
from broadsheet.intake.subjects import Subject

if TYPE_CHECKING:
    from broadsheet.intake.rulesets import Ready, Ruleset

NAMED = 5  # entries that a sentence names; all of them are marked


@dataclass(frozen=True)
class Said:
    """What a rule has found: a sentence for the desk, and where."""

    reason: str
    spans: tuple[tuple[int, int], ...] = ()
    score: float | None = None
    threshold: float | None = None
    asks_for: str = ""  # less than the rule would ask for; a check outside may say so


Finder = Callable[["Ready", Subject, "Ruleset"], list[Said]]


@dataclass(frozen=True)
class Kind:
    """A kind of rule."""

    key: str
    label: Promise | str
    about: Promise | str  # what it does, for whoever chooses one
    form: type[forms.Form]
    find: Finder
    as_of_now: Promise | str = ""  # what a dry run takes as it is now
    in_hindsight: bool = True  # whether it can be asked about a comment of last week
    offered: Callable[[], bool] = lambda: True
    replaces: str = ""  # the name of the built-in check that is silent where such a rule is on
    may_reject: bool = True  # whether a comment may be rejected unseen by it

    @property
    def may_ask_for(self) -> list[str]:
        """What such a rule may do with what it finds."""
        return [each for each in Asks.values if each != Asks.REJECT or self.may_reject]


def find_phrases(rule: Ready, subject: Subject, rules: Ruleset) -> list[Said]:
    """Words and phrases of lists."""
    # Translators: entries are words in quotation marks, list is the name the newsroom has given to a list of words.
    return _listed(rule, subject, rules, gettext_lazy("%(entries)s: on the list “%(list)s”."))


def find_names(rule: Ready, subject: Subject, rules: Ruleset) -> list[Said]:
    """People whom the newsroom protects."""
    # Translators: entries are names in quotation marks, list is the name the newsroom has given to a list of people.
    return _listed(rule, subject, rules, gettext_lazy("%(entries)s: a protected name of the list “%(list)s”."))


def _listed(rule: Ready, subject: Subject, rules: Ruleset, sentence: Promise) -> list[Said]:
    said = []
    strict = not rule.params.get("disguises", True)
    for listing in rule.params["listings"]:
        hits = [hit for hit in subject.hits.found if hit.listing == listing and not (strict and hit.disguised)]
        if hits:
            entries = ", ".join(f"“{entry}”" for entry in list(dict.fromkeys(hit.entry for hit in hits))[:NAMED])
            facts = {"entries": entries, "list": rules.listing_names[listing]}
            said.append(Said(str(sentence) % facts, tuple((hit.start, hit.end) for hit in hits)))
    if not said and not subject.hits.complete:
        said.append(Said(_("It repeats so much of what is on the lists that it could not be read to its end.")))
    return said


def find_links(rule: Ready, subject: Subject, rules: Ruleset) -> list[Said]:
    """Too many links, or one to a server that is not wanted."""
    allowed, denied = rules.hosts(rule.params["allowed"]), rules.hosts(rule.params["denied"])
    counted, unwanted = [], []
    for address, host in zip(subject.links, subject.hosts, strict=True):
        if denied.entry_for(host):
            unwanted.append((address, host))
        elif not allowed.entry_for(host):
            counted.append((address, host))
    said = []
    if unwanted:
        names = ", ".join(dict.fromkeys(host for _, host in unwanted[:NAMED]))
        spans = _spans(subject.body, [text for pair in unwanted for text in pair])
        said.append(Said(_("It links to a server that is not wanted: %(hosts)s.") % {"hosts": names}, spans))
    most = rule.params["most"]
    if most is not None and len(counted) > most:
        reason = ngettext("It has %(n)s link.", "It has %(n)s links.", len(counted)) % {"n": number(len(counted))}
        spans = _spans(subject.body, [address for address, _ in counted])
        said.append(Said(reason, spans, float(len(counted)), float(most)))
    return said


def _spans(body: str, texts: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Where these stand in the words as written; what stands there in another form is not marked."""
    found = {(body.find(text), body.find(text) + len(text)) for text in texts if text and text in body}
    return tuple(sorted(span for span in found if not any(a <= span[0] < span[1] <= b for a, b in found - {span})))


def find_repeats(rule: Ready, subject: Subject, rules: Ruleset) -> list[Said]:
    """The same words, or nearly, that others have written within hours."""
    if subject.words < rule.params["least_words"]:
        return []
    threshold = rule.params["share"] / 100
    candidates = subject.said_by_others(timedelta(hours=rule.params["hours"]))
    alike = {other.pk: repeats.likeness(subject.body, other.body) for other in candidates}
    same = [other for other in candidates if alike[other.pk] >= threshold]
    if len(same) < rule.params["others"]:
        return []
    nearest = max(same, key=lambda other: alike[other.pk])
    share = alike[nearest.pk]
    facts = {
        "name": nearest.author_name,
        "moment": clock.comment_moment(nearest.created_at),
        "share": round(share * 100),
    }
    if len(same) > 1:
        facts["n"] = number(len(same))
        reason = _("%(n)s comments by others say the same; the nearest, by %(name)s on %(moment)s, to %(share)s%%.")
    else:
        reason = _("It says the same as %(name)s on %(moment)s, to %(share)s%%.")
    return [Said(reason % facts, score=round(share, 3), threshold=threshold)]


def find_rate(rule: Ready, subject: Subject, rules: Ruleset) -> list[Said]:
    """Many comments of one author within minutes."""
    if subject.author is None or (subject.comment and not subject.in_hindsight):
        return []  # an edit is no new comment
    most, minutes = rule.params["comments"], rule.params["minutes"]
    others = subject.written_within(timedelta(minutes=minutes), here=rule.params["here"], most=most)
    if others < most:
        return []
    reason = _("More than %(n)s comments by this author within %(minutes)s minutes.")
    return [Said(reason % {"n": number(most), "minutes": number(minutes)}, threshold=float(most))]


def find_first(rule: Ready, subject: Subject, rules: Ruleset) -> list[Said]:
    """The first comments of a reader."""
    wanted = rule.params["comments"]
    if subject.author is None or subject.published_before(wanted) >= wanted:
        return []
    reason = ngettext("This reader's first comment.", "One of this reader's first %(n)s comments.", wanted)
    return [Said(reason % {"n": wanted})]


def find_young(rule: Ready, subject: Subject, rules: Ruleset) -> list[Said]:
    """An account that has just been made."""
    if subject.author is None:
        return []
    hours, limit = (subject.at - subject.author.date_joined) / timedelta(hours=1), rule.params["hours"]
    if not 0 <= hours < limit:
        return []
    reason = ngettext(
        "The account is less than %(n)s hour old.", "The account is less than %(n)s hours old.", int(hours) + 1
    )
    return [Said(reason % {"n": number(int(hours) + 1)}, score=round(hours, 1), threshold=float(limit))]


def find_record(rule: Ready, subject: Subject, rules: Ruleset) -> list[Said]:
    """An author of whose recent comments many were rejected."""
    if subject.author is None:
        return []
    published, rejected = subject.judged_within(timedelta(days=rule.params["days"]))
    if rejected < rule.params["least"] or 100 * rejected < rule.params["share"] * (published + rejected):
        return []
    facts = {"n": number(rejected), "all": number(published + rejected), "days": number(rule.params["days"])}
    reason = _("Of the author's %(all)s comments of the last %(days)s days %(n)s were rejected.") % facts
    return [Said(reason, score=round(rejected / (published + rejected), 3), threshold=rule.params["share"] / 100)]


def find_mail(rule: Ready, subject: Subject, rules: Ruleset) -> list[Said]:
    """An author whose address of mail is listed, or an alias."""
    address = subject.author.mail_address if subject.author else ""
    if not address:
        return []
    said = []
    for listing in rule.params["listings"]:
        if entry := rules.mail(listing).entry_for(address):
            facts = {"entries": f"“{entry}”", "list": rules.listing_names[listing]}
            said.append(Said(_("The author's e-mail address: %(entries)s, on the list “%(list)s”.") % facts))
    if rule.params["aliases"] and has_alias(address):
        said.append(Said(_("The author's e-mail address is an alias: a “+” stands in it.")))
    return said


def find_language(rule: Ready, subject: Subject, rules: Ruleset) -> list[Said]:
    """A language that is not spoken here."""
    language = subject.language
    if not language or language in rule.params["languages"]:
        return []
    return [Said(_("It is written in another language (%(code)s).") % {"code": language})]


def find_score(rule: Ready, subject: Subject, rules: Ruleset) -> list[Said]:
    """A score of the newsroom's scorers from a threshold on."""
    name, threshold = rule.params["score"], rule.params["threshold"]
    if subject.scores is None:
        subject.scores = scores_of(subject.body)
    score = subject.scores.get(name)
    if score is None or score < threshold:
        return []
    facts = {"name": kind_forms.score_names().get(name, name), "score": f"{score:.2f}", "threshold": f"{threshold:.2f}"}
    reason = _("Its score “%(name)s” is %(score)s; from %(threshold)s on it is looked at.")
    return [Said(reason % facts, score=score, threshold=threshold)]


def find_outside(rule: Ready, subject: Subject, rules: Ruleset) -> list[Said]:
    """What a server of the newsroom's choice says."""
    answer = external.ask(rule, subject)
    if answer is None:
        return []
    if answer.verdict == "pass":
        return []
    asks_for = {"note": Asks.NOTE, "hold": Asks.HOLD, "reject": Asks.REJECT}[answer.verdict]
    return [Said(answer.reason, answer.spans, answer.score, None, asks_for)]


def scorers() -> list[str]:
    """The newsroom's scorers (setting SCORERS)."""
    return list(settings.SCORERS)


def scores_of(text: str) -> dict[str, float]:
    """What all scorers say of a text; each is a function text -> {name: 0 to 1}."""
    found: dict[str, float] = {}
    for path in scorers():
        found |= import_string(path)(text)
    return found


_NOW_LISTS = gettext_lazy("The lists are taken as they are now, and of a comment that was edited its last words.")
_NOW_MAIL = gettext_lazy("Lists and e-mail addresses are taken as they are now.")

KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "phrases",
            gettext_lazy("Words and phrases"),
            gettext_lazy("Whole words and phrases of your lists, however they are written: in capitals, with accents, "
                         "figures for letters, letters of other alphabets, or letter by letter."),
            kind_forms.PhrasesForm,
            find_phrases,
            _NOW_LISTS,
        ),
        Kind(
            "names",
            gettext_lazy("Protected names"),
            gettext_lazy("Somebody you protect is named: a reporter, a child, a person before a court."),
            kind_forms.NamesForm,
            find_names,
            _NOW_LISTS,
        ),
        Kind(
            "links",
            gettext_lazy("Links"),
            gettext_lazy("More links than an argument needs, or links to servers on a list. In its places it replaces "
                         "the built-in check for links."),
            kind_forms.LinksForm,
            find_links,
            _NOW_LISTS,
            replaces="links",
        ),
        Kind(
            "repeats",
            gettext_lazy("Repeats by several readers"),
            gettext_lazy("The same text, or nearly, that others have posted within hours, in any discussion."),
            kind_forms.RepeatsForm,
            find_repeats,
            gettext_lazy("Of a comment that was edited its last words are compared; what was deleted is not."),
        ),
        Kind(
            "rate",
            gettext_lazy("Many comments in a short time"),
            gettext_lazy("An author writes more than so many comments within minutes. Unlike the limit a minute, it "
                         "lets them write, and shows it to you."),
            kind_forms.RateForm,
            find_rate,
        ),
        Kind(
            "first",
            gettext_lazy("A reader's first comments"),
            gettext_lazy("Until so many comments of theirs have been published. In its places it replaces the setting "
                         "for newcomers."),
            kind_forms.FirstForm,
            find_first,
            replaces="newcomer",
        ),
        Kind(
            "young",
            gettext_lazy("A new account"),
            gettext_lazy("The account was made less than so many hours ago."),
            kind_forms.YoungForm,
            find_young,
        ),
        Kind(
            "record",
            gettext_lazy("Comments rejected lately"),
            gettext_lazy("A large part of what the author wrote lately was rejected."),
            kind_forms.RecordForm,
            find_record,
        ),
        Kind(
            "mail",
            gettext_lazy("E-mail addresses"),
            gettext_lazy("The author's address, its domain or a domain above that is on a list."),
            kind_forms.MailForm,
            find_mail,
            _NOW_MAIL,
        ),
        Kind(
            "language",
            gettext_lazy("Other languages"),
            gettext_lazy("A comment in a language that your moderators do not read. Short comments have none."),
            kind_forms.LanguageForm,
            find_language,
            offered=detection.can_detect,
        ),
        Kind(
            "score",
            gettext_lazy("A score"),
            gettext_lazy("What one of the newsroom's scorers says of the words. No model rejects a comment unseen."),
            kind_forms.ScoreForm,
            find_score,
            gettext_lazy("The scorers are asked as they are now."),
            offered=lambda: bool(scorers()),
            may_reject=False,
        ),
        Kind(
            "outside",
            gettext_lazy("A check by another server"),
            gettext_lazy("A server of your choice is asked about every comment, signed and within a time. It may ask "
                         "for no more than this rule does."),
            kind_forms.OutsideForm,
            find_outside,
            in_hindsight=False,
        ),
    )
}  # fmt: skip


def offered() -> list[Kind]:
    """The kinds that a newsroom of these settings can use."""
    return [kind for kind in KINDS.values() if kind.offered()]


def listings_in(params: dict[str, Any]) -> list[int]:
    """The numbers of all lists that a rule's settings name."""
    return [number for name in ("listings", "allowed", "denied") for number in params.get(name, [])]
