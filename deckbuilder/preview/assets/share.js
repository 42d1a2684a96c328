// The samples of the page about a deck: cards as Anki draws them, in place of their words. The answer comes on demand.
"use strict";

(() => {
  const {element, deck} = deckbuilder;

  function show(box, card, answered) {
    const html = answered ? card.answer : card.question;
    const label = answered ? "Back" : "Front";
    box.replaceChildren(deckbuilder.side({html, css: deck.css[card.css], number: card.number, label}));
  }

  function start(article, card) {
    const box = element("div", {className: "shown"});
    const button = element("button", {type: "button", className: "turn"});
    let answered = true;
    function turn() {
      answered = !answered;
      show(box, card, answered);
      button.textContent = answered ? "Show the question" : "Show the answer";
    }
    box.setAttribute("aria-live", "polite");
    button.addEventListener("click", turn);
    turn();
    article.querySelector("details").replaceWith(element("div", {className: "half"}, box, button));
  }

  for (const [position, article] of document.querySelectorAll(".sample").entries()) start(article, deck.cards[position]);
})();
