"""The news desk's pages beside the moderators', under /moderation/."""

from __future__ import annotations

from django.urls import path

from broadsheet.newsdesk import views

app_name = "newsdesk"
urlpatterns = [
    path("corrections/", views.corrections, name="corrections"),
    path("corrections/<int:pk>/", views.correction, name="correction"),
    path("leads/", views.leads, name="leads"),
    path("leads/<int:pk>/", views.lead, name="lead"),
    path("comments/<int:pk>/correction/", views.send_correction, name="send_correction"),
    path("comments/<int:pk>/lead/", views.send_lead, name="send_lead"),
]
