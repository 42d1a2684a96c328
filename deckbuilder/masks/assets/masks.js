// Masks drawn over a picture: by mouse, touch and keyboard, with undo, and written as facts while they are drawn.
"use strict";

(async () => {
  const SVG = "http://www.w3.org/2000/svg";
  const byId = (id) => document.getElementById(id);
  const board = byId("masks");
  const start = await (await fetch("begin.json")).json();
  const [left, top, width, height] = start.frame;
  const HELP = {
    select: "Drag a mask to move it, a corner to change it. Arrow keys move it, with Shift they size it; Delete removes it.",
    box: "Drag over a part of the picture. Enter puts a box in the middle.",
    ellipse: "Drag over a part of the picture. Enter puts an ellipse in the middle.",
    polygon: "Tap the corners one by one; tap the first one again, or press Enter, to close it. Esc gives it up.",
  };

  // What is drawn, and what is kept for undo. `chosen` is [mask, part]; `target` the mask that gets the next part.
  let masks = start.masks.map((mask) => ({...mask, shapes: mask.shapes.map((shape) => ({...shape}))}));
  let chosen = null;
  let target = null;
  let tool = masks.length ? "select" : "box";
  let draft = null;
  // Focus that is given back after drawing anew is no choice of the author.
  let restoring = false;
  const past = [];
  let future = [];

  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  function drawn(tag, attributes) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  const copyOf = (value) => JSON.parse(JSON.stringify(value));
  const shapeAt = ([mask, part]) => masks[mask]?.shapes[part];
  const within = ([x, y]) => [Math.min(Math.max(x, left), left + width), Math.min(Math.max(y, top), top + height)];
  // One unit of the picture's drawing for each pixel of the screen.
  const scale = () => width / board.getBoundingClientRect().width;

  // ------------------------------------------------------------------- changes

  // Everything that changes what is drawn goes through here, so everything can be undone.
  function change(work) {
    past.push(copyOf(masks));
    future = [];
    work();
    show();
  }

  function travel(from, to) {
    if (!from.length) return;
    to.push(copyOf(masks));
    masks = from.pop();
    chosen = null;
    target = null;
    draft = null;
    show();
  }

  function add(shape) {
    change(() => {
      if (target !== null && masks[target]) {
        masks[target].shapes.push(shape);
        chosen = [target, masks[target].shapes.length - 1];
      } else {
        masks.push({answer: "", more: {}, shapes: [shape]});
        chosen = [masks.length - 1, 0];
      }
      target = null;
    });
    byId("list").querySelectorAll("input")[chosen[0]].focus();
  }

  function remove() {
    if (!chosen || !shapeAt(chosen)) return;
    const [mask, part] = chosen;
    change(() => {
      masks[mask].shapes.splice(part, 1);
      if (!masks[mask].shapes.length) masks.splice(mask, 1);
      chosen = null;
    });
    byId("help").textContent = "Removed. Undo brings it back.";
  }

  function moved(points, dx, dy) {
    const xs = points.map(([x]) => x), ys = points.map(([, y]) => y);
    const clamp = (by, low, high, from, to) => Math.min(Math.max(by, from - low), to - high);
    const x = clamp(dx, Math.min(...xs), Math.max(...xs), left, left + width);
    const y = clamp(dy, Math.min(...ys), Math.max(...ys), top, top + height);
    return points.map(([px, py]) => [px + x, py + y]);
  }

  // -------------------------------------------------------------------- drawing

  function figure({form, points}) {
    if (form === "polygon") return drawn("polygon", {points: points.map((point) => point.join(",")).join(" ")});
    const [[x1, y1], [x2, y2]] = points;
    const x = Math.min(x1, x2), y = Math.min(y1, y2), w = Math.abs(x2 - x1), h = Math.abs(y2 - y1);
    if (form === "box") return drawn("rect", {x, y, width: w, height: h});
    return drawn("ellipse", {cx: x + w / 2, cy: y + h / 2, rx: w / 2, ry: h / 2});
  }

  // Where a shape can be taken hold of: the corners of a polygon, or those of the box around it.
  function handles({form, points}) {
    if (form === "polygon") return points;
    const [[x1, y1], [x2, y2]] = points;
    return [[x1, y1], [x2, y1], [x2, y2], [x1, y2]];
  }

  function pull(shape, handle, point) {
    if (shape.form === "polygon") return shape.points.with(handle, point);
    const opposite = handles(shape)[(handle + 2) % 4];
    return [opposite, point];
  }

  function showBoard() {
    const size = scale();
    const kept = board.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    board.replaceChildren();
    for (const [mask, {answer, shapes}] of masks.entries()) {
      for (const [part, shape] of shapes.entries()) {
        const made = figure(shape);
        made.classList.add("shape");
        made.classList.toggle("mine", chosen?.[0] === mask);
        made.dataset.key = `${mask} ${part}`;
        made.setAttribute("tabindex", "0");
        made.setAttribute("role", "button");
        made.setAttribute("aria-label", `Mask ${mask + 1}: ${answer || "no answer yet"}${shapes.length > 1 ? `, part ${part + 1}` : ""}`);
        board.append(made);
        const xs = shape.points.map(([x]) => x), ys = shape.points.map(([, y]) => y);
        board.append(Object.assign(drawn("text", {
          class: "number", x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2, "font-size": 14 * size,
        }), {textContent: mask + 1}));
      }
    }
    const shape = chosen && tool === "select" ? shapeAt(chosen) : null;
    for (const [number, [cx, cy]] of shape ? handles(shape).entries() : []) {
      const made = drawn("circle", {class: "handle", cx, cy, r: 7 * size});
      made.dataset.handle = number;
      board.append(made);
    }
    if (draft) {
      const open = draft.form === "polygon" && draft.points.length < 3;
      const made = open ? drawn("polyline", {points: draft.points.map((point) => point.join(",")).join(" ")}) : figure(draft);
      made.classList.add("draft");
      board.append(made);
      if (draft.form === "polygon") board.append(drawn("circle", {class: "draft", cx: draft.points[0][0], cy: draft.points[0][1], r: 8 * size}));
    }
    board.setAttribute("class", tool === "select" ? "selecting" : "drawing");
    if (kept) {
      restoring = true;
      board.querySelector(`[data-key="${kept}"]`)?.focus();
      restoring = false;
    }
  }

  function showList() {
    const list = byId("list");
    const inputs = list.querySelectorAll("input");
    // While somebody types, the line stays as it is.
    if (inputs.length !== masks.length || !list.contains(document.activeElement)) {
      list.replaceChildren(...masks.map(line));
    }
    for (const [number, item] of [...list.children].entries()) {
      item.classList.toggle("mine", chosen?.[0] === number);
      const input = item.querySelector("input");
      if (input !== document.activeElement) input.value = masks[number].answer;
      input.classList.toggle("lacking", !masks[number].answer.trim());
      const more = Object.entries(masks[number].more).map(([key, value]) => `${key}: ${typeof value === "string" ? value : "…"}`);
      const parts = masks[number].shapes.length > 1 ? [`${masks[number].shapes.length} parts`] : [];
      item.querySelector(".more").textContent = [...parts, ...more].join(" · ");
    }
    byId("count").textContent = masks.length ? masks.length : "";
    byId("none").hidden = masks.length > 0;
  }

  function line(mask, number) {
    const input = element("input", {type: "text", value: mask.answer, placeholder: "What is it?", autocomplete: "off"});
    input.setAttribute("aria-label", `Answer of mask ${number + 1}`);
    let before = null;
    input.addEventListener("focus", () => {
      before = copyOf(masks);
      chosen = [number, Math.min(chosen?.[0] === number ? chosen[1] : 0, masks[number].shapes.length - 1)];
      showBoard();
      showList();
    });
    input.addEventListener("input", () => {
      if (before) past.push(before);
      before = null;
      future = [];
      masks[number].answer = input.value;
      showBoard();
      showList();
      write();
    });
    const part = element("button", {type: "button", textContent: "Add part", title: "What you draw next belongs to this mask"});
    part.addEventListener("click", () => {
      target = number;
      if (tool === "select") tool = masks[number].shapes[0].form;
      show();
      byId("help").textContent = `Draw another part of ${masks[number].answer || `mask ${number + 1}`}.`;
      board.focus();
    });
    const item = element("li", {}, element("span", {className: "badge", textContent: number + 1}), input, part, element("span", {className: "more"}));
    return item;
  }

  function write() {
    const unit = document.querySelector("[name=unit]:checked").value;
    const mode = document.querySelector("[name=mode]:checked").value;
    byId("yaml").value = facts({file: start.file, about: start.about, mode, masks, frame: start.frame, unit});
  }

  function show() {
    for (const button of document.querySelectorAll("[data-tool]")) {
      button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    }
    byId("help").textContent = HELP[tool];
    byId("undo").disabled = !past.length;
    byId("redo").disabled = !future.length;
    byId("delete").disabled = !chosen;
    showBoard();
    showList();
    write();
  }

  function choose(name) {
    tool = name;
    draft = null;
    if (name !== "select") chosen = null;
    show();
  }

  // -------------------------------------------------------------- mouse and touch

  function pointOf(event) {
    const {x, y} = new DOMPoint(event.clientX, event.clientY).matrixTransform(board.getScreenCTM().inverse());
    return within([x, y]);
  }

  const near = ([x1, y1], [x2, y2], pixels) => Math.hypot(x1 - x2, y1 - y2) < pixels * scale();
  let drag = null;

  board.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    const at = pointOf(event);
    if (tool === "polygon") {
      corner(at);
      event.preventDefault();
      return;
    }
    board.setPointerCapture(event.pointerId);
    event.preventDefault();
    if (tool !== "select") {
      chosen = null;
      draft = {form: tool, points: [at, at]};
      showBoard();
      return;
    }
    const {handle, key} = event.target.dataset;
    if (handle !== undefined) drag = {from: at, handle: Number(handle), before: copyOf(masks), shape: copyOf(shapeAt(chosen))};
    else if (key) {
      chosen = key.split(" ").map(Number);
      drag = {from: at, before: copyOf(masks), shape: copyOf(shapeAt(chosen))};
    } else chosen = null;
    show();
    if (key) board.querySelector(`[data-key="${key}"]`)?.focus({preventScroll: true});
  });

  board.addEventListener("pointermove", (event) => {
    const at = pointOf(event);
    if (draft?.form === "polygon") {
      draft.points[draft.points.length - 1] = at;
      showBoard();
    } else if (draft) {
      draft.points[1] = at;
      showBoard();
    } else if (drag) {
      const {shape, handle, from} = drag;
      const points = handle === undefined ? moved(shape.points, at[0] - from[0], at[1] - from[1]) : pull(shape, handle, at);
      shapeAt(chosen).points = points;
      drag.done = true;
      showBoard();
      write();
    }
  });

  board.addEventListener("pointerup", () => {
    if (drag?.done) {
      past.push(drag.before);
      future = [];
      drag = null;
      show();
    }
    drag = null;
    if (!draft || draft.form === "polygon") return;
    const shape = draft;
    draft = null;
    const [[x1, y1], [x2, y2]] = shape.points;
    if (Math.abs(x2 - x1) > 4 * scale() && Math.abs(y2 - y1) > 4 * scale()) add(shape);
    else showBoard();
  });

  board.addEventListener("pointercancel", () => {
    if (drag) masks = drag.before;
    drag = null;
    if (draft?.form !== "polygon") draft = null;
    show();
  });

  // The last point of a polygon that is drawn is where the pointer is.
  function corner(at) {
    if (!draft) draft = {form: "polygon", points: [at, at]};
    else if (draft.points.length > 3 && near(draft.points[0], at, 12)) return close();
    else draft.points.push(at);
    showBoard();
    return undefined;
  }

  function close() {
    const points = draft.points.slice(0, -1);
    draft = null;
    if (points.length > 2) add({form: "polygon", points});
    else showBoard();
  }

  // ----------------------------------------------------------------------- keyboard

  const STEPS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

  function nudge(key, event) {
    const [x, y] = STEPS[key];
    const unit = Math.max(width, height) / 200;
    const shape = shapeAt(chosen);
    change(() => {
      if (!event.shiftKey) shape.points = moved(shape.points, x * unit, y * unit);
      else {
        const [px, py] = shape.points.reduce(([ax, ay], [bx, by]) => [Math.min(ax, bx), Math.min(ay, by)]);
        const [qx, qy] = shape.points.reduce(([ax, ay], [bx, by]) => [Math.max(ax, bx), Math.max(ay, by)]);
        const grow = (value, low, high, by) => (high > low ? low + (value - low) * Math.max((high - low + by) / (high - low), 0.05) : value);
        shape.points = shape.points.map(([sx, sy]) => within([grow(sx, px, qx, x * unit), grow(sy, py, qy, y * unit)]));
      }
    });
  }

  function middle() {
    const [x, y, w, h] = [left + width / 2, top + height / 2, width / 8, height / 8];
    const form = tool === "select" ? "box" : tool;
    const points = form === "polygon" ? [[x, y - h], [x + w, y + h], [x - w, y + h]] : [[x - w, y - h], [x + w, y + h]];
    add({form, points});
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input[type=text], textarea");
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === "z" && !typing) {
      event.preventDefault();
      if (event.shiftKey) travel(future, past);
      else travel(past, future);
      return;
    }
    if (command && event.key.toLowerCase() === "y" && !typing) {
      event.preventDefault();
      travel(future, past);
      return;
    }
    if (event.key === "Escape") {
      draft = null;
      target = null;
      if (typing) event.target.blur();
      show();
      return;
    }
    if (typing && event.key === "Enter" && event.target !== byId("yaml")) {
      event.target.blur();
      board.querySelector(`[data-key="${chosen?.join(" ")}"]`)?.focus();
      return;
    }
    if (typing || command || event.altKey) return;
    const onShape = event.target.dataset?.key;
    if (draft?.form === "polygon" && event.key === "Enter") {
      event.preventDefault();
      // Where the pointer rests is not a corner yet.
      close();
    } else if (event.key === "Enter" && (event.target.dataset.tool ?? "select") !== "select" && tool === event.target.dataset.tool) {
      event.preventDefault();
      middle();
    } else if (onShape && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      byId("list").querySelectorAll("input")[Number(onShape.split(" ")[0])].focus();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      remove();
    } else if (STEPS[event.key] && onShape && chosen) {
      event.preventDefault();
      nudge(event.key, event);
    } else {
      const wanted = {v: "select", b: "box", e: "ellipse", p: "polygon"}[event.key.toLowerCase()];
      if (wanted) choose(wanted);
    }
  });

  board.addEventListener("focusin", ({target: {dataset: {key}}}) => {
    if (restoring || !key || chosen?.join(" ") === key) return;
    chosen = key.split(" ").map(Number);
    tool = "select";
    show();
  });

  // ------------------------------------------------------------------------ the rest

  for (const button of document.querySelectorAll("[data-tool]")) button.addEventListener("click", () => choose(button.dataset.tool));
  byId("undo").addEventListener("click", () => travel(past, future));
  byId("redo").addEventListener("click", () => travel(future, past));
  byId("delete").addEventListener("click", remove);
  for (const input of document.querySelectorAll(".about input")) {
    input.value = start.about[input.id] ?? "";
    input.addEventListener("input", () => {
      start.about[input.id] = input.value.trim();
      write();
    });
  }
  for (const radio of document.querySelectorAll("[name=unit], [name=mode]")) radio.addEventListener("change", write);
  byId("copy").addEventListener("click", async () => {
    const yaml = byId("yaml");
    try {
      await navigator.clipboard.writeText(yaml.value);
    } catch {
      yaml.select();
      document.execCommand("copy");
    }
    past.copied = JSON.stringify(masks);
    byId("copy").textContent = "Copied";
    setTimeout(() => { byId("copy").textContent = "Copy"; }, 1500);
  });
  addEventListener("beforeunload", (event) => {
    if (past.length && past.copied !== JSON.stringify(masks)) event.preventDefault();
  });
  addEventListener("resize", showBoard);

  document.title = `${start.file} – masks`;
  byId("file").textContent = start.file;
  board.setAttribute("viewBox", start.frame.join(" "));
  board.setAttribute("tabindex", "-1");
  byId("board").style.setProperty("--shape", width / height);
  // Small pictures are shown larger, and none is higher than the window.
  byId("board").style.setProperty("--most-wide", `calc((100vh - 9rem) * ${width / height})`);
  if (start.about.mode) document.querySelector(`[name=mode][value="${start.about.mode}"]`).checked = true;
  show();
})();
