// What a page can try that knows even the addresses of a desk, and what came of each.
async ([base, socket]) => {
  const body = new URLSearchParams({ _form: "attack", _tab: "a", text: "stolen" });
  const tried = {};
  const answer = (it) => it.then((got) => got.type === "opaque" ? "opaque" : String(got.status), () => "refused");
  const event = (element, source) => new Promise((done) => {
    element.onload = () => done("loaded");
    element.onerror = () => done("refused");
    Object.assign(element, source);
    document.head.append(element);
  });
  tried.get = await answer(fetch(base, { credentials: "include" }));
  tried.post = await answer(fetch(base + "forms/keep", { method: "POST", body, credentials: "include" }));
  tried.blind = await answer(fetch(base + "forms/keep", { method: "POST", body, credentials: "include",  mode: "no-cors" }));
  tried.put = await answer(fetch(base + "forms/keep", { method: "PUT", body: "x", credentials: "include" }));
  tried.beacon = navigator.sendBeacon(base + "forms/keep", body) ? "sent" : "refused";
  tried.script = await event(document.createElement("script"), { src: base + "static/desk/desk.js", type: "module" });
  tried.style = await event(document.createElement("link"), { href: base + "tokens.css", rel: "stylesheet" });
  tried.socket = await new Promise((done) => {
    const made = new WebSocket(socket);
    made.onopen = () => done("open");
    made.onerror = () => done("refused");
  });
  const form = document.createElement("form");
  Object.assign(form, { action: base + "forms/keep", method: "post", target: "hidden" });
  const frame = document.createElement("iframe");
  frame.name = "hidden";
  document.body.append(form, frame);
  for (const [name, value] of body) form.append(Object.assign(document.createElement("input"), { name, value }));
  await new Promise((done) => { frame.onload = done; form.submit(); setTimeout(done, 1500); });
  try { tried.form = frame.contentDocument ? "readable" : "refused"; } catch { tried.form = "refused"; }
  await new Promise((done) => { frame.onload = done; frame.src = base; setTimeout(done, 1500); });
  try { tried.frame = frame.contentDocument?.querySelector("main") ? "readable" : "refused"; } catch { tried.frame = "refused"; }
  tried.cookie = document.cookie;
  return tried;
}
