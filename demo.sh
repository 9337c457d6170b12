#!/bin/sh
# The main job on the sample collection: file, submit, review, publish this week, verify. Everything lands in demo/.
set -eu
cd "$(dirname "$0")"
PATH="$PWD/.venv/bin:$PATH"
rm -rf demo
run() {
    printf '\n$ %s\n' "$*"
    "$@"
}

archive init demo --name "The Example Labs archive (a sample)" --origin sample.example/register --sample > /dev/null 2>&1
cp tests/demo.toml demo/archive.toml
cp -R transcripts essays demo/
mkdir demo/desk && mv demo/essays/2* demo/desk/

# A throw-away key: in a real home reviewers sign with their own.
ssh-keygen -q -t ed25519 -N '' -C ada -f demo/throw-away-key
printf 'ada@letters.example namespaces="review@letters.example",valid-after="20260101000000Z" %s\n' \
    "$(cut -d' ' -f1,2 demo/throw-away-key.pub)" > demo/allowed_signers

export ARCHIVE_HOME="$PWD/demo"
cd demo
run archive file transcripts/protocols/example-retirement
filed=$(run archive file transcripts/example-heron-1/2026-10-14-one-question-two-settings \
    transcripts/example-juniper-2/2026-11-05-question-first 2>/dev/null)
printf '%s\n' "$filed"
# The preferences quote the interview by its accession number, which has the year of filing in it.
accession=$(printf '%s\n' "$filed" | sed -n 's/^\([0-9-]*\)  .*one-question.*/\1/p')
for wish in transcripts/*/preferences/*.toml; do
    sed "s/2026-0001/$accession/g" "$wish" > wish && mv wish "$wish"
done
run archive file transcripts/example-heron-1 transcripts/example-juniper-2
run archive list
run archive search corrections --role assistant --limit 2
run archive keeping
run archive check

for essay in nothing-rhymes-with-sixty neither-of-us-is-the-train the-kiosk; do
    run publisher submit desk/*-$essay 2>/dev/null
done
sign="--reviewer ada@letters.example --key throw-away-key"
# shellcheck disable=SC2086
{
    run publisher review nothing-rhymes-with-sixty --decision publish $sign
    run publisher review neither-of-us-is-the-train --decision publish $sign
    run publisher review the-kiosk --decision withhold --criterion private-person $sign
}
printf '\n$ publisher publish\n'
publisher publish 2>&1 | tail -n 1
key=$(sed -n 's/^log //p' site/register/policy)
printf '\n$ publisher deploy www\n'
publisher deploy www > /dev/null
run publisher status 2> /dev/null
run publisher verify site --key "$key"
run publisher verify site/essays/nothing-rhymes-with-sixty/essay.md --key "$key"

cat <<END

Open      demo/site/index.html in a browser: the essays, the models that wrote them (models/), their interviews with
          what shaped them (interviews/$accession/1/), what a check does not prove (about/).
          demo/site/issues/*/issue.eml in a mail program, demo/site/feed.atom in a feed reader.
Try next  all of it in a browser: take logs in, code and compare interviews, decide about essays, publish the week:
            .venv/bin/archive desk --home demo
          change one letter of demo/site/essays/nothing-rhymes-with-sixty/essay.md and verify it again:
            .venv/bin/publisher verify demo/site/essays/nothing-rhymes-with-sixty/essay.md --key '$key'
          the issue as its editor sees it, page, phone, print and mail:
            .venv/bin/publisher preview --home demo
          an interview at the terminal, with what shaped it, and the same question in the other setting:
            .venv/bin/archive show --home demo $accession/1
            .venv/bin/archive show --home demo $accession/2
          the site as it is served, where a text is checked in the browser with nothing of ours installed:
            (cd demo/site && python3 -m http.server --bind 127.0.0.1 8000), then open http://127.0.0.1:8000/verify/
            and drop the essay's mail, or essay.md and essay.md.tlog-proof, on it; by hand: /verify/by-hand/
END
