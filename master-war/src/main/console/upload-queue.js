/**
 * What is to be uploaded, and how far it is. Small files go through the master in one step. Large ones go to a node, which
 * keeps what has come when the connection breaks or somebody pauses: the next try goes on there (ADR 40). All tries of a file
 * have the same Holdfast-Writer, so that each goes on with the lock and with the bytes of the one before.
 */
import {call, encodeAddress, expired, onSession, problemOf, token, who, Problem} from './api.js';
import {t} from './texts.js';

/** What is smaller is sent again in no time. */
const LARGE_BYTES = 8_000_000;
const AT_ONCE = 3;
const MOST_TRIES = 6;
/** 1 s, 2 s, 4 s … between two tries. */
const FIRST_PAUSE_MILLIS = 1000;
/** What another try may mend: nobody there, busy, full for now; or it was wrong about what is there already. */
const PASSING = new Set([0, 408, 429, 500, 502, 503, 504, 507]);
const WRONG_OFFSET = 'wrong-offset';

export const OVER = new Set(['done', 'failed', 'skipped', 'cancelled']);

export class UploadQueue extends EventTarget {
  constructor(askConflict) {
    super();
    this.askConflict = askConflict;
    this.items = [];
    this.paused = false;
    this.always = null;
    this.marks = [];
    this.asking = Promise.resolve();
    addEventListener('online', () => this.tryNow());
    onSession(next => this.sessionChanged(next));
  }

  /**
   * @param folder namespace and path of the folder
   * @param files [{file, path}], the path as seen from the folder
   */
  add(folder, files) {
    const added = files.map(({file, path}) => ({
      file, folder, address: `${folder}/${path}`, name: path, sent: 0, state: 'waiting', writer: randomWord(), tries: 0,
    }));
    if (this.isIdle()) {
      this.always = null;
      this.items = [];
      this.marks = [];
    }
    this.user = who()?.user;
    this.items.push(...added);
    this.go();
  }

  isIdle() {
    return this.items.every(item => OVER.has(item.state));
  }

  pause() {
    this.paused = true;
    for (const item of this.items) {
      if (!OVER.has(item.state) && item.state !== 'asking') {
        item.state = 'waiting';
        clearTimeout(item.timer);
        item.request?.abort();
      }
    }
    this.tell();
  }

  /** What a session that ends leaves undone waits until the same user is back; it is never put under another name. */
  sessionChanged(next) {
    if (this.isIdle()) {
      return;
    }
    if (!next) {
      this.isHeld = !this.paused;
      this.pause();
    } else if (next.user !== this.user) {
      this.cancelAll();
      this.clear();
      this.dispatchEvent(new Event('dropped'));
    } else if (this.isHeld) {
      this.isHeld = false;
      this.resume();
    }
  }

  resume() {
    this.paused = false;
    this.go();
  }

  cancel(item) {
    if (!OVER.has(item.state)) {
      item.state = 'cancelled';
      clearTimeout(item.timer);
      item.request?.abort();
      this.go();
    }
  }

  cancelAll() {
    this.items.filter(item => !OVER.has(item.state)).forEach(item => this.cancel(item));
    this.paused = false;
    this.tell();
  }

  /** The network is there again: nobody waits any longer for the next try. */
  tryNow() {
    for (const item of this.items.filter(({state}) => state === 'again')) {
      clearTimeout(item.timer);
      item.state = 'waiting';
    }
    this.go();
  }

  retry(item) {
    item.tries = 0;
    item.state = 'waiting';
    this.go();
  }

  clear() {
    this.items = this.items.filter(item => !OVER.has(item.state));
    this.tell();
  }

  /** Bytes sent and to be sent, files, and bytes per second over the last seconds. */
  total() {
    const counted = this.items.filter(item => !['skipped', 'cancelled'].includes(item.state));
    const sum = of => counted.reduce((all, item) => all + of(item), 0);
    const [oldest, newest] = [this.marks[0], this.marks.at(-1)];
    const span = this.marks.length > 1 ? (newest.at - oldest.at) / 1000 : 0;
    return {
      sent: sum(item => (item.state === 'done' ? item.file.size : item.sent)),
      all: sum(item => item.file.size),
      done: counted.filter(item => item.state === 'done').length,
      files: counted.length,
      speed: span > 0 ? Math.max(0, (newest.sent - oldest.sent) / span) : 0,
    };
  }

