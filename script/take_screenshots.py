"""Takes the README's pictures from a running demonstration. Run by script/screenshots."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

DESK = {"width": 1280, "height": 720}
TALL = {"width": 1280, "height": 910}
PHONE = {"width": 360, "height": 740}
MOST_BYTES = 200_000
# file, account (empty: not signed in), address, viewport
PICTURES = [
    ("ranking", "", "/c/linhe-2022/ranking/", DESK),
    ("flags", "", "/c/linhe-2022/flags/", DESK),
    ("road-map", "zuzhi1", "/work/linhe-2023/", TALL),
    ("explanation", "zuzhi1", "/work/linhe-2022/tabulation/1/township/e02/", DESK),
    ("secretary", "shuji02", "/mine/linhe-2022/", DESK),
    ("judge-phone", "pingwei09", "/judge/linhe-2023/arena/e01/", PHONE),
]


def take(address, password, folder):
    """This function will write one PNG for each of PICTURES, and refuse one that is too large.

    `password` is the one that all accounts of the demonstration share.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for name, account, path, size in PICTURES:
            context = browser.new_context(viewport=size, locale="zh-CN", reduced_motion="reduce")
            page = context.new_page()
            if account:
                page.goto(f"{address}/signin/")
                page.fill("input[name=username]", account)
                page.fill("input[name=password]", password)
                page.press("input[name=password]", "Enter")
                page.wait_for_url(lambda url: "/signin/" not in url)
            answer = page.goto(address + path, wait_until="networkidle")
            if answer.status != 200:
                sys.exit(f"{path}：{answer.status}")
            target = folder / f"{name}.png"
            page.screenshot(path=target)
            context.close()
            if target.stat().st_size > MOST_BYTES:
                sys.exit(f"{target} 有 {target.stat().st_size} 字节，超过 {MOST_BYTES}。")
        browser.close()


if __name__ == "__main__":
    take(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
