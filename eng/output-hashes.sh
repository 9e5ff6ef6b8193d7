#!/usr/bin/env bash
# Hashes what the command line writes in a fixed set of cases, to see whether a change of the code changed any output:
#   eng/output-hashes.sh TSDS_PROGRAM OUT.txt [SHARED_DATA]
# Run it with the ./tsds of the version before and with that of the version after, on one machine, and compare the two files with diff.
#   TSDS_PROGRAM  the ./tsds of a working tree, whose samples/ are the input
#   OUT.txt       gets a line "sha256  case/file" for every written file, and for what each case printed (stdout, stderr);
#                 a case that ended with another code than 0 gets one more line, "exit=CODE  case: message"
#   SHARED_DATA   a folder with the benchmark's suites domain/ and instruct/: selections of 1 % from them are cases too
# With ONLY=REGEX only cases whose name matches run, such as ONLY='^(defaults|again|explain-row-17)$'; a case that needs
# another one's output needs that case too. With KEEP=DIR the files that were hashed are kept in DIR, a new folder, so that diff -r shows what is behind another hash.
# Masked before hashing, as it differs from run to run: times, rates, progress, peak memory, the traffic of a cluster, when the cache was used last, the temporary
# folder, "run" of the manifests, the commit in the version, and so the hash of the report in its manifest. Python 3 is needed.
set -uo pipefail
export LC_ALL=C TZ=UTC

fail() {
    echo "output-hashes: $*" >&2
    exit 1
}

[ $# -eq 2 ] || [ $# -eq 3 ] || fail "expected TSDS_PROGRAM OUT.txt [SHARED_DATA], found $# arguments."
program=$(realpath -e -- "$1") || fail "expected a program at $1, found none."
out=$(realpath -m -- "$2")
shared=${3:+$(realpath -e -- "$3")} || fail "expected a folder at $3, found none."
keep=${KEEP:+$(realpath -m -- "$KEEP")}
samples=$(dirname "$program")/samples
[ -d "$samples" ] || fail "expected the folder samples beside $program, found none."
[ -z "$keep" ] || [ ! -e "$keep" ] || fail "expected a new folder for KEEP, found $keep."
command -v python3 >/dev/null || fail "expected python3 on the PATH, found none."

# The first call builds the program where that is needed.
"$program" --version >/dev/null || fail "$program --version failed."

scratch=$(realpath -- "$(mktemp -d)")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
mkdir -p "$scratch/run/out" "$scratch/run/text"
cd "$scratch/run" || exit 1
export XDG_CACHE_HOME=$scratch/run/cache
unset TSDS_DEBUG TSDS_CLUSTER_SECRET TSDS_REDIS_PASSWORD OPENAI_API_KEY OTEL_EXPORTER_OTLP_ENDPOINT COLUMNS input
cases=0

# Runs a case and keeps what it printed and its exit code: run NAME ARGUMENTS... Standard input is the file $input, or empty.
run() {
    local name=$1
    shift
    [[ $name =~ ${ONLY:-} ]] || return 0
    mkdir "text/$name" || fail "the case $name is there twice."
    timeout --foreground 900 "$program" "$@" <"${input:-/dev/null}" >"text/$name/stdout" 2>"text/$name/stderr"
    echo $? >"text/$name/exit"
    cases=$((cases + 1))
}

# Copies what a case has written, unless ONLY leaves that case out.
copy() {
    [ -e "$1" ] && cp -r "$1" "$2"
}

# A case that writes the folder out/NAME.
write() {
    run "$@" --out "out/$1"
}

# A selection from the samples; without a word about the budget it is 5 %.
select_samples() {
    local budget=(--budget 5%)
    case " $* " in
        *" --budget "*) budget=() ;;
    esac
    write "$1" select --pool pool.jsonl --target targets.jsonl "${budget[@]}" "${@:2}"
}

# A selection of 60 rows by the ready-made vectors of the samples.
select_vectors() {
    write "$1" select --pool-vectors pool.npy --target-vectors targets.npy --budget 60 "${@:2}"
}

