"""The newsroom's rules for what comes in, the lists they look in, and what they found."""

import broadsheet.core.clock
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('discussion', '0009_desk'),
        ('stories', '0004_notice_thanks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Listing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('kind', models.CharField(choices=[('phrases', 'Words and phrases'), ('names', 'Protected names'), ('hosts', 'Servers of links'), ('mail', 'Domains of e-mail addresses')], max_length=8)),
                ('language', models.CharField(blank=True, max_length=80)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('lines', models.TextField(blank=True)),
                ('size', models.PositiveIntegerField(default=0)),
                ('changed_at', models.DateTimeField(default=broadsheet.core.clock.now)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['phrases', 'names', 'hosts', 'mail'])), name='listing_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('kind', models.CharField(max_length=12)),
                ('params', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('off', 'Off'), ('trial', 'On trial'), ('on', 'On')], default='off', max_length=5)),
                ('spares_staff', models.BooleanField(default=True)),
                ('asks_for', models.CharField(choices=[('note', 'Only note it on the card'), ('hold', 'Hold the comment for a moderator'), ('reject', 'Reject the comment unseen')], default='hold', max_length=6)),
                ('reason', models.CharField(blank=True, choices=[('irrelevant', 'It has nothing to do with the story'), ('abusive', 'It insults, threatens or harasses somebody'), ('hateful', 'It attacks people for who they are'), ('false', 'It states as fact what is not so'), ('private', 'It gives away private matters'), ('spam', 'It is advertising or repeats itself'), ('illegal', 'It is against the law'), ('other', 'Something else'), ('fine', 'It keeps to the comment policy')], max_length=12)),
                ('minutes', models.PositiveIntegerField(default=0)),
                ('position', models.PositiveIntegerField(default=0)),
                ('trial_since', models.DateTimeField(blank=True, null=True)),
                ('changed_at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('listings', models.ManyToManyField(blank=True, related_name='rules', to='intake.listing')),
                ('section', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stories.section')),
                ('story', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stories.story')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Found',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on_trial', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='discussion.comment')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='found', to='intake.rule')),
            ],
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facts', models.JSONField(default=dict)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting to begin'), ('looking', 'Looking through the comments'), ('looked', 'Done'), ('holding', 'Holding what it found'), ('held', 'What it found is held'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('total', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('after', models.BigIntegerField(default=0)),
                ('held', models.PositiveIntegerField(default=0)),
                ('passed', models.PositiveIntegerField(default=0)),
                ('asked_at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('heard_at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='intake.rule')),
            ],
        ),
        migrations.CreateModel(
            name='RunFound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300)),
                ('spans', models.JSONField(default=list)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='discussion.comment')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='found', to='intake.run')),
            ],
        ),
        migrations.CreateModel(
            name='Switch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_on', models.BooleanField()),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='switches', to='intake.rule')),
                ('section', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stories.section')),
                ('story', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stories.story')),
            ],
        ),
        migrations.AddConstraint(
            model_name='rule',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['off', 'trial', 'on'])), name='rule_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='rule',
            constraint=models.CheckConstraint(condition=models.Q(('asks_for__in', ['note', 'hold', 'reject'])), name='rule_asks_for_something_known'),
        ),
        migrations.AddConstraint(
            model_name='rule',
            constraint=models.CheckConstraint(condition=models.Q(('section', None), ('story', None), _connector='OR'), name='rule_has_one_place'),
        ),
        migrations.AddConstraint(
            model_name='rule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asks_for', 'reject'), _negated=True), ('reason__in', ['irrelevant', 'abusive', 'hateful', 'false', 'private', 'spam', 'illegal', 'other']), _connector='OR'), name='rule_rejects_with_a_reason'),
        ),
        migrations.AddIndex(
            model_name='found',
            index=models.Index(fields=['rule', 'at'], name='found_rule'),
        ),
        migrations.AddIndex(
            model_name='found',
            index=models.Index(fields=['at'], name='found_at'),
        ),
        migrations.AddConstraint(
            model_name='found',
            constraint=models.UniqueConstraint(fields=('rule', 'comment'), name='found_once'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(fields=['rule', '-id'], name='run_rule'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(fields=['asked_at'], name='run_at'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'looking', 'looked', 'holding', 'held', 'failed'])), name='run_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='runfound',
            constraint=models.UniqueConstraint(fields=('run', 'comment'), name='run_found_once'),
        ),
        migrations.AddConstraint(
            model_name='switch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('section', None), ('story__isnull', False)), models.Q(('section__isnull', False), ('story', None)), _connector='OR'), name='switch_has_one_place'),
        ),
        migrations.AddConstraint(
            model_name='switch',
            constraint=models.UniqueConstraint(condition=models.Q(('story', None)), fields=('rule', 'section'), name='one_switch_a_section'),
        ),
        migrations.AddConstraint(
            model_name='switch',
            constraint=models.UniqueConstraint(condition=models.Q(('section', None)), fields=('rule', 'story'), name='one_switch_a_story'),
        ),
    ]
