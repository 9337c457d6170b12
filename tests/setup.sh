#!/bin/sh
# What the tests use besides Python: a browser and a few programs. Installed where that is possible without asking;
# elsewhere the tests that need one say so and are skipped.
set -eu
missing=
for pair in chromium:chromium jq:jq ssh-keygen:openssh-client openssl:openssl xxd:xxd curl:curl busybox:busybox strace:strace fc-list:fontconfig go:golang-go; do
    command -v "${pair%%:*}" > /dev/null 2>&1 || missing="$missing ${pair##*:}"
done
if [ -z "$missing" ]; then
    :
elif [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing fonts-noto-core golang-golang-x-mod-dev > /dev/null
else
    echo "not installed, so some tests will be skipped:$missing" >&2
fi

# inspect-ai reads what we export; its 80 packages stay out of our environment.
if [ ! -f .venv-inspect/done ] || [ requirements-inspect.txt -nt .venv-inspect/done ]; then
    .venv/bin/python -m venv .venv-inspect
    if .venv-inspect/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-inspect.txt; then
        touch .venv-inspect/done
    else
        rm -rf .venv-inspect
        echo "inspect-ai cannot be installed here, so the tests that compare with it will be skipped" >&2
    fi
fi