# The rounds of tsds merge and tsds shard, until the selection is there: merge_all NAME SHARDS OPTIONS...
merge_all() {
    local name=$1 shards=$2 round stage index
    shift 2
    for round in 1 2 3 4 5 6 7 8; do
        write_round "$name" "$round" "$@"
        [ -e "text/$name-$round/exit" ] || return
        [ "$(cat "text/$name-$round/exit")" -eq 2 ] || return
        stage=$(cat "text/$name-$round/stdout")
        for ((index = 0; index < shards; index++)); do
            run "$name-$round-shard-$index" shard "$stage" --work "out/$name-work" --index "$index" --of "$shards"
        done
    done
}

write_round() {
    run "$1-$2" merge --work "out/$1-work" --out "out/$1" "${@:3}"
}

# ---- Input: the samples, and what is made of them.

cp "$samples/pool.jsonl" "$samples/targets.jsonl" .
head -n 10 targets.jsonl >first.jsonl
tail -n 10 targets.jsonl >last.jsonl
head -n 1200 pool.jsonl >begun.jsonl
sed -n '1301,1500p' pool.jsonl >tests.jsonl
sed -n '1051,1100p' pool.jsonl >kept.jsonl
[ -z "$shared" ] || ln -s "$shared" shared
cat >settings.yaml <<'YAML'
pool:
  - pool.jsonl
target: targets.jsonl
budget: 3%
alpha: 0.3
sampling: systematic
no-report: true
YAML

python3 - <<'PYTHON' || fail "the input could not be made."
import csv, gzip, json, os, random, re, struct

rows = [json.loads(line) for line in open("pool.jsonl", encoding="utf-8")]


def lines(path, values):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def message(role, content):
    return {"role": role, "content": content}


# Every schema, from the first rows of the pool.
def chatml(i, row):
    system = [message("system", "Answer briefly.")] if i % 3 == 0 else []
    return {"id": row["id"], "messages": system + [message("user", row["instruction"]), message("assistant", row["output"])], "source": row["source"]}


def sharegpt(i, row):
    return {"id": row["id"], "conversations": [{"from": "human", "value": row["instruction"]}, {"from": "gpt", "value": row["output"]}]}


def alpaca(i, row):
    more = {"system": "Answer briefly.", "history": [["Hello", "Good day"]]} if i % 4 == 0 else {}
    return {"instruction": row["instruction"], "input": row["source"] if i % 2 else "", "output": row["output"], **more}


schemas = {
    "chatml": chatml,
    "sharegpt": sharegpt,
    "alpaca": alpaca,
    "prompt-completion": lambda i, row: {"prompt": row["instruction"], "completion": row["output"], "dataset": row["source"]},
    "query-response": lambda i, row: {"query": row["instruction"], "response": row["output"], "history": []},
    "text": lambda i, row: {"text": row["instruction"] + "\n" + row["output"], "source": row["source"]},
    "preference": lambda i, row: {"prompt": row["instruction"], "chosen": row["output"], "rejected": "I do not know."},
}
os.mkdir("schemas")
for name, make in schemas.items():
    lines(f"schemas/{name}.jsonl", [make(i, row) for i, row in enumerate(rows[:240])])
lines("unanswered.jsonl", [{"messages": [message("user", row["instruction"])] + [message("assistant", row["output"])] * (i % 3)} for i, row in enumerate(rows[:240])])
lines("other.jsonl", [{"title": row["instruction"], "body": row["output"]} for row in rows[:300]])
lines("tokens.jsonl", [{"input_ids": list(range(5 + i % 40)), "labels": [-100] * (i % 5) + list(range(5 + i % 40 - i % 5))} for i in range(len(rows))])

# Other containers.
os.mkdir("containers")
with open("containers/pairs.csv", "w", encoding="utf-8", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["id", "prompt", "completion", "source"])
    writer.writerows([row["id"], row["instruction"], row["output"], row["source"]] for row in rows[:300])
with open("containers/rows.json", "w", encoding="utf-8") as file:
    json.dump(rows[300:600], file, indent=2)
