"""The moderators' desk, under /moderation/: every address here is for those who may decide."""

from __future__ import annotations

from django.urls import include, path

from broadsheet.moderation import (
    act_views,
    bulk_views,
    canned_views,
    clock_views,
    desk_views,
    hours_views,
    in_place,
    preference_views,
)
from broadsheet.moderation.models import Queue
from broadsheet.moderation.people import views as people

app_name = "moderation"
urlpatterns = [
    path("", desk_views.home, name="home"),
    *(path(f"{queue}/", desk_views.queue, {"name": queue}, name=queue) for queue in Queue.values),
    path("waiting/", desk_views.waiting, name="waiting"),
    path("mine/", desk_views.mine, name="mine"),
    path("asked/", desk_views.asked, name="asked"),
    path("take/", desk_views.taking, name="take"),
    path("put-back/", desk_views.putting_back, name="put_back"),
    path("views/", desk_views.views, name="views"),
    path("views/<int:pk>/delete/", desk_views.view_away, name="delete_view"),
    path("bulk/", bulk_views.prepare, name="prepare_bulk"),
    path("bulk/<int:pk>/", bulk_views.bulk, name="bulk"),
    path("bulk/<int:pk>/start/", bulk_views.start, name="start_bulk"),
    path("bulk/<int:pk>/undo/", bulk_views.undo, name="undo_bulk"),
    path("texts/", canned_views.texts, name="canned"),
    path("decisions/", desk_views.decisions, name="decisions"),
    path("preferences/", preference_views.preferences, name="preferences"),
    path("preferences/calm/", preference_views.calm, name="calm"),
    path("discussions/", clock_views.discussions, name="discussions"),
    path("discussions/<int:pk>/", clock_views.discussion, name="discussion"),
    path("discussions/<int:pk>/comments/", clock_views.talk, name="talk"),
    path("hours/", hours_views.hours, name="hours"),
    path("hours/newsroom/", hours_views.edit, name="hours_newsroom"),
    path("hours/sections/<int:pk>/", hours_views.edit, name="hours_section"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/sanction/", people.sanctioning, name="sanction"),
    path("comments/<int:pk>/", act_views.comment, name="comment"),
    path("comments/<int:pk>/acts/", in_place.acts, name="acts"),
    path("comments/<int:pk>/card/", act_views.card, name="card"),
    path("comments/<int:pk>/decide/", act_views.decision, name="decide"),
    path("comments/<int:pk>/pick/", act_views.picking, name="pick"),
    path("comments/<int:pk>/lock/", act_views.locking, name="lock"),
    path("comments/<int:pk>/undo/", act_views.undoing_it, name="undo"),
    path("comments/<int:pk>/hold/", act_views.holding, name="hold"),
    path("comments/<int:pk>/ask/", act_views.asking, name="ask"),
    path("comments/<int:pk>/opinion/", act_views.opining, name="opine"),
    path("", include("broadsheet.moderation.overview.urls")),
]
