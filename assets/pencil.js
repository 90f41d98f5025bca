// The pencil: an SVG of one window that is drawn into with a mouse, a finger or the keyboard.
//
// It computes no values. A stroke is sent as what was asked for (points, or a shape with its size), the page answers
// with the changed window and its forecast, and that is drawn. Commands are numbered, signed by the pencil that made
// them, and sent again, less and less often, until the page has acknowledged them; those of one stroke replace one
// another. While a stroke is drawn its commands are `live`: the forecast follows, the charts below wait for its end.

const HEIGHT = 340;
const MARGIN = { left: 58, right: 12, top: 28, bottom: 44 };
const PATIENCE = 400; // milliseconds until a command is sent again, doubled each time: a page that is asked anew before
const LONGEST = 10000; // it could answer would never come to answer
const BREATH = 100; // milliseconds between two commands of a stroke that is still being drawn
const ROOM = 0.25; // of the range of the values, above and below, to draw into
const SVG = "http://www.w3.org/2000/svg";
const TOOLS = {
  point: "Drag one value up or down.",
  draw: "Draw a line: every step that is crossed takes its height.",
  step: "Drag across the steps to move; up or down says how far.",
  spike: "Drag across the steps; up or down is the height of the peak in their middle.",
  ramp: "Drag across the steps; up or down is where the last one ends.",
  gap: "Drag across the values that are missing.",
  scale: "Drag across the steps; up enlarges them, down shrinks them. Half the chart's height doubles.",
  shift: "Drag sideways: what happened comes later or earlier.",
};
const FREEHAND = ["point", "draw"];
const instances = new WeakMap();
let newest = null;

export default function ({ data, parentElement, setTriggerValue }) {
  let pencil = instances.get(parentElement);
  if (!pencil) {
    pencil = new Pencil(parentElement);
    instances.set(parentElement, pencil);
    pencil.inherit(newest, data);
    newest = pencil;
  }
  pencil.receive(data, setTriggerValue);
  // Streamlit also ends a call that a newer one overtook, before or after that one was made: so the end of a call ends
  // the pencil only while no newer call was made, and the next call takes it up again with all that is unanswered.
  const turn = pencil.turn;
  return () => pencil.turn === turn && pencil.rest();
}

function node(name, attributes = {}, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

function button(label, title, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.title = title;
  made.onclick = act;
  return made;
}

/** Round steps between two numbers: 1, 2 or 5 times a power of ten. */
function ticks(low, high, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((one) => one * power >= rough) ?? 10);
  const found = [];
  for (let at = Math.ceil(low / step); at * step <= high; at += 1) found.push(at * step);
  return found;
}

/** Three significant digits or more, narrow spaces that do not break for thousands, a true minus. */
function spell(value, digits = 4) {
  const size = Math.abs(value);
  if (size && (size >= 1e7 || size < 1e-4)) return value.toExponential(2).replace("-", "−");
  const decimals = size ? Math.max(digits - 1 - Math.floor(Math.log10(size)), 0) : 0;
  const [whole, part] = value.toFixed(Math.min(decimals, 8)).split(".");
  const tail = part ? part.replace(/0+$/, "") : "";
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, "\u202f").replace("-", "−");
  return tail ? `${grouped}.${tail}` : grouped;
}

class Pencil {
  constructor(root) {
    this.root = root;
    this.tool = "point";
    this.pending = [];
    this.seq = 0;
    this.strokes = 0;
    this.turn = 0;
    this.resting = true;
    this.born = Math.random().toString(36).slice(2, 10);
    this.patience = PATIENCE;
    this.stroke = null;
    this.keyed = null;
    this.local = null;
    this.selected = null;
    this.svg = root.querySelector("svg.plot");
    this.makeTools();
    const handlers = {
      pointerdown: "press",
      pointermove: "move",
      pointerup: "release",
      pointercancel: "cancel",
      lostpointercapture: "finish",
    };
    for (const [event, verb] of Object.entries(handlers)) this.svg.addEventListener(event, (e) => this[verb](e));
    this.svg.addEventListener("keydown", (e) => this.key(e));
    this.observer = new ResizeObserver(() => this.data && this.draw());
  }

