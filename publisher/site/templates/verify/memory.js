// What this browser remembers: since when, and the checkpoints that are not known to lead to one another.

const memoryName = key => `emeritus ${key.name}+${key.id}`;

function remembered(keys) {
  // under the register’s key, or, after that was changed, under the one before it
  try {
    const found = keys.map(key => localStorage.getItem(memoryName(key))).find(Boolean);
    const kept = JSON.parse(found ?? "null");
    return kept && Array.isArray(kept.notes) ? kept : { since: null, notes: [], conflicts: [] };
  } catch {
    return { since: null, notes: [], conflicts: [], mute: true };
  }
}

function remember(key, kept) {
  try {
    localStorage.setItem(memoryName(key), JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

async function follow(checkpoints, keys, register) {
  // { state, said, notes }: what became of the register since this browser saw it first
  const kept = remembered(keys),
    seen = [];
  for (const note of kept.notes) seen.push(await openCheckpoint(note, keys));
  seen.push(...checkpoints);
  const now = register?.checkpoint,
    all = now ? [...seen, now] : seen;
  if (kept.conflicts?.length) return disagreement(kept);
  for (const one of all)
    for (const other of all)
      if (one.size === other.size && !same(one.root, other.root)) return conflict(keys[0], kept, one, other);
  const later = now && seen.find(one => one.size > now.size);
  if (later)
    return {
      state: "bad",
      said: `The register shows ${plural(now.size, "entry", "entries")} now, and one with ${later.size} was seen: this is an old copy of it, or entries were taken away. Come back later, and keep both.`,
      notes: [later.note, now.note],
    };
  if (!now) return offline(keys[0], kept, seen);
  const subtree = subtreesOf(now.size, register.tile);
  for (const one of seen) {
    const path = await consistencyPath(one.size, now.size, subtree);
    try {
      await checkConsistency(one.size, now.size, one.root, now.root, path);
    } catch {
      return conflict(keys[0], kept, one, now);
    }
  }
  const since = kept.since ?? new Date().toISOString(),
    stays = remember(keys[0], { since, notes: [now.note], conflicts: [] });
  if (!stays)
    return {
      state: "good",
      said: "This browser keeps nothing for this page, so it cannot tell you later whether the register was changed.",
    };
  return {
    state: "good",
    said: kept.since
      ? `This browser has followed the register since ${day(since)}: nothing was removed or changed.`
      : `This browser follows the register from today on (${plural(now.size, "entry", "entries")}), and will say if anything of it is removed or changed.`,
  };
}

function offline(key, kept, seen) {
  const notes = [...new Set([...kept.notes, ...seen.map(one => one.note)])].slice(0, MOST_NOTES);
  const stays = notes.length && remember(key, { since: kept.since ?? new Date().toISOString(), notes, conflicts: [] });
  return {
    state: "more",
    said: `A page that was opened from a file cannot look at the register${stays ? `. This browser keeps ${plural(notes.length, "checkpoint", "checkpoints")} for it` : ""}, so only those of one size could be compared. “Check it yourself” shows how a program reads all of it.`,
  };
}

function conflict(key, kept, one, other) {
  // never overwritten: it is evidence
  kept.conflicts = [...(kept.conflicts ?? []), [one.note, other.note]].slice(0, MOST_NOTES);
  remember(key, { ...kept, since: kept.since ?? new Date().toISOString() });
  return disagreement(kept);
}

const disagreement = kept => ({
  state: "bad",
  notes: kept.conflicts[0],
  said: "Two checkpoints disagree. Both are signed with the register’s key, and neither leads to the other: it showed two histories. Copy both and show them to others; anyone can check them.",
});
