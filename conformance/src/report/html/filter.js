"use strict";
const words = document.getElementById("words");
words.hidden = false;
words.addEventListener("input", () => {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const c of document.querySelectorAll("details.case")) {
    const text = c.querySelector("summary").textContent.toLowerCase();
    c.hidden = !wanted.every((w) => text.includes(w));
  }
});