  /** Take over what an older pencil was not answered, when the chart is made anew; it draws no more. */
  inherit(older, data) {
    if (!older?.data || older.data.run !== data.run) return;
    older.send = () => {};
    older.finish();
    older.rest();
    const open = older.pending.filter((one) => data.ack_of !== older.born || one.seq > data.ack);
    this.pending = open.map((one) => ({ ...one, seq: (this.seq += 1), from: this.born, live: false }));
    older.pending = [];
  }

  rest() {
    this.resting = true;
    this.observer.disconnect();
    clearTimeout(this.timer);
  }

  makeTools() {
    const bar = this.root.querySelector(".tools");
    this.buttons = {};
    for (const [tool, hint] of Object.entries(TOOLS)) {
      const label = tool[0].toUpperCase() + tool.slice(1);
      this.buttons[tool] = button(label, hint, () => this.choose(tool));
      bar.append(this.buttons[tool]);
    }
    for (const [verb, keys] of [["undo", " (Ctrl+Z)"], ["redo", " (Ctrl+Y)"], ["reset", ""]]) {
      const label = verb[0].toUpperCase() + verb.slice(1);
      this.buttons[verb] = button(label, label + keys, () => this.ask({ do: verb, stroke: null }));
      bar.append(this.buttons[verb]);
    }
    this.buttons.undo.classList.add("apart");
    this.choose("point");
  }

  choose(tool) {
    this.tool = tool;
    for (const one of Object.keys(TOOLS)) this.buttons[one].setAttribute("aria-pressed", String(one === tool));
    this.root.querySelector(".hint").textContent = TOOLS[tool];
  }

  // What goes to the page and comes back ---------------------------------------------------------------------------

  receive(data, send) {
    this.turn += 1;
    if (this.resting) this.observer.observe(this.root.querySelector(".pencil"));
    this.resting = false;
    const before = this.data;
    this.send = send;
    if (before && before.run !== data.run) {
      this.pending = [];
      this.stroke = this.keyed = null;
    } else if (before && (before.column !== data.column || before.origin !== data.origin)) {
      this.finish();
      this.keyed = this.local = null;
    }
    this.data = data;
    // Another pencil, of this chart before it was made anew, may have been answered: its numbers mean nothing here.
    const answered = data.ack_of === this.born ? data.ack : 0;
    this.pending = this.pending.filter((one) => one.seq > answered);
    this.patience = PATIENCE;
    if (this.keyed && !this.pending.length && data.edited[this.keyed.index] !== this.keyed.value) this.keyed = null;
    const n = data.edited.length;
    if (this.selected === null || this.selected >= n || this.selected < data.first) this.selected = n - 1;
    clearTimeout(this.timer);
    this.timer = null;
    if (this.pending.length) this.wait(this.pending.every((one) => one.live) ? BREATH : 0);
    this.draw();
    this.svg.dataset.ack = String(data.ack);
  }

  ask(command) {
    this.seq += 1;
    if (command.do !== "change") this.keyed = this.local = null;
    if (command.do === "change" && command.live !== undefined && this.stroke) this.stroke.asked = command;
    const replaced = (one) => command.do === "change" && one.do === "change" && one.stroke === command.stroke;
    this.pending = this.pending.filter((one) => !replaced(one));
    this.pending.push({ ...command, seq: this.seq, from: this.born, run: this.data.run });
    // The end of a stroke waits for no answer to its beginning.
    if (!this.timer || command.live === false) this.flush();
  }

  flush() {
    this.send("commands", this.pending);
    this.wait(this.patience);
    this.patience = Math.min(2 * this.patience, LONGEST);
  }

