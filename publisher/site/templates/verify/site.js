// An essay of this site: everything about it is fetched from where this page came from.

async function fetched(path, whole = true) {
  const answer = await fetch(ROOT + path, { cache: "no-store", redirect: "error", credentials: "omit" });
  if (!answer.ok) return whole ? refuse("fetching", path, `the answer ${answer.status}`) : null;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return bytes.length > LARGEST ? refuse("fetching", `${path} of at most ${LARGEST} bytes`, `${bytes.length}`) : bytes;
}

async function registerHere(keys) {
  // this site’s, as it stands now; each file of it is fetched once
  const kept = new Map();
  const file = (path, wider) => {
    if (!kept.has(path)) kept.set(path, fetched(path, !wider).then(bytes => bytes ?? fetched(wider)));
    return kept.get(path);
  };
  const tile = (level, index, width) => {
    const path = `register/${tilePath(level, index, width)}`;
    return file(path, width < 256n ? path.replace(/\.p\/\d+$/, "") : undefined);
  };
  return { checkpoint: await openCheckpoint(textOf(await file("register/checkpoint"), NOTE_STEP), keys), file, tile };
}

async function essayOf(slug, week) {
  // its files
  const folder = `essays/${slug}/`,
    found = [];
  const take = async (path, whole) => {
    const bytes = await fetched(path, whole);
    if (bytes) found.push({ name: path, bytes });
    return bytes;
  };
  for (const name of ["essay.md", "essay.md.tlog-proof"]) await take(folder + name, true);
  const { leaf } = parseProof(found[1].bytes);
  for (const name of ["intake.sums", "intake.sums.tlog-proof", "words.txt"]) await take(folder + name, false);
  await take("register/allowed_signers", false);
  for (let n = 1; n < 100; n++) {
    const review = await fetched(`${folder}reviews/${n}.json`, false);
    if (!review) break;
    if (!same(review, leaf)) continue;
    found.push({ name: `${folder}reviews/${n}.json`, bytes: review });
    await take(`${folder}reviews/${n}.json.sig`, false);
    break;
  }
  if (week) for (const name of ["SHA256SUMS", "SHA256SUMS.tlog-proof"]) await take(`issues/${week}/${name}`, false);
  return found;
}
