/** What is in a folder, or what a search has found, in the order that people want; read page by page, with its locks. */
import {call, encodeAddress} from './api.js';
import {isDoomed} from './deletions.js';
import {t} from './texts.js';

/** A first page that is there at once, then large ones; the API's limit is 10,000. */
const FIRST_PAGE = 300;
const NEXT_PAGE = 5000;
const MOST_FOUND = 1000;

/** When a file was changed where it comes from; where nobody told, and of folders, when it came here. */
export const modified = row => row.fileTime ?? row.modified;
const timeOf = row => Date.parse(modified(row));

const ORDERS = {
  name: null,
  size: (a, b) => (a.size ?? -1) - (b.size ?? -1),
  modified: (a, b) => timeOf(a) - timeOf(b),
};

export class Listing {
  rows = [];
  /** Whether it was never read to its end. */
  more = false;
  /** Whether a search has found more than it shows. */
  truncated = false;
  problem = '';
  order = {by: 'name', down: false};
  /** By address. */
  locks = new Map();

  /** @param changed called whenever there is something else to be shown */
  constructor(changed) {
    this.changed = changed;
  }

  /** From now on it is about this; to be read. */
  show(address, find) {
    this.address = address;
    this.find = find;
    this.rows = [];
    this.locks = new Map();
    this.problem = '';
    this.more = true;
  }

  stop() {
    this.reading?.abort();
  }

  /** What a row is told apart by. */
  key(row) {
    return row.address ?? row.name;
  }

  /** Namespace and path of a row. */
  at(row) {
    return row.address ?? `${this.address}/${row.name}`;
  }

  lockOf(row) {
    return this.locks.get(this.at(row));
  }

  /** Reads anew; another reading ends this one. What is shown stays until there is something in its place. */
  async read() {
    this.stop();
    const {signal} = (this.reading = new AbortController());
    try {
      await Promise.all([this.find ? this.readFound(signal) : this.readFolder(signal), this.readLocks(signal)]);
      this.problem = '';
    } catch (problem) {
      if (problem.name !== 'AbortError') {
        this.problem = problem.message;
        this.rows = problem.status === 404 ? [] : this.rows;
      }
    } finally {
      if (!signal.aborted) {
        this.more = false;
        this.changed();
      }
    }
  }

  async readFolder(signal) {
    const kept = this.rows.length > 0;
    const found = [];
    let after = '';
    do {
      const query = {limit: found.length > 0 || kept ? NEXT_PAGE : FIRST_PAGE, ...(after ? {after} : {})};
      const page = await call(`folders/${encodeAddress(this.address)}`, {query, signal});
      if (page.next && page.next === after) {
        throw new Error(t('files.stuck', {name: after}));
      }
      found.push(...page.entries);
      after = page.next;
      if (!kept || !after) {
        this.arrange(found);
      }
    } while (after);
    this.truncated = false;
  }

  async readFound(signal) {
    const namespace = this.namespace();
    const found = await call('search', {query: {namespace, name: this.find, limit: MOST_FOUND}, signal});
    this.truncated = found.truncated;
    this.arrange(found.entries.map(entry => ({...entry, address: `${namespace}/${entry.path}`})));
  }

  /** A listing without its locks is better than none. */
  async readLocks(signal) {
    const below = this.find ? this.namespace() : this.address;
    const {locks} = await call(`locks/${encodeAddress(below)}`, {signal}).catch(() => ({locks: []}));
    if (!signal.aborted) {
      this.locks = new Map(locks.map(lock => [`${lock.namespace}/${lock.path}`, lock]));
      this.changed();
    }
  }

  namespace() {
    return this.address.split('/')[0];
  }

  arrange(rows) {
    this.rows = this.ordered(rows.filter(row => !isDoomed(this.at(row))));
    this.changed();
  }

  /** Folders first; names stay in the order of the server. */
  ordered(rows) {
    const compare = ORDERS[this.order.by];
    const some = type => {
      const these = rows.filter(row => row.type === type);
      if (compare) {
        these.sort(compare);
      }
      return this.order.down ? these.reverse() : these;
    };
    return [...some('folder'), ...some('file')];
  }

  sort(by) {
    // Nearly the server's order, which is that of the bytes; the same for names without emoji and the like.
    const byName = (a, b) => (a.name < b.name ? -1 : 1);
    this.order = {by, down: this.order.by === by && !this.order.down};
    this.arrange(by === 'name' ? [...this.rows].sort(byName) : this.rows);
  }
}
