"""The roles a person can act in, and the one she is acting in now. Plain data: no database."""

from dataclasses import dataclass
from enum import StrEnum


class RoleKind(StrEnum):
    """One capacity in which somebody enters a page."""

    ANYONE = "anyone"  # not signed in, or signed in as anything
    SIGNED_IN = "signed_in"  # any account, whatever its role
    ORGANISER = "organiser"
    CLERK = "clerk"
    LEADER = "leader"
    AUDITOR = "auditor"
    ADMIN = "admin"
    JUDGE = "judge"
    SECRETARY = "secretary"

    @property
    def label(self):
        return LABELS[self]


LABELS = {
    RoleKind.ANYONE: "任何人",
    RoleKind.SIGNED_IN: "已登录",
    RoleKind.ORGANISER: "组织部工作人员",
    RoleKind.CLERK: "计票员",
    RoleKind.LEADER: "领导小组成员",
    RoleKind.AUDITOR: "监督员",
    RoleKind.ADMIN: "系统管理员",
    RoleKind.JUDGE: "评委",
    RoleKind.SECRETARY: "书记",
}
GRANTED_ROLES = [
    RoleKind.ORGANISER,
    RoleKind.CLERK,
    RoleKind.LEADER,
    RoleKind.AUDITOR,
    RoleKind.ADMIN,
]
# Who works inside a competition's pages, before anything is published.
STAFF = frozenset({RoleKind.ORGANISER, RoleKind.CLERK})
INSIDERS = STAFF | {RoleKind.AUDITOR}


@dataclass(frozen=True)
class ActiveRole:
    """The role in which a signed-in person acts: `key` names it in the session.

    `host_code` is the county (organiser, clerk, leader, auditor); `subject` the id of the judge or
    of the term of office; both are empty where they do not apply.
    """

    kind: RoleKind
    title: str
    host_code: str = ""
    subject: int | None = None

    @property
    def key(self):
        return f"{self.kind.value}:{self.host_code or self.subject or ''}"


# Where each role begins. Somebody without one of these reads what has been published.
STARTS = {
    RoleKind.ORGANISER: "/work/",
    RoleKind.CLERK: "/work/",
    RoleKind.AUDITOR: "/work/",
    RoleKind.LEADER: "/leading/",
    RoleKind.ADMIN: "/accounts/",
    RoleKind.JUDGE: "/judge/",
    RoleKind.SECRETARY: "/mine/",
}


def start_of(role):
    """This function will return the address at which a role (or None) begins."""
    return STARTS.get(role.kind, "/role/") if role else "/role/"
