"""Addresses of discussions."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from broadsheet.discussion import views, writing


class RowConverter(IntConverter):
    """A row's number as we print it. One that no database could hold is a wrong address, not a fault."""

    regex = "[1-9][0-9]{0,17}"


register_converter(RowConverter, "row")

urlpatterns = [
    path("stories/<row:pk>/comments/new/", writing.new, name="comment_new"),
    path("comments/<row:pk>/", views.conversation, name="comment"),
    path("comments/<row:pk>/reply/", writing.reply, name="comment_reply"),
    path("comments/<row:pk>/edit/", writing.edit, name="comment_edit"),
    path("comments/<row:pk>/withdraw/", writing.withdraw, name="comment_withdraw"),
    path("me/comments/", views.my_comments, name="my_comments"),
    path("threads/<row:pk>/changes/", views.changes, name="thread_changes"),
    path("threads/<row:pk>/me/", views.me, name="thread_me"),
]
