"""A competition from a bundle 卷宗: its record word by word, its rows, its published pages.

Everything happens in one transaction, or nothing. No account is made: people come as people, and
who is to sign in here gets an account here.
"""

import base64
import binascii
import gzip
import hashlib

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from competitions.actions.recusals import refresh_recusals
from competitions.actions.secretaries import refresh_secretary_entries
from competitions.actions.terms import find_changed_year, put_term, settled_years
from competitions.models import (
    Competition,
    ImportedRecord,
    Involvement,
    PartySecretary,
    Person,
    SchemeDraft,
    SchemeVersion,
    Unit,
)
from competitions.queries import scheme_of
from competitions.queries.drafts import draft_digest
from competitions.queries.replay import Identities
from competitions.queries.sealed import check_rules
from publication import kinds
from publication.bundle.problems import BundleError, shown
from publication.bundle.read import ATTACHMENTS, PAGES_FILE, TABLES_FILE
from publication.carried import FILES, TABLES, RowReader, carried_fields
from publication.import_plan import meet_again, plan_import
from publication.models import HTML, PublicationVersion, PublishedPage
from publication.replay import check_counted, check_version, find_unlike_rows
from publication.verification import BINARY, ZIP, rebuild_verification
from record.actions import AUDIT, append
from record.chain.digests import RESULT_TAG, document_digest
from record.models import Revision
from record.restore import restore_chain
from record.turns import take_turn
from scoring.actions.attachments import (
    MOST_BYTES,
    Attachment,
    drop_attachment,
    find_extension,
    store_attachment,
)
from scoring.models import Tabulation
from scoring.queries.sealed import check_tabulation
from scoring.rules.evidence import from_document
from scoring.rules.tabulate import tabulate

BATCH = 200
IMPORTS = "leitai/imports"
LONGEST_PATH = PublishedPage._meta.get_field("path").max_length
PAGE_TYPES = {HTML, ZIP, BINARY}
UNSOUND = "卷宗里的表自相矛盾，或与存证对不上，没有导入任何内容。请向导出的一方重新索取卷宗。"
SHAPE = (KeyError, TypeError, AttributeError, IndexError, ValueError, IntegrityError, DataError)


def import_bundle(*, bundle, by, now, host_code=""):
    """This function will bring the competition of an opened bundle into the database and return it.

    `host_code` is the county for which `by` acts, empty for all. ValidationError with every reason
    found when it cannot be done: the bundle does not verify, the competition is here already, its
    county is unknown, a unit or a term of office here says otherwise, the rows do not fit the
    record. Then nothing has changed.
    """
    plan = plan_import(bundle, host_code=host_code)
    if not _has_static_files():
        plan.problems.append("本系统页面用的样式文件还没有备好，请先启动一次系统，再导入。")
    if plan.problems:
        raise ValidationError(plan.problems)
    files = []
    try:
        with transaction.atomic():
            # One at a time: what was planned is asked again, now that nobody else brings it in.
            take_turn(IMPORTS)
            meet_again(plan, host_code=host_code)
            if plan.problems:
                raise ValidationError(plan.problems)
            return _Import(bundle, plan, by, now, files).run()
    except BaseException as error:
        for name in files:
            drop_attachment(name)
        if isinstance(error, BundleError):
            raise ValidationError(error.problems) from error
        if isinstance(error, SHAPE):
            raise ValidationError(UNSOUND) from error
        raise


def _has_static_files():
    """Whether a page can be made here: on a machine where the server never ran the list of static
    files is not there yet."""
    try:
        return bool(staticfiles_storage.url("css/base.css"))
    except ValueError:
        return False


