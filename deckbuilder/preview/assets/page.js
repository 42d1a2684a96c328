// What all pages share: small helpers, and light or dark.
"use strict";

const deckbuilder = (() => {
  const page = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const followers = new Set();

  // A page that stands alone has what it shows in itself: addresses by the paths of the site.
  const enclosed = new Map();
  const script = document.currentScript.src;

  // Where a file of the site is, from its path in the site.
  function addressOf(path) {
    return enclosed.get(path) ?? (script ? new URL(`../${path}`, script).href : "data:,");
  }

  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  // The letters of a text alone, as searches compare them: an é is an e, an ß two s, and a telephone's curved quote is straight.
  function bare(text) {
    const straight = text.replace(/[\u2018\u2019\u02bc]/g, "'").replace(/[\u201c-\u201e]/g, '"');
    return straight.normalize("NFKD").replace(/\p{M}/gu, "").toUpperCase();
  }

  // Browsers may refuse storage to files; a choice then lasts as long as the page. Gives whether it is remembered.
  function remember(name, value) {
    try {
      localStorage.setItem(`deckbuilder-${name}`, value);
      return true;
    } catch {
      return false;
    }
  }

  function remembered(name) {
    try { return localStorage.getItem(`deckbuilder-${name}`); } catch { return null; }
  }

  function forget(name) {
    try { localStorage.removeItem(`deckbuilder-${name}`); } catch { /* nothing was remembered */ }
  }

  const isDark = () => (page.dataset.theme ? page.dataset.theme === "dark" : system.matches);

  // Calls back whenever the page turns dark or light, and once now.
  function followTheme(follower) {
    followers.add(follower);
    follower(isDark());
  }

  function showTheme() {
    const dark = isDark();
    for (const radio of document.getElementsByName("theme")) radio.checked = (radio.value === "dark") === dark;
    for (const follower of followers) follower(dark);
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
  return {bare, enclosed, addressOf, byId: (id) => document.getElementById(id), element, remember, remembered, forget, isDark, followTheme};
})();
