"""Data: from any sales files to dashboards, in four steps on one page."""

from ui import shell
from ui.data_page import check, drop, finish, understand

shell.arrive()

drop.step()
if understand.step():
    findings = check.step()
    finish.step(findings)
