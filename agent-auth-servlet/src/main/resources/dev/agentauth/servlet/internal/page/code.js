// The page with the code works without this. With it, the code can be copied, and the time that is left counts down.
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const digits = byId("digits");
  const copy = byId("copy");
  const left = byId("left");
  const said = byId("said");
  const code = digits.textContent;
  // By how much time has passed here: this clock may be another than the service's.
  const end = Date.now() + Number(left.dataset.seconds) * 1000;

  copy.hidden = !(navigator.clipboard && navigator.clipboard.writeText);
  copy.addEventListener("click", async () => {
    said.textContent = "";
    try {
      await navigator.clipboard.writeText(code);
      said.textContent = copy.dataset.copied;
    } catch {
      said.textContent = copy.dataset.failed;
      getSelection().selectAllChildren(digits);
    }
  });

  const inWords = (amount, unit) =>
    new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "long" }).format(amount);

  const tick = () => {
    const seconds = Math.ceil((end - Date.now()) / 1000);
    if (seconds <= 0) {
      clearInterval(timer);
      lapse();
      return;
    }
    const words =
      seconds <= 60
        ? inWords(seconds, "second")
        : seconds <= 7200
          ? inWords(Math.ceil(seconds / 60), "minute")
          : inWords(Math.ceil(seconds / 3600), "hour");
    const text = left.dataset.left.replace("{0}", () => words);
    if (left.textContent !== text) {
      left.textContent = text;
    }
  };

  const lapse = () => {
    const good = byId("good");
    const lapsed = byId("lapsed");
    const button = byId("renew").querySelector("button");
    const heading = document.querySelector("h1");
    const hadFocus = good.contains(document.activeElement);
    document.title = document.title.replace(heading.textContent, () => lapsed.dataset.title);
    heading.textContent = lapsed.dataset.title;
    good.remove();
    document.querySelector(".warning").remove();
    lapsed.hidden = false;
    button.className = "primary";
    if (hadFocus) {
      button.focus();
    }
    // Seen as the heading already, so this is for those who hear the page.
    said.className = "unseen";
    said.textContent = lapsed.dataset.title;
  };

  const timer = setInterval(tick, 1000);
  tick();
})();
