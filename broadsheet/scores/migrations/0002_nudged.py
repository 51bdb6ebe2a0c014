"""What came of asking writers, before a comment is stored, whether they mean it so."""

import broadsheet.core.clock
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scores', '0001_scores'),
        ('stories', '0004_notice_thanks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Nudged',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('outcome', models.CharField(choices=[('waiting', 'Not yet known'), ('changed', 'Posted in other words'), ('as it was', 'Posted as it was'), ('left', 'Not posted within an hour')], default='waiting', max_length=9)),
                ('threshold', models.FloatField()),
                ('before', models.FloatField()),
                ('after', models.FloatField(blank=True, null=True)),
                ('intent', models.CharField(blank=True, max_length=32)),
                ('words', models.CharField(blank=True, max_length=32)),
                ('story', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stories.story')),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='nudged_at'), models.Index(condition=models.Q(('outcome', 'waiting')), fields=['intent'], name='nudged_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['waiting', 'changed', 'as it was', 'left'])), name='nudge_outcome_is_known')],
            },
        ),
    ]
