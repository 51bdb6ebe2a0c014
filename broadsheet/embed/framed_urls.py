"""The pages of a discussion that may stand in a frame: the very views of our own site. Nothing else does.

No page of an account, of the desk or of moderation may ever be added.
"""

from __future__ import annotations

from django.urls import path

from broadsheet.discussion import choices, history, news, versions, views, writing
from broadsheet.moderation import views as reports

urlpatterns = [
    path("stories/<row:pk>/comments/new/", writing.new, name="framed_new"),
    path("stories/<row:pk>/comments/preview/", writing.preview),
    path("stories/<row:pk>/comments/search/", views.search),
    path("stories/<row:pk>/comments/follow/", choices.follow_thread),
    path("stories/<row:pk>/comments/new-to-me/", news.news),
    path("comments/<row:pk>/", views.conversation, name="framed_conversation"),
    path("comments/<row:pk>/reply/", writing.reply),
    path("comments/<row:pk>/edit/", writing.edit),
    path("comments/<row:pk>/withdraw/", writing.withdraw),
    path("comments/<row:pk>/history/", versions.history),
    path("comments/<row:pk>/replies/", views.replies),
    path("comments/<row:pk>/context/", views.context),
    path("comments/<row:pk>/respect/", choices.respect),
    path("comments/<row:pk>/respects/", choices.respects),
    path("comments/<row:pk>/report/", reports.report),
    path("reports/<slug:token>/", reports.receipt),
    path("readers/<row:pk>/follow/", choices.follow_person),
    path("readers/<row:pk>/mute/", choices.mute),
    path("me/comments/", history.my_comments),
    path("threads/<row:pk>/changes/", views.changes),
    path("threads/<row:pk>/me/", views.me),
    path("threads/<row:pk>/visit/", views.visit),
]
