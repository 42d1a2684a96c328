// A page that is served: it follows the author's files, and tells what is wrong with them.
"use strict";

(() => {
  const {byId, element} = deckbuilder;
  const NAMES = {error: "Error", warning: "Warning", info: "Remark"};
  const page = decodeURIComponent(location.pathname.slice(1)).replace(/(^|\/)$/u, "$1index.html");
  let version = document.currentScript.dataset.version;
  let program = "";

  // ------------------------------------------------------------------ listening

  let source = null;
  let latest = null;
  let working = false;

  function listen() {
    source?.close();
    source = new EventSource(`/live?page=${encodeURIComponent(page)}`);
    source.addEventListener("message", ({data}) => follow(JSON.parse(data)));
    source.addEventListener("error", () => {
      say("Not connected. It goes on when deckbuilder runs again.", "away");
      // Some browsers give up on a server that is away.
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
    });
  }

  // A page that nobody sees holds no connection: a browser has few for one server.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) source?.close();
    else listen();
  });

  // -------------------------------------------------------------------- following

  async function follow(state) {
    latest = state;
    if (working) return;
    working = true;
    while (latest) {
      const now = latest;
      latest = null;
      await show(now).catch(() => { /* the server went away in between: it tells again when it is back */ });
    }
    working = false;
  }

  async function show(state) {
    if (program && state.program !== program) {
      location.reload();
      return;
    }
    program = state.program;
    clearTimeout(patience);
    if (state.reading) {
      patience = setTimeout(() => say("Reading your files …", "reading"), 400);
      return;
    }
    showProblems(state.problems, state.count);
    const changed = state.version === version ? [] : await update(state.version);
    if (changed.length) sayChanged(changed);
    else say("Follows your files", "idle");
  }

  // Gives the addresses of cards that are not what they were.
  async function update(wanted) {
    if (!deckbuilder.redraw || !wanted) {
      location.reload();
      return [];
    }
    const html = await (await fetch(location.pathname)).text();
    await run(`deck.js?${wanted}`);
    const fresh = new DOMParser().parseFromString(html, "text/html");
    document.title = fresh.title;
    const [old, now] = [document, fresh].map((where) => where.querySelector(".masthead"));
    if (old.outerHTML !== now.outerHTML) old.replaceWith(now);
    version = wanted;
    return deckbuilder.redraw();
  }

  function run(src) {
    return new Promise((resolve, reject) => {
      const script = element("script", {src});
      script.addEventListener("load", resolve);
      script.addEventListener("error", reject);
      document.head.append(script);
      script.remove();
    });
  }

  // ------------------------------------------------------------------- what is said

  const status = element("div", {className: "live-status"});
  status.setAttribute("role", "status");
  let patience = 0;

  function say(words, kind, ...more) {
    status.dataset.kind = kind;
    status.replaceChildren(element("span", {textContent: words}), ...more);
  }

  function sayChanged(addresses) {
    const words = addresses.length === 1 ? "1 card changed" : `${addresses.length.toLocaleString("en")} cards changed`;
    const show = element("button", {type: "button", textContent: "Show"});
    show.addEventListener("click", () => deckbuilder.goTo(addresses[0]));
    say(words, "changed", show);
  }

  // ----------------------------------------------------------------------- problems

  const box = element("section", {className: "live-problems", hidden: true});
  box.setAttribute("aria-label", "What is wrong in your files");
  let told = "";

  function problem(one) {
    const item = element("li", {className: one.severity},
      element("p", {},
        element("strong", {textContent: NAMES[one.severity]}), ` ${one.message} `,
        element("span", {className: "quiet", textContent: `[${one.rule}]`})),
      element("p", {className: "quiet"}, element("code", {textContent: one.place})));
    if (one.line) {
      const margin = `${one.number}`;
      const caret = element("span", {className: "caret", textContent: "^"});
      item.append(element("pre", {},
        `${margin} | ${one.line}\n${" ".repeat(margin.length)} | ${" ".repeat(one.caret)}`, caret));
    }
    if (one.fix) item.append(element("p", {className: "fix", textContent: `→ ${one.fix}`}));
    return item;
  }

  function showProblems(problems, count) {
    const now = JSON.stringify([problems, count]);
    if (now === told) return;
    told = now;
    const isOpen = box.querySelector("details")?.open ?? true;
    const errors = problems.filter(({severity}) => severity === "error").length;
    const words = count === 1 ? "1 thing to mend" : `${count.toLocaleString("en")} things to mend`;
    const waits = byId("live-problems");
    const rest = errors && !waits ? " · what you see is from before" : "";
    const more = count > problems.length
      ? [element("p", {className: "quiet", textContent: `and ${count - problems.length} more`})] : [];
    box.hidden = !count;
    box.dataset.worst = errors ? "error" : "warning";
    box.replaceChildren(element("details", {open: isOpen},
      element("summary", {textContent: words + rest}),
      element("ul", {}, ...problems.map(problem)), ...more));
  }

  (byId("live-problems") ?? document.body).append(box);
  document.body.append(status);
  listen();
})();
