"use strict";
// The search among the warning signs: it only shows and hides rows that the page already has.
(() => {
  const box = document.getElementById("find"), none = document.getElementById("nothing");
  const rows = [...document.querySelectorAll("#signs [data-w]")];
  const heads = [...document.querySelectorAll("#signs h2")];
  const words = rows.map((row) => row.dataset.w.split(" "));
  const meets = (typed, word) => typed === word
    || (typed.length > 3 && word.startsWith(typed)) || (word.length > 3 && typed.startsWith(word));
  const search = () => {
    const typed = box.value.toLowerCase().match(/[a-z]{3,}/g) || [];
    // a word that few signs share tells more than one that many do
    const hits = typed.map((t) => words.map((known) => known.some((word) => meets(t, word))));
    const weights = hits.map((hit) => 1 / Math.max(1, hit.filter(Boolean).length));
    const scores = rows.map((_, i) => hits.reduce((sum, hit, k) => sum + (hit[i] ? weights[k] : 0), 0));
    const best = Math.max(0, ...scores);
    const all = best === 0;
    rows.forEach((row, i) => {
      row.hidden = !all && scores[i] < best / 2;
      row.style.order = all ? "" : -Math.round(1000 * scores[i]);
    });
    heads.forEach((head) => { head.hidden = !all; });
    none.hidden = !(all && typed.length);
  };
  for (const part of document.querySelectorAll(".find")) part.hidden = false;
  box.addEventListener("input", search);
})();
