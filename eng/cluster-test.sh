#!/usr/bin/env bash
# Breaks clusters: workers killed, stopped, cut off, damaged and refused, a Redis that restarts, a client that is killed. Processes on this machine, some in network namespaces, whose
# time-outs pass in earnest: minutes, and nothing else may run beside them. Needs a build (./test makes one) and redis-server.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
exec dotnet artifacts/bin/Tsds.IntegrationTests/release/Tsds.IntegrationTests.dll -noColor -noLogo \
    -class '*.ClusterTests' -class '*.ClusterSecurityTests' -class '*.PartitionTests' "$@"
