#!/bin/sh
# What the tests use besides Python: a browser and a few programs. Installed where that is possible without asking;
# elsewhere the tests that need one say so and are skipped.
set -eu
missing=
for pair in chromium:chromium jq:jq ssh-keygen:openssh-client openssl:openssl xxd:xxd curl:curl busybox:busybox strace:strace fc-list:fontconfig go:golang-go w3m:w3m newsboat:newsboat sfeed:sfeed r2e:rss2email git:git rsync:rsync nginx:nginx-light caddy:caddy; do
    command -v "${pair%%:*}" > /dev/null 2>&1 || missing="$missing ${pair##*:}"
done
# Of PostgreSQL only the programs, which Debian keeps off the path; the tests start a server of their own.
command -v initdb > /dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 || missing="$missing postgresql"
if [ -z "$missing" ]; then
    :
elif [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
    apt-get update -qq
    case $missing in *postgresql*)
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-common > /dev/null
        sed -i 's/^#*create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
        ;;
    esac
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing fonts-noto-core golang-golang-x-mod-dev > /dev/null
else
    echo "not installed, so some tests will be skipped:$missing" >&2
fi

# Chromium without the windows around a page shows one at a third of the cost; where it cannot be had, Chromium does.
windowless() {
    install="timeout 90 apt-get install -y -qq --no-install-recommends --no-remove chromium-headless-shell"
    export DEBIAN_FRONTEND=noninteractive
    $install || { timeout 30 apt-get update -qq && $install; }
}
if ! command -v chromium-headless-shell > /dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
    windowless > /dev/null 2>&1 || echo "no chromium-headless-shell here, so the tests of pages take longer" >&2 &
fi

# Some of what the tests use stays out of our environment, for its weight: inspect-ai, which asks and reads what we
# export, beside us (110 packages), a server of S3's with the library that talks to it, and the engines and validators that read a dataset.
environment() {
    name=$1 what=$2
    if [ ! -f ".venv-$name/done" ] || [ "requirements-$name.txt" -nt ".venv-$name/done" ]; then
        .venv/bin/python -m venv ".venv-$name"
        if ".venv-$name/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "requirements-$name.txt"; then
            touch ".venv-$name/done"
        else
            rm -rf ".venv-$name"
            echo "$what cannot be installed here, so the tests that need it will be skipped" >&2
        fi
    fi
}
environment inspect inspect-ai &
environment objects "moto's S3 server" &
environment research "what reads and checks a dataset" &
# QualCoder is in no registry: its source lies beside us, or where EMERITUS_QUALCODER says.
if [ -f "${EMERITUS_QUALCODER:-../shared/samples/qualcoder/src}/qualcoder/refi.py" ]; then
    environment qualcoder "what QualCoder needs" &
fi

# Validators of HTML and of accessibility that npm brings; their versions and hashes stand in tests/foreign.
foreign=tests/foreign
if [ ! -f $foreign/node_modules/done ] || [ $foreign/package-lock.json -nt $foreign/node_modules/done ]; then
    if command -v npm > /dev/null 2>&1 && (cd $foreign && npm ci --silent --ignore-scripts --engine-strict --no-audit --no-fund); then
        touch $foreign/node_modules/done
    else
        rm -rf $foreign/node_modules
        echo "html-validate, vnu-jar and axe-core cannot be installed here, so the tests that ask them will be skipped" >&2
    fi
fi
wait
[ ! -x .venv-inspect/bin/pip ] || .venv-inspect/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
