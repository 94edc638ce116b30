# make run   sets up what is missing, then watches the inbox
# make test  sets up what is missing, then runs every test
# make       everything that CI checks
# make bench reads the same pages with us, bare tesseract and OCRmyPDF; DATA=FOLDER takes yours
# make bench-search DATA=FOLDER asks us, plain Whoosh, SQLite FTS5 and tantivy the same queries

PYTHON ?= python3
BIN := .venv/bin
CODES := .venv/share/digitizer/codes.sqlite
# The lock files name everything that is needed, and leave out Django: of django-htmx we serve the
# htmx it ships and import nothing. So pip is not to look for dependencies of its own.
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes --no-deps
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-emit-package django --no-emit-package asgiref --no-emit-package sqlparse --no-header --quiet

# Installs what $$missing names.
define APT
[ -z "$$missing" ] && exit 0; \
echo "Installing from Debian:$$missing"; \
sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
$$sudo apt-get update -qq && \
DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null \
  || { echo "That failed. As an administrator: apt-get install$$missing, then try again."; exit 1; }
endef

.DEFAULT_GOAL := check
.PHONY: check run test bench bench-search lint types contracts system browser peers lock sums clean

check: lint types contracts test

run: $(CODES)
	@exec $(BIN)/digitizer run

test: .venv/.dev $(CODES) | browser
	$(BIN)/python -m pytest

bench: .venv/.dev .bench/.installed
	$(BIN)/python -m tests.bench $(DATA) $(OPTIONS)

bench-search: .venv/.dev
	$(BIN)/python -m tests.bench.search $(DATA) $(OPTIONS)

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.dev
	$(BIN)/mypy

contracts: .venv/.dev
	$(BIN)/lint-imports --no-cache

# Programs that are no Python packages; each is asked for by name, and why.
system:
	@missing=""; \
	command -v tesseract >/dev/null || { echo "tesseract reads the words on a page"; \
	  missing="$$missing tesseract-ocr"; }; \
	tesseract --list-langs 2>/dev/null | grep -qx osd || missing="$$missing tesseract-ocr-osd"; \
	command -v pdftoppm >/dev/null || { echo "poppler turns PDF pages into images"; \
	  missing="$$missing poppler-utils"; }; \
	command -v bwrap >/dev/null || { echo "bubblewrap shuts in what reads strangers' files"; \
	  missing="$$missing bubblewrap"; }; \
	$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || { echo "venv keeps our Python packages apart"; \
	  missing="$$missing python3-venv"; }; \
	$(APT)

# Needed by the tests alone.
browser:
	@missing=""; \
	command -v chromium >/dev/null || { echo "chromium tries out the desk as a person would"; \
	  missing="$$missing chromium fonts-dejavu-core"; }; \
	$(APT)

# Needed by the bench alone.
peers:
	@missing=""; \
	command -v unpaper >/dev/null || { echo "unpaper cleans pages for OCRmyPDF"; \
	  missing="$$missing unpaper"; }; \
	$(APT)

# OCRmyPDF brings versions of its own, so it never shares our .venv.
.bench/.installed: tests/bench/peers.lock | peers
	@echo "Installing OCRmyPDF into .bench"
	@$(PYTHON) -m venv .bench
	@.bench/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes --no-deps \
	  -r tests/bench/peers.lock
	@touch $@

.venv/.run: requirements.lock pyproject.toml | system
	@echo "Installing the Python packages into .venv"
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@$(PIP) -r requirements.lock
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --editable .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.run
	@echo "Installing what the tests and checks need into .venv"
	@$(PIP) -r requirements-dev.lock
	@touch $@

$(CODES): digitizer/coding/build.py .venv/.run
	@echo "Building the code tables (once)"
	@$(BIN)/digitizer codes build
	@touch $@

# After changing dependencies in pyproject.toml; needs uv.
lock:
	$(LOCK) --extra second pyproject.toml -o requirements.lock
	$(LOCK) --extra second --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(LOCK) tests/bench/peers.in -o tests/bench/peers.lock

clean:
	rm -rf .venv .bench .pytest_cache .mypy_cache .ruff_cache .hypothesis

# After changing anything in models/.
sums:
	cd models && find . -type f ! -name SHA256SUMS ! -name '*.pyc' | LC_ALL=C sort | xargs sha256sum > SHA256SUMS
