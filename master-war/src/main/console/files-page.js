/** Namespaces and folders: a listing of any length, and what can be done with what is in it. */
import {View, html, icon, nothing} from './view.js';
import {t, bytes, time} from './texts.js';
import {call, download, encodeAddress} from './api.js';
import {say, sayProblem} from './messages.js';
import {ask, confirm} from './dialogs.js';
import {uploads} from './uploads.js';
import {dropped} from './upload-queue.js';
import {showDetails} from './details.js';
import {showShare} from './share.js';
import './virtual-list.js';

/** A first page that is there at once, then large ones; the API's limit is 10,000. */
const FIRST_PAGE = 300;
const NEXT_PAGE = 5000;

const ORDERS = {
  name: null,
  size: (a, b) => (a.size ?? -1) - (b.size ?? -1),
  modified: (a, b) => (a.modified < b.modified ? -1 : a.modified > b.modified ? 1 : 0),
};

class Files extends View {
  static properties = {
    address: {},
    places: {state: true},
    rows: {state: true},
    more: {state: true},
    problem: {state: true},
    selected: {state: true},
    order: {state: true},
    dragging: {state: true},
  };

  constructor() {
    super();
    this.rows = [];
    this.selected = new Set();
    this.order = {by: 'name', down: false};
    this.landed = e => this.refreshSoon(e.detail.folder);
  }

  connectedCallback() {
    super.connectedCallback();
    uploads.addEventListener('landed', this.landed);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    uploads.removeEventListener('landed', this.landed);
    clearTimeout(this.soon);
    this.loading?.abort();
  }

  willUpdate(changed) {
    if (changed.has('address')) {
      this.rows = [];
      this.selected = new Set();
      this.querySelector('hf-list')?.reset();
      this.load();
    }
  }

  /** Reads the listing page by page; another place, or another reading, ends it. */
  async load() {
    this.loading?.abort();
    const {signal} = (this.loading = new AbortController());
    this.problem = '';
    this.more = true;
    try {
      if (!this.address) {
        this.places = (await call('namespaces', {signal})).namespaces;
        return;
      }
      const kept = this.rows.length > 0;
      const found = [];
      let after = '';
      do {
        const query = {limit: found.length > 0 || kept ? NEXT_PAGE : FIRST_PAGE, ...(after ? {after} : {})};
        const page = await call(`folders/${encodeAddress(this.address)}`, {query, signal});
        found.push(...page.entries);
        after = page.next;
        if (!kept || !after) {
          this.rows = this.ordered(found);
        }
      } while (after);
    } catch (problem) {
      if (problem.name === 'AbortError') {
        return;
      }
      this.problem = problem.message;
    } finally {
      if (!signal.aborted) {
        this.more = false;
      }
    }
  }

  /** At most once a second while files land in this folder. */
  refreshSoon(folder) {
    if (folder === this.address && !this.soon) {
      this.soon = setTimeout(() => {
        this.soon = 0;
        // A long listing is read to its end before it is read again.
        if (this.more) {
          this.refreshSoon(folder);
        } else {
          this.load();
        }
      }, 1000);
    }
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
    this.order = {by, down: this.order.by === by && !this.order.down};
    const byName = (a, b) => (a.name < b.name ? -1 : 1);
    this.rows = this.ordered(by === 'name' ? [...this.rows].sort(byName) : this.rows);
  }

  below(name) {
    return `${this.address}/${name}`;
  }

  open(row) {
    if (row.type === 'folder') {
      location.hash = `#/files/${encodeAddress(this.below(row.name))}`;
    } else {
      showDetails(this.below(row.name), () => this.load());
    }
  }

  chosen() {
    return this.rows.filter(row => this.selected.has(row.name));
  }

  choose(names) {
    this.selected = new Set(names);
  }

  toggle(row) {
    const next = new Set(this.selected);
    if (!next.delete(row.name)) {
      next.add(row.name);
    }
    this.selected = next;
  }

  extend({from, to}) {
    const range = this.rows.slice(Math.min(from, to), Math.max(from, to) + 1).map(row => row.name);
    this.choose([...this.selected, ...range]);
  }

  /** One after the other; what could not be done stays selected, and the first reason is told. */
  async each(rows, work, done) {
    const failed = [];
    let reason;
    for (const row of rows) {
      try {
        await work(row);
      } catch (problem) {
        failed.push(row.name);
        reason ??= problem;
      }
    }
    if (reason) {
      const all = rows.length;
      say(all === 1 ? reason.message : t('files.partly', {done: all - failed.length, all, problem: reason.message}), {kind: 'problem'});
    } else {
      done();
    }
    this.choose(failed);
    this.load();
  }

  what(rows) {
    return rows.length === 1 ? `“${rows[0].name}”` : t('files.what', rows.length);
  }

