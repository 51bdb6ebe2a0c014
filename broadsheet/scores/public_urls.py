"""The model card, at the front of the site."""

from __future__ import annotations

from django.urls import path

from broadsheet.scores.card import views

urlpatterns = [path("policy/scorer/", views.card, name="scorer_card")]
