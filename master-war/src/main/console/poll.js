/** Asks again and again while the page is seen. */

/** The shortest time from the end of one run to the next, however often somebody wakes it. */
const GAP_MILLIS = 500;
/** What takes long rests for longer, so that it is under way a third of the time at most. */
const REST_TIMES = 2;
const LONGEST_GAP_MILLIS = 30_000;

/**
 * Runs `work(signal)` now and each `everyMillis` after it has ended, while the document is visible, and sooner at an event
 * 'wake' of `waker`; answers a function that ends it. What fails is `work`'s business.
 */
export function poll(everyMillis, work, waker) {
  const end = new AbortController();
  let timer;
  let running = false;
  let woken = false;
  let gap = GAP_MILLIS;
  let endedAt = 0;
  const step = async () => {
    clearTimeout(timer);
    if (running || end.signal.aborted || document.hidden) {
      return;
    }
    const began = performance.now();
    running = true;
    woken = false;
    try {
      await work(end.signal);
    } finally {
      running = false;
      endedAt = performance.now();
      gap = Math.min(LONGEST_GAP_MILLIS, Math.max(GAP_MILLIS, REST_TIMES * (endedAt - began)));
      if (!end.signal.aborted) {
        timer = setTimeout(step, woken ? gap : Math.max(gap, everyMillis));
      }
    }
  };
  const wake = () => {
    woken = true;
    if (!running) {
      clearTimeout(timer);
      timer = setTimeout(step, Math.max(0, endedAt + gap - performance.now()));
    }
  };
  document.addEventListener('visibilitychange', step, {signal: end.signal});
  waker?.addEventListener('wake', wake, {signal: end.signal});
  step();
  return () => {
    end.abort();
    clearTimeout(timer);
  };
}
