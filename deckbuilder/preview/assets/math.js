// Formulas, set by MathJax as Anki sets it up. It is loaded where a page has a formula, and only there.
"use strict";

deckbuilder.math = (() => {
  // In the HTML, not in its words: what only looks like a formula to a reader is parted by a tag.
  const FORMULA = /\\\(.*?\\\)|\\\[.*?\\\]/s;
  let mathjax = null;

  // With drawings in place of fonts, which pages from files may not load.
  function load() {
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
    if (deckbuilder.enclosed.has("mathjax")) {
      document.head.append(deckbuilder.element("script", {textContent: deckbuilder.enclosed.get("mathjax")}));
      return window.MathJax.startup.promise;
    }
    return new Promise((resolve, reject) => {
      const script = deckbuilder.element("script", {src: deckbuilder.addressOf("assets/mathjax.js")});
      script.addEventListener("load", () => resolve(window.MathJax.startup.promise));
      script.addEventListener("error", reject);
      document.head.append(script);
    });
  }

  // Sets the formulas in elements, once those that were asked for before are set; gives the styling that they need.
  function set(...elements) {
    mathjax ??= load();
    // What has left the page meanwhile has no size to set a formula by.
    mathjax = mathjax.then(() => window.MathJax.typesetPromise(elements.filter((one) => one.isConnected)));
    return mathjax.then(() => window.MathJax.svgStylesheet().textContent);
  }

  return {isIn: (html) => FORMULA.test(html), set};
})();
