// A part of a turn on the page, and what was said: the same, but that characters which do not show are shown marked.

/** The text as it was said, and where each piece of the page stands in it. */
export function said(part) {
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  const pieces = [];
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const words = node.nodeType === Node.TEXT_NODE;
    if (words ? node.parentElement.dataset.unseen : !node.dataset.unseen) continue;
    const real = words ? node.data : String.fromCodePoint(parseInt(node.dataset.unseen, 16));
    pieces.push({ node, words, start: text.length, end: text.length + real.length });
    text += real;
  }
  return { text, pieces };
}

/** From where to where a range of the page reaches in what was said; null where it does not reach into it. */
export function within({ pieces }, range) {
  let start, end;
  for (const { node, words, ...piece } of pieces) {
    if (!range.intersectsNode(node)) continue;
    const from = words && node === range.startContainer ? piece.start + range.startOffset : piece.start;
    const to = words && node === range.endContainer ? piece.start + range.endOffset : piece.end;
    if (from >= to) continue;
    start ??= from;
    end = to;
  }
  return start === undefined ? null : [start, end];
}

/** The range of the page that shows what was said from `start` to `end`. */
export function shown({ pieces }, start, end) {
  const range = document.createRange();
  const first = pieces.find((piece) => start < piece.end);
  const last = pieces.findLast((piece) => piece.start < end);
  if (first.words) range.setStart(first.node, start - first.start);
  else range.setStartBefore(first.node);
  if (last.words) range.setEnd(last.node, end - last.start);
  else range.setEndAfter(last.node);
  return range;
}

/** Without the space about it, which is selected by accident. */
export function trimmed(text, [start, end]) {
  const words = text.slice(start, end);
  const from = start + words.length - words.trimStart().length;
  return [from, Math.max(from, start + words.trimEnd().length)];
}

const points = (text) => [...text].length;

/** What words these are: {exact, occurrence, start, end}; code points, places that overlap counted too. */
export function told(text, [start, end]) {
  const exact = text.slice(start, end);
  let occurrence = 1;
  for (let at = text.indexOf(exact); at !== -1 && at < start; at = text.indexOf(exact, at + 1)) occurrence += 1;
  const before = points(text.slice(0, start));
  return { exact, occurrence, start: before, end: before + points(exact) };
}
