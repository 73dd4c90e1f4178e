// The page works without this. With it, times are the reader's own, and not UTC.
"use strict";

(() => {
  const wanted = { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
  const { lang } = document.documentElement;
  // In the reader's own variant of the page's language: days come before months here, and after them there.
  const own = navigator.languages.find((each) => each.split("-")[0] === lang.split("-")[0]) ?? lang;
  const format = new Intl.DateTimeFormat(own, wanted);

  const localize = () => {
    for (const time of document.querySelectorAll("time:not([title])")) {
      time.title = time.textContent;
      time.textContent = format.format(new Date(time.dateTime));
    }
  };

  document.addEventListener("times", localize);
  localize();
})();
