"use strict";
// What needs a script: sending many files in parts, and a line on a picture that can be moved and heard.

const MOST_FILES = 40, MOST_BYTES = 64e6; // of one part
const words = (n, one, many) => `${n} ${n === 1 ? one : many}`;

// ---- files ----

async function send(form, files) {
  const sent = form.querySelector("[data-sent]"), token = form.elements.form.value;
  const most = +form.dataset.send, large = files.filter((file) => file.size > most);
  if (large.length) {
    sent.textContent = `${large[0].name} has more than ${most / 2 ** 30} GB: too much for a browser to hand over. Unpack it and drop its folder here, or, in a terminal: charley import.`;
    return;
  }
  let done = 0;
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  for (let i = 0; i < files.length;) {
    const part = new FormData();
    part.append("form", token);
    for (let n = 0, bytes = 0; i < files.length && n < MOST_FILES && (n === 0 || bytes + files[i].size <= MOST_BYTES); n++, i++) {
      part.append("files", files[i], files[i].name);
      bytes += files[i].size;
      done++;
    }
    sent.textContent = `Handing over ${done} of ${words(files.length, "file", "files")}.`;
    try {
      const answer = await fetch(form.action, { method: "POST", body: part, redirect: "manual" });
      if (answer.type !== "opaqueredirect" && !answer.ok) throw new Error(String(answer.status));
    } catch {
      sent.textContent = "They didn’t all arrive: was one moved or renamed meanwhile? What arrived is kept. Choose the same files again to go on.";
      for (const button of form.querySelectorAll("button")) button.disabled = false;
      return;
    }
  }
  location.assign("/bring");
}

async function within(entry) {
  if (entry.isFile) return new Promise((yes) => entry.file((file) => yes([file]), () => yes([])));
  const reader = entry.createReader(), found = [];
  for (;;) {
    const some = await new Promise((yes) => reader.readEntries(yes, () => yes([])));
    if (!some.length) return found;
    for (const one of some) found.push(...await within(one));
  }
}

function drop(area) {
  const form = area.closest("form");
  for (const kind of ["dragover", "dragleave", "drop"]) area.addEventListener(kind, (event) => {
    event.preventDefault();
    area.classList.toggle("over", kind === "dragover");
  });
  area.addEventListener("drop", async (event) => {
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    const files = (await Promise.all(entries.map(within))).flat();
    if (files.length) send(form, files);
  });
}

// ---- a picture that is read row by row: with a line on it where its table goes along its axis ----

function cursor(figure) {
  const table = figure.querySelector("table");
  if (!table) return;
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
  const at = figure.dataset.at ? figure.dataset.at.split(" ").map(Number) : [];
  const said = document.createElement("p");
  said.className = "m said";
  said.setAttribute("aria-live", "polite");
  figure.tabIndex = 0;
  figure.setAttribute("role", "group");
  figure.setAttribute("aria-label", `Picture. Arrow keys ${at.length ? "move a line along it and read the values" : "read its values"}.`);
  figure.querySelector("details").before(said);
  let now = -1;
  const lines = [...figure.querySelectorAll(at.length ? "svg" : "none")].map((svg) => {
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    line.setAttribute("class", "cursor");
    const [left, right] = figure.dataset[svg.classList.contains("wide") ? "wide" : "narrow"].split(" ").map(Number);
    line.setAttribute("y1", 0);
    line.setAttribute("y2", svg.viewBox.baseVal.height);
    line.setAttribute("visibility", "hidden"); // until it is moved
    svg.append(line);
    return { line, left, right, svg };
  });
  const move = (to) => {
    now = Math.min(Math.max(to, 0), rows.length - 1);
    for (const { line, left, right } of lines) {
      const x = left + (right - left) * at[now];
      line.setAttribute("x1", x);
      line.setAttribute("x2", x);
      line.setAttribute("visibility", "visible");
    }
    said.textContent = `${heads[0]} ${rows[now][0]}. ` + rows[now].slice(1).map((v, i) => v && `${heads[i + 1]} ${v}`).filter(Boolean).join(". ");
  };
  const hint = () => {
    if (now < 0) said.textContent = `← → ${at.length ? "move a line along the picture and read it" : "read the picture value by value"}; shift for five steps.`;
  };
  if (figure.closest(".pictured") && at.length) hint(); // the picture of a page says so from the start
  figure.addEventListener("focus", hint);
  figure.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -rows.length, End: rows.length }[event.key];
    if (event.target !== figure || step === undefined) return;
    event.preventDefault();
    move(now + step * (event.shiftKey ? 5 : 1));
  });
  for (const { svg, left, right } of lines) svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect(), x = (event.clientX - box.left) * svg.viewBox.baseVal.width / box.width;
    const share = (x - left) / (right - left);
    move(at.reduce((best, v, i) => Math.abs(v - share) < Math.abs(at[best] - share) ? i : best, 0));
  });
}

// ---- a finish time that is chosen on the axis of its picture ----

function goal(range) {
  range.addEventListener("input", () => {
    const minutes = Math.round(range.value / 60), said = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
    range.form.querySelector("[data-clock]").textContent = said;
    range.form.elements.goal.value = `${said}:00`;
  });
}

function take(form) {
  form.addEventListener("submit", (event) => {
    const files = [...(form.elements.files?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    send(form, files);
  });
}

function said(range) {
  range.addEventListener("input", () => { range.labels[0].querySelector("output").textContent = range.value.replace("-", "−"); });
}

const begun = new WeakSet(); // a part of a page that was swapped in is begun as the page was

function begin() {
  for (const [where, how] of [["[data-said]", said], ["[data-goal]", goal], ["[data-drop]", drop], ["[data-cursor]", cursor], ["form[data-send]", take]]) {
    for (const part of document.querySelectorAll(where)) if (!begun.has(part)) {
      begun.add(part);
      how(part);
    }
  }
}

begin();
new MutationObserver(begin).observe(document.body, { childList: true, subtree: true }); // the event of a swap is lost where what asked for it is gone