class _Import:
    """One bundle on its way in. `ids` are {model: [id here]} by the number in the bundle."""

    def __init__(self, bundle, plan, by, now, files):
        self.bundle, self.plan, self.by, self.now, self.files = bundle, plan, by, now, files
        self.competition = plan.competition
        self.people, self.ids, self.later, self.new_ties = {}, {}, [], False
        self.reader = RowReader(self._id_of)

    def run(self):
        self.competition.full_clean()
        self.competition.save()
        report = restore_chain(
            chain=self.competition.chain,
            read_rows=self.bundle.record_rows,
            texts=self.bundle.private,
        )
        county = Competition.objects.select_for_update(no_key=True).of_host(
            self.competition.host_code
        )
        others = list(county.exclude(pk=self.competition.pk).order_by("id"))
        settled = settled_years(others)
        self._take_people()
        self._take_units()
        new_terms = self._take_terms()
        self._take_rows()
        self._take_pages()
        self._check(report)
        year = find_changed_year(settled)
        if year is not None:
            raise ValidationError(
                f"卷宗里的任职经历会改变「{year.title}」的任职天数，那里已经有打分或数据，"
                "不能导入；请先核对两边的任期。"
            )
        self._follow(others, new_terms)
        self._note(report)
        return self.competition

    def _follow(self, others, new_terms):
        """Let secretaries' entries and recusals follow in every open year of the county: what came
        with the bundle ties judges there, and what is known here may tie those of the bundle."""
        for item in (self.competition, *others):
            if item.stage == Competition.Stage.CLOSED:
                continue
            if new_terms and item is not self.competition:
                refresh_secretary_entries(competition=item, by=self.by, now=self.now)
            elif item is self.competition or self.new_ties:
                refresh_recusals(competition=item, by=self.by, now=self.now)

    def _id_of(self, model, name):
        if model is Person:
            person = self.people.get(name) if isinstance(name, str) else None
            return person.id if person else None
        known = self.ids.get(model, ())
        return known[name - 1] if type(name) is int and 1 <= name <= len(known) else None

    # --- what several competitions share ---------------------------------------------------------

    def _take_people(self):
        for row in self.plan.people:
            person = self.plan.same.get(row["uuid"])
            if person is None:
                person = Person.objects.create(**row)
            self.people[row["uuid"].hex] = person

    def _take_units(self):
        found = self.ids.setdefault(Unit, [])
        for row in self.plan.units:
            unit = self.plan.known_units.get(row["name"]) or Unit.objects.create(**row)
            found.append(unit.id)

    def _take_terms(self):
        """The terms of office; how many were not here yet."""
        found, new = self.ids.setdefault(PartySecretary, []), 0
        units = dict(zip((id(row) for row in self.plan.units), self.ids[Unit], strict=True))
        for row in self.plan.terms:
            person = self.people[row["person"]["uuid"].hex]
            unit = Unit.objects.get(pk=units[id(row["unit"])])
            term = PartySecretary.objects.filter(person=person, unit=unit, since=row["since"])
            term = term.first()
            if term is None:
                dates = {name: row[name] for name in ("since", "until", "acting")}
                (term,) = put_term(unit=unit, person=person, ends_former=False, term=None, **dates)
                new += 1
            found.append(term.id)
        return new

    # --- the competition's own rows --------------------------------------------------------------

    def _take_rows(self):
        tables = {table.name: table.model for table in TABLES}
        model, batch = None, []
        lines = self.bundle.lines_of(TABLES_FILE)
        next(lines)
        for place, line in lines:
            name, row = line["table"], line["row"]
            if name == "involvements":
                self._take_involvement(row, place)
            if name not in tables:
                continue
            # A row may point to one before it in its own table: such rows are saved one by one.
            if tables[name] is not model or len(batch) >= (1 if _points_to_own(model) else BATCH):
                self._save(model, batch)
                model, batch = tables[name], []
            batch.append(self._read(model, row, len(self.ids.get(model, ())) + 1, place))
        self._save(model, batch)
        for model, pk, attribute, target in self.later:
            other = self._id_of(model, target)
            if other is None:
                raise BundleError("卷宗里有一行指向不存在的另一行。")
            model.objects.filter(pk=self._id_of(model, pk)).update(**{attribute: other})

    def _take_involvement(self, row, place):
        row = self.reader.read(Involvement, row, place)
        note = row.pop("note")
        _, new = Involvement.objects.get_or_create(**row, defaults={"note": note})
        self.new_ties = self.new_ties or new

    def _save(self, model, batch):
        if model is not None:
            made = model.objects.bulk_create(batch, batch_size=BATCH)
            self.ids.setdefault(model, []).extend(row.pk for row in made)

    def _read(self, model, row, number, place):
        """An unsaved row; a reference to a row after it is set once that is there."""
        if isinstance(row, dict):
            for field in _points_to_own(model):
                target = row.get(field.name)
                if field.null and type(target) is int and target >= number:
                    self.later.append((model, number, field.attname, target))
                    row = {**row, field.name: None}
        found = model(**self.reader.read(model, row, place))
        if any(field.name == "competition" for field in model._meta.concrete_fields):
            found.competition_id = self.competition.pk
        if model in FILES:
            self._take_file(found, place)
        if model is Tabulation:
            _complete(found)
        return found

    def _take_file(self, row, place):
        """Store the attachment of a row, if it has one, under a new name."""
        attribute, prefix, key, digest = FILES[type(row)]
        suffix = getattr(row, attribute).name
        if not suffix:
            return
        name = f"{ATTACHMENTS}{prefix}-{getattr(row, key)}.{suffix}"
        if name not in self.bundle.files:
            raise BundleError(f"附件「{shown(name)}」不在卷宗里，请带附件重新导出。")
        content = self.bundle.files.read(name, MOST_BYTES)
        found = hashlib.sha256(content).hexdigest()
        if found != getattr(row, digest):
            raise BundleError(f"附件「{shown(name)}」与登记的摘要不符，被改动过。")
        if find_extension(content) != suffix:
            raise BundleError(f"{place}：附件只能是图片（jpg、png、webp）或 PDF。")
        attachment = Attachment(suffix, name, found, len(content), content)
        folder = type(row)._meta.get_field(attribute).upload_to.strip("/")
        stored = store_attachment(attachment, folder=folder)
        self.files.append(stored)
        setattr(row, attribute, stored)

    def _take_pages(self):
        """The published pages, byte by byte."""
        versions = {
            version.number: version
            for version in PublicationVersion.objects.filter(competition=self.competition)
        }
        batch = []
        for place, line in self.bundle.lines_of(PAGES_FILE):
            batch.append(_read_page(versions, line, place))
            if len(batch) >= BATCH:
                PublishedPage.objects.bulk_create(batch, batch_size=50)
                batch = []
        PublishedPage.objects.bulk_create(batch, batch_size=50)

    # --- whether it is what the record says ------------------------------------------------------

    def _check(self, report):
        competition = self.competition
        own = Revision.objects.filter(chain=competition.chain)
        if not self.plan.spans or self.plan.spans[-1]["until"] != report.length:
            raise BundleError("经手人的编号对照没有写到存证的末条。")
        for table in TABLES:
            if any(field.name == "revision" for field in table.model._meta.concrete_fields):
                rows = table.rows(competition).exclude(revision=None)
                if rows.exclude(revision__in=own.values("op_id")).exists():
                    raise BundleError(f"「{table.name}」里有一行不在存证里。")
        units = Unit.objects.filter(pk__in=self.ids[Unit])
        people = {key: person.pk for key, person in self.people.items()}
        ids = Identities(self.plan.spans, people, {unit.name: unit for unit in units})
        if unlike := find_unlike_rows(competition, ids):
            raise BundleError(f"「{'」「'.join(unlike)}」与存证写的不同，被改动过，卷宗不能导入。")
        for version in SchemeVersion.objects.filter(competition=competition).defer("document"):
            if version.revision is not None:
                check_rules(version.pk)
        for draft in SchemeDraft.objects.filter(competition=competition):
            if draft_digest(draft.document) != draft.digest:
                raise BundleError(f"规则第 {draft.number} 稿与它的摘要不符，被改动过。")
        for tabulation in Tabulation.objects.filter(competition=competition).only("pk"):
            check_tabulation(tabulation)
        for version in PublicationVersion.objects.filter(competition=competition):
            check_version(version)
            rebuild_verification(version)
        if competition.stage == Competition.Stage.CLOSED:
            check_counted(competition)

    def _note(self, report):
        """Say whence it came: beside the competition, and in the chain of accounts."""
        known = {key: person.uuid.hex for key, person in self.people.items()}
        spans = [
            {**span, "people": {key: known.get(uuid, uuid) for key, uuid in span["people"].items()}}
            for span in self.plan.spans
        ]
        digest = self.bundle.files.digest("bundle.json")[1]
        ImportedRecord.objects.create(
            competition=self.competition,
            spans=spans,
            seq=report.length,
            head=report.head,
            bundle_digest=digest,
            imported_by=self.by,
            imported_at=self.now,
        )
        body = {
            "chain": self.competition.chain,
            "seq": report.length,
            "head": report.head,
            "bundle": digest,
            "spans": document_digest(spans),
        }
        append(chain=AUDIT, kind=kinds.BUNDLE_IMPORTED, body=body, by=str(self.by.id), now=self.now)


