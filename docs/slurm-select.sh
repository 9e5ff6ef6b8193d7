#!/usr/bin/env bash
# Selects with the searches in array jobs of Slurm:
#   docs/slurm-select.sh SHARDS --work DIR --pool-vectors DIR --target FILE... --budget N --out DIR [options of tsds select]
# Run it on a login node, or as a job of one task; all folders lie on storage that every node sees. Run again, it goes on where it was.
set -u
shards=$1
shift
work=
for ((i = 1; i < $#; i++)); do
    if [ "${!i}" = --work ]; then
        next=$((i + 1))
        work=${!next}
    fi
done

while true; do
    stage=$(tsds merge "$@")
    status=$?
    if [ "$status" -ne 2 ]; then
        [ -z "$stage" ] || echo "$stage"
        exit "$status"
    fi

    # --wait ends with the array, and not with 0 where one of its jobs failed: the reason is in that job's log.
    sbatch --wait --array="0-$((shards - 1))" --job-name="tsds-$stage" --output="$work/%x-%a.log" \
        --wrap="tsds shard $stage --work '$work' --index \$SLURM_ARRAY_TASK_ID --of $shards" || exit 1
done
