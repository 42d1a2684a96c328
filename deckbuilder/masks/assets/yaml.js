// Masks as an author would write them: one mask a line, plain words where YAML lets words be plain.
"use strict";

const facts = (() => {
  const PLAIN = /^[\p{L}\p{N}(][\p{L}\p{M}\p{N} .'’()/+-]*$/u;

  function scalar(value) {
    if (typeof value !== "string") return JSON.stringify(value);
    return PLAIN.test(value) && value === value.trim() ? value : JSON.stringify(value);
  }

  // In one line, whatever it is.
  function flow(value) {
    if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
    if (value === null || typeof value !== "object") return scalar(value);
    return `{${Object.entries(value).map(([key, inner]) => `${scalar(key)}: ${flow(inner)}`).join(", ")}}`;
  }

  // `frame` is [left, top, width, height] of the picture, in the units of `points`.
  function numbers({form, points}, frame, unit) {
    const whole = Math.max(frame[2], frame[3]) > 50;
    const tidy = (number, digits) => Number(number.toFixed(digits));
    const inPixels = (x, y) => [tidy(x, whole ? 0 : 2), tidy(y, whole ? 0 : 2)];
    const inFractions = (x, y) => [tidy((x - frame[0]) / frame[2], 4), tidy((y - frame[1]) / frame[3], 4)];
    const written = (to) => {
      const corners = points.map(([x, y]) => to(x, y));
      if (form === "polygon") return corners;
      const [[x1, y1], [x2, y2]] = corners;
      return [Math.min(x1, x2), Math.min(y1, y2), tidy(Math.abs(x2 - x1), 4), tidy(Math.abs(y2 - y1), 4)];
    };
    const pixels = written(inPixels);
    // Numbers of which none is above 1 are read as fractions.
    return unit === "fractions" || pixels.flat().every((number) => Math.abs(number) <= 1) ? written(inFractions) : pixels;
  }

  function mask({answer, more, shapes}, frame, unit) {
    const parts = shapes.map((shape) => ({[shape.form]: numbers(shape, frame, unit)}));
    return flow({answer, ...more, ...(parts.length === 1 ? parts[0] : {shapes: parts})});
  }

  return ({file, about, mode, masks, frame, unit}) => {
    const entry = {file, ...about};
    delete entry.mode;
    const lines = Object.entries(entry).filter(([, value]) => value !== "").map(([key, value]) => `${key}: ${flow(value)}`);
    if (mode !== "hide-all") lines.push(`mode: ${mode}`);
    if (masks.length) lines.push("masks:", ...masks.map((one) => `  - ${mask(one, frame, unit)}`));
    return `- ${lines.join("\n  ")}\n`;
  };
})();