  async newFolder() {
    const name = await ask({title: t('files.newFolderName'), action: t('files.create')});
    if (!name) {
      return;
    }
    if (this.rows.some(row => row.name === name)) {
      say(t('files.conflict', {name}), {kind: 'problem'});
      return;
    }
    try {
      await call(`folders/${encodeAddress(this.below(name))}`, {method: 'PUT'});
      this.load();
    } catch (problem) {
      sayProblem(problem);
    }
  }

  move_(from, to) {
    return call(`files/${encodeAddress(from)}`, {method: 'POST', query: {'move-to': to}});
  }

  async rename(row) {
    const name = await ask({title: t('files.renameTo', {name: row.name}), value: row.name, action: t('files.rename')});
    if (name && name !== row.name) {
      await this.moveTo([row], () => this.below(name));
    }
  }

  async move(rows) {
    const folder = await ask({
      title: t('files.moveTo', {what: this.what(rows)}),
      value: this.address,
      action: t('files.move'),
      hint: t('files.moveHint', {example: this.address}),
    });
    const target = folder?.replace(/\/+$/, '');
    if (target && target !== this.address) {
      await this.moveTo(rows, row => `${target}/${row.name}`);
    }
  }

  async moveTo(rows, to) {
    const moved = [];
    const undo = () =>
      this.each(moved.splice(0), ({now, before}) => this.move_(now, before), () => say(t('files.undone')));
    await this.each(
      rows,
      async row => {
        await this.move_(this.below(row.name), to(row));
        moved.push({name: row.name, before: this.below(row.name), now: to(row)});
      },
      () => say(t('files.moved', {what: this.what(rows)}), {action: {label: t('files.undo'), run: undo}}),
    );
  }

  /** Not "remove": elements have that already. */
  async discard(rows) {
    const sure = await confirm({
      title: t('files.deleteSure', {what: this.what(rows)}),
      text: (rows.some(row => row.type === 'folder') ? t('files.deleteFolder') : '') + t('files.deleteForEver'),
      action: t('files.delete'),
      danger: true,
    });
    if (sure) {
      await this.each(
        rows,
        row =>
          row.type === 'folder'
            ? call(`folders/${encodeAddress(this.below(row.name))}`, {method: 'DELETE', query: {recursive: 'true'}})
            : call(`files/${encodeAddress(this.below(row.name))}`, {method: 'DELETE'}),
        () => say(t('files.deleted', {what: this.what(rows)})),
      );
    }
  }

  async fetch(rows) {
    for (const row of rows) {
      await download(this.below(row.name)).catch(sayProblem);
    }
  }

  take(files) {
    uploads.add(this.address, files);
  }

  pick(e) {
    const files = [...e.target.files].map(file => ({file, path: file.webkitRelativePath || file.name}));
    e.target.value = '';
    this.take(files);
  }

  async drop(e) {
    e.preventDefault();
    this.dragging = false;
    const address = this.address;
    try {
      const {files, folders} = await dropped(e.dataTransfer);
      uploads.add(address, files);
      for (const folder of folders) {
        await call(`folders/${encodeAddress(`${address}/${folder}`)}`, {method: 'PUT'});
      }
      if (folders.length > 0) {
        this.load();
      }
    } catch (problem) {
      sayProblem(problem);
    }
  }

  render() {
    return this.address ? this.folder() : this.start();
  }

  start() {
    return html`<div class="page"><h1>${t('files.places')}</h1>
      ${this.troubled()}
      <ul class="places">${(this.places ?? []).map(
        place => html`<li><a class="card" href="#/files/${encodeURIComponent(place.name)}">
          ${icon('folder')} <strong>${place.name}</strong>
          <span class="faint">${t('files.placeFacts', {files: t('files.count', place.files), bytes: bytes(place.bytes)})}</span>
        </a></li>`,
      )}</ul>
      ${this.places?.length === 0 ? html`<p class="empty">${t('files.noPlaces')}</p>` : nothing}</div>`;
  }

  troubled() {
    return this.problem
      ? html`<p class="wrong" role="alert">${this.problem} <button @click=${() => this.load()}>${t('app.retry')}</button></p>`
      : nothing;
  }

