// Words: those of words.txt, in one unbroken run of those that somebody read (publisher/essays/words.py).

const wordsOf = text =>
  text
    .normalize("NFC")
    .split(new RegExp(`[${SPACE}]+`))
    .filter(Boolean);

function longestStart(expected, found) {
  // Knuth, Morris, Pratt (1977)
  const borders = [0];
  let length = 0,
    best = [0, 0];
  for (let place = 1; place < expected.length; place++) {
    while (length && expected[place] !== expected[length]) length = borders[length - 1];
    borders.push((length += expected[place] === expected[length]));
  }
  length = 0;
  for (let place = 0; place < found.length && length < expected.length; place++) {
    while (length && found[place] !== expected[length]) length = borders[length - 1];
    length += found[place] === expected[length];
    if (length > best[0]) best = [length, place + 1];
  }
  return best;
}

function compareWords(expected, found) {
  // one sentence, and whether they are all there
  const [forward, after] = longestStart(expected, found),
    many = count => `${count.toLocaleString("en")} ${count === 1 ? "word" : "words"}`;
  if (!expected.length || !found.length) return { whole: false, said: "there are no words to compare" };
  if (forward === expected.length) {
    const more = [
      [after - forward, "before"],
      [found.length - after, "after"],
    ].filter(([count]) => count);
    const beside = more.map(([count, where]) => `${count.toLocaleString("en")} more ${where}`);
    return { whole: true, said: [`all ${many(forward)}, in order`, ...beside].join("; ") };
  }
  const [backward, before] = longestStart([...expected].reverse(), [...found].reverse());
  const ahead = forward >= backward,
    word = ahead ? forward : expected.length - backward - 1;
  const theirs = ahead ? found[after] : found[found.length - before - 1],
    none = ahead ? "your text ends" : "your text begins later";
  return {
    whole: false,
    said: `differs at word ${word + 1} of ${expected.length}: the register has “${expected[word]}”, ${theirs === undefined ? none : `you have “${theirs}”`}`,
  };
}
