"""The desk's queues, and what a decision says besides. What waits already gets its place."""

from datetime import timedelta
from itertools import islice

import broadsheet.core.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from broadsheet.moderation import guard

DAYS_UNREVIEWED = 14


def lift_guard(apps, schema_editor):
    guard.take_down(schema_editor.connection)


def put_up_guard(apps, schema_editor):
    guard.put_up(schema_editor.connection)


def name_sources(apps, schema_editor):
    """What nobody decided was an import's or a program's doing so far."""
    apps.get_model("moderation", "Decision").objects.filter(moderator=None).update(source="import")


def fill_queues(apps, schema_editor):
    """Everything that waits now stands where its age puts it; what raises it is weighed when something happens to it."""
    Comment = apps.get_model("discussion", "Comment")
    Decision = apps.get_model("moderation", "Decision")
    Entry = apps.get_model("moderation", "Entry")
    Report = apps.get_model("moderation", "Report")

    def enter(queue, rows):
        made = (
            Entry(queue=queue, comment_id=pk, thread_id=thread, section_id=section, author_id=author, since=at, due=at)
            for pk, thread, section, author, at in rows.iterator()
        )
        while some := list(islice(made, 500)):
            Entry.objects.bulk_create(some)

    facts = ("pk", "thread_id", "thread__story__section_id", "author_id")
    enter("pending", Comment.objects.filter(status="pending").values_list(*facts, "created_at"))
    reported = Comment.objects.filter(status="published", reports__outcome="waiting")
    enter("reported", reported.annotate(at=models.Min("reports__created_at")).order_by().values_list(*facts, "at"))
    lately = Comment.objects.filter(
        status="published", created_at__gte=broadsheet.core.clock.now() - timedelta(days=DAYS_UNREVIEWED)
    )
    decided = Decision.objects.filter(comment=models.OuterRef("pk"))
    enter("unreviewed", lately.exclude(models.Exists(decided)).values_list(*facts, "published_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('discussion', '0009_desk'),
        ('moderation', '0003_picks_and_discussions'),
        ('stories', '0004_notice_thanks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(lift_guard, put_up_guard),
        migrations.CreateModel(
            name='Bulk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('after', models.CharField(choices=[('pending', 'Pending'), ('published', 'Published'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn')], max_length=10)),
                ('reason', models.CharField(blank=True, choices=[('irrelevant', 'It has nothing to do with the story'), ('abusive', 'It insults, threatens or harasses somebody'), ('hateful', 'It attacks people for who they are'), ('false', 'It states as fact what is not so'), ('private', 'It gives away private matters'), ('spam', 'It is advertising or repeats itself'), ('illegal', 'It is against the law'), ('other', 'Something else'), ('fine', 'It keeps to the comment policy')], max_length=12)),
                ('told', models.CharField(blank=True, max_length=1000)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('comments', models.JSONField(default=list)),
                ('done', models.PositiveIntegerField(default=0)),
                ('passed', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Canned',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('reason', models.CharField(blank=True, choices=[('irrelevant', 'It has nothing to do with the story'), ('abusive', 'It insults, threatens or harasses somebody'), ('hateful', 'It attacks people for who they are'), ('false', 'It states as fact what is not so'), ('private', 'It gives away private matters'), ('spam', 'It is advertising or repeats itself'), ('illegal', 'It is against the law'), ('other', 'Something else'), ('fine', 'It keeps to the comment policy')], max_length=12)),
                ('text', models.CharField(max_length=1000)),
            ],
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=40)),
                ('about', models.CharField(blank=True, max_length=200)),
                ('before', models.JSONField(blank=True, null=True)),
                ('after', models.JSONField(blank=True, null=True)),
                ('at', models.DateTimeField(default=broadsheet.core.clock.now)),
            ],
            options={
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('queue', models.CharField(choices=[('reported', 'Reported'), ('pending', 'Pending'), ('appeals', 'Appeals'), ('unreviewed', 'Unreviewed'), ('picks', 'Picks to consider')], max_length=10)),
                ('since', models.DateTimeField()),
                ('due', models.DateTimeField()),
                ('why', models.JSONField(default=list)),
                ('author_state', models.CharField(blank=True, max_length=12)),
                ('language', models.CharField(blank=True, max_length=3)),
                ('score', models.FloatField(blank=True, null=True)),
                ('asked_note', models.CharField(blank=True, max_length=1000)),
                ('held_until', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('after', models.CharField(choices=[('pending', 'Pending'), ('published', 'Published'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn')], max_length=10)),
                ('reason', models.CharField(blank=True, choices=[('irrelevant', 'It has nothing to do with the story'), ('abusive', 'It insults, threatens or harasses somebody'), ('hateful', 'It attacks people for who they are'), ('false', 'It states as fact what is not so'), ('private', 'It gives away private matters'), ('spam', 'It is advertising or repeats itself'), ('illegal', 'It is against the law'), ('other', 'Something else'), ('fine', 'It keeps to the comment policy')], max_length=12)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('is_blind', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=broadsheet.core.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('keys', models.JSONField(default=dict)),
                ('keys_on', models.BooleanField(default=True)),
                ('calm', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='View',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('queue', models.CharField(choices=[('reported', 'Reported'), ('pending', 'Pending'), ('appeals', 'Appeals'), ('unreviewed', 'Unreviewed'), ('picks', 'Picks to consider')], max_length=10)),
                ('narrowed', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(default=broadsheet.core.clock.now)),
            ],
        ),
        migrations.AlterModelOptions(
            name='decision',
            options={'base_manager_name': 'objects', 'permissions': [('decide', 'May decide about comments'), ('supervise', "May set moderators' rules, look after their work and decide appeals")]},
        ),
        migrations.RemoveConstraint(
            model_name='decision',
            name='decision_statuses_are_known',
        ),
        migrations.RemoveConstraint(
            model_name='report',
            name='one_place_in_the_queue',
        ),
        migrations.RemoveConstraint(
            model_name='report',
            name='only_waiting_reports_are_queued',
        ),
        migrations.RemoveIndex(
            model_name='report',
            name='report_queue',
        ),
        migrations.RemoveField(
            model_name='report',
            name='queued',
        ),
        migrations.AddField(
            model_name='decision',
            name='locked',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='decision',
            name='source',
            field=models.CharField(choices=[('person', 'At the desk'), ('bulk', 'With many others'), ('mail', 'By a link in a mail'), ('undo', 'Undoing another'), ('appeal', 'On appeal'), ('rule', 'By a rule'), ('reports', 'By the number of reports'), ('import', 'By an import')], default='person', max_length=8),
        ),
        migrations.AddField(
            model_name='decision',
            name='told',
            field=models.CharField(blank=True, max_length=1000),
        ),
        migrations.AddField(
            model_name='decision',
            name='undoes',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='moderation.decision'),
        ),
        migrations.AddField(
            model_name='decision',
            name='waited',
            field=models.DurationField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='decision',
            name='seen',
            field=models.CharField(blank=True, choices=[('pending', 'Pending'), ('published', 'Published'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn')], max_length=10),
        ),
        migrations.AddField(
            model_name='bulk',
            name='moderator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulks', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='decision',
            name='bulk',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='moderation.bulk'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['created_at'], name='decision_at'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['moderator', 'created_at'], name='decision_moderator'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('seen__in', ['', 'pending', 'published', 'rejected', 'withdrawn']), ('after__in', ['pending', 'published', 'rejected'])), name='decision_statuses_are_known'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['person', 'bulk', 'mail', 'undo', 'appeal', 'rule', 'reports', 'import'])), name='decision_source_is_known'),
        ),
        migrations.RunPython(name_sources, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('moderator__isnull', False), ('source__in', ('rule', 'reports', 'import')), _connector='OR'), name='somebody_or_something_decided'),
        ),
        migrations.AddField(
            model_name='change',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='desk_changes', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='entry',
            name='asked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='entry',
            name='author',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='entry',
            name='comment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='discussion.comment'),
        ),
        migrations.AddField(
            model_name='entry',
            name='holder',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='held_entries', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='entry',
            name='section',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='stories.section'),
        ),
        migrations.AddField(
            model_name='entry',
            name='thread',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='discussion.thread'),
        ),
        migrations.AddField(
            model_name='opinion',
            name='comment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opinions', to='discussion.comment'),
        ),
        migrations.AddField(
            model_name='opinion',
            name='moderator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='preference',
            name='moderator',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='desk_preference', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='view',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='desk_views', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(fields=['what', '-id'], name='change_what'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['queue', 'due', 'id'], name='entry_order'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['queue', 'section', 'due', 'id'], name='entry_section'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['queue', 'thread', 'due', 'id'], name='entry_thread'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['queue', 'author_state', 'due', 'id'], name='entry_state'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['queue', 'language', 'due', 'id'], name='entry_language'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('holder__isnull', False)), fields=['holder'], name='entry_holder'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('comment', 'queue'), name='one_entry_a_queue'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('queue__in', ['reported', 'pending', 'appeals', 'unreviewed', 'picks'])), name='entry_queue_is_known'),
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.UniqueConstraint(fields=('comment', 'moderator'), name='one_opinion_a_moderator'),
        ),
        migrations.RunPython(fill_queues, migrations.RunPython.noop),
        migrations.RunPython(put_up_guard, lift_guard),
    ]