  path() {
    const parts = this.address.split('/');
    return html`<nav class="path" aria-label=${t('files.path')}><ol>
      <li><a href="#/files">${t('files.places')}</a></li>
      ${parts.map((part, index) => {
        const isHere = index === parts.length - 1;
        const to = `#/files/${encodeAddress(parts.slice(0, index + 1).join('/'))}`;
        return html`<li>${isHere ? html`<h1 aria-current="page">${part}</h1>` : html`<a href=${to}>${part}</a>`}</li>`;
      })}
    </ol></nav>`;
  }

  folder() {
    const name = this.address.split('/').at(-1);
    const columns = ['name', 'size', 'modified'];
    const head = html`<span role="columnheader" class="check"><input type="checkbox" tabindex="-1" aria-label=${t('files.selectAll')}
        .checked=${this.rows.length > 0 && this.selected.size === this.rows.length}
        @change=${e => this.choose(e.target.checked ? this.rows.map(row => row.name) : [])}></span>
      ${columns.map(
        by => html`<span role="columnheader" class=${by}
          aria-sort=${this.order.by === by ? (this.order.down ? 'descending' : 'ascending') : 'none'}>
          <button class="quiet" @click=${() => this.sort(by)}>${t(`files.${by}`)}</button></span>`,
      )}`;
    return html`<div class="page folder ${this.dragging ? 'dragging' : ''}"
        @dragenter=${e => (this.dragging = e.dataTransfer.types.includes('Files'))}
        @dragover=${e => e.preventDefault()}
        @dragleave=${e => (this.dragging = e.currentTarget.contains(e.relatedTarget) && this.dragging)}
        @drop=${this.drop}>
      ${this.path()}
      ${this.tools()}
      ${this.troubled()}
      <hf-list .rows=${this.rows} .keyOf=${row => row.name} .cells=${row => this.cells(row)} .head=${head}
        .selected=${this.selected} label=${t('files.listing', {name})}
        @hf-open=${e => this.open(e.detail.row)}
        @hf-select=${e => this.toggle(e.detail.row)}
        @hf-extend=${e => this.extend(e.detail)}
        @hf-all=${() => this.choose(this.rows.map(row => row.name))}
        @hf-rename=${e => this.rename(e.detail.row)}
        @hf-delete=${e => this.discard(this.selected.size > 0 ? this.chosen() : [e.detail.row])}></hf-list>
      ${this.rows.length === 0 && !this.more && !this.problem
        ? html`<div class="empty"><p><strong>${t('files.empty')}</strong></p><p>${t('files.emptyHint')}</p></div>`
        : nothing}
      <p class="faint foot"><span role="status">${this.counted()}</span> <span class="keys">${t('files.keys')}</span></p>
      ${this.dragging ? html`<p class="drop">${t('files.drop', {name})}</p>` : nothing}
    </div>`;
  }

  counted() {
    if (this.selected.size > 0) {
      return t('files.selected', this.selected.size);
    }
    const count = t('files.count', this.rows.length);
    return this.more ? (this.rows.length > 0 ? t('files.counting', {count}) : t('app.loading')) : count;
  }

  cells(row) {
    return html`<span role="gridcell" class="check"><input type="checkbox" tabindex="-1" aria-label=${t('files.select', {name: row.name})}
        .checked=${this.selected.has(row.name)} @click=${e => e.stopPropagation()} @change=${() => this.toggle(row)}></span>
      <span role="gridcell" class="name">${icon(row.type)}<a tabindex="-1" href=${`#/files/${encodeAddress(this.below(row.name))}`}
        @click=${e => {
          e.preventDefault();
          this.open(row);
        }}>${row.name}</a><span class="unseen">, ${t(`files.${row.type}`)}</span></span>
      <span role="gridcell" class="size">${row.type === 'file' ? bytes(row.size) : ''}</span>
      <span role="gridcell" class="modified">${time(row.modified)}</span>`;
  }

  tools() {
    const rows = this.chosen();
    const button = (name, run, kind = '') =>
      html`<button class=${kind} title=${t(`files.${name}`)} @click=${run}>${icon(SYMBOLS[name])}<span>${t(`files.${name}`)}</span></button>`;
    const one = rows.length === 1 ? rows[0] : null;
    return html`<div class="tools">
      ${rows.length === 0
        ? html`<input type="file" multiple hidden @change=${this.pick}>
            <input type="file" webkitdirectory hidden @change=${this.pick}>
            ${button('upload', e => e.currentTarget.parentElement.querySelector('input:not([webkitdirectory])').click(), 'primary')}
            ${button('uploadFolder', e => e.currentTarget.parentElement.querySelector('input[webkitdirectory]').click())}
            ${button('newFolder', () => this.newFolder())}
            ${button('share', () => showShare(this.address))}`
        : html`${rows.every(row => row.type === 'file') ? button('download', () => this.fetch(rows)) : nothing}
            ${one?.type === 'file' ? button('details', () => this.open(one)) : nothing}
            ${one ? button('share', () => showShare(this.below(one.name))) : nothing}
            ${one ? button('rename', () => this.rename(one)) : nothing}
            ${button('move', () => this.move(rows))}
            ${button('delete', () => this.discard(rows), 'danger')}
            <button class="quiet bare" aria-label=${t('app.cancel')} @click=${() => this.choose([])}>${icon('close')}</button>`}
    </div>`;
  }
}

const SYMBOLS = {
  upload: 'upload', uploadFolder: 'upload', newFolder: 'add', share: 'share', download: 'download', details: 'info',
  rename: 'rename', move: 'move', delete: 'remove',
};

customElements.define('hf-files', Files);
