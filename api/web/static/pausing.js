// Asking again and again only as long as somebody looks.

// Waits so many milliseconds, and then until the page is looked at; a page that is looked at again goes on at once.
// `until` calls its argument when it is to go on sooner.
export function pause(milliseconds, signal, until = () => {}) {
  return new Promise((resolve) => {
    const ending = new AbortController();
    const done = () => {
      ending.abort();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => !document.hidden && done(), milliseconds);
    document.addEventListener("visibilitychange", () => !document.hidden && done(), { signal: ending.signal });
    signal.addEventListener("abort", done, { signal: ending.signal });
    until(done);
  });
}
