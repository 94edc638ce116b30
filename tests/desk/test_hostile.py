"""Hostile text, file names and code titles on every template: shown literally, nothing runs."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import pytest
from fastapi.testclient import TestClient

from digitizer.chart.cancer import Aspect, Behavior, Statement, Tumor
from digitizer.chart.coding import ICD10CM, Code, Evidence
from digitizer.chart.document import MISFILE
from digitizer.chart.page import Header
from digitizer.chart.patient import PatientRef
from digitizer.chart.people import Role
from digitizer.chart.review import Action, Decision, Query, ReviewEvent
from digitizer.config import find_home
from digitizer.operations.house import open_house
from digitizer.operations.index import feed
from digitizer.store import documents, files, pages, reviews
from digitizer.testing.memory_search import MemorySearch
from digitizer.web import rendering
from digitizer.web.app import make_app
from digitizer.web.desk import Desk
from tests import charts
from tests.desk.running import PASSWORD, browsing, log_in, person, serving
from tests.program import Program

pytestmark = [pytest.mark.slow]

EVIL = (
    "\"'><img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>{{7*7}}"
)
"""What must never become markup: quotes, an element with a handler, a script, a template."""

NUMBER = "-<img src=x onerror=1>"
"""The same as a record number."""

TEMPLATES = {
    each.name
    for each in resources.files("digitizer.web").joinpath("templates").iterdir()
    if each.name.endswith(".html")
} - {"base.html"}


class Markup(HTMLParser):
    """What a page is made of: the words that are shown, and whatever could run."""

    def __init__(self, html):
        super().__init__()
        self.words, self.faults, self._script = [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.faults += [f"{tag} {name}" for name in given if name.startswith("on")]
        if tag == "img" and given.get("src") == "x":
            self.faults.append("a hostile img")
        if tag == "script" and not (
            given.get("src", "").startswith("/static/") and "nonce" in given
        ):
            self.faults.append("a hostile script")
        self.words += [value for value in given.values() if value]

    def handle_data(self, data):
        self.words.append(data)


class Codes:
    """A code system of hostile titles."""

    def code(self, code, system=ICD10CM):
        return Code(system=system, code=code, title=EVIL, billable=False)

    def search(self, _term, limit=10):
        from digitizer.chart.coding import CodeMatch

        return [CodeMatch(code=self.code("I10"), score=1.0, wording=EVIL)][:limit]

    def parent(self, _code):
        return self.code("I1")

    def children(self, _code):
        return [self.code("I10.1"), self.code("I10.2")]


def _document(number, **words):
    page = replace(
        charts.page(f"hypertension {EVIL}\n", number),
        warnings=(EVIL,),
        header=Header(patient=PatientRef(name=EVIL)),
    )
    found = charts.suggestion("hypertension", "I10", EVIL, content=page.content, number=number)
    quote = replace(found.evidence[0], text=EVIL)
    hostile = replace(found, evidence=(quote,), why=EVIL)
    said = Statement(aspect=Aspect.GRADE, value=EVIL, evidence=quote)
    tumor = Tumor(
        site=Code(system=ICD10CM, code="C50.911", title=EVIL),
        place="C50",
        behavior=Behavior.MALIGNANT,
        evidence=(quote,),
        said=(said,),
        remarks=(EVIL,),
    )
    bare = replace(
        charts.document(),
        tumors=(tumor,),
        pages=(page,),
        patient=PatientRef(name=EVIL, mrn=f"{number}{NUMBER}", sex=EVIL),
        provider=EVIL,
        reasons=((EVIL, EVIL),),
        warnings=(f"{MISFILE}: {EVIL}", EVIL),
        suggestions=(hostile,),
    )
    return replace(bare, **words)


def _fill(house):
    """Everything that people and machines can write, hostile."""
    with house.store.begin() as tx:
        row = files.arrived(tx, claim="a", name=EVIL.encode(), sha256="a" * 64, size=1)
        made = [_document(1), _document(2)]
        for each in made:
            pages.save(tx, row.id, each.pages[0], "test")
        first, second = documents.replace_all(tx, row.id, "a" * 64, made)
        lost = files.arrived(tx, claim="b", name=EVIL.encode(), sha256="b" * 64, size=1)
        tx.execute(
            files.FILES.update()
            .where(files.FILES.c.id == lost.id)
            .values(state="quarantined", reason=EVIL)
        )
        tx.execute(files.FILES.update().where(files.FILES.c.id == row.id).values(state="done"))
        evidence = made[0].suggestions[0].evidence
        for decision in (
            Decision(action=Action.NOTE, text=EVIL),
            Decision(action=Action.NOTE, target=made[0].suggestions[0].id, text=EVIL),
            Decision(action=Action.CORRECT, target="name", value=EVIL),
        ):
            reviews.decide(tx, reviews.get(tx, first), decision, "cora")
        reviews.move(tx, reviews.get(tx, first), ReviewEvent.OPENED)
        query = Query(
            document=first,
            template="status",
            question=EVIL,
            indicators=(Evidence(page=1, span=evidence[0].span, text=EVIL),),
            options=(EVIL, "other"),
            to=EVIL,
        )
        reviews.ask(tx, query, "cora")
        reviews.settle(tx, reviews.get(tx, first), held=EVIL)
        reviews.move(tx, reviews.get(tx, second), ReviewEvent.OPENED)
        reviews.freeze(tx, second, json.dumps({"codes": []}).encode(), "ben")
        reviews.move(tx, reviews.get(tx, second), ReviewEvent.SIGNED_OFF)
    return first, second


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """(program, client, ids of two hostile charts, names of the templates that were drawn)."""
    program = Program(tmp_path_factory.mktemp("home"))
    with open_house(find_home(program.home)) as house:
        keys = _fill(house)
        person(program, "all", *Role)
        index, drawn = MemorySearch(), set()
        feed(house, index)
        real = rendering._TEMPLATES.get_template
        patched = pytest.MonkeyPatch()

        def noting(name, *rest):
            drawn.add(name)
            return real(name, *rest)

        patched.setattr(rendering._TEMPLATES, "get_template", noting)
        app = make_app(Desk(house=house, index=index, knowledge=Codes()))
        headers = {"sec-fetch-site": "same-origin"}
        client = TestClient(app, headers=headers, base_url="http://desk")
        client.post("/login", data={"name": "all", "password": PASSWORD})
        yield program, client, keys, drawn
        patched.undo()


def _screens(client, keys):
    """(what it is, its HTML) of every screen, each with as much hostile text as it can show."""
    first = keys[0]
    part = {"hx-request": "true"}

    def get(path, **options):
        return path, client.get(path, **options).text

    def post(path, headers=None, **data):
        return path, client.post(path, data=data, headers=headers).text

    yield get("/login")
    yield post("/login", name=EVIL, password=EVIL)
    yield get("/worklist?everyone=true")
    yield get("/search")
    answer = client.post("/search", data={"query": f"hypertension {EVIL}", "source": EVIL})
    yield "results", answer.text
    answer = client.post("/search", data={"query": "hypertension"})
    yield "hits", answer.text
    yield post(f"/search/{answer.url.path.rpartition('/')[2]}/save", name=EVIL[:60])
    yield post("/search", part, query='"')
    yield post("/search", part, query="hypertension")
    for key in keys:
        yield get(f"/chart/{key}")
        yield get(f"/chart/{key}/page/{key.rpartition('-')[2]}", headers=part)
        yield get(f"/chart/{key}/findings", headers=part)
        yield post(f"/chart/{key}/find", part, words="onerror")
        yield get(f"/misfiles/{key}")
        yield get(f"/patients?chart={key}")
    yield post(f"/chart/{first}/decide", part, seen="0", action="note", text=EVIL)
    yield post(f"/chart/{first}/decide", part, seen="9", action=EVIL)
    yield get("/misfiles")
    yield get("/papers?show=all")
    yield post("/scan/1/step", part, seen="0", act="stow", value=EVIL[:80])
    yield get("/scan/1")
    yield get(f"/papers?show=all&place={EVIL[:4]}")
    yield post("/patients", number=f"1{NUMBER}", other=f"2{NUMBER}")
    yield post(
        "/patients/settle", verdict="one", number=f"2{NUMBER}", other=f"1{NUMBER}", because=EVIL
    )
    yield post("/patients/unmerge", merge_id="1", because=EVIL)
    yield get("/patients")
    yield get("/cases?what=all")
    link = re.search(r"/cases/[0-9a-f]{16}", client.get("/cases?what=all").text)[0]
    yield "case", client.post(link, data={"verdict": "ended", "because": EVIL}).text
    yield post("/codes/search", part, term=EVIL)
    yield post("/codes/search", part, below="I10")
    yield post("/codes/kinds", part, code="I10")
    yield get("/intake")
    yield post("/intake/act", part, file="2", action="discard", because=EVIL)
    yield get("/second")
    yield post("/second/draw", percent="100")
    yield get("/second/1")
    yield get("/people")
    yield get(f"/audit?actor={EVIL[:20]}")
    yield get("/audit")
    yield post("/audit/verify", part)
    yield get("/dashboard")
    yield get("/account")
    yield post("/account/codes")
    yield get("/no/such/page")


def test_hostile_text_is_shown_literally_on_every_template_and_is_markup_on_none(desk):
    _, client, keys, drawn = desk
    shown, faults = set(), {}
    for name, html in _screens(client, keys):
        page = Markup(html)
        if page.faults:
            faults[name] = page.faults
        if any("onerror=" in words for words in page.words):
            shown.add(name)
        assert "49" not in "".join(w for w in page.words if "}}" in w), name
    assert faults == {}
    assert TEMPLATES - drawn == set()
    must_show = {"/worklist?everyone=true", "hits", "/misfiles", "/scan/1", "/patients", "/intake"}
    must_show |= {"/cases?what=all", "case"}
    must_show |= {f"/chart/{key}" for key in keys} | {"/second/1", "/papers?show=all"}
    assert must_show - shown == set()


def test_what_does_not_fit_a_form_is_said_to_a_person_without_their_words(desk):
    _, client, _, _ = desk
    answer = client.post("/patients", data={"number": "7" * 70})
    assert (answer.status_code, "look at number" in answer.text) == (422, True)
    assert "777" not in answer.text
    answer = client.post("/api/codes", json={"term": "7" * 300})
    assert (answer.status_code, "777" in answer.text) == (422, False)
    assert answer.json()["fields"][0]["field"] == ["body", "term"]


def test_hostile_text_does_not_run_in_a_browser(desk):
    program, _, keys, _ = desk
    with serving(program) as address, browsing() as browser:
        page, opened = browser.new_page(), []
        page.on("dialog", lambda dialog: opened.append(dialog.message))
        log_in(page, address, "all")
        paths = ("/worklist?everyone=true", "/misfiles", "/scan/1", "/papers?show=all", "/intake")
        for path in (*paths, "/patients", "/search", *(f"/chart/{key}" for key in keys)):
            page.goto(address + path)
            page.wait_for_load_state("networkidle")
            assert page.title() != "run"
            assert page.locator("img[src=x]").count() == 0
        page.click("#tab-history")
        page.click("#tab-queries")
        page.click("#tab-findings")
        page.wait_for_load_state("networkidle")
        assert page.title() != "run"
        assert opened == []


def test_no_template_steps_out_of_the_escaping():
    folder = resources.files("digitizer.web").joinpath("templates")
    for name in TEMPLATES | {"base.html"}:
        text = folder.joinpath(name).read_text()
        assert "|safe" not in text.replace(" ", ""), name
        assert "autoescape" not in text, name
