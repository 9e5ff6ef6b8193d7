#!/usr/bin/env bash
# Makes what people without an SDK run, in artifacts/dist: for each platform an archive and a wheel, and SHA256SUMS.
#   eng/publish.sh [linux-x64] [linux-arm64] [osx-arm64] [win-x64]      without arguments, all four
# The same sources give the same bytes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
[ $# -gt 0 ] || set -- linux-x64 linux-arm64 osx-arm64 win-x64

# Paths of this machine stay out of what is built; the ordinary build has analyzed it.
settings=(-p:Standalone=true -p:ContinuousIntegrationBuild=true -p:RunAnalyzers=false --nologo -v quiet)
eng/page.sh
RuntimeIdentifiers=$(IFS=';'; echo "$*") dotnet restore src/Tsds.Cli "${settings[@]}"
for rid in "$@"; do
    dotnet publish src/Tsds.Cli -c Release -r "$rid" --no-restore "${settings[@]}"
done
dotnet build eng/Tsds.Packaging -c Release -p:RunAnalyzers=false --nologo -v quiet
dotnet artifacts/bin/Tsds.Packaging/release/Tsds.Packaging.dll . "$@"
