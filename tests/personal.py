"""Somebody about whom every table that can know something knows something, and the walk over all such tables."""

from __future__ import annotations

from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.backends.db import SessionStore

from broadsheet.accounts.models import Export, Follow, Mute, NameChange, PublisherIdentity, Reader
from broadsheet.accounts.names import name_key
from broadsheet.core import clock
from broadsheet.discussion.actions import edit_comment, post_comment, thread_for
from broadsheet.discussion.models import Comment, Mention, ThreadFollow, Visit
from broadsheet.discussion.quoting import quoted
from broadsheet.discussion.reactions import respect
from broadsheet.legal.appeals import appeal
from broadsheet.legal.models import Statement
from broadsheet.legal.notices import Content, Sender, send_notice
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.moderation.overview.models import DayOf
from broadsheet.moderation.people import actions as people
from broadsheet.moderation.people import traces
from broadsheet.newsdesk.actions import choose_thanks
from broadsheet.newsdesk.models import Correction, Lead, Step
from broadsheet.notifications.models import Mail, Notification, Preference, PushSubscription
from broadsheet.scores.models import Score
from broadsheet.stories.models import Person
from broadsheet.webhooks.models import MailChoice, Offer
from broadsheet.wire.models import SourcePerson

NAME, EMAIL, FORMER = "Quillon Xanthe", "quillon.xanthe@example.org", "Xanthe Quirke"
# The desk's own tables: only staff have rows there, and an account of staff is not deleted while it is one.
DESK = {
    "accounts.Reader_groups.reader", "accounts.Reader_user_permissions.reader",
    "stories.Picture.uploaded_by_user", "stories.Story.locked_by", "moderation.Entry.holder",
}  # fmt: skip
# What others did about somebody is theirs: it goes with the account, and is in nobody else's copy.
OTHERS = {
    "accounts.Mute.muted",
    "accounts.Follow.followed",
    "notifications.Notification.person",
    "stories.Person.account",
    "moderation.PersonNote.reader",  # colleagues' notes: docs/your-data.md says what a newsroom does with them
    "legal.Notice.person",
    "moderation.Entry.author",  # where a comment of theirs waits at the desk: the comment itself says that it does
}


