"""The page in a real browser: it filters, zooms, leads to its sources and prints, in silence and without any network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from archives import Tale, build, gold_outcomes, many_tales, outcome_of

from pipeline import chronology
from pipeline.records import Outcome

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (Debian: apt-get install chromium)"),
    pytest.mark.xdist_group("browser"),
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
SIZES = ((1280, 900), (390, 844))


@dataclass
class Watched:
    """A page and all it complained of or asked for."""

    page: object
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    return printed(folder, gold_outcomes(folder))


def printed(folder: Path, outcomes: list[Outcome]) -> Path:
    chronology.write_tables(build(folder / "archive.duckdb", outcomes), folder, formats=["html"])
    return folder


def opened(browser: object, folder: Path, size: tuple[int, int] = SIZES[0], **options: object) -> Watched:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", **options)
    watched = Watched(page)
    page.on("console", lambda message: watched.complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on("request", lambda request: watched.requests.append(request.url))
    page.goto((folder / "chronology.html").as_uri())
    return watched


@pytest.fixture
def watched(browser: object, folder: Path) -> Iterator[Watched]:
    """The annotated documents' page; at the end nothing may have been said on the console or asked of any network."""
    watched = opened(browser, folder)
    yield watched
    watched.page.close()
    assert watched.complaints == []
    assert [url for url in watched.requests if not url.startswith(("file:", "data:"))] == []


def visible(page: object) -> list[str]:
    return page.eval_on_selector_all("#liste tbody tr:not([hidden]) .title", "nodes => nodes.map(n => n.textContent)")


def test_facets_search_and_certainty_filter_list_and_timeline(watched: Watched) -> None:
    page = watched.page
    every = len(visible(page))
    assert every > 100
    page.get_by_label("Site", exact=True).select_option(label="Pontanézen (4)")
    assert len(visible(page)) == 4
    assert page.locator("#status").inner_text().startswith("4 événements sur")
    assert page.locator("#chart .mark").count() == 4
    page.get_by_role("button", name="Effacer les filtres").click()
    assert len(visible(page)) == every
    page.get_by_label("Rechercher").fill("PONTANEZEN signature")
    assert len(visible(page)) == 1
    page.get_by_label("Rechercher").fill("zzz")
    assert page.get_by_text("Aucun événement ne répond").is_visible()
    page.get_by_role("button", name="Effacer les filtres").click()
    page.get_by_label("Réalisation").select_option(label="Prévu")
    planned = len(visible(page))
    assert 0 < planned < every
    assert page.locator("#liste tbody tr:not([hidden]):not(.planned)").count() == 0
    page.get_by_label("Réalisation").select_option(label="Réalisé")
    assert len(visible(page)) == every - planned


def test_families_and_kinds_filter(watched: Watched) -> None:
    page = watched.page
    every = len(visible(page))
    works = page.locator("#liste tbody tr.chantier").count()
    page.get_by_text("Chantiers", exact=False).first.click()
    assert len(visible(page)) == every - works
    page.get_by_text("Chantiers", exact=False).first.click()
    page.get_by_label("Nature", exact=True).select_option(index=1)
    assert 0 < len(visible(page)) < every


def test_zoom_by_button_key_and_year(watched: Watched) -> None:
    page = watched.page
    every = len(visible(page))
    page.get_by_role("button", name="Zoom avant").click()
    inside = len(visible(page))
    assert 0 < inside < every
    page.locator("#chart").focus()
    for key in ("+", "ArrowRight", "ArrowLeft", "-"):
        page.keyboard.press(key)
    page.keyboard.press("0")
    assert len(visible(page)) == every
    page.get_by_label("de", exact=True).fill("2006")
    page.get_by_label("à", exact=True).fill("2006")
    page.keyboard.press("Tab")
    dates = page.eval_on_selector_all("#liste tbody tr:not([hidden]) time", "nodes => nodes.map(n => n.dateTime)")
    assert dates
    assert all(span.split("/")[0] < "2007-01-01" and span.split("/")[1] >= "2005-12-31" for span in dates)
    page.get_by_role("button", name="Toute la période").click()
    assert len(visible(page)) == every


