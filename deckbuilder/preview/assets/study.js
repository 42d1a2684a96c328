// A deck to try: one card at a time. What comes next is decided in queue.js; what was known stays in this browser alone.
"use strict";

(() => {
  const {byId, element, deck, queue} = deckbuilder;
  const STORE = `study-${deck.id}`;
  // Raise it when what is stored changes its meaning: what an older page stored is then forgotten.
  const VERSION = 1;

  // ---------------------------------------------------------------- the cards

  // Withdrawn cards are those that only students of an earlier version still have: nobody begins with them.
  const cards = deck.cards.filter(({status}) => status !== "withdrawn").map((shown) => ({
    address: shown.address,
    note: shown.address.slice(0, -`-${shown.number}`.length),
    stage: shown.stage,
    group: shown.kind === "classification" ? shown.concepts[0] : null,
    shown,
  }));
  const byAddress = new Map(cards.map((card) => [card.address, card]));

  // ----------------------------------------------------- what the browser keeps

  let known = new Set();
  let session = null;
  // What `known` was before the session, so that an answer can be undone.
  let knownBefore = new Set();

  function save() {
    const isEmpty = known.size === 0 && session === null;
    const kept = deckbuilder.remember(STORE, JSON.stringify({
      version: VERSION,
      known: [...known],
      session: session && {
        waiting: session.waiting.map(({address}) => address),
        answered: session.answered.map(({card, wasKnown}) => [card.address, wasKnown]),
        knownBefore: [...knownBefore],
      },
    }));
    byId("kept").textContent = kept
      ? "Your progress stays in this browser. Nothing is sent anywhere."
      : "This browser keeps nothing for this page: your progress lasts until you close it.";
    byId("forgetting").hidden = isEmpty;
    if (isEmpty) deckbuilder.forget(STORE);
  }

  // What was stored, as far as it is understood and the deck still has the cards.
  function load() {
    let stored = null;
    try { stored = JSON.parse(deckbuilder.remembered(STORE)); } catch { /* nothing that this page wrote */ }
    if (stored?.version !== VERSION) return;
    const present = (addresses) => (Array.isArray(addresses) ? addresses : []).filter((one) => byAddress.has(one));
    known = new Set(present(stored.known));
    if (!stored.session) return;
    knownBefore = new Set(present(stored.session.knownBefore));
    const answered = Array.isArray(stored.session.answered) ? stored.session.answered : [];
    session = {
      waiting: [...new Set(present(stored.session.waiting))].map((address) => byAddress.get(address)),
      answered: answered.filter((one) => byAddress.has(one?.[0])).map(([address, wasKnown]) => (
        {card: byAddress.get(address), wasKnown: wasKnown === true})),
    };
    if (!session.waiting.length) session = null;
  }

  // Known is what was known at once; what was missed in a session is asked again in the next.
  function learned() {
    known = new Set(knownBefore);
    for (const [card, misses] of queue.tally(session)) {
      if (misses) known.delete(card.address);
      else known.add(card.address);
    }
  }

  // ------------------------------------------------------------------ the start

  const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

  function fill(select, values, named) {
    const options = [...new Set(values)].map((value) => element("option", {value, textContent: named(value)}));
    select.append(...options);
    select.closest("label").hidden = options.length < 2;
  }

  function fits({shown}) {
    const [concept, kind] = [byId("concept").value, byId("kind").value];
    return (!concept || shown.concepts.includes(concept)) && (!kind || shown.kind === kind);
  }

  function amount() {
    const value = document.querySelector("[name=amount]:checked").value;
    return value === "all" ? Infinity : Number(value);
  }

  function measure(bar, part) {
    bar.firstElementChild.style.inlineSize = `${100 * part}%`;
  }

  function describeChoice() {
    const chosen = cards.filter(fits);
    const already = chosen.filter(({address}) => known.has(address)).length;
    const words = `${count(chosen.length, "card")}${already ? `, ${already.toLocaleString("en")} of them known` : ""}`;
    byId("known").textContent = chosen.length ? words : "No such card. Choose another concept or kind.";
    byId("known-bar").hidden = already === 0;
    measure(byId("known-bar"), chosen.length ? already / chosen.length : 0);
    byId("begin").disabled = chosen.length === 0;
    byId("begin").textContent = already && already === chosen.length ? "Begin once more" : "Begin";
  }

  function show(name) {
    for (const part of ["start", "session", "result"]) byId(part).hidden = part !== name;
    document.documentElement.dataset.study = name;
    scrollTo(0, 0);
  }

  function showStart(focus) {
    session = null;
    save();
    describeChoice();
    show("start");
    if (focus) byId("start-title").focus({preventScroll: true});
  }

  function begin(chosen) {
    session = queue.begun(chosen);
    knownBefore = new Set(known);
    save();
    ask();
  }

  // ---------------------------------------------------------------- the session

  let answerShown = false;

  // A card that waits a second time is not yet done.
  function progress() {
    const done = session.answered.filter(({wasKnown}) => wasKnown).length;
    return {done, all: done + session.waiting.length};
  }

  // The card takes the focus, so that a listener hears it, and the Tab key goes on to its hint and the buttons.
  function draw(side) {
    const {shown} = session.waiting[0];
    answerShown = side === "answer";
    const label = answerShown ? "Answer" : "Question";
    const drawn = deckbuilder.side({html: shown[side], css: deck.css[shown.css], number: shown.number, label});
    drawn.tabIndex = -1;
    byId("card").replaceChildren(drawn);
    byId("card").dataset.side = side;
    byId("show").hidden = answerShown;
    byId("again").hidden = byId("good").hidden = !answerShown;
    (box(drawn) ?? drawn).focus({preventScroll: true});
    return drawn;
  }

  // Some cards ask to type the answer.
  const box = (drawn) => drawn.shadowRoot.querySelector(".typed input");

  function ask() {
    const {done, all} = progress();
    const again = session.answered.some(({card}) => card === session.waiting[0]);
    show("session");
    byId("turn").textContent = `Card ${(done + 1).toLocaleString("en")} of ${all.toLocaleString("en")}${again ? ", once again" : ""}`;
    byId("bar").setAttribute("aria-valuemax", all);
    byId("bar").setAttribute("aria-valuenow", done);
    measure(byId("bar"), done / all);
    byId("undo").disabled = session.answered.length === 0;
    byId("typed").hidden = true;
    draw("question");
  }

  function showAnswer() {
    const typed = box(byId("card").firstElementChild)?.value.trim();
    const drawn = draw("answer");
    byId("typed").hidden = !typed;
    byId("typed-words").textContent = typed ?? "";
    // As Anki does: a long question makes way for the answer.
    const answer = drawn.shadowRoot.getElementById("answer");
    const end = (answer ?? drawn).getBoundingClientRect();
    if (end.top > innerHeight * 0.6) scrollBy(0, end.top - 16);
  }

  function answer(wasKnown) {
    session = queue.after(session, wasKnown);
    learned();
    if (!session.waiting.length) {
      finish();
      return;
    }
    save();
    ask();
  }

  function undo() {
    if (!session?.answered.length) return;
    session = queue.undone(session);
    learned();
    save();
    ask();
  }

  // ----------------------------------------------------------------- the result

  let finished = null;

  // What a card asks, in words: for a list of cards that leads to each.
  function inWords(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const {content} = template;
    for (const aside of content.querySelectorAll("details, script, style, .status")) aside.remove();
    for (const image of content.querySelectorAll("img")) image.replaceWith(image.alt);
    for (const block of content.querySelectorAll("p, li, h2, br, div")) block.after(" ");
    const plain = (node) => node?.textContent.replace(/\s+/gu, " ").trim() ?? "";
    const context = plain(content.querySelector(".context"));
    content.querySelector(".context")?.remove();
    const words = plain(content);
    if (!words) return {context: "", words: context || "This card"};
    return {context, words: words.length > 160 ? `${words.slice(0, 150)}…` : words};
  }

  function hardOnes(tally) {
    return [...tally].filter(([, misses]) => misses).sort((one, other) => other[1] - one[1]);
  }

  function hardOne([{address, shown}, misses]) {
    const {context, words} = inWords(shown.question);
    const link = element("a", {href: `cards.html#${encodeURIComponent(address)}`, dir: "auto", textContent: words});
    const missed = element("span", {className: "missed", textContent: misses === 1 ? "missed once" : `missed ${misses} times`});
    return element("li", {}, element("span", {className: "quiet", dir: "auto", textContent: context}), " ", link, " ", missed);
  }

  function praise(part) {
    if (part === 1) return "All known";
    if (part >= 0.8) return "Well done";
    if (part >= 0.5) return "Good progress";
    return "A good beginning";
  }

  function finish() {
    const stopped = session.waiting.length > 0;
    const tally = queue.tally(session);
    const hard = hardOnes(tally);
    const atOnce = tally.size - hard.length;
    finished = {session, stopped, hard: hard.map(([card]) => card)};
    session = null;
    save();
    if (!tally.size) {
      showStart(true);
      return;
    }
    byId("result-title").textContent = stopped ? "Enough for now" : praise(atOnce / tally.size);
    byId("score").textContent = `${atOnce.toLocaleString("en")} of ${tally.size.toLocaleString("en")}`;
    byId("score-words").textContent = "known at once";
    measure(byId("result-bar"), atOnce / tally.size);
    byId("hard").hidden = byId("repeat").hidden = hard.length === 0;
    byId("hard-list").replaceChildren(...hard.map(hardOne));
    byId("back").textContent = stopped ? "Go on with these cards" : "Undo the last answer";
    show("result");
    byId("result-title").focus({preventScroll: true});
  }

  function goBack() {
    ({session} = finished);
    if (!finished.stopped) session = queue.undone(session);
    learned();
    save();
    ask();
  }

  // ------------------------------------------------------------------- the keys

  // What a key means on the thing that has the focus comes first.
  function isTaken(event) {
    const [target] = event.composedPath();
    if (target.matches?.(".typed input")) return event.key !== "Enter";
    if (target.matches?.("select, input")) return true;
    return [" ", "Enter"].includes(event.key) && target.closest?.("button, a, summary, audio") != null;
  }

  const KEYS = {
    question: {" ": showAnswer, Enter: showAnswer},
    answer: {
      "1": () => answer(false),
      ArrowLeft: () => answer(false),
      "2": () => answer(true),
      ArrowRight: () => answer(true),
      " ": () => answer(true),
      Enter: () => answer(true),
    },
  };

  function onKey(event) {
    if (byId("session").hidden || event.repeat || event.isComposing || event.altKey || isTaken(event)) return;
    const command = event.ctrlKey || event.metaKey;
    const isUndo = event.key.toLowerCase() === (command ? "z" : "u");
    const action = isUndo ? undo : !command && KEYS[answerShown ? "answer" : "question"][event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  // A tap anywhere on the question turns it, but not on what has a use of its own, nor while words are marked.
  function onTap(event) {
    const isOwn = event.composedPath().some((part) => part.matches?.("a, summary, button, input, audio"));
    if (!answerShown && !isOwn && getSelection().isCollapsed) showAnswer();
  }

  function start() {
    fill(byId("concept"), cards.flatMap(({shown}) => shown.concepts), (id) => deck.names.concept[id] ?? id);
    fill(byId("kind"), cards.map(({shown}) => shown.kind), (kind) => kind[0].toUpperCase() + kind.slice(1));
    document.addEventListener("keydown", onKey);
    byId("card").addEventListener("click", onTap);
    byId("show").addEventListener("click", showAnswer);
    byId("again").addEventListener("click", () => answer(false));
    byId("good").addEventListener("click", () => answer(true));
    byId("undo").addEventListener("click", undo);
    byId("back").addEventListener("click", goBack);
    byId("end").addEventListener("click", finish);
    byId("more").addEventListener("click", () => showStart(true));
    byId("repeat").addEventListener("click", () => begin(queue.order(finished.hard, Math.random)));
    byId("start").addEventListener("change", describeChoice);
    byId("start").addEventListener("submit", (event) => {
      event.preventDefault();
      begin(queue.chosen(cards.filter(fits), known, amount(), Math.random));
    });
    byId("forget").addEventListener("click", () => {
      known.clear();
      showStart(true);
    });
    load();
    if (session) ask();
    else showStart(false);
  }

  start();
})();