def _points_to_own(model):
    """The fields by which a row points to another row of its own table."""
    return [field for field in carried_fields(model) if field.related_model is model]


def _complete(tabulation):
    """A large result travels without its explanations: they are computed again, and must give the
    digest in the record."""
    tracks = tabulation.result["tracks"].values()
    entries = [item for track in tracks for item in track["entries"].values()]
    if all("tree" in item for item in entries):
        return
    scheme = scheme_of(tabulation.scheme_version)
    result = tabulate(scheme, from_document(tabulation.evidence)).to_document()
    if document_digest(result, RESULT_TAG) != tabulation.result_digest:
        raise BundleError(
            f"第 {tabulation.number} 次统分的得分过程没有随卷宗来，本系统重新计算的与存证的摘要不同"
            "（可能是版本不同），请用导出时的版本导入。"
        )
    tabulation.result = result


def _read_page(versions, line, place):
    if not isinstance(line, dict) or line.keys() not in (
        {"version", "path", "type", "text"},
        {"version", "path", "type", "base64"},
    ):
        raise BundleError(f"{place}：写法不对。")
    version = versions.get(line["version"])
    path, kind = line["path"], line["type"]
    if version is None or not isinstance(path, str) or len(path) > LONGEST_PATH:
        raise BundleError(f"{place}：不属于任何公布版本。")
    if kind not in PAGE_TYPES or ("text" in line) != (kind == HTML):
        raise BundleError(f"{place}：不认识的页面类型「{shown(kind)}」。")
    try:
        body = (
            line["text"].encode()
            if "text" in line
            else base64.b64decode(line["base64"], validate=True)
        )
    except (binascii.Error, ValueError):
        raise BundleError(f"{place}：内容不能读取。") from None
    return PublishedPage(
        version=version,
        path=path,
        content_type=kind,
        body=body,
        gzipped=gzip.compress(body, 6, mtime=0) if kind == HTML else None,
        etag=hashlib.sha256(body).hexdigest()[:32],
    )