def test_a_mark_leads_to_its_row_and_its_excerpt(watched: Watched) -> None:
    page = watched.page
    page.get_by_label("Site", exact=True).select_option(label="Pontanézen (4)")
    page.locator("#chart .mark").first.click()
    assert page.locator("tr.here details[open] blockquote mark").count() >= 1
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_source_link_opens_the_document_at_its_page(browser: object, tmp_path: Path) -> None:
    outcome = outcome_of(
        Tale(name="a", marked="Signature à [[site: Bellevue]]", when="2010-05-03", media_type="text/plain")
    )
    (tmp_path / "docs").mkdir()
    location = tmp_path / "docs" / "é #1 (x).txt"
    location.write_text("the document")
    source = replace(outcome.document.source, path=location.name, location=location)
    watched = opened(browser, printed(tmp_path, [replace(outcome, document=replace(outcome.document, source=source))]))
    watched.page.get_by_role("link", name="é #1 (x).txt, p. 1").click()
    watched.page.wait_for_url("**/docs/**")
    assert "the document" in watched.page.content()
    watched.page.close()
    assert watched.complaints == []


def test_a_pdf_link_names_its_page(browser: object, tmp_path: Path) -> None:
    tale = Tale(name="a", marked="Signature à [[site: Bellevue]]", when="2010-05-03", media_type="application/pdf")
    watched = opened(browser, printed(tmp_path, [outcome_of(tale)]))
    assert watched.page.locator(".where a").get_attribute("href").endswith("a.txt#page=1")
    watched.page.close()


def test_it_prints_every_row_with_its_excerpt(watched: Watched) -> None:
    page = watched.page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#liste details:not([open])").count() == 0
    assert not page.locator("#filters").is_visible()
    assert page.locator("#liste blockquote").first.is_visible()
    assert len(page.pdf(format="A4")) > 20_000
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#liste details[open]").count() == 0


def test_it_reads_without_a_script(browser: object, folder: Path) -> None:
    watched = opened(browser, folder, java_script_enabled=False)
    assert watched.page.locator("#liste tbody tr").count() > 100
    assert watched.page.locator("#liste tbody tr").first.is_visible()
    assert not watched.page.locator("#filters").is_visible()
    watched.page.close()


def test_every_control_has_a_name_and_can_be_reached_by_key(watched: Watched) -> None:
    page = watched.page
    unnamed = page.eval_on_selector_all(
        "button, select, input",
        "nodes => nodes.filter(n => !n.ariaLabel && !n.textContent.trim() && !n.labels?.length).length",
    )
    assert unnamed == 0
    reached = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "document.activeElement.id || document.activeElement.className || document.activeElement.tagName"
            )
        )
    assert {"skip", "q", "f0", "kind", "certainty", "from", "in", "chart", "unfold"} <= reached


@pytest.fixture(scope="module", params=[1, 10, 300, 5000])
def many(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Path]:
    """How many events, and the folder of their page."""
    return request.param, printed(tmp_path_factory.mktemp("many"), many_tales(request.param))


@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
def test_it_is_usable_at_every_size(browser: object, many: tuple[int, Path], size: tuple[int, int]) -> None:
    count, folder = many
    watched = opened(browser, folder, size)
    page = watched.page
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0], "nothing sticks out"
    assert page.locator("#chart .mark, #chart .bin").count() > 0
    assert len(visible(page)) == min(count, 200)
    boxes = page.eval_on_selector_all(
        "#chart .name", "nodes => nodes.map(n => [n.getBoundingClientRect().left, n.getBoundingClientRect().right])"
    )
    assert all(left >= 0 and right <= size[0] for left, right in boxes), "no name is cut by the edge"
    if count > 200:
        page.get_by_role("button", name="Afficher la suite").click()
        assert len(visible(page)) == min(count, 400)
    if page.locator("#chart .bin").count():
        page.locator("#chart .bin").first.click()
        assert 0 < len(visible(page)) < min(count, 400)
    page.close()
    assert watched.complaints == []


def test_a_script_in_an_excerpt_is_text(browser: object, tmp_path: Path) -> None:
    evil = "<script>window.owned = 1</script><img src=x onerror='window.owned = 1'> signature à [[site: </script><b>Bellevue]]"
    watched = opened(browser, printed(tmp_path, [outcome_of(Tale(name="a", marked=evil, when="2010-05-03"))]))
    assert watched.page.evaluate("window.owned") is None
    assert "<script>window.owned" in watched.page.locator(".title").inner_text()
    watched.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.owned = 2\">')")
    watched.page.evaluate(
        "{const s = document.createElement('script'); s.textContent = 'window.owned = 3'; document.body.append(s)}"
    )
    assert watched.page.evaluate("window.owned") is None, "the policy lets no other script run"
    watched.page.close()
