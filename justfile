# Everyday recipes; `just` alone lists them. They expect the environment that script/test or script/start made.

export PATH := justfile_directory() / ".venv/bin:" + justfile_directory() / ".tools/bin:" + env("PATH")

[private]
default:
    @just --list --unsorted

# Everything that can be said without running the program: form, types, laws, documentation
check: index
    ruff format --check .
    ruff check .
    mypy
    lint-imports --no-cache
    deptry .
    vulture
    python docs/generate.py --check

# The tests of a part (`just test tests/language`), or all of them
test *arguments: index
    pytest -n 2 {{ arguments }}

# Which lines the tests reach
coverage *arguments: index
    coverage run -m pytest {{ arguments }}
    coverage report --skip-covered --sort=cover

# What tools can put right by themselves
fix:
    ruff check --fix .
    ruff format .

# Write the generated pages of docs/reference anew
docs: index
    python docs/generate.py

# Measure against the peers; results land in bench/
bench name="check_speed" *arguments: index
    python bench/{{ name }}.py {{ arguments }}

# Compile the rules, forms, lexicons, formats of logs and scenarios into the files that the program reads
index:
    @python -m amends.language.compile
    @python -m amends.timeline.compile
    @python -m amends.practice.compile

# Train the network anew from the labelled text (brings numpy, scipy and scikit-learn; UV_DEFAULT_INDEX names a mirror)
train: index
    uv pip install --quiet --require-hashes --requirement requirements/training.txt
    python training/examine.py
    python training/train.py

# Lock the dependencies anew (seven days of cool-down) and install them
lock:
    requirements/lock
    uv pip sync --require-hashes requirements/dev.txt
    uv pip install --no-deps --no-build-isolation --editable .

# Run the checks before each commit
hooks:
    prek install
