"""Webhooks and mail at the desk, and the links in mail to moderators."""

from __future__ import annotations

from django.urls import include, path

from broadsheet.webhooks import by_mail, views

desk = [
    path("mail/", views.mail, name="mail"),
    path("webhooks/", views.listing, name="list"),
    path("webhooks/new/", views.new, name="new"),
    path("webhooks/<int:pk>/", views.endpoint, name="endpoint"),
    path("webhooks/deliveries/<int:pk>/again/", views.again, name="again"),
]
urlpatterns = [
    path("moderation/", include((desk, "webhooks"))),
    path("by-mail/<slug:token>/", by_mail.page, name="by_mail"),
]
