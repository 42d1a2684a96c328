#!/usr/bin/env bash
# Installs deckbuilder into an environment of its own: the job's Python and packages stay as they were.
set -euo pipefail

home="$RUNNER_TEMP/deckbuilder"
"$BASE_PYTHON" -m venv "$home"
python="$home/bin/python"
[ -x "$python" ] || python="$home/Scripts/python.exe"
"$python" -m pip install --quiet --disable-pip-version-check \
  --constraint "$GITHUB_ACTION_PATH/constraints.txt" "$GITHUB_ACTION_PATH"
echo "python=$python" >> "$GITHUB_OUTPUT"
