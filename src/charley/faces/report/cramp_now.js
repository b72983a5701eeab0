"use strict";
// The search among the warning signs: it only shows and hides rows that the page already has.
(() => {
  const box = document.getElementById("find"), none = document.getElementById("nothing");
  const list = document.querySelector(".all"), rows = [...list.querySelectorAll("a")];
  const words = rows.map((row) => row.textContent.toLowerCase().match(/[a-z]{5,}/g) || []);
  let word = "";
  for (const [, same, rest, places] of list.dataset.words.matchAll(/(\d)([a-z]*)([A-Z+]+)/g)) {
    let first = -65;
    word = word.slice(0, same) + rest;
    for (const place of places) {
      if (place === "+") first += 26; else words[first + place.charCodeAt()].push(word);
    }
  }
  const meets = (typed, known) => typed === known
    || (typed.length > 3 && known.startsWith(typed)) || (known.length > 3 && typed.startsWith(known));
  const search = () => {
    const typed = box.value.toLowerCase().match(/[a-z]{3,}/g) || [];
    // a word that few signs share tells more than one that many do
    const hits = typed.map((t) => words.map((known) => known.some((w) => meets(t, w))));
    const weights = hits.map((hit) => 1 / Math.max(1, hit.filter(Boolean).length));
    const scores = rows.map((_, i) => hits.reduce((sum, hit, k) => sum + (hit[i] ? weights[k] : 0), 0));
    const best = Math.max(0, ...scores);
    const all = best === 0;
    rows.forEach((row, i) => {
      row.hidden = !all && scores[i] < best / 2;
      row.style.order = all ? "" : -Math.round(1000 * scores[i]);
    });
    list.querySelectorAll("h2").forEach((head) => { head.hidden = !all; });
    none.hidden = !(all && typed.length);
  };
  for (const part of document.querySelectorAll(".find")) part.hidden = false;
  box.addEventListener("input", search);
})();
