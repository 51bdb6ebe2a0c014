"""Likeness of texts, what a bulk has left alone, what was looked at for a pick, and second opinions by an index."""

from datetime import timedelta
from itertools import islice

import django.db.models.deletion
from django.db import migrations, models

from broadsheet.core import clock
from broadsheet.moderation import guard
from broadsheet.moderation.likeness import keys_of

LIKE_FOR = timedelta(days=180)


def lift_guard(apps, schema_editor):
    guard.take_down(schema_editor.connection)


def put_up_guard(apps, schema_editor):
    guard.put_up(schema_editor.connection)


def find_alike(apps, schema_editor):
    """What was written lately is found by texts like it."""
    Comment = apps.get_model("discussion", "Comment")
    Likeness = apps.get_model("moderation", "Likeness")
    lately = Comment.objects.filter(created_at__gte=clock.now() - LIKE_FOR).exclude(words="")
    rows = lately.values_list("pk", "words").iterator()
    made = (Likeness(comment_id=pk, key=key) for pk, words in rows for key in keys_of(words))
    while some := list(islice(made, 500)):
        Likeness.objects.bulk_create(some)


class Migration(migrations.Migration):

    dependencies = [
        ('discussion', '0009_desk'),
        ('moderation', '0004_desk'),
    ]

    operations = [
        migrations.RunPython(lift_guard, put_up_guard),
        migrations.CreateModel(
            name='Likeness',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BigIntegerField()),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='likenesses', to='discussion.comment')),
            ],
            options={
                'indexes': [models.Index(fields=['key', 'comment'], name='likeness_key')],
            },
        ),
        migrations.AddField(
            model_name='bulk',
            name='left',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='bulk',
            name='started_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='bulk',
            name='undone_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='decision',
            name='considered',
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('considered', False), ('picked', False), _connector='OR'), name='what_was_only_considered_is_not_picked'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('asked_by__isnull', False)), fields=['due', 'id'], name='entry_asked'),
        ),
        migrations.RunPython(find_alike, migrations.RunPython.noop),
        migrations.RunPython(put_up_guard, lift_guard),
    ]
