"""Who plays in the demonstration: invented people, real divisions.

Every name carries the mark （演示） behind it, so that it stays sorted by its surname.
"""

from dataclasses import dataclass

from competitions.roles import RoleKind

HOST_CODE, HOST_NAME = "150802", "临河区"
MARK = "（演示）"


@dataclass(frozen=True)
class Member:
    """One person of the demonstration. `shown` is said of the account in the list of accounts."""

    username: str
    name: str
    post: str
    kinds: tuple = ()
    shown: str = ""

    @property
    def full_name(self):
        return f"{self.name}{MARK}"


STAFF = [
    Member(
        "zuzhi1",
        "李文静",
        "区委组织部组织科科长",
        (RoleKind.ORGANISER,),
        "组织部工作人员",
    ),
    Member(
        "zuzhi2",
        "赵海峰",
        "区委组织部组织科副科长",
        (RoleKind.ORGANISER,),
        "组织部工作人员（第二人核对）",
    ),
    Member("jipiao", "孙丽娜", "区委组织部综合科干部", (RoleKind.CLERK,), "计票员"),
    Member("lingdao", "周国栋", "擂台比武领导小组副组长", (RoleKind.LEADER,), "领导小组成员"),
    Member("jiandu", "何清", "区纪委监委驻组织部监督员", (RoleKind.AUDITOR,), "监督员"),
    Member("guanli", "马骏", "区委组织部信息员", (RoleKind.ADMIN,), "系统管理员"),
]
REVIEWERS = [
    Member("pingwei01", "王志强", "区农牧和科技局负责人"),
    Member("pingwei02", "陈淑芳", "区文化旅游广电局负责人"),
    Member("pingwei03", "刘永胜", "区发展和改革委员会负责人"),
    Member("pingwei04", "杨晓梅", "区人力资源和社会保障局负责人"),
    Member("pingwei05", "黄立群", "区生态环境分局负责人"),
    Member("pingwei06", "吴建平", "区乡村振兴局负责人"),
    Member("pingwei07", "徐凤英", "区财政局负责人"),
]
ARENA_JUDGES = [
    Member(
        "pingwei08",
        "高志远",
        "区人大常委会委员",
        (RoleKind.LEADER,),
        "评委兼领导小组成员（一人两个角色）",
    ),
    Member("pingwei09", "林秀兰", "区政协委员"),
    Member("pingwei10", "郑卫东", "市委组织部干部"),
    Member("pingwei11", "罗明辉", "市农牧局干部"),
    Member("pingwei12", "梁雅琴", "党代表"),
    Member("pingwei13", "宋长河", "人大代表"),
    Member("pingwei14", "唐海燕", "政协委员"),
    Member("pingwei15", "韩宝山", "村党组织书记代表"),
    Member("pingwei16", "冯玉珍", "群众代表"),
]
# The secretaries in office at the end of 2022, in the official order of their units.
SECRETARIES = [
    Member("shuji01", "张启明", "狼山镇党委书记"),
    Member("shuji02", "郭春华", "新华镇党委书记"),
    Member("shuji03", "曹志军", "干召庙镇党委书记"),
    Member("shuji04", "袁慧", "乌兰图克镇党委书记"),
    Member("shuji05", "许国梁", "双河镇党委书记"),
    Member("shuji06", "邓晓东", "城关镇党委书记"),
    Member("shuji07", "苏雪松", "白脑包镇党委书记"),
    Member("shuji08", "卢静怡", "曙光乡党委书记"),
    Member("shuji09", "蒋文斌", "八一乡党委书记"),
    Member("shuji10", "蔡永红", "狼山农场党委书记"),
    Member("shuji11", "贾振华", "临河农场党委书记"),
]
# 城关镇 until May 2022; afterwards he judges, and is recused from it by his own past.
FORMER = Member("pingwei17", "丁学文", "区委政策研究室负责人")
# 白脑包镇 since March 2023.
SUCCESSOR = Member("shuji12", "余静波", "白脑包镇党委书记")

JUDGES = [*REVIEWERS, *ARENA_JUDGES]
EVERYBODY = [*STAFF, *JUDGES, *SECRETARIES, FORMER, SUCCESSOR]
BY_USERNAME = {member.username: member for member in EVERYBODY}
