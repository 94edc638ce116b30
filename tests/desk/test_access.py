"""Who may what, from where, and what browsers are told; against the app itself."""

import re
import subprocess
import time
from contextlib import ExitStack

import pytest
from fastapi.testclient import TestClient

from digitizer.chart.people import GRANTS, Permission, Role
from digitizer.config import find_home
from digitizer.errors import ConfigError
from digitizer.operations.house import open_house
from digitizer.operations.index import open_index
from digitizer.operations.knowledge import open_codes
from digitizer.operations.picture import LARGE
from digitizer.store import audit
from digitizer.web.access import Public
from digitizer.web.app import declared, make_app, routes
from digitizer.web.desk import COPIES, Desk
from digitizer.web.guard import Buckets, by_program, same_origin
from digitizer.web.serve import Place, check
from tests import scans
from tests.desk.running import PASSWORD, person
from tests.program import Program

_HOSTILE = '"><img src=x onerror=alert(1)>'
_OURS = {"sec-fetch-site": "same-origin"}
_CELLS = [
    (method, route.path, role)
    for route in routes()
    for method in sorted(route.methods)
    for role in (None, *Role)
]


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    program = Program(tmp_path_factory.mktemp("home"))
    lines = ("Patient Name: Hargrove, Rajesh", "MRN: 887-96-68", f"Assessment: Gout. {_HOSTILE}")
    scans.page(lines).save(program.inbox / f"{_HOSTILE.replace('/', '')}.png")
    program("run", "--once")
    for role in Role:
        person(program, f"the-{role}", role)
    return program


@pytest.fixture(scope="module")
def app(program):
    said = []
    with open_house(find_home(program.home)) as house, open_index(house.home) as index:
        knowledge = open_codes(house.home)
        app = make_app(Desk(house=house, index=index, knowledge=knowledge, say=said.append))
        app.state.said = said
        yield app
        knowledge.close()


@pytest.fixture(scope="module")
def clients(app):
    """One logged-in client a role, and one that is nobody."""
    found = {None: _client(app, 99)}
    for number, role in enumerate(Role):
        client = found[role] = _client(app, number)
        done = client.post("/login", data={"name": f"the-{role}", "password": PASSWORD})
        assert done.status_code == 303, done.text
    return found


def _client(app, number, **options):
    address = (f"10.0.0.{number}", 1)
    options |= {"headers": _OURS, "client": address, "base_url": "http://desk"}
    return TestClient(app, follow_redirects=False, **options)


@pytest.fixture(scope="module")
def key(program):
    """The id of the one chart."""
    (found,) = next(file["documents"] for file in program.json("status")["files"])
    return found


def _asked(client, method, path, key):
    """A request of the route that is well formed, so that only permission can refuse it."""
    place = path.replace("{key}", key if "chart" in path else "none").replace("{number}", "1")
    place = place.replace("{file}", "1").replace("{size}", "small").replace("{name}", "desk.css")
    fields = {"seen": "0", "action": "undo", "target": "999", "because": "a test", "query": "1"}
    fields |= {
        "template": "status",
        "to": "x",
        "chosen": "withdrawn",
        "term": "gout",
        "words": "gout",
        "file": "999",
    }
    fields |= {"old": "x", "new": "y" * 12, "again": "z" * 12, "secret": "A" * 32, "code": "1"}
    fields |= {
        "roles": "coder",
        "act": "stow",
        "value": "box 1",
        "verdict": "sorted",
        "percent": "5",
    }
    fields |= {"name": "nobody", "password": "none", "document": "none", "page": "1"}
    fields |= {
        "number": "887-96-68",
        "other": "1",
        "merge_id": "999",
    }
    if path.startswith("/cases"):
        fields["verdict"] = "open"
    if path == "/intake/act":
        fields["action"] = "retry"
    if path == "/patients/settle":
        fields["verdict"] = "two"
    if path == "/intake/events" and method == "GET":
        return None  # a stream without end: asked below
    if path.startswith("/api/") and method == "POST":
        return client.post(place.replace("{act}", "retry"), json=_BODIES.get(path, {"seen": 0}))
    if path == "/intake/upload":
        return client.post(place, files={"files": ("a.txt", b"no scan")})
    return client.request(method, place, data=fields if method == "POST" else None)


def test_a_registrar_takes_a_chart_away_as_a_searchable_pdf(program, clients, key, tmp_path):
    answer = clients[Role.REGISTRAR].get(f"/chart/{key}/searchable.pdf")
    assert answer.headers["content-disposition"] == f'attachment; filename="{key}.pdf"'
    (tmp_path / "chart.pdf").write_bytes(answer.content)
    command = ["pdftotext", str(tmp_path / "chart.pdf"), "-"]
    assert "Hargrove" in subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert not list(find_home(program.home).data.glob("draft-*"))


