"""What a person sees of a page in Chromium: which words are painted, and whether anything runs off the page.

`WORDS` and `SIDEWAYS` are functions for `page.evaluate`. A word is seen when every box of it has an extent, lies on the
page or in something that scrolls, is cut off by nothing, is of a size that can be read, and stands out from what is
behind it by at least 4.5 to 1 (WCAG 2.2, contrast minimum).
"""

WORDS = r"""
([selector, inline]) => {
  const INLINE = new RegExp(`^(?:${inline})$`);
  const number = (text) => Number.parseFloat(text);
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const colours = new Map();
  const rgba = (css) => {
    if (!colours.has(css)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = css;
      canvas.fillRect(0, 0, 1, 1);
      colours.set(css, canvas.getImageData(0, 0, 1, 1).data);
    }
    return colours.get(css);
  };
  const luminance = ([red, green, blue]) => {
    const parts = [red, green, blue].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const width = document.documentElement.clientWidth;
  // The windows through which an element is seen: of all around it that cut off or scroll what sticks out.
  const windows = new Map();
  const through = (element) => {
    if (!element) return [];
    if (windows.has(element)) return windows.get(element);
    const style = getComputedStyle(element);
    const own = style.overflowX === "visible" || element === document.body || element === document.documentElement
      ? [] : [[element, /auto|scroll/.test(style.overflowX), /auto|scroll/.test(style.overflowY)]];
    windows.set(element, [...through(element.parentElement), ...own]);
    return windows.get(element);
  };
  const painted = new Map();
  const paints = (element) => {
    if (painted.has(element)) return painted.get(element);
    const style = getComputedStyle(element);
    const whole = style.opacity === "1" && style.clipPath === "none" && style.filter === "none"
      && style.maskImage === "none" && style.transform === "none" && style.mixBlendMode === "normal";
    const seen = whole && (!element.parentElement || paints(element.parentElement));
    painted.set(element, seen);
    return seen;
  };
  const readable = new Map();
  const reads = (element) => {
    if (!readable.has(element)) {
      const style = getComputedStyle(element);
      const fill = rgba(style.webkitTextFillColor);
      readable.set(element, paints(element) && style.visibility === "visible" && number(style.fontSize) >= 9
        && fill[3] === 255 && contrast(fill, behind(element)) >= 4.5);
    }
    return readable.get(element);
  };
  const inside = (box, element) => {
    let free = false;
    for (const [frame, x, y] of through(element)) {
      const edge = frame.getBoundingClientRect();
      if (!x && (box.left < edge.left - 1 || box.right > edge.right + 1)) return false;
      if (!y && (box.top < edge.top - 1 || box.bottom > edge.bottom + 1)) return false;
      free ||= x;
    }
    return box.top + scrollY >= 0 && (free || (box.left >= -1 && box.right <= width + 1));
  };
  const range = document.createRange();
  const shown = (node, from, to) => {
    range.setStart(node, from);
    range.setEnd(node, to);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
    return boxes.length > 0 && boxes.every((box) => box.height > 6 && inside(box, node.parentElement));
  };
  let text = "";
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const said = node.data;
      if (!reads(node.parentElement)) {
        text += said.replace(/\S+/g, "");
        return;
      }
      let end = 0;
      for (const found of said.matchAll(/\S+/g)) {
        text += said.slice(end, found.index);
        end = found.index + found[0].length;
        if (shown(node, found.index, end)) text += found[0];
      }
      text += said.slice(end);
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const edge = INLINE.test(node.localName) ? "" : " ";
    text += edge;
    node.childNodes.forEach(walk);
    text += edge;
  };
  document.querySelectorAll(selector).forEach(walk);
  return text;
}
"""
"""Given a selector and a pattern of inline elements: the words that are seen in it, parted as `words.text` does it."""

SIDEWAYS = """
() => {
  const page = document.scrollingElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const wide = (each) => each.getBoundingClientRect().right > page.clientWidth + 1;
  const name = (each) => `${each.localName}.${each.className}: ${each.textContent.trim().slice(0, 40)}`;
  const said = [...document.querySelectorAll("body *")].filter(wide).map(name);
  return said.slice(-3).concat(`${page.scrollWidth} > ${page.clientWidth}`);
}
"""
"""What is wider than the page; empty where nothing is."""
