"""Every address of the site, app by app."""

from __future__ import annotations

from django.urls import include, path

from broadsheet.embed import quoting

urlpatterns = [
    path("accounts/", include("broadsheet.accounts.urls")),
    path("", include("broadsheet.accounts.own_urls")),
    path("desk/", include("broadsheet.stories.desk_urls")),
    path("moderation/legal/", include("broadsheet.legal.desk_urls")),
    path("moderation/", include("broadsheet.newsdesk.urls")),
    path("moderation/", include("broadsheet.moderation.urls")),
    path("", include("broadsheet.webhooks.urls")),
    path("moderation/rules/", include("broadsheet.intake.urls")),
    path("moderation/scorer/", include("broadsheet.scores.urls")),
    path("", include("broadsheet.moderation.report_urls")),
    path("", include("broadsheet.legal.urls")),
    path("", include("broadsheet.discussion.urls")),
    path("", include("broadsheet.notifications.urls")),
    path("", include("broadsheet.newsdesk.own_urls")),
    path("", include("broadsheet.scores.public_urls")),
    path("", include("broadsheet.wire.urls")),
    path("", include("broadsheet.config.health")),
    path("embed/", include("broadsheet.embed.urls")),
    path("oembed", quoting.oembed, name="oembed"),
    path("", include("broadsheet.stories.urls")),
]
