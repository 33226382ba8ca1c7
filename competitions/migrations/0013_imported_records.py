import django.db.models.deletion
import uuid
from django.db import migrations, models


def give_uuids(apps, schema_editor):
    """One for each: the default with which the column was added is the same for all."""
    people = apps.get_model('competitions', 'Person').objects.using(schema_editor.connection.alias)
    for person in list(people.all()):
        person.uuid = uuid.uuid4()
        person.save(update_fields=['uuid'])


class Migration(migrations.Migration):

    dependencies = [
        ('competitions', '0012_dated_names'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='uuid',
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.RunPython(give_uuids, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='person',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.CreateModel(
            name='ImportedRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('spans', models.JSONField(verbose_name='编号对照')),
                ('seq', models.PositiveBigIntegerField(verbose_name='末条序号')),
                ('head', models.CharField(max_length=64, verbose_name='末条摘要')),
                ('bundle_digest', models.CharField(max_length=64, verbose_name='卷宗摘要')),
                ('imported_at', models.DateTimeField(verbose_name='导入时间')),
                ('competition', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='imported', to='competitions.competition')),
                ('imported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='competitions.person')),
            ],
            options={
                'verbose_name': '卷宗导入',
            },
        ),
    ]