with open("containers/more.jsonl.gz", "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as file:
    file.write(b"".join(json.dumps(row).encode() + b"\n" for row in rows[600:900]))

# Rows that cannot be used.
with open("broken.jsonl", "w", encoding="utf-8", newline="\n") as file:
    for i, row in enumerate(rows[:300]):
        file.write({50: '{"instruction": "cut', 100: '{"question": 1}', 150: '{"instruction": "", "output": ""}'}.get(i, json.dumps(row)) + "\n")

# A tokenizer: pieces of words, and the commonest words.
counts = {}
for row in rows:
    for word in re.findall("[a-z]+", row["output"].lower()):
        counts[word] = counts.get(word, 0) + 1
common = sorted(counts, key=lambda word: (-counts[word], word))[:300]
letters = [chr(code) for code in range(97, 123)]
os.mkdir("model")
with open("model/vocab.txt", "w", encoding="utf-8", newline="\n") as file:
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *("##" + letter for letter in letters), ".", ",", "?", "'", "-"]
    file.writelines(piece + "\n" for piece in pieces + [word for word in common if len(word) > 1])

# Vectors, one for each row of the samples, in two kinds: groups with near copies. Sums and products alone, so that every machine makes the same.
chance = random.Random(1)


def vectors(count, centers, first, spread):
    made = []
    for i in range(count):
        center = centers[first(i)]
        near = made[-1] if i % 9 == 8 else None
        made.append([(near[j] + 0.01 * (chance.random() - 0.5)) if near else center[j] + spread * (chance.random() - 0.5) for j in range(len(center))])
    return made


