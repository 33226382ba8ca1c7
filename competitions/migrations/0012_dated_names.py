from collections import Counter

from django.db import migrations, models


def date_namesakes(apps, schema_editor):
    """Secretaries of one name in one unit are told apart by their terms from now on."""
    entries = apps.get_model('competitions', 'Entry').objects.using(schema_editor.connection.alias)
    names = {
        row[0]: row[1:]
        for row in entries.filter(term__isnull=False).values_list(
            'id', 'competition_id', 'unit_id', 'term__person__name'
        )
    }
    counted = Counter(names.values())
    entries.filter(id__in=[key for key, name in names.items() if counted[name] > 1]).update(
        dated=True
    )


class Migration(migrations.Migration):

    dependencies = [
        ('competitions', '0011_first_year'),
    ]

    operations = [
        migrations.AddField(
            model_name='entry',
            name='dated',
            field=models.BooleanField(default=False, verbose_name='与同名者以任期区别'),
        ),
        migrations.RunPython(date_namesakes, migrations.RunPython.noop),
    ]
