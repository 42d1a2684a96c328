// One side of a card, drawn as Anki draws it: styling that cannot meet the page's, pictures, formulas, light or dark.
"use strict";

deckbuilder.side = (() => {
  const {element, addressOf} = deckbuilder;
  const sheets = new Map();
  // A file that a theme names.
  const FILE = /url\((["']?)([\w.-]+)\1\)/g;

  deckbuilder.followTheme((dark) => {
    for (const {shadowRoot} of document.querySelectorAll(".side")) {
      shadowRoot.firstElementChild.classList.toggle("nightMode", dark);
    }
  });

  function sheet(css) {
    if (!sheets.has(css)) {
      const made = new CSSStyleSheet();
      made.replaceSync(css.replace(FILE, (_, quote, name) => `url("${addressOf(`media/${name}`)}")`));
      shareFonts(made);
      sheets.set(css, made);
    }
    return sheets.get(css);
  }

  // A shadow takes its fonts from the page around it, and from nowhere else.
  function shareFonts(made) {
    const fonts = [...made.cssRules].filter((rule) => rule instanceof CSSFontFaceRule);
    if (fonts.length === 0) return;
    const known = new CSSStyleSheet();
    known.replaceSync(fonts.map((font) => font.cssText).join("\n"));
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, known];
  }

  // What is pressed to hear something is the page's own, and keeps to the colours of the card.
  const players = new CSSStyleSheet();
  players.replaceSync(`
    audio { max-width: 100%; height: 2.2rem; vertical-align: middle; }
    .speech { padding: 0.2em 0.8em; border: 2px solid var(--line); border-radius: 1.2em; background: var(--paper);
      color: var(--ink); font: inherit; font-size: 0.75em; cursor: pointer; }
  `);

  // The voice of this device, as a student's device will speak.
  function speak(words, language) {
    speechSynthesis.cancel();
    speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(words), {lang: language}));
  }

  // A side stands in a shadow of its own: the card's styling and the page's cannot meet.
  // `html` is one side of the card `number` (from 1), `css` the styling of its note type, `label` what a listener hears.
  function side({html, css, number, label}) {
    const host = element("div", {className: "side"});
    host.setAttribute("role", "group");
    host.setAttribute("aria-label", label);
    const shadow = host.attachShadow({mode: "open"});
    shadow.adoptedStyleSheets = [sheet(css), players];
    const inner = element("div", {className: `card card${number}`});
    inner.classList.toggle("nightMode", deckbuilder.isDark());
    const template = document.createElement("template");
    template.innerHTML = html;
    for (const image of template.content.querySelectorAll("img")) {
      image.setAttribute("src", addressOf(`media/${encodeURIComponent(image.getAttribute("src"))}`));
    }
    for (const sound of template.content.querySelectorAll("audio")) {
      sound.setAttribute("src", addressOf(`media/${encodeURIComponent(sound.getAttribute("src"))}`));
    }
    for (const button of template.content.querySelectorAll("button.speech")) {
      button.addEventListener("click", () => speak(button.dataset.words, button.lang));
    }
    for (const link of template.content.querySelectorAll("a")) {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    }
    inner.append(template.content);
    shadow.append(inner);
    if (deckbuilder.math.isIn(html)) {
      deckbuilder.math.set(inner).then((css) => {
        shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet(css)];
      });
    }
    deckbuilder.occlusion(shadow, inner);
    return host;
  }

  return side;
})();
