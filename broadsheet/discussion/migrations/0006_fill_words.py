"""Comments from before there was a search get the words that it compares."""

from django.db import migrations

from broadsheet.core.text import search_words

BATCH = 500  # rows held in memory and written by one statement


def fill(apps, schema_editor):
    comments = apps.get_model("discussion", "Comment").objects
    last = 0
    while rows := list(comments.filter(pk__gt=last, words="").only("body").order_by("pk")[:BATCH]):
        for row in rows:
            row.words = search_words(row.body)
        comments.bulk_update(rows, ["words"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("discussion", "0005_visit_before_at")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
