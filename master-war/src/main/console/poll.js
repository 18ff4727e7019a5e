/** Asks again and again while the page is seen. */

/**
 * Runs `work(signal)` now and each `everyMillis` after it has ended, while the document is visible; answers a function that
 * ends it. What fails is `work`'s business.
 */
export function poll(everyMillis, work) {
  const end = new AbortController();
  let timer;
  let running = false;
  const step = async () => {
    clearTimeout(timer);
    if (running || end.signal.aborted || document.hidden) {
      return;
    }
    running = true;
    try {
      await work(end.signal);
    } finally {
      running = false;
      if (!end.signal.aborted) {
        timer = setTimeout(step, everyMillis);
      }
    }
  };
  document.addEventListener('visibilitychange', step, {signal: end.signal});
  step();
  return () => {
    end.abort();
    clearTimeout(timer);
  };
}
