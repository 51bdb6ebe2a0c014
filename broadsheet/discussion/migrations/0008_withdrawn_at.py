"""When a comment was withdrawn: its words are kept for a time from then on. For those of before, from today on."""

from django.db import migrations, models
from django.utils import timezone


def begin_today(apps, schema_editor):
    apps.get_model("discussion", "Comment").objects.filter(status="withdrawn").update(withdrawn_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("discussion", "0007_thread_notable")]
    operations = [
        migrations.AddField(
            model_name="comment", name="withdrawn_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.RunPython(begin_today, migrations.RunPython.noop, elidable=True),
    ]
