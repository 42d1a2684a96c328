// The pages of a preview: cards drawn where they are looked at, found by words and filters, in light or dark.
"use strict";

(() => {
  const page = document.documentElement;
  const drawn = new Map();
  const NAMES = {error: "Error", warning: "Warning", info: "Remark"};
  const byId = (id) => document.getElementById(id);

  // ------------------------------------------------------------ small helpers

  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  // Browsers may refuse storage to files; a choice then lasts as long as the page.
  function remember(name, value) {
    try { localStorage.setItem(`deckbuilder-${name}`, value); } catch { /* not remembered */ }
  }

  function remembered(name) {
    try { return localStorage.getItem(`deckbuilder-${name}`); } catch { return null; }
  }

  function bare(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  }

  // ------------------------------------------------------ light and dark, width

  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (page.dataset.theme ? page.dataset.theme === "dark" : system.matches);

  function showTheme() {
    const dark = isDark();
    for (const radio of document.getElementsByName("theme")) radio.checked = (radio.value === "dark") === dark;
    for (const sides of drawn.values()) for (const side of sides) side.classList.toggle("nightMode", dark);
  }

  function startSwitches() {
    const theme = remembered("theme");
    if (theme === "light" || theme === "dark") page.dataset.theme = theme;
    page.dataset.width = remembered("width") === "phone" ? "phone" : "desktop";
    for (const radio of document.getElementsByName("width")) radio.checked = radio.value === page.dataset.width;
    document.addEventListener("change", ({target}) => {
      if (target.name !== "theme" && target.name !== "width") return;
      page.dataset[target.name] = target.value;
      remember(target.name, target.value);
      showTheme();
    });
    system.addEventListener("change", showTheme);
    showTheme();
  }

  startSwitches();
  if (!byId("deck")) return;

  // -------------------------------------------------------------------- a card

  const deck = JSON.parse(byId("deck").textContent);
  const places = new Map();
  const sheets = deck.css.map((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return sheet;
  });

  // A side stands in a shadow of its own: the card's styling and the page's cannot meet.
  function side(card, html, label) {
    const host = element("div", {className: "side"});
    host.setAttribute("role", "group");
    host.setAttribute("aria-label", label);
    const shadow = host.attachShadow({mode: "open"});
    shadow.adoptedStyleSheets = [sheets[card.css]];
    const inner = element("div", {className: `card card${card.number}`});
    inner.classList.toggle("nightMode", isDark());
    const template = document.createElement("template");
    template.innerHTML = html;
    for (const image of template.content.querySelectorAll("img")) {
      image.setAttribute("src", `../media/${encodeURIComponent(image.getAttribute("src"))}`);
    }
    for (const link of template.content.querySelectorAll("a")) {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    }
    inner.append(template.content);
    shadow.append(inner);
    math(shadow, inner);
    return [element("div", {className: "half"}, element("p", {className: "label", textContent: label}), host), inner];
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
    const concept = card.concepts.map((id) => deck.concepts[id] ?? id).join(" · ");
    const title = element("h2", {id: `title ${box.id}`.replaceAll(" ", "-"), dir: "auto"},
      element("span", {className: "kind", textContent: card.kind}), ` ${concept}`);
    const anchor = element("a", {className: "anchor", href: `#${encodeURIComponent(box.id)}`, textContent: "#"});
    anchor.setAttribute("aria-label", "Address of this card");
    const head = element("header", {}, title, anchor);
    if (card.status !== "normal") head.append(element("span", {className: "status", textContent: card.status}));
    head.append(place(card));
    const [front, question] = side(card, card.question, "Front");
    const [back, answer] = side(card, card.answer, "Back");
    drawn.set(box.id, [question, answer]);
    box.setAttribute("aria-labelledby", title.id);
    box.replaceChildren(head);
    if (card.problems.length) {
      box.append(element("ul", {className: "problems"}, ...card.problems.map(problem)));
    }
    box.append(element("div", {className: "sides"}, front, back));
  }

  // ---------------------------------------------------------------------- math

  const MATH = /\\\(.*?\\\)|\\\[.*?\\\]/gs;
  let mathjax = null;

  // Set up as Anki sets it up, but with drawings in place of fonts, which pages from files may not load.
  function loadMathjax() {
    window.MathJax = {
      tex: {
        displayMath: [["\\[", "\\]"]],
        processEscapes: false,
        processEnvironments: false,
        processRefs: false,
        packages: {"[+]": ["noerrors", "mathtools", "mhchem"]},
      },
      svg: {fontCache: "local"},
      options: {enableMenu: false},
      startup: {typeset: false},
    };
    return new Promise((resolve, reject) => {
      const script = element("script", {src: "../assets/mathjax.js"});
      script.addEventListener("load", () => resolve(window.MathJax.startup.promise));
      script.addEventListener("error", reject);
      document.head.append(script);
    });
  }

  function math(shadow, inner) {
    if (!new RegExp(MATH).test(inner.textContent)) return;
    if (!deck.mathjax) {
      markSource(inner);
      return;
    }
    mathjax ??= loadMathjax();
    mathjax = mathjax.then(() => window.MathJax.typesetPromise([inner])).then(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(window.MathJax.svgStylesheet().textContent);
      shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
    });
  }

  // Without MathJax a formula is shown as it is written, and looks like something written.
  function markSource(inner) {
    const walker = document.createTreeWalker(inner, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts) {
      let rest = text;
      for (const found of [...text.data.matchAll(MATH)].reverse()) {
        rest.splitText(found.index + found[0].length);
        const formula = rest.splitText(found.index);
        formula.replaceWith(element("code", {className: "math-source", textContent: found[0]}));
      }
    }
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
    status: (card) => (card.problems.length ? [card.status, "with problems"] : [card.status]),
  };

  function fillFilters() {
    for (const [name, values] of Object.entries(FILTERS)) {
      const counts = new Map();
      for (const card of deck.cards) for (const value of values(card)) counts.set(value, (counts.get(value) ?? 0) + 1);
      const named = (value) => (name === "concept" ? deck.concepts[value] ?? value : value);
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