def test_a_chart_is_taken_away_beside_the_pictures_and_they_beside_it(app, clients, key):
    desk = app.state.desk
    registrar = clients[Role.REGISTRAR]
    with desk.drawing(LARGE), desk.drawing(LARGE):
        assert registrar.get(f"/chart/{key}/searchable.pdf").status_code == 200
    with desk.copying():
        assert registrar.get(f"/chart/{key}/page/1/large.webp").status_code == 200
        with ExitStack() as stack:
            for _ in range(COPIES - 1):
                stack.callback(desk._copies.release)
                desk._copies.acquire()
            assert registrar.get(f"/chart/{key}/searchable.pdf").status_code == 503


def test_what_a_program_sees_through_broken_glass_is_noted_so(app, program, key):
    person(program, "gina", Role.ADMINISTRATOR)
    client = _client(app, 61)
    entered = client.post("/api/login", json={"name": "gina", "password": PASSWORD})
    ask = {"headers": {"authorization": f"Bearer {entered.json()['token']}"}}
    assert client.get(f"/api/documents/{key}", **ask).status_code == 403
    client.post("/glass", data={"because": "an emergency upstairs"}, **ask)
    assert client.get(f"/api/documents/{key}", **ask).status_code == 200
    client.get(f"/api/charts/{key}", **ask)
    client.post("/api/search", json={"query": "gout"}, **ask)
    client.get("/scan/1", **ask)
    with app.state.desk.house.store.read() as tx:
        said = [e for e in audit.newest(tx, 9, actor="gina") if e.action in ("view", "search")]
    assert len(said) == 4
    assert all(event.subject.endswith("through broken glass") for event in said)


_SPOT = [1, 0, 4]
_BODIES = {
    "/api/login": {"name": "nobody", "password": "none"},
    "/api/search": {"query": "gout"},
    "/api/charts/{key}/decisions": {"seen": 0, "action": "undo", "target": "999"},
    "/api/charts/{key}/queries": {"template": "status", "to": "x", "spots": [_SPOT]},
    "/api/queries/{number}/answer": {"chosen": "withdrawn"},
    "/api/charts/{key}/hold": {},
    "/api/charts/{key}/reopen": {"because": "a test"},
    "/api/codes": {"term": "gout"},
    "/api/merges": {"gone": "1", "stays": "2", "because": "a test"},
    "/api/merges/{number}/undo": {"because": "a test"},
    "/api/cases/{key}": {"verdict": "open"},
    "/api/files/{sha256}/{act}": {},
}


@pytest.mark.parametrize(("method", "path", "role"), _CELLS)
def test_each_role_is_let_through_exactly_where_it_may(clients, key, method, path, role):
    route = next(r for r in routes() if r.path == path and method in r.methods)
    rule = declared(route)
    if path in ("/logout", "/api/logout"):
        return  # would end the session that the other cells need; asked below
    answer = _asked(clients[role], method, path, key)
    if answer is None:
        return
    if isinstance(rule, Public):
        assert answer.status_code in (200, 303, 403)
        assert path in ("/login", "/api/login", "/static/{name}")
    elif role is None and path.startswith("/api/"):
        assert answer.status_code == 401
    elif role is None:
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    else:
        allowed = rule.permission is None or rule.permission in GRANTS[role]
        inner = path.endswith(("/decide", "/decisions")) and Permission.REVIEW not in GRANTS[role]
        assert (answer.status_code == 403) == (not allowed or inner), answer.text[:300]
        assert answer.status_code not in (405, 422)
        assert answer.status_code < 500


def test_a_program_works_on_a_chart_with_its_own_token_and_the_same_permissions(app, key):
    client = TestClient(app, base_url="http://desk", client=("10.0.0.60", 1))
    assert client.get("/api/charts").status_code == 401
    entry = client.post("/api/login", json={"name": "the-coder", "password": PASSWORD})
    header = {"authorization": f"Bearer {entry.json()['token']}"}
    assert client.cookies.get("digitizer_session") is None
    ask = {"headers": header}
    found = client.post("/api/search", json={"query": "gout"}, **ask).json()
    assert found["hits"][0]["document"] == key
    chart = client.get(f"/api/charts/{key}", **ask).json()
    gout = next(line for line in chart["lines"] if line["code"] == "M10.9")
    said = {"seen": chart["version"], "action": "accept", "target": gout["id"]}
    after = client.post(f"/api/charts/{key}/decisions", json=said, **ask)
    assert next(x for x in after.json()["lines"] if x["id"] == gout["id"])["state"] == "accepted"
    late = client.post(f"/api/charts/{key}/decisions", json=said, **ask)
    assert (late.status_code, "meanwhile" in late.json()["error"]) == (409, True)
    undo = {"seen": said["seen"] + 1, "action": "undo", "target": str(said["seen"] + 1)}
    assert client.post(f"/api/charts/{key}/decisions", json=undo, **ask).status_code == 200
    for wrong in ({"word": "gout"}, {"limit": 0}, {"query": "x" * 501}, {"dob": "soon"}):
        assert client.post("/api/search", json=wrong, **ask).status_code == 422
    refused = client.post("/api/audit/verify", **ask)
    assert (refused.status_code, "ask an administrator" in refused.json()["error"]) == (403, True)
    described = client.get("/api/openapi.json", **ask).json()
    assert {"/api/search", "/api/charts/{key}/sign-off"} <= set(described["paths"])
    client.post("/api/logout", **ask)
    assert client.get("/api/charts", **ask).status_code == 401


