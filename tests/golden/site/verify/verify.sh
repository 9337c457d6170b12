#!/bin/sh
# verify.sh FILE KEY [PROOF]
#
# Checks that FILE is, byte for byte, what a register logged. PROOF is FILE.tlog-proof unless named. KEY is the
# register's, name+id+base64; have it from somewhere else than FILE. Needs sh, awk, sha256sum or shasum, and OpenSSL 3.
#
# The formats are those of C2SP (tlog-proof, signed-note, tlog-checkpoint) and RFC 6962. Not checked here: the
# reviewer's signature (ssh-keygen -Y verify), and that the register shows everybody the same.
set -eu
export LC_ALL=C

die() {
    printf 'NOT VERIFIED: %s\n' "$1" >&2
    exit 1
}
[ $# -ge 2 ] || die "usage: sh verify.sh FILE KEY [PROOF]"
file=$1 key=$2 proof=${3:-$1.tlog-proof}
[ -s "$file" ] || die "$file: expected a file that is not empty"
[ -s "$proof" ] || die "$proof: expected the proof"
command -v openssl > /dev/null || die "openssl is needed"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

sum() { # SHA-256 of standard input in hex
    if command -v sha256sum > /dev/null; then sha256sum; else shasum -a 256; fi | cut -c 1-64
}
decode() { # canonical base64 to bytes, in a file
    printf %s "$1" | openssl base64 -d -A > "$2" 2> /dev/null || die "$3: expected base64"
    [ "$(openssl base64 -A < "$2")" = "$1" ] || die "$3: expected canonical base64"
}
number() { # decimal, no sign, no leading zeros
    case $1 in '' | *[!0-9]* | 0?* | ???????????????????*) die "$2: expected a number" ;; esac
}
bytes() { wc -c < "$1" | tr -d ' '; }

# The proof: a first line, the statement, its index, a path of hashes; an empty line; the checkpoint; an empty line;
# signatures.
[ "$(tr -d '\012\040-\176\200-\377' < "$proof" | wc -c | tr -d ' ')" = 0 ] || die "$proof: control characters in it"
[ "$(tail -c 1 "$proof" | od -An -tx1 | tr -d ' ')" = 0a ] || die "$proof: expected a last line that ends"
awk -v to="$tmp" 'BEGIN { part = 1 } $0 == "" { part++; next } { print > (to "/" part) } END { exit part != 3 }' "$proof" \
    || die "$proof: expected three parts with an empty line between them"