def npy(path, values, kind="f", name="<f4"):
    header = "{'descr': '%s', 'fortran_order': False, 'shape': (%d, %d), }" % (name, len(values), len(values[0]))
    header += " " * (-(10 + len(header) + 1) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        for row in values:
            file.write(struct.pack(f"<{len(row)}{kind}", *row))


def safetensors(path, values):
    data = b"".join(struct.pack(f"<{len(row)}f", *row) for row in values)
    header = json.dumps({"features": {"dtype": "F32", "shape": [len(values), len(values[0])], "data_offsets": [0, len(data)]}}).encode()
    header += b" " * (-len(header) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + data)


for dimension, suffix in ((32, ""), (48, "-2")):
    centers = [[chance.random() - 0.5 for _ in range(dimension)] for _ in range(14)]
    pool = vectors(len(rows), centers, lambda i: i * 7 % 14, 0.9)
    targets = vectors(20, centers, lambda i: i % 4, 0.7)
    if suffix:
        safetensors("pool-2.safetensors", pool)
        safetensors("targets-2.safetensors", targets)
    else:
        npy("pool.npy", pool)
        npy("pool-float16.npy", pool, "e", "<f2")
        npy("targets.npy", targets)
        npy("targets-first.npy", targets[:10])
        npy("targets-last.npy", targets[10:])
        npy("tests.npy", pool[1300:1500])
        for part, (begin, end) in enumerate(((0, 900), (900, 1600), (1600, 2000))):
            npy(f"part-{part}.npy", pool[begin:end])
PYTHON

# ---- What the commands say of themselves, and of wrong use.

run help --help
for command in select compare embed index inspect verify explain explore export cache mcp merge shard worker; do
    run "help-$command" "$command" --help
done

run wrong-command selct
run wrong-option select --pool pool.jsonl --target targets.jsonl --bugdet 5%
run wrong-no-budget select --pool pool.jsonl --target targets.jsonl --out out/wrong
run wrong-no-out select --pool pool.jsonl --target targets.jsonl --budget 5%
run wrong-file select --pool nowhere.jsonl --target targets.jsonl --budget 5% --out out/wrong
run wrong-rows select --pool broken.jsonl --target targets.jsonl --budget 5% --out out/wrong
run wrong-rows-json select --pool broken.jsonl --target targets.jsonl --budget 5% --out out/wrong --json
run wrong-schema select --pool other.jsonl --target targets.jsonl --budget 5% --out out/wrong
run wrong-method select --pool pool.jsonl --target targets.jsonl --budget 5% --method rsd+ --out out/wrong
run wrong-method-option select --pool pool.jsonl --target targets.jsonl --budget 5% --method random --alpha 0.5 --out out/wrong
run wrong-budget select --pool pool.jsonl --target targets.jsonl --budget 5000 --out out/wrong
run wrong-vectors select --pool-vectors pool.npy --target-vectors targets-2.safetensors --budget 5% --out out/wrong
run wrong-cluster select --cluster local:2 --pool pool.jsonl --target targets.jsonl --budget 5% --out out/wrong

# ---- Selections from the samples.

select_samples defaults
write again select --config out/defaults/manifest.json
write settings select --config settings.yaml
select_samples published --alpha 0.5 --scale 5 --bandwidth 0.75
select_samples published-multinomial --alpha 0.5 --scale 5 --bandwidth 0.75 --sampling multinomial
for regularizer in uniform tv; do
    select_samples "regularizer-$regularizer" --regularizer "$regularizer"
done
for alpha in 0 0.1 0.9 auto; do
    select_samples "alpha-$alpha" --alpha "$alpha"
done
select_samples alpha-1 --alpha 1 --sampling multinomial
select_samples neighbors --neighbors 12
select_samples bandwidth-0 --bandwidth 0
select_samples density-base --density-base neighbors
select_samples normalize-none --normalize none
for sampling in systematic multinomial top; do
    select_samples "sampling-$sampling" --sampling "$sampling"
done
select_samples seed --seed 7

select_samples budget-rows --budget 37
select_samples budget-percent --budget 12.5%
select_samples budget-tokens --budget 8ktok
select_samples budget-supervised --budget 8ktok --count supervised
select_samples budget-tokenizer --budget 8ktok --tokenizer model
select_samples caps --cap sql=25% cooking=20% --alpha 0.2
select_samples caps-too-low --cap sql=15% cooking=20%
select_samples caps-unknown --cap nobody=10%
select_samples floors --floor health=30% astronomy=5% --alpha 0.2
select_samples floors-too-high --floor health=30%
select_samples caps-tokens --budget 8ktok --cap sql=25% --floor astronomy=5% --alpha 0.2
select_samples caps-top --sampling top --cap sql=25% --alpha 0.2

write tasks select --pool pool.jsonl --target one=first.jsonl:0.7 --target two=last.jsonl:0.3 --budget 5%
write tasks-alike select --pool pool.jsonl --target one=first.jsonl two=last.jsonl --budget 80
write tasks-caps select --pool pool.jsonl --target one=first.jsonl:0.7 two=last.jsonl:0.3 --cap task:one=50% --budget 5%
write tasks-method select --pool pool.jsonl --target one=first.jsonl two=last.jsonl --method rds+ --budget 80

select_samples exclude --exclude tests.jsonl
select_samples exclude-distance --exclude tests.jsonl --exclude-distance 0.8
select_samples keep --keep kept.jsonl
select_samples exclude-keep --exclude tests.jsonl --keep kept.jsonl --budget 50
select_samples exclude-method --exclude tests.jsonl --method bm25

for method in knn-uniform random random-balanced max-sim mean-sim rds+ rds+refill dsir bm25 facloc herding kcenter semdedup d4; do
    select_samples "method-$method" --method "$method"
done
select_samples method-seed --method random --seed 3

for copies in once keep; do
    select_samples "copies-$copies" --copies "$copies" --alpha 0.2
done
for relevance in 0 1.5 auto; do
    select_samples "relevance-$relevance" --relevance "$relevance"
done
select_samples center-off --center off
seq 0 3 300 >rows.txt
select_samples exclude-rows --exclude-rows rows.txt
select_samples keep-rows --keep-rows rows.txt
select_samples sieve --sieve 600

select_samples template --template '{user}'
select_samples no-report --no-report
select_samples no-cache --no-cache
select_samples one-thread --threads 1
select_samples memory --memory 700MB
select_samples memory-too-low --memory 400MB
select_samples json --json
select_samples json-method --method facloc --json
write json-tasks select --pool pool.jsonl --target one=first.jsonl:0.7 two=last.jsonl:0.3 --exclude tests.jsonl --cap sql=40% --budget 50 --json
select_samples dry-run --dry-run
select_samples dry-run-json --dry-run --json
select_samples dry-run-tokens --budget 8ktok --exclude tests.jsonl --keep kept.jsonl --dry-run

input=pool.jsonl write stdin select --pool - --target targets.jsonl --budget 5%
write containers select --pool containers --target targets.jsonl --budget 5%
write text-field select --pool other.jsonl --text-field body --target targets.jsonl --budget 20
write skip select --pool broken.jsonl --target targets.jsonl --on-bad-row skip --budget 20

# ---- Selections by vectors, and indexes.

select_vectors vectors
select_vectors vectors-rows --pool pool.jsonl --target targets.jsonl
write vectors-float16 select --pool-vectors pool-float16.npy --target-vectors targets.npy --budget 60
write vectors-parts select --pool-vectors part-0.npy part-1.npy part-2.npy --target-vectors targets.npy --budget 60
select_vectors vectors-none --normalize none
select_vectors vectors-tv --regularizer tv --alpha 0.3
select_vectors vectors-multinomial --sampling multinomial
select_vectors vectors-published --alpha 0.5 --scale 5 --bandwidth 0.75 --sampling multinomial
write vectors-tasks select --pool-vectors pool.npy --target-vectors one=targets-first.npy:0.6 two=targets-last.npy:0.4 --budget 60
select_vectors vectors-exclude --exclude-vectors tests.npy --keep-vectors targets.npy
select_vectors vectors-method --method kcenter
select_vectors vectors-json --json
write vectors-tokens select --pool tokens.jsonl --pool-vectors pool.npy --target targets.jsonl --target-vectors targets.npy --budget 2ktok --count supervised
checkpoints=(--pool-vectors pool.npy:1.7e-5,pool-2.safetensors:1.3e-5 --target-vectors targets.npy:1.7e-5,targets-2.safetensors:1.3e-5)
write vectors-combined select "${checkpoints[@]}" --budget 60
write vectors-less select "${checkpoints[@]}" --method less --budget 60

write index index --pool-vectors pool.npy
write index-none index --pool-vectors part-0.npy part-1.npy part-2.npy --normalize none --json
select_vectors index-used --index out/index
select_vectors index-ignored --index out/index-none

# ---- Vector stores, a cluster, jobs of a batch scheduler.

write store embed --pool pool.jsonl
write store-float16 embed --pool pool.jsonl --store float16
write store-template embed --pool pool.jsonl --template '{user}' --json
write store-dry-run embed --pool pool.jsonl --dry-run
write store-grown embed --pool begun.jsonl
copy out/store-grown out/store-begun
run store-grown-more embed --pool pool.jsonl --out out/store-grown
write store-other embed --pool schemas
run store-refused embed --pool pool.jsonl --template '{assistant}' --out out/store

write from-store select --pool-vectors out/store --target targets.jsonl --budget 5%
write from-store-rows select --pool pool.jsonl --pool-vectors out/store --target targets.jsonl --budget 5%
write from-store-grown select --pool pool.jsonl --pool-vectors out/store-grown --target targets.jsonl --budget 5%
write from-store-float16 select --pool pool.jsonl --pool-vectors out/store-float16 --target targets.jsonl --budget 5%

write cluster select --cluster local:3 --pool pool.jsonl --pool-vectors out/store --target targets.jsonl --budget 5%
write cluster-json select --cluster local:3 --pool-vectors out/store --target targets.jsonl --budget 5% --json

merge_all merge 2 --pool-vectors out/store --target targets.jsonl --budget 5%
merge_all merge-parts 3 --pool-vectors part-0.npy part-1.npy part-2.npy --target-vectors targets.npy --budget 60
write_round merge-json 1 --pool-vectors pool.npy --target-vectors targets.npy --budget 60 --json
run merge-json-shard shard neighbors --work out/merge-json-work --index 0 --of 1 --json
run merge-json-shard-again shard neighbors --work out/merge-json-work --index 0 --of 1

# ---- Comparisons.

write compare compare --pool pool.jsonl --target targets.jsonl --budget 5%
write compare-json compare --pool pool.jsonl --target targets.jsonl --budget 100 --methods random,max-sim --test tests.jsonl --json
copy out/compare-json out/compare-more
write compare-more compare --pool pool.jsonl --target targets.jsonl --budget 100 --methods random,max-sim,dsir --test tests.jsonl
write compare-vectors compare "${checkpoints[@]}" --budget 60 --methods less,random,rds+ --seeds 3 --detailed
write compare-tasks compare --pool pool.jsonl --target one=first.jsonl:0.7 two=last.jsonl:0.3 --exclude tests.jsonl --budget 50 --methods random,bm25 --group-field id --no-report
write compare-dry-run compare --pool pool.jsonl --target targets.jsonl --budget 5% --dry-run

# ---- What is said of a selection.

for row in row:17 row:1366 row:516 target:3 target:15 id:p0362 id:t07 99; do
    run "explain-${row/:/-}" explain out/defaults "$row"
done
run explain-json-row explain out/defaults row:1366 --json
run explain-json-target explain out/defaults target:15 --json
run explain-tasks explain out/tasks target:12
run explain-multinomial explain out/published-multinomial row:1366
run explain-excluded explain out/exclude row:1366
run explain-vectors explain out/vectors target:2
run explain-vectors-row explain out/vectors row:70
run explain-store explain out/from-store row:1366
run explain-method explain out/method-rds+ row:1366
run explain-wrong explain out/defaults row:2000

for name in defaults published-multinomial budget-tokenizer tasks exclude-keep method-herding vectors-rows vectors-combined index-used from-store stdin; do
    run "verify-$name" verify "out/$name"
done
run verify-json verify out/caps --json
copy out/seed changed && echo '{}' >>changed/selected.jsonl
run verify-changed verify changed

run inspect inspect pool.jsonl targets.jsonl
run inspect-json inspect pool.jsonl --json
run inspect-folders inspect schemas containers
run inspect-broken inspect broken.jsonl pool.npy nowhere.jsonl
run inspect-broken-json inspect broken.jsonl other.jsonl --json
run inspect-text-field inspect other.jsonl --text-field body
input=targets.jsonl run inspect-stdin inspect -

# ---- Exports: every schema to every trainer.

write schema-all select --pool schemas --target targets.jsonl --budget 60
write schema-alpaca-plain select --pool begun.jsonl --target targets.jsonl --budget 30
for schema in chatml sharegpt alpaca prompt-completion query-response text preference; do
    write "schema-$schema" select --pool "schemas/$schema.jsonl" --target targets.jsonl --budget 12 --method random --no-report
done
for trainer in axolotl trl llama-factory torchtune unsloth hf ms-swift nemo openai; do
    run "export-$trainer" export out/defaults --to "$trainer"
    for schema in all chatml sharegpt alpaca prompt-completion query-response text preference; do
        run "export-$trainer-$schema" export "out/schema-$schema" --to "$trainer"
    done
done
write export-parquet export out/schema-alpaca-plain --to trl --format parquet --max-shard 5kB
write export-name export out/defaults --to llama-factory --name mine
run export-name-refused export out/schema-alpaca-plain --to llama-factory --name others --out out/export-name
run export-name-more export out/schema-alpaca-plain --to llama-factory --name others --out out/export-name --force --json
write unanswered select --pool unanswered.jsonl --target targets.jsonl --budget 24 --method random --no-report
write export-fail export out/unanswered --to llama-factory
write export-skip export out/unanswered --to llama-factory --on-bad-row skip
write dataset select --pool out/defaults/export-hf --target targets.jsonl --budget 20

# ---- The cache. Its files are hashed as they are before it is cleared.

run cache cache
run cache-json cache --json
copy cache/tsds out/cache
run cache-clear cache clear
run cache-clear-json cache clear --json
run cache-empty cache

# ---- The suites of the shared data.

if [ -n "$shared" ]; then
    for task in openstax-social nl2bash-utility; do
        write "domain-$task" select --pool shared/domain/pool.jsonl.zst --target "shared/domain/tasks/$task.query.jsonl.zst" --budget 1%
    done
    write instruct-gsm8k select --pool shared/instruct/pool.jsonl.zst --target shared/instruct/tasks/gsm8k.query.jsonl.zst --budget 1%
fi

# ---- Masks, and the hashes.

cd "$scratch" || exit 1
mkdir hashed
cp -r run/out/. hashed/
cp -r run/text/. hashed/
mkdir hashed/input
find run -maxdepth 1 -type f -exec cp {} hashed/input/ \;
cp -r run/schemas run/containers run/model hashed/input/

# The version without the commit that it was built from.
version='s/([0-9]+\.[0-9]+\.[0-9]+)\+[0-9a-f]{40}/\1/g'

# "run" has times, memory and machine. The report names the commit in full, so that its size and hash go with it; the report itself is hashed below.
find hashed \( -name manifest.json -o -name metrics.json \) -exec sed -E -i -e "$version" \
    -e '/^  "run": \{$/,/^  \}$/d' \
    -e '/"name": "report.html"/{n;s/[0-9]+/SIZE/;n;s/"[0-9a-f]{64}"/"HASH"/}' {} +
find hashed -name report.html -exec sed -E -i -e "$version" {} +

# The finished methods of a comparison tell their seconds.
find hashed -path '*/methods/*.json' -exec sed -E -i -e 's/"seconds":[0-9.E-]+/"seconds":TIME/' {} +

# Words and events. Of the progress of a stage only its beginning stays: how many lines follow, and how far they say it is, depends on the time.
time='[0-9]+(\.[0-9]+)? (s|min [0-9]+ s|h [0-9]+ min)'
stages='reading|fitting|embedding|neighbors|densities|solving|writing|scoring|choosing|judging|indexing'
find hashed \( -name stdout -o -name stderr \) -exec sed -E -i -e "$version" \
    -e "s|$scratch/run|WORK|g" \
    -e "/^($stages): /{/: started/!d}" \
    -e '/"event":"progress"/s/"(done|stageSeconds)":[0-9.E-]+/"\1":NUMBER/g' \
    -e 's/"(elapsedSeconds|plannedSeconds|seconds|peakMemoryBytes|sentBytes|receivedBytes|retries)":[0-9.E-]+/"\1":NUMBER/g' \
    -e 's/"lastUsed":"[^"]*"/"lastUsed":"TIME"/g' \
    -e "s/^  run  .*/  run  .../" \
    -e "s/^cluster: (.* workers?), .*/cluster: \1, .../" \
    -e "s/(, selected)? in $time( \([0-9,]+ rows\/s\))?/\1 in TIME/g" \
    -e "s/and $time to read and embed/and TIME to read and embed/" \
    -e 's/peak memory [0-9.,]+ [kMGT]?B/peak memory SIZE/g' \
    -e 's/about [0-9]+ (seconds?|minutes?|hours?) for these/about TIME for these/' \
    -e 's/^  [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} /  TIME /' \
    -e '/^  method  .* sec\.$/,/^$/s/ +[0-9.,]+$/  TIME/' {} +
for file in hashed/*/stdout; do
    awk -F '"' '!(/^\{"event":"progress"/ && seen[$8]++)' "$file" >masked && mv masked "$file"
done

for code in hashed/*/exit; do
    folder=$(dirname "$code")
    number=$(cat "$code")
    rm "$code"
    if [ "$number" -ne 0 ]; then
        message=$(grep -h '^tsds: ' "$folder/stderr" "$folder/stdout" | head -n 1)
        echo "exit=$number  ${folder#hashed/}: ${message:-$(grep -v '^{"event":"progress"' "$folder/stdout" | head -n 1 | cut -c 1-200)}"
    fi
done >codes

(cd hashed && find . -type f -printf '%P\0' | xargs -0 sha256sum) >lines
mkdir -p "$(dirname "$out")"
sort -k 2 lines codes >"$out" || fail "$out could not be written."
[ -z "$keep" ] || cp -r hashed "$keep"
echo "$cases cases, $(wc -l <"$out") lines, $SECONDS s: $out" >&2
