#!/bin/sh
# verify.sh FILE KEY: check FILE with FILE.tlog-proof beside it. Needs sh, sha256sum, openssl 3, xxd, base64, awk.
set -euf
file=$1 key=$2 proof=$1.tlog-proof t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
no() { echo "NOT VERIFIED: $1" >&2; exit 1; }
hash() { xxd -r -p | sha256sum | cut -c1-64; } # hex in, hex out
hex() { base64 -d | xxd -p -c 256; }           # base64 in, hex out
[ -s "$file" ] || no "the file is empty"
[ "$(sed -n 1p "$proof")" = c2sp.org/tlog-proof@v1 ] || no "this is no proof"
index=$(sed -n '3s/^index //p' "$proof")
case $index in '' | *[!0-9]* | 0?*) no "the proof has no index" ;; esac
sed -n '2s/^extra //p' "$proof" | base64 -d > "$t/leaf"
grep -qF "{\"digest\":{\"sha256\":\"$(sha256sum < "$file" | cut -c1-64)\"}" "$t/leaf" || no "another text was logged"
awk 'gap; /^$/ { gap = 1 }' "$proof" > "$t/note" # the checkpoint with its signatures
sed '/^$/,$d' "$t/note" > "$t/checkpoint"
name=${key%%+*} size=$(sed -n 2p "$t/checkpoint")
[ "$(sed -n 1p "$t/checkpoint")" = "$name" ] || no "this is the checkpoint of another register"
[ "$index" -lt "$size" ] || no "the register ends before this entry"
root=$({ printf 00; xxd -p -c 256 "$t/leaf"; } | hash) fn=$index sn=$((size - 1))
for sibling in $(sed '/^$/,$d' "$proof" | sed 1,3d); do # RFC 9162, 2.1.3.2
  [ "$sn" -gt 0 ] || no "the path is too long"
  sibling=$(echo "$sibling" | hex)
  if [ $((fn % 2)) = 1 ] || [ "$fn" = "$sn" ]; then
    root=$(printf '01%s%s' "$sibling" "$root" | hash)
    while [ $((fn % 2)) = 0 ] && [ "$fn" != 0 ]; do fn=$((fn / 2)) sn=$((sn / 2)); done
  else
    root=$(printf '01%s%s' "$root" "$sibling" | hash)
  fi
  fn=$((fn / 2)) sn=$((sn / 2))
done
[ "$sn" = 0 ] && [ "$root" = "$(sed -n 3p "$t/checkpoint" | hex)" ] || no "the statement is not entry $index"
{ printf 302a300506032b6570032100; echo "$key" | cut -d+ -f3- | hex | cut -c3-; } | xxd -r -p > "$t/key.der"
awk -v name="$name" '$1 == "—" && $2 == name { print $3; exit }' "$t/note" | base64 -d | tail -c 64 > "$t/signature"
openssl pkeyutl -verify -pubin -keyform DER -inkey "$t/key.der" -rawin -in "$t/checkpoint" -sigfile "$t/signature" \
  > "$t/said" 2>&1 || no "the checkpoint is not signed by this key"
echo "verified: $file is named in entry $index of $name, a register of $size entries. The entry:"
cat "$t/leaf"
echo
