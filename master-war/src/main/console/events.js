/**
 * Hints of the server that something has changed, as server-sent events, and the poll where they don't come.
 *
 * By fetch and not by EventSource, which can't send the session's token: that is in no cookie, and belongs into no URL
 * (ADR 38). One stream for all that a tab shows, and only while the tab is seen.
 */
import {expired, onSession, token} from './api.js';
import {poll} from './poll.js';

const FIRST_WAIT_MILLIS = 2000;
const LONGEST_WAIT_MILLIS = 60_000;
/** The server says something each 15 s, if only a comment. */
const SILENCE_MILLIS = 40_000;
/** While hints come, what is shown is read that often all the same. */
const SELDOM_MILLIS = 30_000;
/** Of the stream itself: it has begun, or has ended. */
const TURN = ' turn';

const hints = new EventTarget();
let isOpen = false;
let reading;
let proceed;

const isWanted = () => !document.hidden && token();

function look() {
  if (isWanted()) {
    proceed?.();
  } else {
    reading?.abort();
  }
}

function turn(open) {
  if (isOpen !== open) {
    isOpen = open;
    hints.dispatchEvent(new Event(TURN));
  }
}

async function read() {
  const {signal} = (reading = new AbortController());
  const shown = token();
  let silence;
  const alive = () => {
    clearTimeout(silence);
    silence = setTimeout(() => reading.abort(), SILENCE_MILLIS);
  };
  alive();
  try {
    const answer = await fetch('/api/v1/stream', {
      headers: {Accept: 'text/event-stream', Authorization: `Bearer ${shown}`},
      credentials: 'omit',
      cache: 'no-store',
      signal,
    });
    if (answer.status === 401 && shown === token()) {
      expired();
    }
    if (!answer.ok || !answer.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      answer.body?.cancel();
      return;
    }
    turn(true);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      alive();
      const lines = (rest + chunk.value).split(/\r?\n/);
      rest = lines.pop();
      for (const line of lines) {
        const [, topic] = /^event: ?(.+)$/.exec(line) ?? [];
        if (topic) {
          hint(topic);
        }
      }
    }
  } catch {
    // Broken off, by us or by the line: there will be another one.
  } finally {
    clearTimeout(silence);
    turn(false);
  }
}

let listening;
async function listen() {
  let wait = FIRST_WAIT_MILLIS;
  for (;;) {
    if (!isWanted()) {
      await new Promise(resolve => (proceed = resolve));
    }
    const began = performance.now();
    await read();
    // One that was ended from here, or that has lasted, says nothing against another one.
    const isWell = !isWanted() || performance.now() - began > LONGEST_WAIT_MILLIS;
    wait = isWell ? FIRST_WAIT_MILLIS : Math.min(2 * wait, LONGEST_WAIT_MILLIS);
    await new Promise(resolve => setTimeout(resolve, wait));
  }
}

/** Says that something has changed that this page knows of before the server tells it. */
export const hint = topic => hints.dispatchEvent(new Event(topic));

/**
 * Runs `work(signal)` now, at each hint about one of the topics ('cluster', 'nodes', 'tasks', 'alarms', 'files'), and else
 * each `everyMillis`, but seldom while hints about them come and `work` has not answered true: that something moves which
 * no hint tells of. Answers a function that ends it.
 */
export function follow(topics, everyMillis, work) {
  if (!listening) {
    document.addEventListener('visibilitychange', look);
    onSession(look);
    listening = listen();
  }
  const waker = new EventTarget();
  const end = new AbortController();
  let hinted = true;
  let moves = false;
  let at = 0;
  const hear = () => {
    hinted = true;
    waker.dispatchEvent(new Event('wake'));
  };
  topics.forEach(topic => hints.addEventListener(topic, hear, {signal: end.signal}));
  // What was asked just before a stream began need not be asked again.
  hints.addEventListener(TURN, () => performance.now() - at > FIRST_WAIT_MILLIS && hear(), {signal: end.signal});
  const stop = poll(
    everyMillis,
    async signal => {
      if (isOpen && topics.length > 0 && !hinted && !moves && performance.now() - at < SELDOM_MILLIS) {
        return;
      }
      hinted = false;
      at = performance.now();
      moves = (await work(signal)) === true;
    },
    waker,
  );
  return () => {
    end.abort();
    stop();
  };
}
