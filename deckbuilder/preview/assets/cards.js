// All cards of a deck: drawn where they are looked at, found by words and filters.
"use strict";

(() => {
  const {bare, byId, element} = deckbuilder;
  let {deck} = deckbuilder;
  const NAMES = {error: "Error", warning: "Warning", info: "Remark"};
  const drawn = new Set();

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

  // What a student sees of a card, and all that is shown of it.
  const seen = (card) => JSON.stringify([card.question, card.answer, card.status, deck.css[card.css]]);
  const shown = (card) => JSON.stringify([card, deck.names.concept, seen(card)]);

  function bothSides(card) {
    return element("div", {className: "sides"}, half(card, card.question, "Front"), half(card, card.answer, "Back"));
  }

  // `sides` are there where only what is told of a card has changed.
  function draw(box, sides = null) {
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
    box.append(sides ?? bothSides(card));
  }

  // ------------------------------------------------------------ all the cards

  // In groups, so that neither layout nor watching ever looks at thousands of cards at once.
  const GROUP = 40;
  const near = {rootMargin: "1200px 0px"};

  let boxes = [];
  const groups = [];

  // Boxes that are there are kept where they stand, so that nothing moves under a reader's eyes.
  function arrange() {
    const there = new Map(boxes.map((box) => [box.id, box]));
    places.clear();
    boxes = deck.cards.map(({address}, position) => {
      places.set(address, position);
      return there.get(address) ?? element("article", {className: "entry", id: address, tabIndex: -1});
    });
    const count = Math.ceil(boxes.length / GROUP);
    while (groups.length > count) groups.pop().remove();
    while (groups.length < count) groups.push(byId("cards").appendChild(element("div", {className: "group"})));
    for (const [number, group] of groups.entries()) {
      const wanted = boxes.slice(number * GROUP, (number + 1) * GROUP);
      const stays = wanted.length === group.children.length && wanted.every((box, at) => box === group.children[at]);
      if (!stays) group.replaceChildren(...wanted);
    }
    watchAgain();
  }

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
  function watchAgain() {
    cardWatcher.disconnect();
    groupWatcher.disconnect();
    for (const group of groups) groupWatcher.observe(group);
  }

  arrange();

  // What the review says of no single card; a few findings are read at once, many would push the cards away.
  function showLoose() {
    const box = byId("loose");
    box.querySelector("ul").replaceChildren(...deck.loose.map(problem));
    box.querySelector("summary").textContent = `About the deck as a whole (${deck.loose.length.toLocaleString("en")})`;
    box.hidden = deck.loose.length === 0;
  }

  showLoose();
  byId("loose").open = deck.loose.length <= 3;

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
      const select = byId(name);
      const chosen = select.value;
      select.replaceChildren(select.firstElementChild, ...options);
      select.value = counts.has(chosen) ? chosen : "";
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

  // An address such as #concept=owl or #kind=list&status=disputed chooses what is shown.
  function filterByAddress(hash) {
    const chosen = Object.keys(FILTERS).filter((name) => hash.has(name));
    if (!chosen.length) return;
    showAll();
    for (const name of chosen) {
      byId(name).value = hash.get(name);
      if (byId(name).selectedIndex < 0) byId(name).value = "";
    }
    find();
  }

  function goToAddress() {
    let address = location.hash.slice(1);
    filterByAddress(new URLSearchParams(address));
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

  // ------------------------------------------------------- when the deck changes

  // The card at the upper edge of the window, and how far below it: what a reader has before the eyes.
  function spot() {
    const box = boxes.find((one) => !one.hidden && one.getBoundingClientRect().bottom > 0);
    return box && {id: box.id, top: box.getBoundingClientRect().top};
  }

  function backTo(there, frames) {
    const box = there && byId(there.id);
    if (!box || box.hidden) return;
    scrollBy(0, box.getBoundingClientRect().top - there.top);
    if (frames) requestAnimationFrame(() => backTo(there, frames - 1));
  }

  // Draws anew what is not as it was: `deckbuilder.deck` is another one now. Gives the addresses of new and changed cards.
  deckbuilder.redraw = () => {
    const before = new Map(deck.cards.map((card) => [card.address, [seen(card), shown(card)]]));
    const there = spot();
    const focused = document.activeElement.closest("article.entry")?.id;
    deck = deckbuilder.deck;
    haystacks.length = 0;
    arrange();
    for (const address of drawn) if (!places.has(address)) drawn.delete(address);
    const changed = [];
    for (const [position, card] of deck.cards.entries()) {
      const [wasSeen, wasShown] = before.get(card.address) ?? [];
      if (wasSeen !== seen(card)) changed.push(card.address);
      if (wasShown === shown(card) || !drawn.has(card.address)) continue;
      draw(boxes[position], wasSeen === seen(card) ? boxes[position].querySelector(".sides") : null);
    }
    showLoose();
    fillFilters();
    find();
    backTo(there, 4);
    if (focused && places.has(focused) && !document.activeElement.closest("article.entry")) {
      byId(focused).focus({preventScroll: true});
    }
    mark(new Set(changed));
    return changed;
  };

  function mark(addresses) {
    for (const box of boxes) box.classList.toggle("fresh", addresses.has(box.id));
    setTimeout(() => {
      for (const box of document.querySelectorAll(".fresh")) box.classList.remove("fresh");
    }, 1500);
  }

  deckbuilder.goTo = (address) => {
    if (byId(address).hidden) showAll();
    goTo(byId(address));
  };
})();
