// A deck on paper: its formulas, and a button that prints once they are set.
"use strict";

(() => {
  const formulas = document.querySelectorAll(".formula");

  async function setFormulas() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(await deckbuilder.math.set(...formulas));
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }

  const ready = formulas.length ? setFormulas() : Promise.resolve();
  deckbuilder.byId("print").addEventListener("click", async () => {
    await ready;
    print();
  });
})();
