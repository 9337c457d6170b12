// The looks of a text, what a signature that was dropped led to, and where the eye goes after a form did its work.

const frame = document.querySelector("iframe[name=text]");
const looks = [...document.querySelectorAll("[data-look][target=text]")];

for (const link of looks) {
  link.addEventListener("click", () => {
    frame.dataset.look = link.dataset.look;
    for (const each of looks) each.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
  });
}

// Nothing runs in the frame, so what is typed while it has the focus never gets here: that is said, and who only clicked
// into the text has the keys back when the pointer leaves it.
const away = document.getElementById("keys-away");
let tabbed = false;
document.addEventListener("keydown", (event) => (tabbed = event.key === "Tab"));
addEventListener("blur", () => setTimeout(() => away && (away.hidden = document.activeElement !== frame)));
addEventListener("focus", () => away && (away.hidden = true));
document.addEventListener("mouseover", () => {
  if (!frame || document.activeElement !== frame || tabbed) return;
  frame.blur();
  window.focus();
});

document.getElementById("signature")?.addEventListener("dropped", (event) => {
  event.preventDefault();
  location.assign(document.body.dataset.at + event.detail.answers.at(-1));
});

document.addEventListener("input", (event) => {
  if (event.target.id === "key-file") document.querySelector("[name=key][value=file]").checked = true;
});

document.querySelector(".told")?.focus();