  /** Send what is still unanswered after so many milliseconds. */
  wait(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      if (this.pending.length) this.flush();
    }, milliseconds);
  }

  nextStroke() {
    this.strokes += 1;
    return `${this.born}-${this.strokes}`;
  }

  lag(index) {
    return this.data.edited.length - index;
  }

  askPoints(stroke, points) {
    const values = [...points].map(([index, value]) => [this.lag(index), value]);
    const change = { kind: "points", column: this.data.column, values };
    this.ask({ do: "change", stroke, live: this.stroke ? !this.stroke.over : undefined, change });
  }

  // The mouse and the finger -----------------------------------------------------------------------------------------

  at(event) {
    const box = this.svg.getBoundingClientRect();
    const index = Math.round(this.scale.index(event.clientX - box.left));
    return {
      index: Math.min(Math.max(index, this.data.first), this.data.edited.length - 1),
      value: this.tidy(this.scale.value(event.clientY - box.top)),
      y: event.clientY - box.top,
    };
  }

  /** As many digits as a pixel can tell apart. */
  tidy(value) {
    const pixel = (this.scale.high - this.scale.low) / HEIGHT;
    const unit = 10 ** Math.floor(Math.log10(pixel));
    return Number((Math.round(value / unit) * unit).toPrecision(12));
  }

  press(event) {
    if (event.button || !event.isPrimary) return;
    this.finish();
    this.keyed = this.local = null;
    event.preventDefault();
    this.svg.focus({ preventScroll: true });
    this.svg.setPointerCapture(event.pointerId);
    const start = this.at(event);
    this.selected = start.index;
    const pointer = event.pointerId;
    this.stroke = { id: this.nextStroke(), pointer, tool: this.tool, start, last: start, points: new Map() };
    if (FREEHAND.includes(this.tool)) this.follow(start);
    else this.mark(start);
  }

  move(event) {
    if (this.stroke?.pointer !== event.pointerId) return;
    const here = this.at(event);
    if (FREEHAND.includes(this.stroke.tool)) this.follow(here);
    else this.mark(here);
    this.stroke.last = here;
  }

  /** Take the heights of a line from the last place to this one. */
  follow(here) {
    const { tool, start, last, points, id } = this.stroke;
    if (tool === "point") {
      points.set(start.index, here.value);
    } else {
      const steps = Math.abs(here.index - last.index);
      for (let at = steps ? 1 : 0; at <= steps; at += 1) {
        const share = steps ? at / steps : 1;
        const index = last.index + Math.sign(here.index - last.index) * at;
        points.set(index, this.tidy(last.value + share * (here.value - last.value)));
      }
      this.selected = here.index;
    }
    this.askPoints(id, points);
    this.draw();
  }

  /** Ask for the shape from where the stroke began to here. */
  mark(here) {
    const { tool, start, id } = this.stroke;
    const [older, newer] = [Math.min(start.index, here.index), Math.max(start.index, here.index)];
    let place = { start: this.lag(older), end: this.lag(newer) };
    let size = this.tidy(here.value - start.value);
    if (tool === "gap") size = 0;
    if (tool === "scale") size = Math.round(100 * Math.max(1 + (start.y - here.y) / (HEIGHT / 2), 0)) / 100;
    if (tool === "shift") {
      size = here.index - start.index;
      place = { start: this.lag(this.data.first), end: 1 };
    }
    const nothing = { gap: null, scale: 1 }[tool];
    this.stroke.marked = [older, newer];
    this.stroke.size = size;
    if (this.stroke.asked || size !== (nothing === undefined ? 0 : nothing)) {
      const change = { kind: tool, column: this.data.column, ...place, size, filling: this.data.filling };
      this.ask({ do: "change", stroke: id, live: !this.stroke.over, change });
    }
    this.draw();
  }

  release(event) {
    if (this.stroke?.pointer !== event.pointerId) return;
    this.stroke.over = true;
    this.move(event);
    this.local = this.stroke.points;
    this.stroke = null;
    this.draw();
  }

  /** End a stroke whose pointer was lost, as far as it was drawn: the page must not wait for more of it. */
  finish() {
    const asked = this.stroke?.asked;
    if (this.stroke) this.local = this.stroke.points;
    this.stroke = null;
    if (asked) this.ask({ ...asked, live: false });
  }

  /** Take back a stroke. */
  cancel(event) {
    if (event && this.stroke?.pointer !== event.pointerId) return;
    const { asked, id } = this.stroke ?? {};
    this.stroke = null;
    if (asked) this.ask({ do: "cancel", stroke: id });
    this.draw();
  }

  // The keyboard -----------------------------------------------------------------------------------------------------

  key(event) {
    const { first, edited, nudge } = this.data;
    const last = edited.length - 1;
    const command = event.ctrlKey || event.metaKey;
    const walk = { ArrowLeft: this.selected - 1, ArrowRight: this.selected + 1, Home: first, End: last }[event.key];
    const lift = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    const verb = command && { z: event.shiftKey ? "redo" : "undo", y: "redo" }[event.key.toLowerCase()];
    if (event.key === "Escape" && this.stroke) this.cancel();
    else if (verb) this.ask({ do: verb, stroke: null });
    else if (walk !== undefined) {
      this.selected = Math.min(Math.max(walk, first), last);
      this.keyed = null;
    } else if (lift !== undefined) this.lift(lift * nudge);
    else if (event.key === "Delete" || event.key === "Backspace") {
      const lag = this.lag(this.selected);
      const change = { kind: "gap", column: this.data.column, start: lag, end: lag, size: 0, filling: this.data.filling };
      this.keyed = this.local = null;
      this.ask({ do: "change", stroke: this.nextStroke(), change });
    } else return;
    event.preventDefault();
    this.draw();
  }

  /** Several presses at one step are one stroke. */
  lift(by) {
    if (!this.keyed || this.keyed.index !== this.selected)
      this.keyed = { index: this.selected, id: this.nextStroke(), value: this.shown()[this.selected] };
    this.keyed.value = Number((this.keyed.value + by).toPrecision(12));
    this.local = new Map([[this.selected, this.keyed.value]]);
    this.askPoints(this.keyed.id, this.local);
  }

  // The picture ------------------------------------------------------------------------------------------------------

  /** Values as they are asked for: those of the page, and over them what it has not answered yet. */
  shown() {
    const values = [...this.data.edited];
    const asked = this.stroke ? this.stroke.points : this.pending.length ? this.local : null;
    for (const [index, value] of asked ?? []) values[index] = value;
    return values;
  }

  measure(width) {
    const { values, edited, before, after, truth } = this.data;
    // While somebody draws, the axis stands still.
    if (!this.stroke || !this.scale) {
      const all = [...values, ...edited, ...before, ...after, ...truth].filter((one) => one !== null);
      let [low, high] = [Math.min(...all), Math.max(...all)];
      const room = (high - low || Math.abs(high) || 1) * ROOM;
      this.range = [low - room, high + room];
    }
    const [low, high] = this.range;
    const n = values.length + this.data.n_ahead;
    const inner = width - MARGIN.left - MARGIN.right;
    const tall = HEIGHT - MARGIN.top - MARGIN.bottom;
    const gap = inner / n;
    this.scale = {
      low,
      high,
      gap,
      x: (index) => MARGIN.left + gap * (index + 0.5),
      y: (value) => MARGIN.top + (tall * (high - value)) / (high - low),
      index: (x) => (x - MARGIN.left) / gap - 0.5,
      value: (y) => high - ((y - MARGIN.top) * (high - low)) / tall,
    };
  }

  draw() {
    const width = this.root.querySelector(".pencil").clientWidth;
    if (!width) return;
    this.measure(width);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.svg.setAttribute("height", HEIGHT);
    const shown = this.shown();
    this.svg.replaceChildren(
      ...this.background(width),
      ...this.marked(),
      ...this.lines(shown),
      ...this.points(shown),
      ...this.cursor(shown),
    );
    this.say(shown);
    for (const verb of ["undo", "redo", "reset"]) this.buttons[verb].disabled = !this.data[`can_${verb}`];
    this.legend();
  }

  background(width) {
    const { x, y, low, high, gap } = this.scale;
    const { colours, labels, ahead_labels, n_ahead, values, axis, time_title } = this.data;
    const bottom = HEIGHT - MARGIN.bottom;
    const clipped = (value) => y(Math.min(Math.max(value, low), high));
    const parts = [node("rect", { x: 0, y: 0, width, height: HEIGHT, fill: "transparent" })];
    if (this.data.reads_levels)
      parts.push(
        node("rect", {
          x: MARGIN.left,
          width: width - MARGIN.left - MARGIN.right,
          y: clipped(this.data.high),
          height: Math.max(clipped(this.data.low) - clipped(this.data.high), 0),
          fill: colours.train,
          opacity: 0.09,
          class: "range",
        }),
      );
    for (const value of ticks(low, high, 5)) {
      const at = y(value);
      parts.push(
        node("line", { x1: MARGIN.left, x2: width - MARGIN.right, y1: at, y2: at, stroke: colours.grid }),
        node("text", { x: MARGIN.left - 6, y: at + 4, "text-anchor": "end", fill: colours.muted }, spell(value)),
      );
    }
    const names = [...labels, ...ahead_labels].slice(0, values.length + n_ahead);
    const longest = Math.max(...names.map((one) => one.length)) * 7 + 14;
    const every = Math.max(Math.ceil(longest / gap), 1);
    for (let index = values.length - 1; index >= 0; index -= every) parts.push(this.name(index, names, bottom, width));
    for (let index = values.length - 1 + every; index < names.length; index += every)
      parts.push(this.name(index, names, bottom, width));
    const seam = MARGIN.left + gap * values.length;
    if (n_ahead)
      parts.push(
        node("line", { x1: seam, x2: seam, y1: MARGIN.top, y2: bottom, stroke: colours.muted, "stroke-dasharray": "2 3" }),
      );
    parts.push(
      node("text", { x: 4, y: 6, fill: colours.text, "dominant-baseline": "hanging", class: "axis" }, axis),
      node("text", { x: width / 2, y: HEIGHT - 6, fill: colours.text, "text-anchor": "middle" }, time_title),
    );
    return parts;
  }

  name(index, names, bottom, width) {
    const at = this.scale.x(index);
    const half = names[index].length * 3.4;
    const x = Math.min(Math.max(at, half + 2), width - half - 2);
    return node("text", { x, y: bottom + 17, "text-anchor": "middle", fill: this.data.colours.muted }, names[index]);
  }

  /** The steps that a shape is drawn over. */
  marked() {
    if (!this.stroke?.marked || this.stroke.tool === "shift") return [];
    const [older, newer] = this.stroke.marked;
    const { x, gap } = this.scale;
    return [
      node("rect", {
        x: x(older) - gap / 2,
        width: gap * (newer - older + 1),
        y: MARGIN.top,
        height: HEIGHT - MARGIN.top - MARGIN.bottom,
        fill: this.data.colours.forecast,
        opacity: 0.12,
      }),
    ];
  }

  lines(shown) {
    const { x, y } = this.scale;
    const { colours, values, before, after } = this.data;
    const path = (series, from) =>
      series.map((value, index) => `${index ? "L" : "M"}${x(from + index).toFixed(1)} ${y(value).toFixed(1)}`).join("");
    const line = (d, stroke, extra = {}) =>
      node("path", { d, stroke, fill: "none", "stroke-width": 2, "stroke-linejoin": "round", ...extra });
    const parts = [
      line(path(values, 0), colours.baseline, { "stroke-width": 1.5, "stroke-dasharray": "4 3", class: "actual" }),
      line(path(shown, 0), colours.actual, { class: "edited" }),
    ];
    if (before.length) {
      parts.push(
        line(path(before, values.length), colours.baseline, { "stroke-dasharray": "4 3", class: "before" }),
        line(path(after, values.length), colours.forecast, { class: "after" }),
      );
    }
    return parts;
  }

  points(shown) {
    const { x, y, gap } = this.scale;
    const { colours, values, before, after, truth, first } = this.data;
    const dot = (index, value, r, fill, stroke) =>
      node("circle", { cx: x(index).toFixed(1), cy: y(value).toFixed(1), r, fill, stroke, "stroke-width": 1.5 });
    const parts = [];
    const size = Math.min(Math.max(0.45 * gap, 2), 4.5);
    shown.forEach((value, index) => {
      const changed = value !== values[index];
      if (!changed && (gap < 6 || index < first)) return;
      const outside = this.isOutside(value);
      const fill = changed ? (outside ? colours.warning : colours.forecast) : colours.surface;
      parts.push(dot(index, value, changed ? size : 3, fill, changed ? fill : colours.actual));
      if (changed && outside)
        parts.push(
          node("text", { x: x(index), y: y(value) - 8, fill: colours.warning, "text-anchor": "middle" }, "!"),
        );
    });
    const n = values.length;
    before.forEach((value, index) => parts.push(dot(n + index, value, 3, colours.surface, colours.baseline)));
    truth.forEach((value, index) => {
      if (value === null) return;
      const [cx, cy] = [x(n + index), y(value)];
      const d = `M${cx - 4} ${cy - 4}L${cx + 4} ${cy + 4}M${cx - 4} ${cy + 4}L${cx + 4} ${cy - 4}`;
      parts.push(node("path", { d, stroke: colours.actual, "stroke-width": 2, fill: "none", class: "truth" }));
    });
    after.forEach((value, index) => parts.push(dot(n + index, value, size, colours.forecast, colours.forecast)));
    return parts;
  }

  /** Whether the train rows have no such level; says nothing where the network reads differences of levels. */
  isOutside(value) {
    const { reads_levels, low, high } = this.data;
    return reads_levels && (value > high || value < low);
  }

  cursor(shown) {
    const { x, y } = this.scale;
    const at = x(this.selected);
    return [
      node("line", {
        x1: at,
        x2: at,
        y1: MARGIN.top,
        y2: HEIGHT - MARGIN.bottom,
        stroke: this.data.colours.forecast,
        "stroke-dasharray": "1 4",
      }),
      node("circle", {
        cx: at,
        cy: y(shown[this.selected]),
        r: 8,
        fill: "none",
        stroke: this.data.colours.forecast,
        "stroke-width": 2,
      }),
    ];
  }

  say(shown) {
    const { labels, values, column, unit, low, high } = this.data;
    const [is, was] = [shown[this.selected], values[this.selected]];
    const outside = this.isOutside(is) ? ", outside the training range" : "";
    const changed = is === was ? "" : ` (was ${spell(was)})`;
    let text = `${labels[this.selected]}: ${spell(is)} ${unit}`.trim() + changed + outside;
    if (this.stroke?.marked) {
      const [older, newer] = this.stroke.marked;
      const n = newer - older + 1;
      const how = { gap: "", scale: ` × ${this.stroke.size}`, shift: ` by ${spell(this.stroke.size)} steps` }[
        this.stroke.tool
      ];
      text = `${this.stroke.tool}${how ?? ` of ${spell(this.stroke.size)} ${unit}`}`;
      if (this.stroke.tool !== "shift") text += `, ${n} ${n === 1 ? "step" : "steps"}`;
    }
    this.root.querySelector(".readout").textContent = text;
    const facts = { "aria-valuenow": is, "aria-valuetext": text, "aria-valuemin": low, "aria-valuemax": high };
    facts["aria-label"] = `${column}: left and right choose a step, up and down change its value, Delete removes it`;
    for (const [key, value] of Object.entries(facts)) this.svg.setAttribute(key, value);
  }

  legend() {
    const { colours, before, truth } = this.data;
    const sample = (drawn) => {
      const box = node("svg", { viewBox: "0 0 26 12", height: 12, "aria-hidden": "true" });
      box.append(drawn);
      return box;
    };
    const stroke = (colour, dash = "") =>
      sample(node("path", { d: "M1 6H25", stroke: colour, "stroke-width": 2, "stroke-dasharray": dash }));
    const entries = [
      [stroke(colours.actual), "what the network reads"],
      [stroke(colours.baseline, "4 3"), before.length ? "as it was, and its forecast" : "as it was"],
    ];
    if (this.data.reads_levels) {
      const range = node("rect", { x: 1, y: 1, width: 24, height: 10, fill: colours.train, opacity: 0.25 });
      entries.push([sample(range), "training range"]);
    }
    if (before.length) entries.push([stroke(colours.forecast), "new forecast"]);
    if (truth.some((one) => one !== null))
      entries.push([
        sample(node("path", { d: "M9 2L17 10M9 10L17 2", stroke: colours.actual, "stroke-width": 2 })),
        "what came true",
      ]);
    this.root.querySelector(".legend").replaceChildren(
      ...entries.map(([picture, words]) => {
        const entry = document.createElement("span");
        entry.append(picture, words);
        return entry;
      }),
    );
  }
}
