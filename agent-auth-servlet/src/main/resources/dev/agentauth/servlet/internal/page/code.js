// The page with the code works without this. With it, the code can be copied, the time that is left counts down, and the page
// says so once the agent has brought the code.
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const digits = byId("digits");
  const copy = byId("copy");
  const left = byId("left");
  const said = byId("said");
  const code = digits.textContent;
  let ended = false;
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
    byId("warning").remove();
    lapsed.hidden = false;
    button.className = "primary";
    if (hadFocus) {
      button.focus();
    }
    // Seen as the heading already, so this is for those who hear the page.
    said.className = "unseen";
    said.textContent = lapsed.dataset.title;
  };

  // How things stand is on this very page, whoever loads it now: no other address, and nothing that a reader would not see.
  const ask = async () => {
    const answer = await fetch(location.href, { cache: "no-store", redirect: "manual" });
    if (!answer.headers.get("Content-Type")?.startsWith("text/html") || answer.status >= 500) {
      return;
    }
    // A newer link has replaced this one: the code that it showed is still good.
    if (answer.status === 404) {
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const state = page.body.dataset.state;
    if (!state || ended || (state === "code" && page.getElementById("digits").textContent === code)) {
      return;
    }
    if (state === "completed") {
      become(page, page.querySelector("main"));
    } else {
      location.reload();
    }
  };

  // Another code, a no, or too many wrong tries are for the page itself to say. A yes is said here.
  const become = (page, main) => {
    ended = true;
    clearInterval(timer);
    const done = left.dataset.done;
    const heading = main.querySelector("h1");
    document.title = page.title.replace(heading.textContent, () => done);
    heading.textContent = done;
    main.querySelector("h1 ~ p").textContent = left.dataset.doneText;
    heading.tabIndex = -1;
    document.querySelector("main").replaceWith(document.adoptNode(main));
    document.dispatchEvent(new Event("times"));
    heading.focus();
  };

  // Soon at first, since agents are quick; then ever more rarely, until nothing can change any more.
  const watch = (pause) => {
    setTimeout(async () => {
      if (ended || Date.now() > end) {
        return;
      }
      let next = pause;
      if (!document.hidden) {
        next = Math.min(pause * 1.3, 20000);
        try {
          await ask();
        } catch {
          next = Math.min(next * 2, 20000);
        }
      }
      watch(next);
    }, pause);
  };
  // Behind a form that was posted, loading the page again would post it again.
  if (new URLSearchParams(location.search).has("token")) {
    watch(2000);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && !ended && Date.now() <= end) {
        ask().catch(() => {});
      }
    });
  }

  const timer = setInterval(tick, 1000);
  tick();
})();
