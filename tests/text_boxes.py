"""Where the words of a page stand in a browser, and which of them print over each other."""

from __future__ import annotations

from typing import Any

# Every line of every text that is shown, as [x0, y0, x1, y1, words]. A line of a paragraph is a box of its own,
# drawn in by a fifth of its height above and below: letters are lower than their line; lines that touch are no clash.
# What a frame with its own scroll bar hides is not shown, nor what is cut away but for readers of screens; a text
# marked aria-hidden is an ornament.
_BOXES = """
() => {
  const found = [];
  const cut = e => e && (getComputedStyle(e).clipPath === "inset(50%)" || cut(e.parentElement));
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const words = node.textContent.trim(), holder = node.parentElement;
    if (!words || ["STYLE", "SCRIPT", "TITLE", "DESC"].includes(holder.tagName)) continue;
    if (holder.closest("[aria-hidden=true]:not(svg):not(svg *)") || !holder.checkVisibility() || cut(holder)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const frame = holder.closest(".scroll")?.getBoundingClientRect();
    for (const box of range.getClientRects()) {
      if (box.width < 1 || box.height < 1) continue;
      if (frame && (box.left >= frame.right || box.right <= frame.left)) continue;
      const inset = box.height / 5;
      const left = Math.max(box.left, frame?.left ?? -Infinity), right = Math.min(box.right, frame?.right ?? Infinity);
      found.push([left + 0.5, box.top + inset, right - 0.5, box.bottom - inset, words.slice(0, 60)]);
    }
  }
  return found;
}
"""


def clashes(page: Any) -> list[tuple[str, str]]:
    """Pairs of texts that print over each other on the page as it is shown."""
    boxes = sorted(page.evaluate(_BOXES), key=lambda box: box[1])
    found = []
    for i, (left, _, right, bottom, words) in enumerate(boxes):
        for other in boxes[i + 1 :]:
            if other[1] >= bottom:
                break
            if other[0] < right and left < other[2]:
                found.append((words, other[4]))
    return found


def past_the_edge(page: Any) -> list[str]:
    """Texts that run out of the window at its right or left."""
    width = page.viewport_size["width"]
    return [box[4] for box in page.evaluate(_BOXES) if box[2] > width + 1 or box[0] < -1]
