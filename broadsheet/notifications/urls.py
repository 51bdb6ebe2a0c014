"""Addresses of notifications."""

from __future__ import annotations

from django.urls import path

from broadsheet.notifications import push_views, views

urlpatterns = [
    path("me/notifications/", views.listing, name="notifications"),
    path("me/notifications/seen/", views.seen_all, name="notifications_seen"),
    path("me/notifications/settings/", views.preferences, name="notifications_settings"),
    path("me/notifications/latest/", push_views.latest, name="notifications_latest"),
    path("me/notifications/browser/", push_views.browser, name="notifications_browser"),
    path("me/notifications/<row:pk>/", views.open_one, name="notification"),
    path("me/notifications/<row:pk>/seen/", views.seen_one, name="notification_seen"),
    path("notifications/stop/<str:token>/", views.stop, name="notifications_stop"),
    path("push.js", push_views.worker, name="push_worker"),
]
