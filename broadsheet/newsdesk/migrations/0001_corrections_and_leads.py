"""Corrections, what was done about them, whom we may thank by name, and leads for reporters."""

import broadsheet.core.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('discussion', '0010_desk_hours'),
        ('stories', '0004_notice_thanks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('claim', models.TextField(max_length=2000)),
                ('state', models.CharField(choices=[('open', 'Open'), ('accepted', 'Accepted'), ('published', 'Published'), ('declined', 'Declined')], default='open', max_length=9)),
                ('told', models.TextField(blank=True, max_length=2000)),
                ('notice', models.BigIntegerField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='discussion.comment')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('story', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='stories.story')),
            ],
        ),
        migrations.CreateModel(
            name='Lead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.TextField(blank=True, max_length=2000)),
                ('created_at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, choices=[('', 'Not answered yet'), ('taken', 'Taken'), ('useless', 'Not of use')], default='', max_length=8)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='lead', to='discussion.comment')),
                ('marked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('story', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='leads', to='stories.story')),
            ],
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('sent', 'Sent to the desk'), ('taken', 'Taken on'), ('accepted', 'Accepted'), ('published', 'Published'), ('declined', 'Declined'), ('noted', 'Noted')], max_length=9)),
                ('note', models.TextField(blank=True, max_length=2000)),
                ('at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('correction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='newsdesk.correction')),
            ],
        ),
        migrations.CreateModel(
            name='Thanks',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_name', models.BooleanField()),
                ('chosen_at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('reader', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='thanks', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='correction',
            index=models.Index(fields=['state', '-id'], name='correction_state'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'accepted', 'published', 'declined'])), name='correction_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('open', 'accepted'))), fields=('comment',), name='one_waiting_correction_a_comment'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('notice__isnull', False), ('state', 'published')), models.Q(('state', 'published'), _negated=True), _connector='OR'), name='published_correction_has_its_notice'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(fields=['story', '-id'], name='lead_story'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('told_at', None)), fields=['created_at'], name='lead_untold'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(('answer__in', ['', 'taken', 'useless'])), name='lead_answer_is_known'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(('act__in', ['sent', 'taken', 'accepted', 'published', 'declined', 'noted'])), name='step_is_known'),
        ),
    ]
