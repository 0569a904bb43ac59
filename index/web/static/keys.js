// What the keyboard adds. Everything on the page works without it.
"use strict";
(() => {
  const box = document.getElementById("q");
  const links = () => [...document.querySelectorAll(".hits h2 a")];

  function move(step) {
    const all = links();
    const next = all.indexOf(document.activeElement) + step;
    if (next < 0) {
      if (box) box.focus();
      return;
    }
    const link = all[Math.min(next, all.length - 1)];
    if (!link) return;
    link.focus();
    link.closest("li").scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.matches("input, textarea, select");
    if (event.key === "/" && !typing && box) {
      event.preventDefault();
      box.focus();
      box.select();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (!typing || event.target === box)) {
      const at = links().indexOf(document.activeElement);
      if (event.target === box ? event.key === "ArrowUp" : at < 0 && event.target !== document.body) return;
      if (!links().length || (event.key === "ArrowUp" && at < 0)) return;
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    }
  });

  // The copies of a story are fetched when they are opened; without this script their link leads to them.
  document.addEventListener(
    "toggle",
    async (event) => {
      const from = event.target.open && event.target.dataset.from;
      if (!from) return;
      delete event.target.dataset.from;
      try {
        const answer = await fetch(from);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const list = answer.ok && page.querySelector("#copies");
        if (!list) return;
        list.removeAttribute("id");
        event.target.querySelector("p").replaceWith(document.importNode(list, true));
      } catch {
        // the link stays
      }
    },
    true,
  );
})();
