"""Addresses of signing in by a publisher's token."""

from __future__ import annotations

from django.urls import path

from broadsheet.accounts.publisher import views

urlpatterns = [
    path("return/", views.come_back, name="publisher_return"),
    path("finish/", views.finish, name="publisher_finish"),
    path("name/", views.choose_name, name="publisher_name"),
    path("connect/", views.connect, name="publisher_connect"),
    path("<slug:slug>/", views.begin, name="publisher"),
    path("<slug:slug>/signed-out/", views.signed_out, name="publisher_signed_out"),
    path("<slug:slug>/disconnect/", views.disconnect, name="publisher_disconnect"),
]