for part in 1 2 3; do [ -s "$tmp/$part" ] || die "$proof: expected three parts, found an empty one"; done
line() { sed -n "$2p" "$tmp/$1"; }
[ "$(line 1 1)" = c2sp.org/tlog-proof@v1 ] || die "$proof: expected c2sp.org/tlog-proof@v1 first"
case $(line 1 2) in 'extra '?*) ;; *) die "$proof: expected «extra» and the statement" ;; esac
case $(line 1 3) in 'index '?*) ;; *) die "$proof: expected «index» and a number" ;; esac
statement=$(line 1 2) index=$(line 1 3)
decode "${statement#extra }" "$tmp/leaf" "the statement"
index=${index#index }
number "$index" "the index"

# 1. The checkpoint is signed by the register, under its own name.
name=${key%%+*} rest=${key#*+}
id=${rest%%+*}
decode "${rest#*+}" "$tmp/key" "the key"
[ "$(bytes "$tmp/key")" = 33 ] && [ "$(head -c 1 "$tmp/key" | od -An -tx1 | tr -d ' ')" = 01 ] || die "expected an Ed25519 key"
[ "$({ printf '%s\n' "$name"; cat "$tmp/key"; } | sum | cut -c 1-8)" = "$id" ] || die "the key is damaged: its id differs"
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; tail -c 32 "$tmp/key"; } > "$tmp/key.der"
[ "$(line 2 1)" = "$name" ] || die "expected the register $name, found $(line 2 1)"
size=$(line 2 2)
number "$size" "the tree size"
decode "$(line 2 3)" "$tmp/root" "the root hash"
[ "$(bytes "$tmp/root")" = 32 ] || die "expected a root hash of 32 bytes"
signed=no
while IFS= read -r signature; do
    case $signature in '— '?*' '?*) ;; *) die "expected a line «— name base64», found another" ;; esac
    signature=${signature#— }
    by=${signature%% *} signature=${signature#* }
    decode "$signature" "$tmp/signature" "the signature of $by"
    [ "$by $(head -c 4 "$tmp/signature" | od -An -tx1 | tr -d ' ')" = "$name $id" ] || continue # of others: passed over
    [ "$(bytes "$tmp/signature")" = 68 ] || die "the signature of $by has another length"
    tail -c 64 "$tmp/signature" > "$tmp/bare"
    openssl pkeyutl -verify -pubin -keyform DER -inkey "$tmp/key.der" -rawin -in "$tmp/2" -sigfile "$tmp/bare" \
        > /dev/null 2>&1 || die "the signature of $by does not fit the checkpoint (or OpenSSL is older than 3)"
    signed=yes
done < "$tmp/3"
[ "$signed" = yes ] || die "the checkpoint is not signed by $name with this key"

# 2. The statement stands in the tree whose root is signed (RFC 9162, section 2.1.3.2).
[ "$index" -lt "$size" ] || die "expected an index below $size, found $index"
node() { # SHA-256(01, left, right)
    { printf '\001'; cat "$1" "$2"; } | openssl dgst -sha256 -binary > "$tmp/node"
    mv "$tmp/node" "$tmp/found"
}
{ printf '\000'; cat "$tmp/leaf"; } | openssl dgst -sha256 -binary > "$tmp/found"
fn=$index sn=$((size - 1)) row=4 rows=$(awk 'END { print NR }' "$tmp/1")
while [ "$row" -le "$rows" ]; do
    decode "$(line 1 "$row")" "$tmp/hash" "a hash of the proof"
    [ "$(bytes "$tmp/hash")" = 32 ] && [ "$sn" != 0 ] || die "expected as many hashes as the tree is high"
    if [ $((fn & 1)) = 1 ] || [ "$fn" = "$sn" ]; then
        node "$tmp/hash" "$tmp/found"
        while [ $((fn & 1)) = 0 ] && [ "$fn" != 0 ]; do fn=$((fn >> 1)) sn=$((sn >> 1)); done
    else
        node "$tmp/found" "$tmp/hash"
    fi
    fn=$((fn >> 1)) sn=$((sn >> 1)) row=$((row + 1))
done
[ "$sn" = 0 ] && cmp -s "$tmp/found" "$tmp/root" || die "the statement is not entry $index of $name"

# 3. The statement is of one of the four kinds (archive/register/README.md), and one of its subjects is this file.
hash='[0-9a-f]{64}' id='[CEMP]?[0-9]{4}-[0-9]{4,}' code='[a-z0-9]+(-[a-z0-9]+)*' week='[0-9]{4}-W[0-9]{2}'
time='"time":"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"'
is() { # is KIND PREDICATE SUBJECT…
    form='\{"_type":"https://in-toto.io/Statement/v1","predicate":\{'$2'\},"predicateType":"https://emeritus.example/'$1'/v1"'
    shift 2
    subjects=
    for each; do subjects="$subjects${subjects:+,}\\{\"digest\":\\{\"sha256\":\"$hash\"\\},\"name\":\"$each\"\\}"; done
    grep -Eqx "$form,\"subject\":\[$subjects(,\\{\"digest\":\\{\"sha256\":\"$hash\"\\},\"name\":\"$more\"\\})*\]\\}" "$tmp/leaf"
}
said() { # the review's predicate, with this decision
    printf '%s' '"criteria":\[("'"$code"'"(,"'"$code"'")*)?\],"decision":"('"$1"')","edited":false,"intake":(0|[1-9][0-9]{0,14}),'
    printf '%s' '"reviewer":"SHA256:[A-Za-z0-9+/]{43}",'"$time"
}
notices='(site|no-issue|withdrawn|released|redacted|keys|sent|verifier)' kind=
more='//' # the name of any other subject: none, but in a notice
is intake '"kind":"(deposit|essay|model|protocol|codebook)",'"$time" "$id/intake(-[1-9][0-9]*)?[.]sums" && kind=intake
is review "$(said publish)" "$id/intake[.]sums" "$id/essay[.]md" "$id/essay[.]toml" && kind=review
is review "$(said 'withhold|hold')" "$id/intake[.]sums" && kind=review
is issue '"essays":\["'"$id"'"(,"'"$id"'")*\],"renderer":"[^"\\]+",'"$time"',"week":"'"$week"'"' \
    "issues/$week/SHA256SUMS" SHA256SUMS && kind=issue
is notice '"candidates":[1-9][0-9]{0,2},"kind":"asked","reason":"sampling",'"$time" 'sampling[.]toml' && kind=notice
is notice '"kind":"asked","reason":"candidate",'"$time" 'sampling[.]toml' 'E[0-9]{4}-[0-9]{4,}/intake[.]sums' && kind=notice
more='[^"\\]+'
is notice '"kind":"'"$notices"'","reason":"'"$code"'",'"$time"'(,"week":"'"$week"'")?' "$more" && kind=notice
[ -n "$kind" ] && [ "$(wc -l < "$tmp/leaf" | tr -d ' ')" = 0 ] || die "entry $index is no statement of the kinds known here"
sed 's/.*"subject":\[//; s/},{"digest"/}\
{"digest"/g' "$tmp/leaf" | sed 's/.*"sha256":"\([0-9a-f]*\)"},"name":"\([^"]*\)"}.*/\1 \2/' > "$tmp/subjects"
[ "$(cut -c 66- "$tmp/subjects" | sort | uniq -d)" = '' ] || die "entry $index names something twice"
case $kind in
    review) [ "$(cut -c 66- "$tmp/subjects" | cut -d / -f 1 | sort -u | wc -l | tr -d ' ')" = 1 ] ;;
    issue) sed 's/.*"week":"\([^"]*\)".*"name":"issues\/\([^/]*\).*/\1 \2/' "$tmp/leaf" | awk '{ exit $1 != $2 }' ;;
esac || die "entry $index is no statement of the kinds known here"
digest=$(sum < "$file")
subject=$(sed -n "s/^$digest //p" "$tmp/subjects" | sed 1q)
[ -n "$subject" ] || die "$file is not the file that was logged: its SHA-256 is $digest"
field() { sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' "$tmp/leaf"; }
decision=$(field decision)
printf 'verified: %s is %s, in a statement (%s%s, %s) that is entry %s of %s, a register of %s entries\n' \
    "$file" "$subject" "$kind" "${decision:+ «$decision»}" "$(field time)" "$index" "$name" "$size"
