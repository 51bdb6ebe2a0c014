"""Addresses of the paper's pages."""

from __future__ import annotations

from django.urls import path

from broadsheet.stories import crawlers, feeds, views
from broadsheet.stories.models import Person, Section, Topic

urlpatterns = [
    path("", views.front, name="front"),
    path("sections/<slug:slug>/", views.section, name="section"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
    path("authors/<slug:slug>/", views.author, name="author"),
    path("stories/<int:pk>/<slug:slug>/", views.story, name="story"),
    path("stories/<int:pk>/", views.story, {"slug": ""}, name="story_by_number"),
    path("features/", views.features, name="features"),
    path("search/", views.search, name="search"),
    path("policy/comments/", views.comment_policy, name="comment_policy"),
    path("about/", views.about, name="about"),
    path("feed/", feeds.feed, name="feed"),
    path("sections/<slug:slug>/feed/", feeds.part_feed, {"part": Section}, name="section_feed"),
    path("topics/<slug:slug>/feed/", feeds.part_feed, {"part": Topic}, name="topic_feed"),
    path("authors/<slug:slug>/feed/", feeds.part_feed, {"part": Person}, name="author_feed"),
    path("sitemap.xml", feeds.sitemap_index, name="sitemap"),
    path("sitemaps/<int:pk>.xml", feeds.sitemap, name="sitemap_part"),
    path("robots.txt", crawlers.robots, name="robots"),
    path(".well-known/tdmrep.json", crawlers.reservation, name="mining_reservation"),
    path("license.xml", crawlers.licence, name="machine_licence"),
]
