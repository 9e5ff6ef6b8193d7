#!/usr/bin/env bash
# Every check of the project, cheap ones first. The last line is always "N passed, N failed"; the exit code is not 0 when
# anything failed. A check that is not a test counts as one failed test when it fails.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

# A script started in the background inherits an ignored SIGINT, and so would the programs whose Ctrl-C is tested.
clean=(env)
if env --default-signal=INT true 2>/dev/null; then
    clean=(env --default-signal=INT)
fi

passed=0
failed=0

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}

title() {
    printf '\n== %s (%d s)\n' "$1" "$SECONDS"
}

# Runs a check that the later ones stand on: when it fails, nothing after it means anything.
require() {
    local name=$1
    shift
    title "$name"
    if ! "$@" </dev/null; then
        echo "FAILED: $name"
        failed=$((failed + 1))
        finish
    fi
}

# Runs a check and goes on.
check() {
    local name=$1
    shift
    title "$name"
    if ! "$@" </dev/null; then
        echo "FAILED: $name"
        failed=$((failed + 1))
    fi
}

# Runs one test program, with the setting of the environment given after its name and the arguments after that.
run_tests() {
    local project=$1 setting=$2
    shift 2
    "${clean[@]}" ${setting:+"$setting"} dotnet "artifacts/bin/$project/release/$project.dll" -noColor -noLogo "$@" </dev/null 2>&1
}

# Adds up the line of a test program, given its name, its setting, how it ended and the file with what it printed:
#   Name  Total: 5, Errors: 0, Failed: 1, Skipped: 0, Not Run: 0, Time: 0.1s
count_tests() {
    local project=$1 setting=$2 status=$3 log=$4 total errors failures skipped
    read -r total errors failures skipped < <(
        sed -nE 's/.* Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+).*/\1 \2 \3 \4/p' "$log" | tail -n 1)
    rm -f "$log"
    if [ -z "${total:-}" ]; then
        echo "FAILED: $project $setting ended with $status and without a summary, or ran no test"
        failed=$((failed + 1))
        return
    fi

    [ "$skipped" -eq 0 ] || echo "SKIPPED: $skipped of $project"
    passed=$((passed + total - failures - skipped))
    failed=$((failed + failures + errors))
    if [ "$status" -ne 0 ] && [ $((failures + errors)) -eq 0 ]; then
        echo "FAILED: $project $setting ended with $status"
        failed=$((failed + 1))
    fi
}

# Runs one test program and adds up what it says.
tests() {
    local project=$1 setting=${2:-} log status
    shift $(($# > 1 ? 2 : 1))
    title "$project $setting"
    log=$(mktemp)
    run_tests "$project" "$setting" "$@" | tee "$log"
    status=${PIPESTATUS[0]}
    count_tests "$project" "$setting" "$status" "$log"
}

# The rooms in which a file computes with vectors, as arguments of the test program: the folders of tests mirror those of
# the sources. A room that begins to compute with vectors is one of them without a word here.
rooms_of_vectors() {
    grep -rlE --include='*.cs' 'Runtime\.Intrinsics|\<Vector<|TensorPrimitives|using Tsds\.Numerics' src |
        xargs -n 1 dirname | sort -u |
        while read -r folder; do
            room=${folder#src/}
            printf '%s\n' -namespace "Tsds.Tests$(printf '%s' "${room#Tsds}" | sed 's#^/#.#; s#/#.#g')"
        done
}

# What is tested against the real thing comes from Debian's packages where it is missing, as anybody would install it: a browser that reports are looked at in, the list that
# clusters keep of their members. An S3 server for the tests comes from npm.
install() {
    local root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    "${root[@]}" apt-get update -qq && "${root[@]}" apt-get install -y -qq --no-install-recommends "$@"
}

# The package is called as the program unless it is named too.
find_program() {
    command -v "$1" >/dev/null || install "${2:-$1}"
}

# Debian's own Python, whatever else is on the PATH.
find_python() {
    /usr/bin/python3 -c 'import ensurepip, numpy, venv' 2>/dev/null || install python3 python3-venv python3-numpy
}

# Podman with the runtime that needs least of the machine.
find_podman() {
    { command -v podman && command -v runc; } >/dev/null || install podman runc
}

check "chromium" find_program chromium
check "redis-server" find_program redis-server
check "postgresql" find_program pg_ctlcluster postgresql
check "node" find_program node nodejs
check "npm" find_program npm
check "python" find_python
check "pipx" find_program pipx
check "podman" find_podman
check "explorer's page" eng/page.sh
check "servers" npm ci --prefix tests/servers --no-audit --no-fund --silent
require "restore" dotnet restore Tsds.slnx --locked-mode
check "tools" dotnet tool restore
check "format" dotnet csharpier check .
require "build" dotnet build Tsds.slnx -c Release --no-restore --nologo -v quiet

# What people without .NET run: the tests of Tsds.IntegrationTests.Packages unpack and install it. The other platforms
# differ in native files alone, and 'eng/publish.sh' makes them when it is asked.
check "publish" eng/publish.sh linux-x64

tests Tsds.Tests

tests Tsds.IntegrationTests "" -namespace- Tsds.IntegrationTests.Clusters

# Clusters notice by the clock who is silent, and mostly wait: several at a time, beside the tests on lesser processors.
clusters_log=$(mktemp)
run_tests Tsds.IntegrationTests "" -namespace Tsds.IntegrationTests.Clusters -maxThreads 4 >"$clusters_log" &
clusters=$!

# The unit tests on lesser processors, with narrower vectors and with none: those of the rooms whose code computes with
# vectors or with the core's kernels. (That whole commands write the same bytes is tested above.)
mapfile -t rooms < <(rooms_of_vectors)
[ ${#rooms[@]} -gt 0 ] || { echo "FAILED: no room computes with vectors"; failed=$((failed + 1)); }
for setting in DOTNET_EnableAVX512=0 DOTNET_EnableAVX2=0 DOTNET_EnableHWIntrinsic=0; do
    tests Tsds.Tests "$setting" "${rooms[@]}"
done

wait "$clusters"
clusters_status=$?
title "Tsds.IntegrationTests of clusters"
cat "$clusters_log"
count_tests Tsds.IntegrationTests "of clusters" "$clusters_status" "$clusters_log"

for sample in samples/[0-9]*.cs; do
    [ -e "$sample" ] || continue
    check "sample $sample" dotnet run "$sample"
done

check "pack" dotnet pack Tsds.slnx -c Release --no-build --nologo -v quiet

title "done"
finish
