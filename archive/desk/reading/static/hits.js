// Going from place to place in what a search found.

const links = [...document.querySelectorAll(".hits .where a")];

function step(by) {
  const at = links.indexOf(document.activeElement);
  links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
}

document.getElementById("next")?.addEventListener("click", () => step(1));
document.getElementById("before")?.addEventListener("click", () => step(-1));