  tell() {
    this.dispatchEvent(new Event('change'));
  }

  mark() {
    const now = performance.now();
    if (now - (this.marks.at(-1)?.at ?? -1000) >= 250) {
      this.marks = [...this.marks.filter(mark => now - mark.at < 4000), {at: now, sent: this.total().sent}];
      this.tell();
    }
  }

  go() {
    let free = AT_ONCE - this.items.filter(item => ['running', 'asking'].includes(item.state)).length;
    for (const item of this.items) {
      if (free > 0 && !this.paused && item.state === 'waiting') {
        free--;
        item.state = 'running';
        this.run(item);
      }
    }
    this.tell();
  }

  async run(item) {
    // A pause may end this turn while it waits for an answer, and a later turn be under way when it comes.
    const turn = {};
    item.turn = turn;
    try {
      const onConflict = await this.decide(item);
      if (item.state !== 'running' || item.turn !== turn) {
        return;
      }
      if (onConflict === 'skip') {
        item.state = 'skipped';
      } else {
        await this.send(item, onConflict);
        item.state = 'done';
        item.problem = '';
        this.dispatchEvent(new Event('landed'));
      }
    } catch (problem) {
      if (item.turn === turn) {
        // Only nodes keep what has come.
        item.sent = item.node ? item.sent : 0;
        this.fail(item, problem);
      }
    }
    this.go();
    if (this.isIdle()) {
      this.dispatchEvent(new Event('idle'));
    }
  }

  fail(item, problem) {
    if (item.state !== 'running') {
      return;
    }
    if (problem.status === 412 || problem.code === 'conflict') {
      // Somebody else took the name in between: ask again.
      item.answer = null;
      item.state = 'waiting';
    } else if ((PASSING.has(problem.status) || problem.code === WRONG_OFFSET) && ++item.tries < MOST_TRIES) {
      const pause = FIRST_PAUSE_MILLIS * 2 ** (item.tries - 1);
      item.state = 'again';
      item.problem = t('upload.again', {seconds: pause / 1000});
      item.timer = setTimeout(() => {
        item.state = 'waiting';
        this.go();
      }, pause);
    } else {
      item.state = 'failed';
      item.problem = problem.message;
    }
  }

  /** fail (the name is free), replace, rename or skip. Questions come one after the other. */
  async decide(item) {
    if (item.answer) {
      return item.answer;
    }
    if (!(await isThere(item.address))) {
      return 'fail';
    }
    const asked = this.asking.then(async () => {
      if (this.always || item.state !== 'running') {
        return this.always ?? 'skip';
      }
      item.state = 'asking';
      const said = await this.askConflict(item.name, item.folder);
      if (item.state === 'asking') {
        item.state = this.paused ? 'waiting' : 'running';
      }
      if (said?.forAll) {
        this.always = said.answer;
      }
      return said?.answer ?? 'skip';
    });
    this.asking = asked.catch(() => {});
    item.answer = await asked;
    return item.answer;
  }

  send(item, onConflict) {
    const toNode = item.file.size >= LARGE_BYTES && !item.isCutOff;
    return toNode ? this.sendToNode(item, onConflict) : this.sendToMaster(item, onConflict);
  }

  sendToMaster(item, onConflict) {
    const headers = {Authorization: `Bearer ${token()}`, 'Content-Type': item.file.type, ...timeOf(item.file)};
    return this.transfer(item, `/api/v1/files/${encodeAddress(item.address)}?on-conflict=${onConflict}`, headers, 0);
  }

