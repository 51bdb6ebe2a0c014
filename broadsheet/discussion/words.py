"""What the discussion's scripts say; each name is used by `say(...)` in static/discussion/."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadsheet.core.words import Word

# The box in which a comment is written: comment-form.js and the modules it loads.
WRITING: dict[str, Word] = {
    "sign_in": _("Sign in"),
    "signed_out": _("You are signed out. Your words are kept in this browser."),
    "not_sent": _("That could not be sent just now. Your words are still here: please try again in a moment."),
    "sending": _("Sending…"),
    "left": ("%(n)s character left", "%(n)s characters left"),
    "over": ("%(n)s character too many", "%(n)s characters too many"),
    "preview": _("Preview"),
    "preview_hint": _("As you type, your comment is shown here as others will see it."),
    "preview_failed": _("The preview could not be made just now."),
    # Translators: ago is "2 hours ago" or "yesterday", as the browser says it.
    "draft_back": _("Your draft is back. You last changed it %(ago)s."),
    "draft_discard": _("Discard it"),
    "draft_keep": _("Keep it for later"),
    "draft_close": _("Keep what you have written for later, or discard it?"),
    "quote": _("Quote"),
    # Translators: stands below a passage that a reader quotes from the story itself, after a dash.
    "quote_story": _("from the story"),
    # Translators: time is a countdown such as 1:35.
    "wait": _("You can post again in %(time)s."),
    "wait_over": _("You can post again now."),
    "edit_left": _("You can save changes for another %(time)s."),
    "edit_over": _("The time for changes is over. What you have written is still here, to copy."),
}

# The list of comments, for everybody: comment-thread.js, replies.js, share.js.
READING: dict[str, Word] = {
    "new_comments": ("%(n)s new comment", "%(n)s new comments"),
    "replies": ("%(n)s reply", "%(n)s replies"),
    # Translators: so many of a conversation's replies are shown on this page: "5 of 7 replies".
    "replies_of": ("%(shown)s of %(n)s reply", "%(shown)s of %(n)s replies"),
    "show_replies": ("Show the %(n)s reply", "Show all %(n)s replies"),
    "more_replies": _("Show more replies"),
    "in_reply_to": _("In reply to %(name)s"),
    "in_reply_to_gone": _("In reply to a comment that is gone"),
    "link_copied": _("Link copied"),
    "not_public": _("This discussion is not public any more."),
}

# What a signed-in reader's own tools say: reader-tools.js and the modules it loads.
OWN: dict[str, Word] = {
    "edit": _("Edit"),
    "withdraw": _("Withdraw"),
    "not_done": _("That could not be done just now. Please try again in a moment."),
    # Translators: stands behind the number of readers who respect a comment, for screen readers: "12 in all".
    "respects_in_all": pgettext_lazy("respects", "in all"),
    "more": _("More"),
    "follow_person": _("Follow %(name)s"),
    "unfollow_person": _("Follow %(name)s no longer"),
    "mute_person": _("Mute %(name)s"),
    "unmute_person": _("Read %(name)s again"),
    "muted": _("A comment by someone you muted."),
    "muted_show": _("Show"),
    # Translators: a mark on a comment that was published since the reader's last visit.
    "new": pgettext_lazy("a comment", "New"),
    "since_visit": ("%(n)s new comment since your last visit.", "%(n)s new comments since your last visit."),
    "see_newest": _("Newest first"),
    "next_new": ("Next new comment (%(n)s)", "Next new comment (%(n)s)"),
    "keys": _("Keyboard shortcuts"),
    "keys_on": _("Use these keys"),
    "key_j": _("next comment"),
    "key_k": _("previous comment"),
    "key_n": _("next new comment"),
    "key_p": _("previous new comment"),
    "key_help": _("this list"),
    "close": _("Close"),
    "unread": ("%(n)s unread notice", "%(n)s unread notices"),
}

WORDS: dict[str, Word] = {
    **READING,
    **WRITING,
    **OWN,
}
