// What would run, or ask somebody else for something; frames are there, but nothing runs in them.
() => {
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    if (/^(frame|object|embed|base|applet|portal)$/.test(name)) found.push(`<${name}>`);
    if (name === "iframe" && !element.hasAttribute("sandbox")) found.push("<iframe> without sandbox");
    if (name === "iframe" && /allow-(scripts|top|popups|forms)/.test(element.sandbox.value)) found.push(`sandbox ${element.sandbox.value}`);
    if (name === "script" && !element.src) found.push("<script>");
    for (const { name: key, value } of element.attributes) {
      if (/^(on|hx-on|data-hx-on)/i.test(key) || /^hx-(vals|headers)$/i.test(key) && /^\s*js/i.test(value)) found.push(`${name} ${key}`);
      if (/^(srcdoc|style|ping)$/.test(key) && !(name === "iframe" && key === "style")) found.push(`${name} ${key}`);
      if (/^(data-)?hx-(get|post|put|patch|delete|sse|ws|include)/i.test(key) && /^(https?:)?\/\//i.test(value)) found.push(`${name} ${key}=${value}`);
      if (/^(href|src|action|formaction|data|poster|background|xlink:href)$/i.test(key)) {
        if (/^[\s\0-\x20]*(javascript|vbscript|data):/i.test(value) && !value.startsWith("data:")) found.push(`${name} ${key}=${value.slice(0, 60)}`);
        if (/^data:/i.test(value) && !(name === "link" && value === "data:,") && !/^data:image\//.test(value)) found.push(`${name} ${key}=${value.slice(0, 60)}`);
        if (name !== "a" && new URL(value, location).origin !== location.origin && !/^data:/i.test(value)) found.push(`${name} ${key}=${value.slice(0, 60)}`);
      }
    }
  }
  return [...new Set(found)];
}
