#!/usr/bin/env bash
# Every check of the project, cheap ones first. The last line is always "N passed, N failed"; the exit code is not 0 when
# anything failed. A check that is not a test counts as one failed test when it fails. What mostly waits, or uses one
# processor, runs beside the rest; its output comes when the rest is done. Each title tells the seconds since the start
# and the processor seconds of what has ended until then.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

# One compiler for all builds of this run, which would start one for each project otherwise. It ends with the run.
export UseSharedCompilation=true SharedCompilationId=tsds-test-$$
work=$(mktemp -d)
passed=0
failed=0
declare -A lanes

clean_up() {
    local sdk lane
    sdk=$(dirname "$(realpath "$(command -v dotnet)")")/sdk/$(dotnet --version)
    "$sdk/Roslyn/bincore/VBCSCompiler" "-pipename:$SharedCompilationId" -shutdown >/dev/null 2>&1
    for lane in "${lanes[@]}"; do
        pkill -P "$lane"
        kill "$lane"
    done 2>/dev/null
    rm -rf "$work"
}
trap clean_up EXIT

# A script started in the background inherits an ignored SIGINT, and so would the programs whose Ctrl-C is tested.
clean=(env)
if env --default-signal=INT true 2>/dev/null; then
    clean=(env --default-signal=INT)
fi

finish() {
    local lane
    for lane in "${!lanes[@]}"; do
        join "$lane"
    done
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}

# Adds up what the builtin "times" prints, such as 1m2.345s: the second line is of all children that have ended.
sum_times() {
    awk 'NR == 2 { for (i = 1; i <= 2; i++) { split($i, part, /[ms]/); sum += 60 * part[1] + part[2] } print int(sum) }'
}

title() {
    local so_far=$work/times.$BASHPID
    times >"$so_far"
    printf '\n== %s (%d s, %d processor seconds)\n' "$1" "$SECONDS" "$(sum_times <"$so_far")"
}

# Starts a function beside what follows: beside LANE FUNCTION.
beside() {
    (
        passed=0 failed=0 lanes=()
        trap - EXIT
        "$2"
        echo "$passed $failed" >"$work/$1.counts"
    ) >"$work/$1.log" 2>&1 </dev/null &
    lanes[$1]=$!
}

# Waits for a lane, shows what it printed and adds up its counts.
join() {
    local lane_passed lane_failed
    wait "${lanes[$1]}"
    unset "lanes[$1]"
    printf '\n==== Beside the above: %s\n' "$1"
    cat "$work/$1.log"
    if read -r lane_passed lane_failed <"$work/$1.counts"; then
        passed=$((passed + lane_passed))
        failed=$((failed + lane_failed))
    else
        echo "FAILED: $1 ended before its end"
        failed=$((failed + 1))
    fi
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

# What is tested against the real thing comes from Debian's packages where it is missing, as anybody would install it: a
# browser that reports are looked at in, the list that clusters keep of their members. An S3 server comes from npm.
install() {
    local root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    "${root[@]}" apt-get update -qq && "${root[@]}" apt-get install -y -qq --no-install-recommends "$@"
}

# The package is called as the program unless it is named too: find_program PROGRAM [PACKAGE].
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

# What the tests run beside the tool.
programs() {
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
}

format() {
    check "format" dotnet csharpier check .
}

# What people without .NET run, and its tests, which unpack and install it.
packages() {
    check "publish" eng/publish.sh --no-images linux-x64
    [ "$failed" -gt 0 ] || touch "$work/published"
    tests Tsds.IntegrationTests "" -namespace Tsds.IntegrationTests.Packages
    check "publish again from another folder" eng/publish-again.sh linux-x64
}

# Clusters notice by the clock who is silent, and mostly wait: several at a time.
clusters() {
    tests Tsds.IntegrationTests "" -namespace Tsds.IntegrationTests.Clusters -maxThreads 4
}

beside programs programs
require "restore" dotnet restore Tsds.slnx --locked-mode
check "tools" dotnet tool restore
beside format format
join programs
require "build" dotnet build Tsds.slnx -c Release --no-restore --nologo -v quiet
join format
beside packages packages

tests Tsds.Tests

beside clusters clusters

# The unit tests on lesser processors, with narrower vectors and with none: those of the rooms whose code computes with
# vectors or with the core's kernels. (That whole commands write the same bytes is tested below.)
mapfile -t rooms < <(rooms_of_vectors)
[ ${#rooms[@]} -gt 0 ] || { echo "FAILED: no room computes with vectors"; failed=$((failed + 1)); }
for setting in DOTNET_EnableAVX512=0 DOTNET_EnableAVX2=0 DOTNET_EnableHWIntrinsic=0; do
    tests Tsds.Tests "$setting" "${rooms[@]}"
done

# From here on commands are those of the published program, which has less to compile when it starts; that the built one
# writes the same bytes is tested by Packages, and README's commands run with the built one.
title "waiting for what is published"
until [ -e "$work/published" ] || ! kill -0 "${lanes[packages]}" 2>/dev/null; do
    sleep 1
done
[ ! -e "$work/published" ] ||
    export TSDS_TEST_PROGRAM=$PWD/artifacts/standalone/publish/Tsds.Cli/release_linux-x64/Tsds.Cli
tests Tsds.IntegrationTests "" -namespace- Tsds.IntegrationTests.Clusters -namespace- Tsds.IntegrationTests.Packages
unset TSDS_TEST_PROGRAM
join clusters

for sample in samples/[0-9]*.cs; do
    [ -e "$sample" ] || continue
    check "sample $sample" dotnet run "$sample"
done

join packages
check "pack" dotnet pack Tsds.slnx -c Release --no-build --nologo -v quiet

title "done"
finish
