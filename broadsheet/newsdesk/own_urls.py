"""What a reader's comments put right, among the pages of their account."""

from __future__ import annotations

from django.urls import path

from broadsheet.newsdesk import own_views

urlpatterns = [path("me/corrections/", own_views.my_corrections, name="my_corrections")]