def test_a_programs_token_ends_on_the_screens_way_out_too(app):
    client = _client(app, 51)
    entered = client.post("/api/login", json={"name": "the-coder", "password": PASSWORD})
    ask = {"headers": {"authorization": f"Bearer {entered.json()['token']}"}}
    assert client.get("/api/charts", **ask).status_code == 200
    client.post("/logout", **ask)
    assert client.get("/api/charts", **ask).status_code == 401


def test_no_page_of_another_site_can_pass_for_a_program():
    assert by_program({})
    for name in ("cookie", "origin", "sec-fetch-site"):
        assert not by_program({name: ""})


def test_logging_out_ends_the_session_for_good(app):
    client = _client(app, 50)
    client.post("/login", data={"name": "the-coder", "password": PASSWORD})
    kept = dict(client.cookies)
    assert client.get("/worklist").status_code == 200
    client.post("/logout")
    client.cookies.update(kept)
    assert client.get("/worklist").headers["location"] == "/login"


def test_the_live_board_is_for_who_may_see_it(clients):
    assert clients[None].get("/intake/events").status_code == 303
    assert clients[Role.AUDITOR].get("/intake/events").status_code == 403


def test_a_session_ends_when_nobody_uses_it(app, monkeypatch):
    client = _client(app, 51)
    client.post("/login", data={"name": "the-coder", "password": PASSWORD})
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 16 * 60)
    assert client.get("/worklist").headers["location"] == "/login"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "", "origin": "http://evil"},
    ],
)
def test_another_site_changes_nothing(clients, headers):
    assert clients[Role.CODER].post("/next", headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        ("http://desk:8600", True),
        ("https://desk:8600", True),
        ("http://desk:8600.evil", False),
        ("http://desk", False),
        ("null", False),
        ("", False),
    ],
)
def test_without_fetch_metadata_the_origin_must_be_our_own(origin, ours):
    assert same_origin({"host": "desk:8600", "origin": origin}) is ours
    assert not same_origin({"origin": origin})


def test_pages_with_charts_are_never_kept_and_run_only_our_scripts(clients, key):
    answer = _asked(clients[Role.CODER], "GET", "/chart/{key}", key)
    policy = answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    nonces = {
        re.search("nonce-([^']+)", clients[None].get("/login").headers["content-security-policy"])[
            1
        ]
        for _ in range(3)
    }
    assert len(nonces) == 3
    assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text)


def test_hostile_words_are_shown_and_not_run(clients, key):
    coder = clients[Role.CODER]
    pages = [
        _asked(coder, "GET", "/chart/{key}", key).text,
        coder.get("/intake").text,
        coder.post("/search", data={"query": _HOSTILE}, follow_redirects=True).text,
        coder.post("/codes/search", data={"term": _HOSTILE}).text,
    ]
    for page in pages:
        assert "<img src=x" not in page
    assert "&lt;img src=x" in pages[1]


def test_a_long_form_is_refused(clients):
    done = clients[Role.CODER].post("/search", data={"query": "x" * 300_000})
    assert done.status_code == 413


def test_guessing_is_slowed_down_and_locks_the_account(app):
    client = _client(app, 52)
    guess = {"name": "the-registrar", "password": "no"}
    tries = (client.post("/login", data=guess).status_code for _ in range(120))
    assert 429 in tries
    right = _client(app, 53).post("/login", data={"name": "the-registrar", "password": PASSWORD})
    assert right.status_code == 403


def test_a_bucket_fills_again_with_time():
    now = [0.0]
    bucket = Buckets(burst=2, rate=1, clock=lambda: now[0])
    assert [bucket.allows("a"), bucket.allows("a"), bucket.allows("a")] == [True, True, False]
    assert bucket.allows("b")
    now[0] = 1.0
    assert [bucket.allows("a"), bucket.allows("a")] == [True, False]


def test_nothing_beyond_this_machine_without_tls(tmp_path):
    check(Place(host="127.0.0.1", port=1))
    check(Place(host="::1", port=1))
    check(Place(host="0.0.0.0", port=1, behind_proxy=True))
    for host in ("0.0.0.0", "192.168.1.4", "desk.hospital", "::"):
        with pytest.raises(ConfigError, match="in the clear"):
            check(Place(host=host, port=1))
    with pytest.raises(ConfigError, match="both"):
        check(Place(host="127.0.0.1", port=1, certificate=tmp_path))


def test_a_bug_says_where_and_never_what(app, clients, monkeypatch):
    def burst(*_):
        raise RuntimeError("Hargrove has gout")

    monkeypatch.setattr("digitizer.web.screens.worklist.asking.open_queries", burst)
    client = _client(app, 54, raise_server_exceptions=False)
    client.cookies = clients[Role.CODER].cookies
    answer = client.get("/worklist")
    assert (answer.status_code, "gout" in answer.text) == (500, False)
    assert "RuntimeError" in app.state.said[-1]
    assert "Hargrove" not in "".join(app.state.said)
