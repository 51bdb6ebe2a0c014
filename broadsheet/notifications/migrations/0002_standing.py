"""Readers are told of what is decided about their account, which is about no discussion."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('discussion', '0009_desk'),
        ('notifications', '0001_notifications'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='notification',
            name='notification_kind_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='preference',
            name='preference_kind_is_known',
        ),
        migrations.AlterField(
            model_name='notification',
            name='kind',
            field=models.CharField(choices=[('reply', 'Replies to your comments'), ('mention', 'Comments that name you'), ('decision', 'Editors’ decisions on your comments, with the reason'), ('pick', 'Comments of yours that an editor picks'), ('correction', 'Corrections that a comment of yours led to'), ('outcome', 'What came of your reports'), ('thread', 'New comments in discussions you follow'), ('person', 'New comments by people you follow'), ('standing', 'Editors’ decisions about your account')], max_length=10),
        ),
        migrations.AlterField(
            model_name='notification',
            name='thread',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='discussion.thread'),
        ),
        migrations.AlterField(
            model_name='preference',
            name='kind',
            field=models.CharField(choices=[('reply', 'Replies to your comments'), ('mention', 'Comments that name you'), ('decision', 'Editors’ decisions on your comments, with the reason'), ('pick', 'Comments of yours that an editor picks'), ('correction', 'Corrections that a comment of yours led to'), ('outcome', 'What came of your reports'), ('thread', 'New comments in discussions you follow'), ('person', 'New comments by people you follow'), ('standing', 'Editors’ decisions about your account')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['reply', 'mention', 'decision', 'pick', 'correction', 'outcome', 'thread', 'person', 'standing'])), name='notification_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='preference',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['reply', 'mention', 'decision', 'pick', 'correction', 'outcome', 'thread', 'person', 'standing'])), name='preference_kind_is_known'),
        ),
    ]
