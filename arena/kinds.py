"""The kinds of fact that this app writes into the record, with their Chinese titles."""

from record.kinds import register

ANNOUNCED = register("arena.announced", "公布抽签办法")
DRAWN = register("arena.drawn", "抽签")
MOVED = register("arena.moved", "擂台现场推进")
APPENDED = register("arena.appended", "补入登台顺序")
SPEAKER = register("arena.speaker", "登记代表发言")
CALLED_OFF = register("arena.called_off", "取消擂台现场")
PAPER_ISSUED = register("paper.issued", "印制编号评分表")
PAPER_PRINTED = register("paper.printed", "打印编号评分表")
PAPER_VOIDED = register("paper.voided", "作废编号评分表")
CEREMONY_MADE = register("arena.ceremony_made", "制作颁奖仪式脚本")
CEREMONY_ARRANGED = register("arena.ceremony_arranged", "排定颁奖仪式顺序")
CEREMONY_MOVED = register("arena.ceremony_moved", "颁奖仪式推进")
PAGE_OPENED = register("audience.opened", "打开观众页")
PAGE_CLOSED = register("audience.closed", "关闭观众页")
SEATS_ISSUED = register("jury.issued", "印制大众评委席位码")
CARDS_MADE = register("card.made", "制作评委卡")
DEVICE_APPROVED = register("device.approved", "批准评委设备登录")
DEVICE_REFUSED = register("device.refused", "没有批准评委设备登录")
DEVICE_ENDED = register("device.ended", "评委设备退出")
