// All cards of a deck: drawn where they are looked at, found by words and filters.
"use strict";

(() => {
  const {byId, element, deck} = deckbuilder;
  const NAMES = {error: "Error", warning: "Warning", info: "Remark"};
  const drawn = new Set();

  function bare(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  }

  // -------------------------------------------------------------------- a card

  const places = new Map();

  function half(card, html, label) {
    const side = deckbuilder.side({html, css: deck.css[card.css], number: card.number, label});
    return element("div", {className: "half"}, element("p", {className: "label", textContent: label}), side);
  }

  function place(card) {
    const text = element("code", {textContent: card.place});
    // A relative path leads somewhere only where the page and the facts are files of one folder.
    const shown = card.href && location.protocol === "file:" ? element("a", {href: card.href}, text) : text;
    const copy = element("button", {type: "button", className: "copy", textContent: "Copy"});
    copy.setAttribute("aria-label", `Copy ${card.place}`);
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(card.place);
        copy.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(text);
      }
    });
    return element("span", {className: "place"}, shown, copy);
  }

  function problem(one) {
    return element("li", {className: one.severity},
      element("strong", {textContent: NAMES[one.severity]}),
      ` ${one.message} `,
      element("span", {className: "quiet", textContent: [one.fix, one.place, `[${one.rule}]`].filter(Boolean).join(" · ")}));
  }

  function draw(box) {
    const card = deck.cards[places.get(box.id)];
    const concept = card.concepts.map((id) => deck.names.concept[id] ?? id).join(" · ");
    const title = element("h2", {id: `title ${box.id}`.replaceAll(" ", "-"), dir: "auto"},
      element("span", {className: "kind", textContent: card.kind}), ` ${concept}`);
    const anchor = element("a", {className: "anchor", href: `#${encodeURIComponent(box.id)}`, textContent: "#"});
    anchor.setAttribute("aria-label", "Address of this card");
    const head = element("header", {}, title, anchor);
    if (card.status !== "normal") head.append(element("span", {className: "status", textContent: card.status}));
    head.append(place(card));
    drawn.add(box.id);
    box.setAttribute("aria-labelledby", title.id);
    box.replaceChildren(head);
    if (card.problems.length) {
      box.append(element("ul", {className: "problems"}, ...card.problems.map(problem)));
    }
    box.append(element("div", {className: "sides"}, half(card, card.question, "Front"), half(card, card.answer, "Back")));
  }

  // ------------------------------------------------------------ all the cards

  // In groups, so that neither layout nor watching ever looks at thousands of cards at once.
  const GROUP = 40;
  const near = {rootMargin: "1200px 0px"};

  const boxes = deck.cards.map((card, position) => {
    places.set(card.address, position);
    return element("article", {className: "entry", id: card.address, tabIndex: -1});
  });
  const groups = Array.from({length: Math.ceil(boxes.length / GROUP)}, (_, number) =>
    element("div", {className: "group"}, ...boxes.slice(number * GROUP, (number + 1) * GROUP)));

  function sizeGroups() {
    for (const group of groups) {
      const shown = [...group.children].filter((box) => !box.hidden).length;
      group.hidden = shown === 0;
      group.style.setProperty("--shown", shown);
    }
  }

  const cardWatcher = new IntersectionObserver((seen) => {
    for (const {target, isIntersecting} of seen) {
      if (!isIntersecting) continue;
      cardWatcher.unobserve(target);
      if (!drawn.has(target.id)) draw(target);
    }
  }, near);
  const groupWatcher = new IntersectionObserver((seen) => {
    for (const {target, isIntersecting} of seen) {
      for (const box of target.children) {
        if (isIntersecting && !drawn.has(box.id)) cardWatcher.observe(box);
        else cardWatcher.unobserve(box);
      }
    }
  }, near);
  byId("cards").append(...groups);
  for (const group of groups) groupWatcher.observe(group);

  // What the review says of no single card; a few findings are read at once, many would push the cards away.
  function showLoose() {
    const box = byId("loose");
    box.querySelector("ul").append(...deck.loose.map(problem));
    box.querySelector("summary").textContent = `About the deck as a whole (${deck.loose.length.toLocaleString("en")})`;
    box.open = deck.loose.length <= 3;
    box.hidden = deck.loose.length === 0;
  }

  showLoose();

  // ------------------------------------------------------- search and filters

  const FILTERS = {
    concept: (card) => card.concepts,
    kind: (card) => [card.kind],
    tag: (card) => card.tags,
    source: (card) => card.sources,
    status: (card) => (card.problems.length ? [card.status, "with problems"] : [card.status]),
  };

  function fillFilters() {
    for (const [name, values] of Object.entries(FILTERS)) {
      const counts = new Map();
      for (const card of deck.cards) for (const value of values(card)) counts.set(value, (counts.get(value) ?? 0) + 1);
      const named = (value) => deck.names[name]?.[value] ?? value;
      const options = [...counts].map(([value, count]) =>
        element("option", {value, textContent: `${named(value)} (${count.toLocaleString("en")})`}));
      options.sort((one, other) => one.textContent.localeCompare(other.textContent));
      byId(name).append(...options);
    }
  }

  const haystacks = [];
  function haystack(position) {
    const card = deck.cards[position];
    haystacks[position] ??= bare(`${card.text} ${card.address} ${card.place} ${card.tags.join(" ")}`);
    return haystacks[position];
  }

  function find() {
    const words = bare(byId("search").value).split(/\s+/u).filter(Boolean);
    const chosen = Object.entries(FILTERS).map(([name, values]) => [byId(name).value, values]).filter(([value]) => value);
    let shown = 0;
    for (const [position, box] of boxes.entries()) {
      const card = deck.cards[position];
      const fits = chosen.every(([value, values]) => values(card).includes(value))
        && words.every((word) => haystack(position).includes(word));
      if (box.hidden === fits) box.hidden = !fits;
      shown += fits;
    }
    sizeGroups();
    const all = boxes.length.toLocaleString("en");
    byId("count").textContent = shown === boxes.length ? `${all} cards` : `${shown.toLocaleString("en")} of ${all} cards`;
    byId("nothing").hidden = shown > 0;
  }

  function showAll() {
    byId("search").value = "";
    for (const name of Object.keys(FILTERS)) byId(name).value = "";
    find();
  }

  let waiting = 0;
  byId("search").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, 80);
  });
  for (const name of Object.keys(FILTERS)) byId(name).addEventListener("change", find);
  document.querySelector("form.tools").addEventListener("submit", (event) => event.preventDefault());
  byId("clear").addEventListener("click", showAll);
  fillFilters();
  find();

  // ---------------------------------------------------- addresses and the keys

  function goTo(box) {
    if (!drawn.has(box.id)) draw(box);
    box.focus({preventScroll: true});
    settle(box, 8);
  }

  // What stands above a card gets its true height only now that it is near.
  function settle(box, frames) {
    box.scrollIntoView();
    if (frames) requestAnimationFrame(() => settle(box, frames - 1));
  }

  function goToAddress() {
    let address = location.hash.slice(1);
    try { address = decodeURIComponent(address); } catch { /* as it stands */ }
    if (!places.has(address)) return;
    const box = byId(address);
    if (box.hidden) showAll();
    goTo(box);
  }

  function step(forward) {
    const visible = boxes.filter((box) => !box.hidden);
    const here = visible.indexOf(document.activeElement.closest("article.entry"));
    const next = visible[here < 0 ? 0 : here + forward];
    if (next) goTo(next);
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input[type=search], select");
    if (event.key === "Escape" && typing) event.target.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      event.preventDefault();
      byId("search").focus();
    }
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
  });
  addEventListener("hashchange", goToAddress);
  goToAddress();
})();