  /** After a try that broke off, to the same node: it may have the beginning. */
  async sendToNode(item, onConflict) {
    const {file: {size, type}, turn} = item;
    const asked = await call(`uploads/${encodeAddress(item.address)}`, {
      method: 'POST',
      query: {'on-conflict': onConflict, size, ...(item.node ? {node: item.node} : {})},
      headers: {'Holdfast-Writer': item.writer, ...(type ? {'Holdfast-Content-Type': type} : {}), ...timeOf(item.file)},
    }).catch(problem => {
      // It may be away for long, or full: the next try is another node's, from the beginning.
      if (problem.status >= 500 && item.tries > 1) {
        item.node = undefined;
      }
      throw problem;
    });
    const first = item.node ? await here(asked.url, item.writer) : 0;
    item.node = asked.node;
    if (item.state !== 'running' || item.turn !== turn) {
      throw new DOMException('', 'AbortError');
    }
    const headers = first > 0 ? {'Content-Range': `bytes ${first}-${size - 1}/${size}`} : {};
    await this.transfer(item, asked.url, headers, first).catch(problem => {
      // Where masters are reached and nodes are not, from the first byte on, the bytes take the way through a master.
      item.isCutOff = problem.status === 0 && item.sent === 0 && navigator.onLine;
      throw problem;
    });
  }

  /** Sends what follows a file's first bytes. By XMLHttpRequest: fetch does not tell how much has been sent. */
  transfer(item, url, headers, first) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      item.request = request;
      item.sent = first;
      request.open('PUT', url);
      for (const [name, value] of Object.entries({...headers, 'Holdfast-Writer': item.writer})) {
        if (value) {
          request.setRequestHeader(name, value);
        }
      }
      request.upload.onprogress = e => {
        item.sent = first + e.loaded;
        this.mark();
      };
      request.onload = async () => {
        if (request.status === 201) {
          resolve();
          return;
        }
        if (request.status === 401 && url.startsWith('/')) {
          expired();
        }
        reject(await problemOf(request.status, request.responseText));
      };
      // A browser does not tell apart a line that breaks and a file that can't be read.
      request.onerror = async () =>
        reject((await isReadable(item.file)) ? new Problem(t('error.network'), 0, 'network') : new Problem(t('upload.cantRead')));
      request.onabort = () => reject(new DOMException('', 'AbortError'));
      request.send(first > 0 ? item.file.slice(first) : item.file);
    });
  }
}

/** The file's own time, as the server keeps it; none where it can't be kept. */
function timeOf({lastModified}) {
  const time = new Date(lastModified);
  const year = time.getUTCFullYear();
  return year >= 1000 && year <= 9999 ? {'Holdfast-Modified': time.toISOString()} : {};
}

const isReadable = file => file.slice(0, 1).arrayBuffer().then(() => true, () => false);

/** How many bytes of it a node has from earlier tries. */
async function here(url, writer) {
  const answer = await fetch(url, {method: 'HEAD', headers: {'Holdfast-Writer': writer}, credentials: 'omit'}).catch(() => {
    throw new Problem(t('error.network'), 0, 'network');
  });
  return Number(answer.headers.get('Upload-Offset') ?? 0);
}

/** Not randomUUID(), which is there within TLS only. */
function randomWord() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(octet => octet.toString(16).padStart(2, '0')).join('');
}

async function isThere(address) {
  try {
    await call(`files/${encodeAddress(address)}`, {method: 'HEAD'});
    return true;
  } catch (e) {
    if (e.status === 404) {
      return false;
    }
    throw e;
  }
}

/** Files and empty folders of what was dropped, with whole folders; and the paths of what the browser can't read. */
export async function dropped(transfer) {
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(entry => entry);
  const files = [];
  const folders = [];
  const unreadable = [];
  const walk = (entry, above) => {
    const path = above + entry.name;
    return read(entry, path).catch(() => unreadable.push(path));
  };
  const read = async (entry, path) => {
    if (entry.isFile) {
      files.push({file: await new Promise((resolve, reject) => entry.file(resolve, reject)), path});
      return;
    }
    const reader = entry.createReader();
    let count = 0;
    for (;;) {
      // A reader gives 100 entries at a time, and none in the end.
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) {
        break;
      }
      count += some.length;
      for (const below of some) {
        await walk(below, `${path}/`);
      }
    }
    if (count === 0) {
      folders.push(path);
    }
  };
  for (const entry of entries) {
    await walk(entry, '');
  }
  return {files, folders, unreadable};
}
