#!/usr/bin/env bash
# Publishes the archives and wheels of these sources once more, in a fresh clone elsewhere, and compares the checksums of
# all files that are in both with those of artifacts/dist:
#   eng/publish-again.sh RID...        after 'eng/publish.sh' of at least one of these platforms
# What is not committed is copied into the clone, so that a working tree can be tested. Ends with 1 where a file differs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
clone=$scratch/another-folder

git clone --quiet . "$clone"
# Symbols name where the sources came from, so that the clone must come from there too.
if origin=$(git remote get-url origin 2>/dev/null); then
    git -C "$clone" remote set-url origin "$origin"
else
    git -C "$clone" remote remove origin
fi
git ls-files --deleted -z | (cd "$clone" && xargs -0 -r rm -f)
git ls-files --modified --others --exclude-standard -z | while IFS= read -r -d '' file; do
    [ ! -f "$file" ] || cp --parents "$file" "$clone"
done

(cd "$clone" && eng/publish.sh --archives "$@")

# Lines of both lists have the same file names; the hashes stand before them.
compared=$(join -1 2 -2 2 <(sort -k 2 artifacts/dist/SHA256SUMS) <(sort -k 2 "$clone/artifacts/dist/SHA256SUMS"))
[ -n "$compared" ] || {
    echo "publish-again: expected a platform that 'eng/publish.sh' has published, found none of $*; publish one." >&2
    exit 1
}
differing=$(awk '$2 != $3 { print $1 }' <<<"$compared")
[ -z "$differing" ] || {
    echo "publish-again: expected the same bytes from another folder, found others in" $differing >&2
    exit 1
}
awk '{ print $2 "  " $1 }' <<<"$compared"
