"""Names this app to Django: what readers' comments bring to the news desk: corrections and leads."""

from __future__ import annotations

from django.apps import AppConfig


class App(AppConfig):
    name = "broadsheet.newsdesk"
    label = "newsdesk"
