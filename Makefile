# Sets up, shows, tests and measures the viewer on Linux and macOS. On Windows use the pip lines of README.md.
# Needs a POSIX shell and Python 3.11 or newer; everything else is installed into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PLUGINS := $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml))
PACKAGES := -e '.[test,lint]' $(foreach plugin,$(PLUGINS),-e ./$(plugin))
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# What Qt needs of a Debian or Ubuntu system: OpenGL loaders, the X11 keyboard and window libraries, and a font.
SYSTEM_LIBRARIES := libEGL.so.1 libGL.so.1 libxkbcommon-x11.so.0 libxcb-cursor.so.0 libxcb-icccm.so.4 \
	libxcb-keysyms.so.1 libxcb-randr.so.0 libxcb-shape.so.0 libxcb-xkb.so.1 libdbus-1.so.3 libfontconfig.so.1 libglib-2.0.so.0
SYSTEM_PACKAGES := libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-randr0 \
	libxcb-shape0 libxcb-xkb1 libdbus-1-3 libfontconfig1 libglib2.0-0 fonts-dejavu-core

BENCH_PACKAGES := xvfb libgl1-mesa-dri

DEMO_OUTPUT ?= demo-output
FILES ?=
MODALITY ?=

.PHONY: help setup demo test lint format bench docs screenshots texts clean

help:
	@echo "make setup | demo [FILES=\"a.dcm b.png\" MODALITY=ultrasound] | test | lint | format | bench | docs | screenshots | texts | clean"

setup: $(READY)

$(READY): pyproject.toml constraints.txt $(wildcard plugins/*/pyproject.toml) | system-libraries
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "The viewer needs Python 3.11 or newer; name one: make setup PYTHON=python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) (a few minutes the first time) …"
	@$(PIP) hatchling editables setuptools wheel
	@$(PIP) --no-build-isolation $(PACKAGES)
	@touch $@

# Runs only when the environment is made anew.
.PHONY: system-libraries
system-libraries:
	@if [ ! -e $(READY) ]; then $(SYSTEM_CHECK); fi

define SYSTEM_CHECK
[ "$$(uname)" = Linux ] || exit 0; \
missing=; known=$$(PATH="$$PATH:/sbin:/usr/sbin" ldconfig -p); \
for library in $(SYSTEM_LIBRARIES); do \
	case "$$known" in *"$$library"*) ;; *) missing="$$missing $$library" ;; esac; \
done; \
[ -n "$$(find -L /usr/share/fonts /usr/local/share/fonts "$$HOME/.fonts" -name '*.[to]tf' 2>/dev/null | head -n 1)" ] || missing="$$missing fonts"; \
$(PYTHON) -c 'import ensurepip' 2>/dev/null || missing="$$missing python3-venv"; \
[ -n "$$missing" ] || exit 0; \
echo "Missing on this system:$$missing"; \
if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get update -q && apt-get install -qy --no-install-recommends python3-venv $(SYSTEM_PACKAGES); \
else \
	echo "Install it, then run make again. On Debian or Ubuntu:" >&2; \
	echo "  sudo apt-get install -y python3-venv $(SYSTEM_PACKAGES)" >&2; exit 1; \
fi
endef

demo: $(READY)
	@DEMO_OUTPUT='$(DEMO_OUTPUT)' MODALITY='$(MODALITY)' PATH="$(CURDIR)/$(BIN):$$PATH" sh demo/run.sh $(FILES)

test: $(READY)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest --numprocesses 2 --dist loadfile

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python benchmarks/render.py --check
	$(BIN)/python docs/render_user_guide.py --check
	$(BIN)/python -m pytest -q tests/architecture/test_documentation.py

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)
	@command -v Xvfb >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -q && \
		DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $(BENCH_PACKAGES); } || \
		{ echo "Benchmarks need a virtual screen: sudo apt-get install -y $(BENCH_PACKAGES)" >&2; exit 1; }
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/render.py

docs: $(READY)
	$(BIN)/viewer phantoms build/phantoms --lesions 0 --clips 6 --clips-per-patient 1 --frames 30 --seed 11
	$(BIN)/viewer snapshot --bundle phantom-clip --theme dark --frame 20 --out docs/images/window.png \
		$(addprefix build/phantoms/clips/PHANTOM-U11-,0003_0003.dcm 0000_0000.dcm 0002_0002.dcm)
	$(BIN)/python benchmarks/render.py
	$(BIN)/python docs/render_user_guide.py

screenshots: $(READY)
	$(BIN)/python docs/screenshots.py

texts: $(READY)
	$(BIN)/python docs/extract_texts.py --release

clean:
	rm -rf $(VENV) .venv-napari $(DEMO_OUTPUT) .mypy_cache .ruff_cache .pytest_cache .hypothesis
