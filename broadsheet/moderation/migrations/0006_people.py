"""Sanctions, notes about people, moderators' sections, and traces of network addresses that last for a month."""

import broadsheet.core.clock
import broadsheet.moderation.models
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0005_work_of_the_desk'),
        ('stories', '0004_notice_thanks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ModeratorScope',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moderator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moderated_sections', to=settings.AUTH_USER_MODEL)),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stories.section')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('moderator', 'section'), name='one_scope_a_section')],
            },
        ),
        migrations.CreateModel(
            name='PersonNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=1000)),
                ('at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='desk_notes_written', to=settings.AUTH_USER_MODEL)),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='desk_notes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['reader', '-id'], name='note_reader')],
            },
        ),
        migrations.CreateModel(
            name='Sanction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('warning', 'Warning'), ('no_reports', 'Reports switched off'), ('premod', 'Comments read first'), ('suspension', 'Suspension'), ('ban', 'Ban')], max_length=10)),
                ('reason', models.CharField(choices=[('irrelevant', 'It has nothing to do with the story'), ('abusive', 'It insults, threatens or harasses somebody'), ('hateful', 'It attacks people for who they are'), ('false', 'It states as fact what is not so'), ('private', 'It gives away private matters'), ('spam', 'It is advertising or repeats itself'), ('illegal', 'It is against the law'), ('other', 'Something else'), ('fine', 'It keeps to the comment policy')], max_length=12)),
                ('told', models.CharField(blank=True, max_length=1000)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('lifted_why', models.CharField(blank=True, max_length=1000)),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                ('token', models.CharField(default=broadsheet.moderation.models.receipt_token, max_length=32, unique=True)),
                ('mark', models.CharField(blank=True, max_length=64)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sanctions_given', to=settings.AUTH_USER_MODEL)),
                ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sanctions_lifted', to=settings.AUTH_USER_MODEL)),
                ('reader', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sanctions', to=settings.AUTH_USER_MODEL)),
                ('section', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stories.section')),
            ],
            options={
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['reader', '-id'], name='sanction_reader'), models.Index(condition=models.Q(('mark', ''), _negated=True), fields=['mark'], name='sanction_mark')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['warning', 'no_reports', 'premod', 'suspension', 'ban'])), name='sanction_kind_is_known'), models.CheckConstraint(condition=models.Q(('reason__in', ['irrelevant', 'abusive', 'hateful', 'false', 'private', 'spam', 'illegal', 'other'])), name='sanction_has_a_reason'), models.CheckConstraint(condition=models.Q(('reader', None), models.Q(('reader', models.F('by')), _negated=True), _connector='OR'), name='nobody_sanctions_themselves'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('at')), _connector='OR'), name='sanction_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'suspension'), ('until__isnull', False)), models.Q(('kind__in', ['warning', 'ban']), ('until__isnull', True)), ('kind__in', ['premod', 'no_reports']), _connector='OR'), name='sanction_ends_as_its_kind_does'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_at', None), ('lifted_by', None)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False)), _connector='OR'), name='sanction_is_lifted_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Trace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('other_key', models.CharField(max_length=64)),
                ('day', models.DateField()),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='traces', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['key'], name='trace_key'), models.Index(fields=['other_key'], name='trace_other_key'), models.Index(fields=['day'], name='trace_forget')],
                'constraints': [models.UniqueConstraint(fields=('reader', 'key', 'day'), name='one_trace_a_day')],
            },
        ),
    ]
