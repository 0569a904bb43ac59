#!/bin/sh
# Makes .venv with what requirements.lock names and Svodka itself. Run by `make`; safe to run again.
set -eu

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
  for each in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$each" >/dev/null 2>&1 && fits "$each"; then command -v "$each"; return; fi
  done
  echo "svodka needs Python 3.11 or newer; found: $(python3 --version 2>&1 || true)." \
    "Install it (Debian, Ubuntu: apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3" >&2
  exit 1
}

python=$(find_python)
echo "Setting up .venv with $("$python" --version) (a minute at most, once) ..."
if command -v uv >/dev/null 2>&1; then
  [ -x .venv/bin/python ] || uv venv --quiet --python "$python" .venv
  uv pip install --quiet --compile-bytecode --python .venv/bin/python --require-hashes -r requirements.lock
  uv pip install --quiet --python .venv/bin/python --no-deps --editable .
else
  if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    echo "python3-venv is missing; install it with: apt-get install python3-venv" \
      "(for another Python: python3.12-venv and so on)" >&2
    exit 1
  fi
  [ -x .venv/bin/pip ] || "$python" -m venv .venv
  .venv/bin/pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
  .venv/bin/pip install -qq --disable-pip-version-check --no-deps --editable .
fi
touch .venv/ready
