"""The hours in which somebody is at the desk, how long comments usually wait, and discussions that go by neither."""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('discussion', '0009_desk'),
        ('stories', '0004_notice_thanks'),
    ]

    operations = [
        migrations.AddField(
            model_name='thread',
            name='opened_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='thread',
            name='without_hours',
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name='Hours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.JSONField(default=list)),
                ('holidays', models.JSONField(default=list)),
                ('away', models.CharField(choices=[('open', 'As usual'), ('hold', 'Every comment waits for an editor'), ('close', 'Closed until the desk is back')], default='open', max_length=5)),
                ('full_at', models.PositiveIntegerField(blank=True, null=True)),
                ('free_at', models.PositiveIntegerField(blank=True, null=True)),
                ('full', models.CharField(choices=[('open', 'As usual'), ('hold', 'Every comment waits for an editor'), ('close', 'Closed until the desk is back')], default='open', max_length=5)),
                ('full_since', models.DateTimeField(blank=True, null=True)),
                ('section', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='desk_hours', to='stories.section')),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.comparison.Coalesce('section', 0), name='one_hours_a_section'), models.CheckConstraint(condition=models.Q(('away__in', ['open', 'hold', 'close']), ('full__in', ['open', 'hold', 'close'])), name='hours_way_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('free_at', None), ('full_at', None)), models.Q(('free_at__lte', models.F('full_at')), ('full_at__isnull', False)), _connector='OR'), name='hours_are_free_below_full')],
            },
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('evidence', models.PositiveIntegerField(default=0)),
                ('counted_at', models.DateTimeField()),
                ('section', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stories.section')),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.comparison.Coalesce('section', 0), name='one_promise_a_section')],
            },
        ),
    ]
