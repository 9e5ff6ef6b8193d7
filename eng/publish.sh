#!/usr/bin/env bash
# Makes what people without an SDK run, in artifacts/dist: for each platform an archive and a wheel, for Linux a container
# image where its base can be reached; for people with one the .NET tool; and SHA256SUMS.
#   eng/publish.sh [--no-images | --archives] [linux-x64] [linux-arm64] [osx-arm64] [win-x64]
# Without a platform all four. --no-images leaves the images out, --archives makes archives and wheels alone.
# The same commit gives the same bytes, images excepted: their layers and configuration hold the time they were made at.
# What was written is read back: its files, their rights and licences, the wheel's tag and RECORD, and for which system
# and processor the program and the native libraries are.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
images=true
tool=true
case ${1:-} in
    --no-images) images=false && shift ;;
    --archives) images=false && tool=false && shift ;;
esac
[ $# -gt 0 ] || set -- linux-x64 linux-arm64 osx-arm64 win-x64
rids=$(IFS=';'; echo "$*")
packaging=artifacts/bin/Tsds.Packaging/release/Tsds.Packaging.dll

# Paths of this machine stay out of what is built; the ordinary build has analyzed it.
settings=(-p:ContinuousIntegrationBuild=true -p:RunAnalyzers=false --nologo -v quiet)
eng/page.sh
RuntimeIdentifiers=$rids dotnet restore src/Tsds.Cli -p:Standalone=true "${settings[@]}"
for rid in "$@"; do
    dotnet publish src/Tsds.Cli -c Release -r "$rid" --no-restore -p:Standalone=true "${settings[@]}"
done

# The first moment that a zip file can hold, as in the archives.
rm -f artifacts/dist/Tsds.Cli.*.nupkg
[ "$tool" = false ] ||
    RuntimeIdentifiers=$rids dotnet pack src/Tsds.Cli -c Release -p:PlatformTool=true "${settings[@]}" \
        -p:DeterministicTimestamp=315532800 -o artifacts/dist

dotnet build eng/Tsds.Packaging -c Release -p:RunAnalyzers=false --nologo -v quiet
dotnet "$packaging" notices . "$@"
for rid in "$@"; do
    image=$PWD/artifacts/dist/tsds-image-$rid.tar
    rm -f "$image"
    [ "$images" = true ] || continue
    case $rid in linux-*) eng/image.sh "$rid" "$image" || [ $? -eq 3 ] ;; esac
done
dotnet "$packaging" packages . "$@"
