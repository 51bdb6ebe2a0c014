"""Addresses of the wire: stories and feeds for other programs. The Atom feeds are stories' own."""

from __future__ import annotations

from django.urls import path

from broadsheet.stories.models import Person, Section, Topic
from broadsheet.wire import views

urlpatterns = [
    path("stories/<int:pk>/ninjs.json", views.story_ninjs, name="story_ninjs"),
    path("stories/<int:pk>/newsml-g2.xml", views.story_newsml_g2, name="story_newsml_g2"),
    path("wire/ninjs.json", views.ninjs_feed, name="ninjs_feed"),
    path("feed/rss/", views.rss_feed, name="rss"),
    path("feed/json/", views.json_feed_of, name="json_feed"),
    path("sections/<slug:slug>/feed/rss/", views.rss_feed, {"part": Section}, name="section_rss"),
    path("sections/<slug:slug>/feed/json/", views.json_feed_of, {"part": Section}, name="section_json_feed"),
    path("topics/<slug:slug>/feed/rss/", views.rss_feed, {"part": Topic}, name="topic_rss"),
    path("topics/<slug:slug>/feed/json/", views.json_feed_of, {"part": Topic}, name="topic_json_feed"),
    path("authors/<slug:slug>/feed/rss/", views.rss_feed, {"part": Person}, name="author_rss"),
    path("authors/<slug:slug>/feed/json/", views.json_feed_of, {"part": Person}, name="author_json_feed"),
    path("news-sitemap.xml", views.recent, name="news_sitemap"),
]
