"""Notices, statements of reasons, appeals, orders, legal holds; the guard is put up round the statements."""

import broadsheet.core.clock
import broadsheet.legal.models
import broadsheet.moderation.models
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from broadsheet.moderation import guard


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('discussion', '0009_desk'),
        ('moderation', '0004_desk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Flagger',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True)),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('added_at', models.DateTimeField(default=broadsheet.core.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('puid', models.CharField(default=broadsheet.legal.models.new_puid, max_length=60, unique=True)),
                ('sanction', models.BigIntegerField(blank=True, null=True, unique=True)),
                ('restriction', models.CharField(choices=[('VISIBILITY_CONTENT_REMOVED', 'The comment was removed'), ('VISIBILITY_CONTENT_DISABLED', 'The comment is hidden until it has been looked at'), ('VISIBILITY_OTHER', 'New comments are read before they are published'), ('ACCOUNT_SUSPENDED', 'The account may not take part for a time'), ('ACCOUNT_TERMINATED', 'The account may not take part any more')], max_length=40)),
                ('ground', models.CharField(choices=[('ILLEGAL_CONTENT', 'The law'), ('INCOMPATIBLE_CONTENT', 'Our comment policy')], max_length=30)),
                ('reason', models.CharField(choices=[('irrelevant', 'It has nothing to do with the story'), ('abusive', 'It insults, threatens or harasses somebody'), ('hateful', 'It attacks people for who they are'), ('false', 'It states as fact what is not so'), ('private', 'It gives away private matters'), ('spam', 'It is advertising or repeats itself'), ('illegal', 'It is against the law'), ('other', 'Something else'), ('fine', 'It keeps to the comment policy')], max_length=12)),
                ('legal_ground', models.CharField(max_length=500)),
                ('explanation', models.CharField(max_length=2000)),
                ('category', models.CharField(choices=[('ILLEGAL_OR_HARMFUL_SPEECH', 'Illegal or harmful speech'), ('CYBER_VIOLENCE', 'Cyber violence: harassment, stalking, exposure'), ('CYBER_VIOLENCE_AGAINST_WOMEN', 'Cyber violence against women'), ('DATA_PROTECTION_AND_PRIVACY_VIOLATIONS', 'Data protection and privacy'), ('PROTECTION_OF_MINORS', 'Protection of minors, and abuse of children'), ('SELF_HARM', 'Self-harm'), ('VIOLENCE', 'Violence and threats of it'), ('RISK_FOR_PUBLIC_SECURITY', 'Public security, terrorism'), ('NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS', 'Harm to public debate or elections'), ('SCAMS_AND_FRAUD', 'Scams and fraud'), ('INTELLECTUAL_PROPERTY_INFRINGEMENTS', 'Copyright and other intellectual property'), ('CONSUMER_INFORMATION', 'Rights of consumers'), ('UNSAFE_AND_PROHIBITED_PRODUCTS', 'Unsafe or prohibited products'), ('ANIMAL_WELFARE', 'Animal welfare'), ('NOT_SPECIFIED_NOTICE', 'Something else that is against the law'), ('OTHER_VIOLATION_TC', 'Another rule of the comment policy')], max_length=60)),
                ('facts', models.CharField(max_length=5000)),
                ('source', models.CharField(choices=[('ARTICLE_16', 'A notice of illegal content'), ('TRUSTED_FLAGGER', 'A notice by a trusted flagger'), ('TYPE_OTHER_NOTIFICATION', 'Readers’ reports'), ('VOLUNTARY', 'Our own initiative')], max_length=40)),
                ('is_detected', models.BooleanField(default=False)),
                ('automation', models.CharField(choices=[('NOT_AUTOMATED', 'No: a person decided'), ('FULLY', 'Yes, by the newsroom’s settings')], max_length=30)),
                ('content_at', models.DateTimeField(blank=True, null=True)),
                ('applied_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('language', models.CharField(blank=True, max_length=3)),
                ('appeal_until', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('decision', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statement', to='moderation.decision')),
            ],
            options={
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(choices=[('court', 'A court is dealing with it'), ('minors', 'It is about children or young people'), ('death', 'It is about somebody’s death'), ('order', 'Removed by order as terrorist content'), ('other', 'Another legal reason')], max_length=6)),
                ('effect', models.CharField(choices=[('keep', 'Nothing to readers; the words are kept'), ('first', 'New comments are read first'), ('close', 'The discussion is closed')], default='keep', max_length=5)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('created_at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('expires_at', models.DateTimeField()),
                ('reminded_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('closed_it', models.BooleanField(default=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('comment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='discussion.comment')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='legal_holds', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='discussion.thread')),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=broadsheet.moderation.models.receipt_token, max_length=32, unique=True)),
                ('category', models.CharField(choices=[('ILLEGAL_OR_HARMFUL_SPEECH', 'Illegal or harmful speech'), ('CYBER_VIOLENCE', 'Cyber violence: harassment, stalking, exposure'), ('CYBER_VIOLENCE_AGAINST_WOMEN', 'Cyber violence against women'), ('DATA_PROTECTION_AND_PRIVACY_VIOLATIONS', 'Data protection and privacy'), ('PROTECTION_OF_MINORS', 'Protection of minors, and abuse of children'), ('SELF_HARM', 'Self-harm'), ('VIOLENCE', 'Violence and threats of it'), ('RISK_FOR_PUBLIC_SECURITY', 'Public security, terrorism'), ('NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS', 'Harm to public debate or elections'), ('SCAMS_AND_FRAUD', 'Scams and fraud'), ('INTELLECTUAL_PROPERTY_INFRINGEMENTS', 'Copyright and other intellectual property'), ('CONSUMER_INFORMATION', 'Rights of consumers'), ('UNSAFE_AND_PROHIBITED_PRODUCTS', 'Unsafe or prohibited products'), ('ANIMAL_WELFARE', 'Animal welfare'), ('NOT_SPECIFIED_NOTICE', 'Something else that is against the law'), ('OTHER_VIOLATION_TC', 'Another rule of the comment policy')], max_length=60)),
                ('legal_ground', models.CharField(blank=True, max_length=500)),
                ('explanation', models.CharField(max_length=2000)),
                ('is_danger', models.BooleanField(default=False)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('address_key', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('answer', models.CharField(choices=[('waiting', 'An editor has not looked at it yet'), ('removed', 'An editor agreed and removed the content'), ('kept', 'An editor looked at it and left the content as it is'), ('gone', 'The content’s author withdrew it')], default='waiting', max_length=8)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('words', models.CharField(blank=True, max_length=1000)),
                ('comment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='discussion.comment')),
                ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='moderation.decision')),
                ('flagger', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notices', to='legal.flagger')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices_about', to=settings.AUTH_USER_MODEL)),
                ('reader', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notices', to=settings.AUTH_USER_MODEL)),
                ('report', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notice', to='moderation.report')),
            ],
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('act', 'To act against content (article 9)'), ('tell', 'To give information about a person (article 10)'), ('terror', 'To remove terrorist content within an hour')], max_length=6)),
                ('authority', models.CharField(max_length=200)),
                ('reference', models.CharField(max_length=120)),
                ('language', models.CharField(blank=True, max_length=60)),
                ('received_at', models.DateTimeField()),
                ('scope', models.CharField(max_length=1000)),
                ('given', models.TextField(blank=True, max_length=5000)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('statement', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='recipient', serialize=False, to='legal.statement')),
                ('read_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=broadsheet.moderation.models.receipt_token, max_length=32, unique=True)),
                ('words', models.CharField(max_length=5000)),
                ('created_at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('result', models.CharField(choices=[('waiting', 'Waiting: somebody else than the first decides'), ('upheld', 'Upheld: the first decision was changed'), ('confirmed', 'The first decision was confirmed'), ('gone', 'Over: there is nothing left to decide')], default='waiting', max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, max_length=1000)),
                ('by_same_person', models.BooleanField(default=False)),
                ('appellant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='appeals', to=settings.AUTH_USER_MODEL)),
                ('comment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='appeals', to='discussion.comment')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decided_appeals', to=settings.AUTH_USER_MODEL)),
                ('first', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='moderation.decision')),
                ('report', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='appeals', to='moderation.report')),
                ('second', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='moderation.decision')),
                ('notice', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='appeals', to='legal.notice')),
                ('statement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='legal.statement')),
            ],
        ),
        migrations.CreateModel(
            name='Sealed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contents', models.TextField()),
                ('made_at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sealed', to='discussion.comment')),
                ('hold', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sealed', to='legal.hold')),
            ],
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['thread', 'expires_at'], name='hold_thread'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['expires_at'], name='hold_expires'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='hold_lasts'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('comment__isnull', True), ('effect', 'keep'), _connector='OR'), name='hold_of_a_comment_only_keeps'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('answer', 'waiting')), fields=['id'], name='notice_waiting'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['created_at'], name='notice_at'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['reader', 'created_at'], name='notice_reader'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('address_key', ''), _negated=True), fields=['address_key', 'created_at'], name='notice_address'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['ILLEGAL_OR_HARMFUL_SPEECH', 'CYBER_VIOLENCE', 'CYBER_VIOLENCE_AGAINST_WOMEN', 'DATA_PROTECTION_AND_PRIVACY_VIOLATIONS', 'PROTECTION_OF_MINORS', 'SELF_HARM', 'VIOLENCE', 'RISK_FOR_PUBLIC_SECURITY', 'NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS', 'SCAMS_AND_FRAUD', 'INTELLECTUAL_PROPERTY_INFRINGEMENTS', 'CONSUMER_INFORMATION', 'UNSAFE_AND_PROHIBITED_PRODUCTS', 'ANIMAL_WELFARE', 'NOT_SPECIFIED_NOTICE', 'OTHER_VIOLATION_TC'])), name='notice_category_is_known'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('comment__isnull', False), ('person__isnull', True)), models.Q(('comment__isnull', True), ('person__isnull', False)), _connector='OR'), name='notice_is_about_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'waiting'), ('answered_at__isnull', True)), models.Q(models.Q(('answer', 'waiting'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='notice_answer_has_its_moment'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['received_at'], name='order_at'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['act', 'tell', 'terror'])), name='order_kind_is_known'),
        ),
        migrations.AddField(
            model_name='recipient',
            name='reader',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='statements', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['created_at'], name='statement_at'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision__isnull', False), ('sanction__isnull', True)), models.Q(('decision__isnull', True), ('sanction__isnull', False)), _connector='OR'), name='statement_is_about_one_act'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('restriction__in', ['VISIBILITY_CONTENT_REMOVED', 'VISIBILITY_CONTENT_DISABLED', 'VISIBILITY_OTHER', 'ACCOUNT_SUSPENDED', 'ACCOUNT_TERMINATED'])), name='restriction_is_known'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['ILLEGAL_OR_HARMFUL_SPEECH', 'CYBER_VIOLENCE', 'CYBER_VIOLENCE_AGAINST_WOMEN', 'DATA_PROTECTION_AND_PRIVACY_VIOLATIONS', 'PROTECTION_OF_MINORS', 'SELF_HARM', 'VIOLENCE', 'RISK_FOR_PUBLIC_SECURITY', 'NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS', 'SCAMS_AND_FRAUD', 'INTELLECTUAL_PROPERTY_INFRINGEMENTS', 'CONSUMER_INFORMATION', 'UNSAFE_AND_PROHIBITED_PRODUCTS', 'ANIMAL_WELFARE', 'NOT_SPECIFIED_NOTICE', 'OTHER_VIOLATION_TC'])), name='statement_category_is_known'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(condition=models.Q(('result', 'waiting')), fields=['id'], name='appeal_waiting'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(fields=['created_at'], name='appeal_at'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.UniqueConstraint(condition=models.Q(('first__isnull', False), ('result', 'waiting')), fields=('first',), name='one_open_appeal_a_decision'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.UniqueConstraint(condition=models.Q(('result', 'waiting'), ('statement__isnull', False)), fields=('statement',), name='one_open_appeal_a_statement'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('statement__isnull', False), ('notice__isnull', False), ('report__isnull', False), _connector='OR'), name='appeal_is_about_something'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('result__in', ['upheld', 'confirmed']), _negated=True), ('decided_by__isnull', False), _connector='OR'), name='somebody_decided_the_appeal'),
        ),
        migrations.AddConstraint(
            model_name='sealed',
            constraint=models.UniqueConstraint(fields=('hold', 'comment'), name='sealed_once'),
        ),
        migrations.AddIndex(
            model_name='recipient',
            index=models.Index(fields=['reader', '-statement'], name='recipient_list'),
        ),
        migrations.RunPython(
            lambda apps, schema_editor: guard.put_up(schema_editor.connection),
            lambda apps, schema_editor: guard.take_down(schema_editor.connection),
        ),
    ]
