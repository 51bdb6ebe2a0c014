"""Picks are decisions too, and what is done with a whole discussion is kept like one; the guard is put up round both."""

import broadsheet.core.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from broadsheet.moderation import guard


class Migration(migrations.Migration):

    dependencies = [
        ('discussion', '0003_modes_and_answers'),
        ('moderation', '0002_guard'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ThreadDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('closed', 'The discussion was closed'), ('opened', 'The discussion was opened again'), ('timed', 'Its period was changed'), ('mode', 'What it takes was changed'), ('slowed', 'Its slow mode was changed'), ('expert', 'An expert was named'), ('no expert', 'An expert was taken off')], max_length=10)),
                ('before', models.CharField(blank=True, max_length=40)),
                ('after', models.CharField(blank=True, max_length=40)),
                ('created_at', models.DateTimeField(default=broadsheet.core.clock.now)),
            ],
            options={
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='decision',
            name='picked',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('picked__isnull', True), models.Q(('after', 'published'), ('seen', 'published')), _connector='OR'), name='only_public_comments_are_picked'),
        ),
        migrations.AddField(
            model_name='threaddecision',
            name='moderator',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='thread_decisions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='threaddecision',
            name='thread',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='decisions', to='discussion.thread'),
        ),
        migrations.AddIndex(
            model_name='threaddecision',
            index=models.Index(fields=['thread', '-id'], name='thread_decisions'),
        ),
        migrations.AddConstraint(
            model_name='threaddecision',
            constraint=models.CheckConstraint(condition=models.Q(('act__in', ['closed', 'opened', 'timed', 'mode', 'slowed', 'expert', 'no expert'])), name='thread_act_is_known'),
        ),
        migrations.RunPython(
            lambda apps, schema_editor: guard.put_up(schema_editor.connection),
            lambda apps, schema_editor: guard.take_down(schema_editor.connection),
        ),
    ]
