"""Scores, thresholds and how they are used; what waits for a score; what was known when somebody decided."""

import broadsheet.core.clock
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('discussion', '0010_desk_hours'),
        ('moderation', '0007_overview'),
    ]

    operations = [
        migrations.CreateModel(
            name='Hour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(unique=True)),
                ('scored', models.PositiveIntegerField(default=0)),
                ('late', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0)),
                ('milliseconds', models.FloatField(default=0)),
                ('slowest', models.FloatField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='DecisionScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=160)),
                ('inappropriate', models.FloatField(blank=True, null=True)),
                ('spam', models.FloatField(blank=True, null=True)),
                ('values', models.JSONField(default=dict)),
                ('thresholds', models.JSONField(default=dict)),
                ('shown', models.BooleanField(default=False)),
                ('asked', models.CharField(blank=True, max_length=13)),
                ('above', models.BooleanField(default=False)),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='score', to='moderation.decision')),
            ],
        ),
        migrations.CreateModel(
            name='Threshold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('inappropriate', 'Inappropriate'), ('spam', 'Spam')], max_length=13)),
                ('model', models.CharField(max_length=160)),
                ('language', models.CharField(blank=True, max_length=8)),
                ('comments', models.PositiveIntegerField()),
                ('scale', models.JSONField(default=list)),
                ('made_at', models.DateTimeField(default=broadsheet.core.clock.now)),
            ],
            options={
                'indexes': [models.Index(fields=['model', 'kind', 'language', '-made_at'], name='threshold_latest')],
            },
        ),
        migrations.CreateModel(
            name='Use',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('inappropriate', models.CharField(choices=[('off', 'Off'), ('trial', 'On trial'), ('on', 'On')], default='trial', max_length=5)),
                ('spam', models.CharField(choices=[('off', 'Off'), ('trial', 'On trial'), ('on', 'On')], default='trial', max_length=5)),
                ('false_alarms', models.PositiveSmallIntegerField(default=20)),
                ('fixed_inappropriate', models.FloatField(blank=True, null=True)),
                ('fixed_spam', models.FloatField(blank=True, null=True)),
                ('when_late', models.CharField(choices=[('pass', 'It passes'), ('hold', 'It waits for the score')], default='pass', max_length=4)),
                ('nudges', models.BooleanField(default=False)),
                ('learns', models.BooleanField(default=True)),
                ('trickle', models.PositiveSmallIntegerField(default=20)),
                ('learned', models.JSONField(default=dict)),
                ('changed_at', models.DateTimeField(default=broadsheet.core.clock.now)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('inappropriate__in', ['off', 'trial', 'on']), ('spam__in', ['off', 'trial', 'on'])), name='score_use_is_known'), models.CheckConstraint(condition=models.Q(('false_alarms__range', (1, 500))), name='score_false_alarms_are_some'), models.CheckConstraint(condition=models.Q(('trickle__range', (0, 1000))), name='score_trickle_is_a_share')],
            },
        ),
        migrations.CreateModel(
            name='Linked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(max_length=255)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='discussion.comment')),
            ],
            options={
                'indexes': [models.Index(fields=['host', '-comment'], name='linked_host')],
                'constraints': [models.UniqueConstraint(fields=('comment', 'host'), name='linked_once')],
            },
        ),
        migrations.CreateModel(
            name='Score',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=160)),
                ('language', models.CharField(blank=True, max_length=8)),
                ('inappropriate', models.FloatField(blank=True, null=True)),
                ('spam', models.FloatField(blank=True, null=True)),
                ('relevance', models.FloatField(blank=True, null=True)),
                ('values', models.JSONField(default=dict)),
                ('reasons', models.JSONField(default=dict)),
                ('marks', models.JSONField(default=dict)),
                ('parts', models.JSONField(default=dict)),
                ('milliseconds', models.FloatField(default=0)),
                ('late', models.BooleanField(default=False)),
                ('honeypot', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='score', to='discussion.comment')),
            ],
            options={
                'indexes': [models.Index(fields=['made_at'], name='score_made_at')],
            },
        ),
        migrations.CreateModel(
            name='Waiting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_new', models.BooleanField(default=True)),
                ('late', models.BooleanField(default=False)),
                ('honeypot', models.BooleanField(default=False)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('taken_at', models.DateTimeField(blank=True, null=True)),
                ('since', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='discussion.comment')),
            ],
            options={
                'indexes': [models.Index(fields=['-is_new', 'id'], name='score_waiting')],
            },
        ),
    ]
