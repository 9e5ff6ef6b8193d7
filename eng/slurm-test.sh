#!/usr/bin/env bash
# Runs docs/slurm-select.sh on Debian's slurm-wlm, one host with munge, slurmctld and slurmd, and compares the selection with that of one machine. As root, for the daemons.
# Where slurmd cannot run, a process that sets the same variables takes its place, and says so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
work=$(mktemp -d)
daemons=()

finish() {
    for daemon in "${daemons[@]}"; do
        kill "$daemon" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap finish EXIT

tsds() {
    "$root/tsds" "$@"
}

# munge, the controller and one node, with all of their state below the folder of this test.
start_slurm() {
    local host
    command -v slurmd >/dev/null && command -v munged >/dev/null || return 1
    host=$(hostname -s)
    mkdir -p "$work/slurm/state" "$work/slurm/spool" /run/munge
    chown munge: /run/munge
    if ! munge -n >/dev/null 2>&1; then
        runuser -u munge -- /usr/sbin/munged || return 1
    fi
    cat >"$work/slurm/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
StateSaveLocation=$work/slurm/state
SlurmdSpoolDir=$work/slurm/spool
SlurmctldPidFile=$work/slurm/slurmctld.pid
SlurmdPidFile=$work/slurm/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MpiDefault=none
SchedulerParameters=batch_sched_delay=0,sched_interval=1
NodeName=$host CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
    export SLURM_CONF=$work/slurm/slurm.conf
    slurmctld -D >"$work/slurm/slurmctld.log" 2>&1 &
    daemons+=($!)
    slurmd -D >"$work/slurm/slurmd.log" 2>&1 &
    daemons+=($!)
    for _ in $(seq 60); do
        if sinfo -h -o %T 2>/dev/null | grep -q idle; then
            return 0
        fi
        sleep 1
    done
    return 1
}

# What sbatch does with an array, without a scheduler: one process after the other, with the same variables.
stand_in() {
    mkdir -p "$work/bin"
    cat >"$work/bin/sbatch" <<'STAND'
#!/usr/bin/env bash
while [ $# -gt 0 ]; do
    case $1 in
        --array=*) array=${1#--array=} ;;
        --wrap=*) command=${1#--wrap=} ;;
    esac
    shift
done
for ((task = ${array%-*}; task <= ${array#*-}; task++)); do
    SLURM_ARRAY_TASK_ID=$task SLURM_ARRAY_TASK_COUNT=$((${array#*-} + 1)) bash -c "$command" || exit 1
done
STAND
    chmod +x "$work/bin/sbatch"
    PATH=$work/bin:$PATH
}

if start_slurm; then
    echo "slurm: $(slurmd -V) on $(hostname -s)"
else
    echo "slurm: slurmd does not run here; a process that sets the same variables stands in for it"
    stand_in
fi

export XDG_CACHE_HOME=$work/cache PATH=$root:$PATH
cd "$work"
tsds embed --pool "$root/samples/pool.jsonl" --out store
cp "$root/samples/targets.jsonl" .
tsds select --pool-vectors store --target targets.jsonl --budget 5% --out local
bash "$root/docs/slurm-select.sh" 2 --work work --pool-vectors store --target targets.jsonl --budget 5% --out merged
for file in selected.npy lineage.jsonl targets.jsonl path.csv; do
    cmp "local/$file" "merged/$file"
done
echo "slurm: the same bytes"
