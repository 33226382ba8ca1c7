"""Verify every chain of the record, the guards, and the private values beside it."""

from django.core.management.base import BaseCommand, CommandError

from record.chain.commitments import commit
from record.chain.digests import CHAIN, DIGEST
from record.guards import missing_guards
from record.models import PrivateValue
from record.queries import chains, verify_chain


class Command(BaseCommand):
    help = "核验全部记录链、守卫和私密值；发现问题时以 1 退出。"

    def add_arguments(self, parser):
        parser.add_argument(
            "--checkpoint",
            action="append",
            default=[],
            metavar="链:序号:摘要",
            help="已打印或已公布的核对点，可重复。",
        )

    def handle(self, *args, **options):
        checkpoints = _checkpoints(options["checkpoint"])
        problems = list(missing_guards())
        for chain in sorted({*chains(), *checkpoints}):
            report = verify_chain(chain, checkpoints.get(chain))
            state = "完好" if report.ok else "有问题"
            self.stdout.write(f"链 {chain}：{report.length} 条，{state}，末条摘要 {report.head}")
            problems += [f"链 {chain} {sentence}" for sentence in report.problems]
            if report.problems_left_out:
                problems.append(f"链 {chain} 另有 {report.problems_left_out} 处问题没有列出。")
        for private in PrivateValue.objects.order_by("id").iterator():
            if commit(private.value, private.salt) != private.digest:
                problems.append(f"私密值 {private.digest} 与它的摘要不符，被改动过。")
        for sentence in problems:
            self.stdout.write(f"× {sentence}")
        if problems:
            raise CommandError(f"记录核验没有通过，共 {len(problems)} 处。")
        self.stdout.write("记录核验通过。")


def _checkpoints(texts):
    found = {}
    for text in texts:
        chain, _, rest = text.partition(":")
        seq, _, digest = rest.partition(":")
        seq_is_whole = seq.isascii() and seq.isdigit() and int(seq) >= 1
        if not (CHAIN.fullmatch(chain) and seq_is_whole and DIGEST.fullmatch(digest)):
            raise CommandError(f"核对点「{text}」应写成 链:序号:摘要。")
        found.setdefault(chain, {})[int(seq)] = digest
    return found
