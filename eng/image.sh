#!/usr/bin/env bash
# Makes the container image of a platform of Linux, as an archive that 'docker load' and 'podman load' read:
#   eng/image.sh linux-x64|linux-arm64 FILE.tar
# The base is the one that the .NET SDK takes for programs that bring their runtime, without a shell;
# TSDS_BASE_IMAGE=REGISTRY/NAME:TAG takes another one. Run after 'eng/publish.sh', whose settings these are.
# Ends with 3 where the base cannot be reached.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
rid=$1
file=$2
log=artifacts/.image-$rid.log
base=${TSDS_BASE_IMAGE:+-p:ContainerBaseImage=$TSDS_BASE_IMAGE}

if ! dotnet publish src/Tsds.Cli -c Release -r "$rid" --no-restore -p:Standalone=true -p:ContinuousIntegrationBuild=true \
    -p:RunAnalyzers=false --nologo -v quiet -t:PublishContainer -p:ContainerArchiveOutputPath="$file" ${base:+"$base"} \
    >"$log" 2>&1; then
    if grep -qE 'HttpRequestException|CONTAINER101[123]' "$log"; then
        echo "tsds: no container image was made: the image it is built on could not be read from its registry ($log);" \
            "TSDS_BASE_IMAGE=REGISTRY/NAME:TAG takes it from another one." >&2
        exit 3
    fi

    cat "$log" >&2
    exit 1
fi
