# make demo   the main job on the sample collection, in demo/
# make test   all tests
# make check  types and style
# make bench  what it costs beside its peers
# make fuzz   inputs made to break what reads them, for as long as you like
# make images the pictures in the documents, of what make demo makes
# make lowest all tests, with the oldest versions of the libraries that pyproject.toml allows

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo images test check lowest lock clean torture bench fuzz

demo: $(VENV)/run
	sh demo.sh

test: $(VENV)/dev
	sh tests/setup.sh
	$(BIN)/pytest -n 2 --dist loadscope --no-loadscope-reorder

images: $(VENV)/dev
	PYTHONPATH=. $(BIN)/python docs/images/make.py

torture: $(VENV)/dev
	$(BIN)/python -m tests.torture
	$(BIN)/python -m tests.torture.sending

# QUICK=1 takes small corpora, BENCH="file one" runs only these; a whole run adds its table to benchmarks/RESULTS.md,
# these two only with WRITE=1. BUILD=DIR keeps corpora and homes there, ROUNDS=N measures each N times,
# MOST=N takes no more than N deposits or essays.
bench: $(VENV)/dev .venv-bench/done
	$(BIN)/python -m benchmarks $(if $(QUICK),--quick) $(if $(or $(WRITE),$(if $(QUICK)$(BENCH),,1)),--write) \
		$(if $(BUILD),--build $(BUILD)) $(if $(ROUNDS),--rounds $(ROUNDS)) \
		$(if $(MOST),--most $(MOST)) $(BENCH)

# Peers that Python brings; the others are programs of the system, and it is said which are missing.
.venv-bench/done: benchmarks/requirements.txt
	$(PYTHON) -m venv --clear .venv-bench
	.venv-bench/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

# SECONDS=600 is how long for each target, FUZZ="note proof" runs only these.
fuzz: .venv-fuzz/done
	.venv-fuzz/bin/python -m tests.fuzz $(if $(SECONDS),--seconds $(SECONDS)) $(FUZZ)

# A fuzzer that has wheels for few versions of Python, beside what we run with.
.venv-fuzz/done: requirements.txt tests/fuzz/requirements.txt
	$(PYTHON) -m venv --clear .venv-fuzz
	.venv-fuzz/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	.venv-fuzz/bin/pip install --quiet --disable-pip-version-check --require-hashes -r tests/fuzz/requirements.txt
	.venv-fuzz/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

check: $(VENV)/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

$(VENV)/run: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; name one with make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/dev: $(VENV)/run requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

# All tests with each dependency in the oldest version that pyproject.toml allows.
lowest:
	$(PYTHON) -m venv --clear .venv-lowest
	$(PYTHON) tests/lowest.py > .venv-lowest/lowest.txt
	.venv-lowest/bin/pip install --quiet --disable-pip-version-check -r .venv-lowest/lowest.txt
	.venv-lowest/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	.venv-lowest/bin/pytest -n 2 --dist loadscope --no-loadscope-reorder

# Newest versions that fit pyproject.toml, with hashes and without any address.
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options
lock: $(VENV)/dev
	$(BIN)/pip install --quiet pip-tools
	printf 'hatchling\neditables\n' > $(VENV)/build.in
	# soupsieve 3 and later want Python 3.11.5, and Debian 12 has 3.11.2
	printf 'inspect-ai==0.3.285\nanthropic\nllm\nopenai\nsoupsieve<3\n' > $(VENV)/inspect.in
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["dev"], sep="\n")' > $(VENV)/dev.in
	$(COMPILE) --extra desk -o requirements.txt pyproject.toml $(VENV)/build.in
	$(COMPILE) -o requirements-dev.txt -c requirements.txt pyproject.toml $(VENV)/dev.in $(VENV)/build.in
	$(COMPILE) -o requirements-inspect.txt pyproject.toml $(VENV)/inspect.in $(VENV)/build.in
	printf 's3fs==2026.9.0\naiobotocore==3.10.0\nmoto[s3]==5.2.5\nflask\nflask-cors\n' > $(VENV)/objects.in
	$(COMPILE) -o requirements-objects.txt pyproject.toml $(VENV)/objects.in
	printf 'datacite\nduckdb\nfrictionless[parquet]\npandas\npolars\npyarrow\nroc-validator\nrocrate\nscipy\nstatsmodels\n' > $(VENV)/research.in
	$(COMPILE) -o requirements-research.txt $(VENV)/research.in
	printf 'pillow\npymupdf<1.26\nPyQt6<6.12\n' > $(VENV)/qualcoder.in
	$(COMPILE) -o requirements-qualcoder.txt $(VENV)/qualcoder.in
	printf 'hugo\nsqlite-utils\n' > $(VENV)/bench.in
	$(COMPILE) -o benchmarks/requirements.txt $(VENV)/bench.in
	printf 'atheris\n' > $(VENV)/fuzz.in
	$(COMPILE) -o tests/fuzz/requirements.txt $(VENV)/fuzz.in

clean:
	rm -rf $(VENV) .venv-inspect .venv-objects .venv-research .venv-qualcoder .venv-lowest .venv-bench .venv-fuzz .fuzz benchmarks/build demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