def columns() -> list[tuple[str, type, object]]:
    """("app.Model.field", model, field) for every column that points at a reader, Wagtail's own left out."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is Reader and not model._meta.app_label.startswith("wagtail"):
                found.append((f"{model._meta.label}.{field.name}", model, field))
    return found


def make_well_known(story, other, moderator) -> Reader:
    """Quillon, who has done everything a reader can do, under a public story and with `other`."""
    quillon = Reader.objects.create_user(EMAIL, NAME, "a long enough pass phrase", about=f"I am {NAME}.")
    now, thread = clock.now(), thread_for(story)
    quillon.expertise, quillon.name_changed_at = "Hydrology", now
    quillon.save()
    NameChange.objects.create(reader=quillon, before=FORMER, before_key=name_key(FORMER), at=now)
    PublisherIdentity.objects.create(reader=quillon, issuer="https://n.example", subject=EMAIL, told_at=now, name=NAME)
    SourcePerson.objects.create(key="coral u-77", reader=quillon, had_account=True)
    Authenticator.objects.create(user=quillon, type="totp", data={"secret": "x"})
    SocialAccount.objects.create(user=quillon, provider="github", uid="7", extra_data={"name": NAME, "email": EMAIL})
    session = SessionStore()
    session["_auth_user_id"], session["draft"] = str(quillon.pk), {"path": "/", "typed": f"Yours, {NAME}"}
    session.save()
    UserSession.objects.create(user=quillon, session_key=session.session_key, ip="192.0.2.7", user_agent="Quill/1")
    Export.objects.create(reader=quillon, asked_at=now - timedelta(days=1), state=Export.State.FAILED)
    _write(quillon, other, moderator, thread)
    _choose(quillon, other, thread, now)
    _meet_moderators(quillon, moderator)
    return quillon


def _meet_moderators(quillon, moderator) -> None:
    traces.leave(quillon, "192.0.2.7")
    people.note_person(moderator=moderator, reader=quillon, text=f"{NAME} wrote to us.")
    told = {"told": f"Dear {NAME}, enough.", "note": f"{FORMER} again"}
    held = people.sanction(moderator=moderator, reader=quillon, kind="warning", reason="abusive", **told)
    people.lift(moderator=moderator, sanction=held, why=f"{NAME} is right.")


def _write(quillon, other, moderator, thread) -> None:
    said = {
        word: post_comment(author=quillon, thread=thread, body=f"Canary {word} words.")
        for word in ("published", "edited", "rejected", "restored", "quoted")
    }
    _quote(said["quoted"], quillon, other)
    Score.objects.create(comment=said["published"], model="local/1", inappropriate=0.1)
    edit_comment(author=quillon, comment=said["edited"], body="Canary edited words, better put.")
    post_comment(author=other, thread=thread, body="An answer.", parent=said["published"])
    for word in ("rejected", "restored"):
        decide(moderator=moderator, comment=said[word], seen="published", after="rejected", reason="false", note="N!")
    decide(moderator=moderator, comment=said["restored"], seen="rejected", after="published", reason="fine")
    theirs = post_comment(author=other, thread=thread, body="Somebody else's words.")
    respect(reader=quillon, comment=theirs)
    respect(reader=other, comment=said["published"])
    Mention.objects.create(comment=theirs, reader=quillon)
    report_comment(comment=theirs, reporter=quillon, address="192.0.2.7", reason="false", note="Not so.")
    report_comment(comment=said["published"], reporter=other, address="192.0.2.8", reason="spam")
    about = Statement.objects.get(decision__comment=said["rejected"])
    appeal(reader=quillon, about=about, words=f"I, {NAME}, disagree.")
    what = {"category": "VIOLENCE", "explanation": "A threat.", "good_faith": True}
    send_notice(content=Content(comment=theirs), sender=Sender(quillon, "", NAME, EMAIL), **what)
    send_notice(content=Content(person=quillon), sender=Sender(other, "", "R", "r@example.org"), **what)


def _quote(said, quillon, other) -> None:
    """With the name below, as the box writes it: in answers, elsewhere, before an edit, and once more in its midst."""
    words = quoted(said)
    for author, parent in ((other, said), (quillon, said), (other, None)):
        inner = words.strip().replace(">", "> >")
        answer = post_comment(author=author, thread=said.thread, body=f"{words}{inner}\n>\n> — R.\n\nI.", parent=parent)
        edit_comment(author=author, comment=answer, body=f"{words}So far, {answer.depth}.")
    edit_comment(author=other, comment=answer, body="Without it.")


def _choose(quillon, other, thread, now) -> None:
    Mute.objects.create(reader=quillon, muted=Reader.objects.create_user("m@example.org", "Max Muted"))
    Mute.objects.create(reader=Reader.objects.create_user("n@example.org", "Nina North"), muted=quillon)
    Follow.objects.create(reader=quillon, followed=other)
    Follow.objects.create(reader=other, followed=quillon)
    ThreadFollow.objects.get_or_create(reader=quillon, thread=thread)
    Visit.objects.update_or_create(reader=quillon, thread=thread, defaults={"revision": 1, "at": now})
    thread.experts.add(quillon)
    Person.objects.create(name="Q. X.", slug="q-x", account=quillon)
    mail = Mail.objects.create(reader=quillon)
    for reader, person in ((quillon, other), (other, quillon)):
        Notification.objects.create(
            reader=reader, person=person, kind="person", thread=thread, begins_at=now, mail=mail
        )
    Preference.objects.create(reader=quillon, kind="reply", how="never")
    choose_thanks(reader=quillon, by_name=True)
    said = thread.comments.filter(author=quillon).order_by("pk").first()
    facts = {"claim": "Not so.", "owner": quillon, "state": "declined", "told": "We looked.", "settled_at": now}
    brought = Correction.objects.create(comment=said, story=thread.story, **facts)
    Step.objects.create(correction=brought, act="noted", by=quillon, note="Once staff.")
    Lead.objects.create(comment=said, story=thread.story, note="Ask.", marked_by=quillon, answered_by=quillon)
    PushSubscription.objects.create(reader=quillon, endpoint="https://push.example/7")


def make_colleague(quillon: Reader) -> None:
    quillon.is_staff = True
    quillon.save()
    quillon.groups.add(Group.objects.get(name="Moderators"))
    quillon.user_permissions.add(Permission.objects.get(codename="decide"))
    now = clock.now()
    DayOf.objects.create(moderator=quillon, day=now.date(), acts=3, rejected=1)
    MailChoice.objects.create(moderator=quillon, digest="daily")
    theirs = Comment.objects.exclude(author=quillon).first()
    Offer.objects.create(moderator=quillon, comment=theirs, seen="published", expires_at=now)


def leave_the_staff(quillon: Reader) -> Reader:
    quillon.is_staff = False
    quillon.save()
    quillon.groups.clear()
    quillon.user_permissions.clear()
    return Reader.objects.get(pk=quillon.pk)
