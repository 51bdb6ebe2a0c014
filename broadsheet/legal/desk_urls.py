"""Legal matters at the moderators' desk, under /moderation/legal/."""

from __future__ import annotations

from django.urls import path

from broadsheet.legal import desk_views, hold_views

app_name = "legal"
urlpatterns = [
    path("", desk_views.overview, name="overview"),
    path("notices/<int:pk>/", desk_views.notice, name="notice"),
    path("appeals/<int:pk>/", desk_views.appeal, name="appeal"),
    path("holds/", hold_views.holds, name="holds"),
    path("holds/new/", hold_views.new_hold, name="new_hold"),
    path("holds/<int:pk>/", hold_views.hold, name="hold"),
    path("flaggers/", desk_views.flaggers, name="flaggers"),
    path("orders/", desk_views.orders, name="orders"),
    path("orders/<int:pk>/", desk_views.order, name="order"),
    path("statements.file/", desk_views.export, name="export"),
]
