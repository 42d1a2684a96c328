// The cards of a change, before beside after: drawn where they are looked at, found by words and by what happens to them.
"use strict";

(() => {
  const {bare, byId, element, enclosed} = deckbuilder;
  const data = JSON.parse(byId("data").textContent);
  const FATES = {new: "New", changed: "Changed", withdrawn: "Withdrawn", look: "New look"};
  // Not by colour alone: what goes is struck out, what comes is underlined.
  const MARKS = `
    del, ins { border-radius: 0.15em; box-decoration-break: clone; -webkit-box-decoration-break: clone; padding: 0 0.12em; }
    del { background: #ffdbd7; color: #7a140d; text-decoration: line-through; }
    ins { background: #c8f1d3; color: #0c4020; text-decoration: underline; text-decoration-thickness: 0.12em; text-underline-offset: 0.15em; }
    .nightMode del { background: #661a14; color: #ffe3e0; }
    .nightMode ins { background: #12502b; color: #dcfbe5; }
    del img { outline: 3px solid #c2392e; } ins img { outline: 3px solid #1d8a45; }`;
  for (const [path, address] of Object.entries(data.enclosed)) enclosed.set(path, address);

  // --------------------------------------------------------------------- a note

  function half(face, side, number, time) {
    const label = `${side === "question" ? "Front" : "Back"}, ${time.toLowerCase()}`;
    const shown = deckbuilder.side({html: face[side], css: data.css[face.css] + MARKS, number, label});
    return element("div", {className: "half"}, shown);
  }

  // The back repeats the front of most cards: the front stands beside it where it says more.
  function time(card, name, face) {
    const box = element("div", {className: "time"}, element("h3", {textContent: name}));
    if (face) box.append(half(face, card.side, card.number, name));
    else box.append(element("p", {className: "absent", textContent: name === "Before" ? "This card is new" : "This card loses its text"}));
    return box;
  }

  function pair(card) {
    return element("div", {className: "pair"}, time(card, "Before", card.before), time(card, "After", card.after));
  }

  function both(card) {
    const face = card.after ?? card.before;
    const side = (name, label) => element("div", {className: "time"},
      element("h3", {textContent: label}), half(face, name, card.number, ""));
    return element("div", {className: "pair"}, side("question", "Front"), side("answer", "Back"));
  }

  function drawn(note, card) {
    if (note.fate === "new") return [both(card)];
    return (card.front ? ["question", "answer"] : ["answer"]).map((side) => pair({...card, side}));
  }

  // Cards of one note that differ in the same words: one stands for all, the others are there to be opened.
  function others(note, cards) {
    const words = cards.length === 1 ? "1 more card changes in the same words" : `${cards.length} more cards change in the same words`;
    const box = element("details", {className: "others"}, element("summary", {textContent: words}));
    box.addEventListener("toggle", () => {
      if (box.children.length === 1) box.append(...cards.flatMap((card) => drawn(note, card)));
    });
    return box;
  }

  function draw(box, note) {
    const title = element("h2", {dir: "auto"}, element("span", {className: "kind", textContent: note.kind}), ` ${note.title}`);
    const head = element("header", {},
      element("span", {className: `fate ${note.fate}`, textContent: FATES[note.fate]}),
      title,
      element("code", {textContent: note.key}));
    const told = note.told.map((words) => element("p", {className: "told", textContent: words}));
    const again = note.cards.filter((card) => card.again);
    const cards = note.cards.filter((card) => !card.again).flatMap((card) => drawn(note, card));
    box.replaceChildren(head, ...told, ...cards, ...(again.length ? [others(note, again)] : []));
  }

  // ---------------------------------------------------------------- all the notes

  const boxes = data.notes.map((note) => {
    const box = element("article", {className: "note"});
    box.setAttribute("aria-label", note.title || note.key);
    return {box, note, words: bare(`${note.text} ${note.key} ${note.title}`)};
  });
  const noteOf = new Map(boxes.map(({box, note}) => [box, note]));
  const watcher = new IntersectionObserver((seen) => {
    for (const {target, isIntersecting} of seen) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      draw(target, noteOf.get(target));
    }
  }, {rootMargin: "1200px 0px"});
  for (const {box} of boxes) watcher.observe(box);
  byId("notes").append(...boxes.map(({box}) => box));

  function find() {
    const words = bare(byId("search").value).split(/\s+/u).filter(Boolean);
    const fate = document.querySelector("[name=fate]:checked").value;
    let shown = 0;
    for (const one of boxes) {
      const fits = (!fate || one.note.fate === fate) && words.every((word) => one.words.includes(word));
      one.box.hidden = !fits;
      shown += fits;
    }
    const all = boxes.length === 1 ? "1 note" : `${boxes.length.toLocaleString("en")} notes`;
    byId("count").textContent = shown === boxes.length ? all : `${shown.toLocaleString("en")} of ${all}`;
  }

  byId("search").addEventListener("input", find);
  byId("fate").addEventListener("change", find);
  document.querySelector("form.tools").addEventListener("submit", (event) => event.preventDefault());
  find();
})();
