"""Addresses of one's own account. Lists that apps above this one keep are theirs: me/comments/, me/reports/."""

from __future__ import annotations

from django.urls import path

from broadsheet.accounts import own_views

urlpatterns = [
    path("me/", own_views.me, name="me"),
    path("me/profile/", own_views.profile, name="my_profile"),
    path("me/data/", own_views.data, name="my_data"),
    path("me/data/<int:pk>/", own_views.download, name="my_data_file"),
    path("me/delete/", own_views.delete, name="my_deletion"),
    path("me/delete/keep/", own_views.keep, name="my_deletion_keep"),
    path("me/delete/now/", own_views.delete_now, name="my_deletion_now"),
]
