"""The scorer's page, under /moderation/scorer/: moderators read it, supervisors change how scores are used."""

from __future__ import annotations

from django.urls import path

from broadsheet.scores import views
from broadsheet.scores.backends import views as others
from broadsheet.scores.learning import views as learning

app_name = "scores"
urlpatterns = [
    path("", views.scorer, name="scorer"),
    path("others/", others.listing, name="others"),
    path("others/new/", others.new, name="new_other"),
    path("others/<int:pk>/", others.other, name="other"),
    path("learned/", learning.learned, name="learned"),
    path("misread/<int:pk>/", learning.misread, name="misread"),
]
