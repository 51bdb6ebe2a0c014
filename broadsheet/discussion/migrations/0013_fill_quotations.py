"""Comments from before quotations were looked at: which quote, and what of it readers can no longer see elsewhere."""

from functools import cache

from django.db import migrations
from django.utils.html import escape

from broadsheet.core import text
from broadsheet.discussion.quotations import Source, above, left_out, letters, own_words, withheld, wordings

BATCH = 500  # rows held in memory


def fill(apps, schema_editor):
    comments = apps.get_model("discussion", "Comment").objects
    comments.filter(html__contains="<blockquote>").update(quotes=True)
    quoting = comments.filter(quotes=True).order_by().values_list("thread", flat=True).distinct()
    for thread in list(quoting):
        here = comments.filter(thread=thread)
        gone = here.filter(published_at__isnull=False).exclude(status="published")
        if said := [(each.pk, list(filter(None, all_said(each)))) for each in gone.prefetch_related("versions")]:
            withhold(here, said)


def withhold(comments, gone):
    parents = dict(comments.values_list("pk", "parent"))
    known = cache(lambda: "\n".join(readable(comments)))
    for comment in comments.filter(quotes=True).iterator(BATCH):
        answered = above(comment.parent_id, parents)
        sources = [Source(pk, words, pk in answered) for pk, words in gone if pk != comment.pk]
        if found := withheld(comment.html, sources, known):
            shown = left_out(comment.html, {name for name, _ in found})
            comments.filter(pk=comment.pk).update(withheld=found, words=text.search_words(text.plain(shown)))


def all_said(comment):
    yield from wordings(comment.html)
    for version in comment.versions.all():
        yield from wordings(text.comment_html(version.body))


def readable(comments):
    story = comments.first().thread.story
    yield from map(letters, [escape(story.headline), escape(story.standfirst), story.body_html])
    for html in comments.filter(status="published").values_list("html", flat=True):
        yield letters(own_words(html))


class Migration(migrations.Migration):
    dependencies = [("discussion", "0012_quotations")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
