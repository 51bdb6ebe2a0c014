"""Count, for discussions from before there was a count, the published comments that started a conversation."""

from django.db import migrations
from django.db.models import Count, Q


def count(apps, schema_editor):
    threads = apps.get_model("discussion", "Thread").objects.using(schema_editor.connection.alias)
    started = Count("comments", filter=Q(comments__parent=None, comments__status="published"))
    for pk, true in threads.annotate(true=started).filter(true__gt=0).values_list("pk", "true"):
        threads.filter(pk=pk).update(started=true)


class Migration(migrations.Migration):
    dependencies = [("discussion", "0003_modes_and_answers")]
    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
