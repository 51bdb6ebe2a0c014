"""Rules and lists, under /moderation/rules/: moderators read them, supervisors set them."""

from __future__ import annotations

from django.urls import path

from broadsheet.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.rules, name="rules"),
    path("new/", views.new_rule, name="new_rule"),
    path("try/", views.try_box, name="try"),
    path("lists/", views.listings, name="listings"),
    path("lists/new/", views.new_listing, name="new_listing"),
    path("lists/<int:pk>/", views.listing, name="listing"),
    path("runs/<int:pk>/", views.run, name="run"),
    path("<int:pk>/", views.rule, name="rule"),
]
