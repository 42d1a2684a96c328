// Pictures with masks as Anki draws them: the same shapes in the same colours, from the same words of the card.
"use strict";

deckbuilder.occlusion = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const ROLES = {cloze: "active", "cloze-inactive": "inactive", "cloze-highlight": "highlight"};

  function drawn(tag, attributes) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  // A mask's shape, in fractions of the picture.
  function shape({shape: form, left, top, width, height, rx, ry, points}) {
    if (form === "polygon") return drawn("polygon", {points});
    if (form === "rect") return drawn("rect", {x: left, y: top, width, height});
    if (form !== "ellipse") return null;
    return drawn("ellipse", {cx: Number(left) + Number(rx), cy: Number(top) + Number(ry), rx, ry});
  }

  // Anki takes the colours and borders from the styling of its canvas.
  function paint(made, role, styles) {
    const [width, colour] = styles.getPropertyValue(`--${role}-shape-border`).trim().split(/\s+/u);
    made.style.fill = styles.getPropertyValue(`--${role}-shape-color`);
    made.style.stroke = colour ?? "";
    made.style.strokeWidth = width ?? "";
    made.setAttribute("vector-effect", "non-scaling-stroke");
    return made;
  }

  const look = new CSSStyleSheet();
  look.replaceSync(`
    #image-occlusion-container { position: relative; }
    #image-occlusion-container img { display: block; width: 100%; }
    #image-occlusion-container svg { position: absolute; inset: 0; width: 100%; height: 100%; }
    #image-occlusion-container svg.away { visibility: hidden; }
  `);

  // `inner` is one side of a card within its `shadow`.
  return (shadow, inner) => {
    const canvas = inner.querySelector("#image-occlusion-container canvas");
    if (!canvas) return;
    shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, look];
    const told = [...inner.querySelectorAll("[data-shape]")];
    const hidesAll = told.some((one) => one.dataset.occludeinactive === "1");
    const toggle = inner.querySelector("#toggle");
    // Colours are known once the card stands in the page.
    queueMicrotask(() => {
      const masks = drawn("svg", {viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true"});
      for (const [name, role] of Object.entries(ROLES)) {
        for (const one of told.filter(({className}) => className === name)) {
          const made = role === "inactive" && one.dataset.occludeinactive !== "1" ? null : shape(one.dataset);
          if (made) masks.append(paint(made, role, getComputedStyle(canvas)));
        }
      }
      canvas.replaceWith(masks);
      toggle?.addEventListener("click", () => masks.classList.toggle("away"));
    });
    if (toggle) toggle.hidden = !hidesAll;
  };
})();
