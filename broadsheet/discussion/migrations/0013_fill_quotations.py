"""Comments from before quotations were looked at: which quote, and what of it readers can no longer see elsewhere."""

from django.db import migrations

from broadsheet.core import text
from broadsheet.discussion.quotations import Source, above, left_out, letters, own_words, withheld

BATCH = 500  # rows held in memory


def fill(apps, schema_editor):
    comments = apps.get_model("discussion", "Comment").objects
    comments.filter(html__contains="<blockquote>").update(quotes=True)
    quoting = comments.filter(quotes=True).order_by().values_list("thread", flat=True).distinct()
    for thread in list(quoting):
        gone = list(comments.filter(thread=thread, published_at__isnull=False).exclude(status="published"))
        if gone:
            withhold(comments.filter(thread=thread), [(each.pk, list(said(each))) for each in gone])


def withhold(comments, gone):
    parents = dict(comments.values_list("pk", "parent"))
    for comment in comments.filter(quotes=True).iterator(BATCH):
        answered = above(comment.parent_id, parents)
        sources = [Source(pk, words, pk in answered) for pk, words in gone if pk != comment.pk]
        if found := withheld(comment.html, sources):
            shown = left_out(comment.html, {name for name, _ in found})
            comments.filter(pk=comment.pk).update(withheld=found, words=text.search_words(text.plain(shown)))


def said(comment):
    yield letters(own_words(comment.html))
    for version in comment.versions.all():
        yield letters(own_words(text.comment_html(version.body)))


class Migration(migrations.Migration):
    dependencies = [("discussion", "0012_quotations")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
