"""Several processes behind one address: each session stays on its process, and each process gets sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.deploy.conftest import Site
from tests.deploy.visitor import Visitor

ACCEPTED = 204
MANY = 40
"""Visitors after whom a fair choice between two has met both, but for one time in 10^11."""


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as held:
        yield held


def process_of(site: Site, visitor: Visitor) -> int:
    """The port of the process that knows a visitor's session: it alone takes an upload for it."""
    takes = []
    for port in site.processes:
        with Visitor(f"http://localhost:{port}") as direct:
            direct.ask("/_stcore/health")
            direct.cookies |= {"_streamlit_xsrf": visitor.cookies["_streamlit_xsrf"]}
            if visitor.upload(b"a,b\n1,2\n", to=direct) == ACCEPTED:
                takes.append(port)
    (port,) = takes
    return port


def visitors(site: Site, stack: ExitStack, at_least: int) -> dict[Visitor, int]:
    """New visitors and their processes: so many, and more until each process has one."""
    found: dict[Visitor, int] = {}
    while len(found) < at_least or set(found.values()) != set(site.processes):
        assert len(found) < MANY, f"all of {MANY} visitors got to one process"
        visitor = stack.enter_context(Visitor(site.url, site.authority))
        visitor.open("data")
        found[visitor] = process_of(site, visitor)
    return found


def test_each_session_stays_on_its_process_and_each_process_gets_sessions(site: Site, stack: ExitStack) -> None:
    found = visitors(site, stack, at_least=6)
    for visitor, port in found.items():
        first = visitor.session
        # A lost connection is taken up again where the session lives, as often as it is lost.
        for _ in range(2):
            assert visitor.upload(b"a,b\n1,2\n") == ACCEPTED
            visitor.leave()
            assert visitor.connect("data") == first
        # So is a page that is loaded anew: another session, on the same process.
        visitor.session = ""
        assert visitor.open("data") != first
        assert process_of(site, visitor) == port


def test_without_the_cookie_requests_would_go_astray(site: Site, stack: ExitStack) -> None:
    """What the tests above would see if the proxy kept no session on its process."""
    visitor = stack.enter_context(Visitor(site.url, site.authority))
    visitor.open("data")
    answers = Counter()
    for _ in range(MANY):
        stranger = stack.enter_context(Visitor(site.url, site.authority))
        stranger.cookies = {"_streamlit_xsrf": visitor.cookies["_streamlit_xsrf"]}
        answers[visitor.upload(b"a,b\n1,2\n", to=stranger)] += 1
    assert answers[ACCEPTED] > 0
    assert answers.total() > answers[ACCEPTED]


def test_visitors_of_a_process_that_is_gone_go_on_with_the_other(own_site: Site, stack: ExitStack) -> None:
    found = visitors(own_site, stack, at_least=2)
    gone, left = own_site.processes
    own_site.processes[gone].kill()
    own_site.processes[gone].wait()
    del own_site.processes[gone]
    for visitor in found:
        visitor.session = ""
        visitor.open("data")
        assert process_of(own_site, visitor) == left


def test_the_address_is_served_with_tls_and_its_name_only(site: Site, stack: ExitStack) -> None:
    plain = stack.enter_context(Visitor(site.plain_url))
    answer = plain.ask("/sales_performance?country=France")
    assert answer.status in (301, 308)
    assert answer.headers["Location"].startswith("https://")
    assert answer.headers["Location"].endswith("/sales_performance?country=France")
    visitor = stack.enter_context(Visitor(site.url, site.authority))
    visitor.open("data")
    assert "Streamlit" in visitor.ask("/").data.decode()
    other = stack.enter_context(Visitor(site.url, site.authority))
    other.address = other.address._replace(netloc=other.address.netloc.replace("sales.", "sails."))
    assert "Streamlit" not in other.ask("/").data.decode()
