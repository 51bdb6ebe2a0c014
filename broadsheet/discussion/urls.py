"""Addresses of discussions."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from broadsheet.discussion import choices, history, news, versions, views, writing


class RowConverter(IntConverter):
    """A row's number as we print it. One that no database could hold is a wrong address, not a fault."""

    regex = "[1-9][0-9]{0,17}"


register_converter(RowConverter, "row")

urlpatterns = [
    path("stories/<row:pk>/comments/new/", writing.new, name="comment_new"),
    path("comments/<row:pk>/", views.conversation, name="comment"),
    path("comments/<row:pk>/reply/", writing.reply, name="comment_reply"),
    path("stories/<row:pk>/comments/preview/", writing.preview, name="comment_preview"),
    path("comments/<row:pk>/history/", versions.history, name="comment_history"),
    path("comments/<row:pk>/replies/", views.replies, name="comment_replies"),
    path("comments/<row:pk>/context/", views.context, name="comment_context"),
    path("comments/<row:pk>/respect/", choices.respect, name="comment_respect"),
    path("comments/<row:pk>/respects/", choices.respects, name="comment_respects"),
    path("stories/<row:pk>/comments/search/", views.search, name="comment_search"),
    path("stories/<row:pk>/comments/follow/", choices.follow_thread, name="thread_follow"),
    path("stories/<row:pk>/comments/new-to-me/", news.news, name="thread_news"),
    path("readers/<row:pk>/follow/", choices.follow_person, name="reader_follow"),
    path("readers/<row:pk>/mute/", choices.mute, name="reader_mute"),
    path("me/following/", choices.my_following, name="my_following"),
    path("comments/<row:pk>/edit/", writing.edit, name="comment_edit"),
    path("comments/<row:pk>/withdraw/", writing.withdraw, name="comment_withdraw"),
    path("me/comments/", history.my_comments, name="my_comments"),
    path("readers/<row:pk>/", history.reader, name="reader"),
    path("threads/<row:pk>/changes/", views.changes, name="thread_changes"),
    path("threads/<row:pk>/me/", views.me, name="thread_me"),
    path("threads/<row:pk>/visit/", views.visit, name="thread_visit"),
]
