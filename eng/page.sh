#!/bin/sh
# Builds the explorer's page into src/Tsds.Explorer/web/dist with Node, unless what is there is newer than its sources.
# A build of Tsds.Explorer after it carries the page inside.
set -eu

root=$(CDPATH= cd -P -- "$(dirname "$0")/.." && pwd)
web=$root/src/Tsds.Explorer/web
built=$web/dist/index.html
log=$root/artifacts/.page-build.log

fail() {
    echo "tsds: $*" >&2
    exit 1
}

if [ -f "$built" ] && [ -z "$(find "$web" \( -name node_modules -o -name dist \) -prune -o -type f -newer "$built" -print | head -n 1)" ]; then
    exit 0
fi

command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 ||
    fail "the explorer's page is built with Node 20 or newer and npm, and no 'node' with 'npm' was found on the PATH; install the packages nodejs and npm, or see https://nodejs.org."
major=$(node --version | sed -n 's/^v\([0-9]*\).*/\1/p')
[ "${major:-0}" -ge 20 ] ||
    fail "the explorer's page is built with Node 20 or newer, found $(node --version); see https://nodejs.org."

echo "tsds: building the explorer's page..." >&2
mkdir -p "$root/artifacts"
cd "$web"
if ! { npm ci --no-audit --no-fund --ignore-scripts && npm run build; } >"$log" 2>&1; then
    cat "$log" >&2
    fail "the page could not be built; what npm says is above. It reads its packages from the registry that npm is set to."
fi
touch "$built"
