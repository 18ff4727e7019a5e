/** Namespaces and folders: a listing of any length, and what can be done with what is in it. */
import {View, html, icon, nothing, shown} from './view.js';
import {t, bytes, number, plain, time} from './texts.js';
import {call, download, downloadFolder, encodeAddress} from './api.js';
import {follow} from './events.js';
import {eachOf, say, sayProblem} from './messages.js';
import {ask, confirm} from './dialogs.js';
import {deleteSoon, settleDeletions} from './deletions.js';
import {uploads} from './uploads.js';
import {dropped} from './upload-queue.js';
import {Listing, modified} from './listing.js';
import {showDetails} from './details.js';
import {kindOf, showPreview} from './preview.js';
import {showShare} from './share.js';
import './places.js';
import './virtual-list.js';

/** Where no hints come. */
const SEEN_AGAIN_MILLIS = 15_000;
const COLUMNS = ['name', 'size', 'modified'];
const SYMBOLS = {
  upload: 'upload', uploadFolder: 'upload', newFolder: 'add', share: 'share', download: 'download', zip: 'download',
  preview: 'eye', details: 'info', rename: 'rename', move: 'move', delete: 'remove',
};

const MOST_NAMED = 5;
const some = names =>
  names.length > MOST_NAMED
    ? t('files.andMore', {names: names.slice(0, MOST_NAMED).join(', '), more: number(names.length - MOST_NAMED)})
    : names.join(', ');
const last = address => address.split('/').at(-1);
const above = address => address.split('/').slice(0, -1).join('/');
const toFolder = (address, find) => `#/files/${encodeAddress(address)}${find ? `?find=${encodeURIComponent(find)}` : ''}`;

class Files extends View {
  static properties = {
    address: {},
    /** What is searched for in the namespace; empty: the folder is shown. */
    find: {},
    selected: {state: true},
    dragging: {state: true},
  };

  constructor() {
    super();
    this.selected = new Set();
    this.listing = new Listing(() => this.take());
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.hasUpdated) {
      this.begin();
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  /** Shows what the address says, and what becomes of it. */
  begin() {
    if (this.address) {
      this.listing.show(this.address, this.find);
      if (this.find) {
        // A search looks at all names of a namespace: it is not repeated by itself.
        this.listing.read();
      } else {
        this.end = follow(['files'], SEEN_AGAIN_MILLIS, () => this.listing.read());
      }
    }
  }

  stop() {
    this.end?.();
    this.end = undefined;
    this.listing.stop();
  }

  willUpdate(changed) {
    if (changed.has('address') || changed.has('find')) {
      this.selected = new Set();
      this.querySelector('hf-list')?.reset();
      this.stop();
      this.begin();
    }
  }

  /** There is something else to be shown; what has gone is not selected any more. */
  take() {
    if (this.selected.size > 0 && !this.listing.more) {
      const there = new Set(this.listing.rows.map(row => this.listing.key(row)));
      this.selected = new Set([...this.selected].filter(key => there.has(key)));
    }
    this.requestUpdate();
  }

  sort(by) {
    this.querySelector('hf-list').reset();
    this.listing.sort(by);
  }

  at(row) {
    return this.listing.at(row);
  }

  open(row) {
    if (row.type === 'folder') {
      location.hash = toFolder(this.at(row));
    } else if (kindOf(row)) {
      this.preview(row);
    } else {
      this.details(row);
    }
  }

  preview(row) {
    showPreview(this.at(row), row, () => this.listing.read());
  }

  details(row) {
    showDetails(this.at(row), () => this.listing.read());
  }

  search(e) {
    e.preventDefault();
    location.hash = toFolder(this.address, new FormData(e.target).get('find').trim());
  }

  chosen() {
    return this.selected.size === 0 ? [] : this.listing.rows.filter(row => this.selected.has(this.listing.key(row)));
  }

  choose(rows) {
    this.selected = new Set(rows.map(row => this.listing.key(row)));
  }

  toggle(row) {
    const next = new Set(this.selected);
    const key = this.listing.key(row);
    if (!next.delete(key)) {
      next.add(key);
    }
    this.selected = next;
  }

  extend({from, to}) {
    const range = this.listing.rows.slice(Math.min(from, to), Math.max(from, to) + 1);
    this.selected = new Set([...this.selected, ...range.map(row => this.listing.key(row))]);
  }

  /** What could not be done stays selected. */
  async each(rows, work, done) {
    await settleDeletions();
    const failed = await eachOf(rows, work);
    if (failed.length === 0) {
      done();
    }
    this.choose(failed);
    this.listing.read();
  }

  what(rows) {
    return rows.length === 1 ? `“${plain(rows[0].name)}”` : t('files.what', rows.length);
  }

  async newFolder() {
    const name = await ask({title: t('files.newFolderName'), action: t('files.create')});
    if (!name) {
      return;
    }
    await settleDeletions();
    if (this.listing.rows.some(row => row.name === name)) {
      say(t('files.conflict', {name}), {kind: 'problem'});
      return;
    }
    try {
      await call(`folders/${encodeAddress(`${this.address}/${name}`)}`, {method: 'PUT'});
      this.listing.read();
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
      await this.moveTo([row], () => `${above(this.at(row))}/${name}`);
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
    if (target && (target !== this.address || this.find)) {
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
        const before = this.at(row);
        await this.move_(before, to(row));
        moved.push({name: row.name, before, now: to(row)});
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
      const soon = deleteSoon(rows.map(row => ({...row, address: this.at(row)})), this.what(rows));
      this.choose([]);
      this.listing.arrange(this.listing.rows);
      await soon;
      this.listing.read();
    }
  }

  async fetch(rows) {
    for (const row of rows) {
      await (row.type === 'folder' ? this.fetchFolder(this.at(row)) : download(this.at(row)).catch(sayProblem));
    }
  }

  async fetchFolder(address) {
    const giveUp = new AbortController();
    const name = last(address);
    const end = say(t('files.packing', {name}), {stays: true, action: {label: t('app.cancel'), run: () => giveUp.abort()}});
    try {
      const missing = await downloadFolder(address, giveUp.signal);
      if (missing) {
        say(t('files.zipLacks', {name, ...missing}), {kind: 'problem'});
      }
    } catch (problem) {
      sayProblem(problem);
    } finally {
      end();
    }
  }

  async pick(e) {
    const files = [...e.target.files].map(file => ({file, path: file.webkitRelativePath || file.name}));
    const {address} = this;
    e.target.value = '';
    await settleDeletions();
    uploads.add(address, files);
  }

  async drop(e) {
    e.preventDefault();
    this.dragging = false;
    const address = this.address;
    try {
      const {files, folders, unreadable} = await dropped(e.dataTransfer);
      await settleDeletions();
      uploads.add(address, files);
      if (unreadable.length > 0) {
        say(t('upload.unreadable', {names: some(unreadable)}), {kind: 'problem'});
      }
      for (const folder of folders) {
        await call(`folders/${encodeAddress(`${address}/${folder}`)}`, {method: 'PUT'});
      }
      if (folders.length > 0) {
        this.listing.read();
      }
    } catch (problem) {
      sayProblem(problem);
    }
  }

  render() {
    return this.address ? this.folder() : html`<hf-places></hf-places>`;
  }

  path() {
    const parts = this.address.split('/');
    return html`<nav class="path" aria-label=${t('files.path')}><ol>
      <li><a href="#/files">${t('files.places')}</a></li>
      ${parts.map((part, index) => {
        const isHere = index === parts.length - 1;
        const to = toFolder(parts.slice(0, index + 1).join('/'));
        return html`<li>${isHere ? html`<h1 aria-current="page">${shown(part)}</h1>` : html`<a href=${to}>${shown(part)}</a>`}</li>`;
      })}
    </ol></nav>`;
  }

  folder() {
    const {rows, order, problem, more} = this.listing;
    const name = last(this.address);
    const head = html`<span role="columnheader" class="check"><input type="checkbox" tabindex="-1" aria-label=${t('files.selectAll')}
        .checked=${rows.length > 0 && this.selected.size === rows.length}
        @change=${e => this.choose(e.target.checked ? rows : [])}></span>
      ${COLUMNS.map(
        by => html`<span role="columnheader" class=${by}
          aria-sort=${order.by === by ? (order.down ? 'descending' : 'ascending') : 'none'}>
          <button class="quiet" @click=${() => this.sort(by)}>${t(`files.${by}`)}</button></span>`,
      )}`;
    return html`<div class="page folder ${this.dragging ? 'dragging' : ''}"
        @dragenter=${e => (this.dragging = e.dataTransfer.types.includes('Files'))}
        @dragover=${e => e.preventDefault()}
        @dragleave=${e => (this.dragging = e.currentTarget.contains(e.relatedTarget) && this.dragging)}
        @drop=${this.drop}>
      ${this.path()}
      ${this.tools()}
      ${problem
        ? html`<p class="wrong" role="alert">${problem} <button @click=${() => this.listing.read()}>${t('app.retry')}</button></p>`
        : nothing}
      <hf-list .rows=${rows} .keyOf=${row => this.listing.key(row)} .cells=${row => this.cells(row)} .head=${head}
        .selected=${this.selected} label=${this.find ? t('files.foundTitle', {name: this.find}) : t('files.listing', {name})}
        @hf-open=${e => this.open(e.detail.row)}
        @hf-select=${e => this.toggle(e.detail.row)}
        @hf-extend=${e => this.extend(e.detail)}
        @hf-all=${() => this.choose(rows)}
        @hf-rename=${e => this.rename(e.detail.row)}
        @hf-delete=${e => this.discard(this.selected.size > 0 ? this.chosen() : [e.detail.row])}></hf-list>
      ${rows.length === 0 && !more && !problem ? this.nothingThere() : nothing}
      <p class="faint foot"><span role="status">${this.counted()}</span> <span class="keys">${t('files.keys')}</span></p>
      ${this.dragging ? html`<p class="drop">${t('files.drop', {name})}</p>` : nothing}
    </div>`;
  }

  nothingThere() {
    return this.find
      ? html`<div class="empty"><p><strong>${t('files.noneFound', {name: this.find})}</strong></p></div>`
      : html`<div class="empty"><p><strong>${t('files.empty')}</strong></p><p>${t('files.emptyHint')}</p></div>`;
  }

  counted() {
    const {rows, more, truncated} = this.listing;
    if (this.selected.size > 0) {
      return t('files.selected', this.selected.size);
    }
    const count = t('files.count', rows.length);
    if (more) {
      return rows.length > 0 ? t('files.counting', {count}) : t('app.loading');
    }
    return truncated ? t('files.truncated', {count}) : count;
  }

  cells(row) {
    const lock = this.listing.lockOf(row);
    const locked = lock && t('details.locked', {user: lock.user, until: time(lock.until)});
    return html`<span role="gridcell" class="check"><input type="checkbox" tabindex="-1" aria-label=${t('files.select', {name: row.name})}
        .checked=${this.selected.has(this.listing.key(row))} @click=${e => e.stopPropagation()} @change=${() => this.toggle(row)}></span>
      <span role="gridcell" class="name">${icon(row.type)}<a tabindex="-1" href=${toFolder(this.at(row))}
        @click=${e => {
          e.preventDefault();
          this.open(row);
        }}>${shown(row.name)}</a><span class="unseen">, ${t(`files.${row.type}`)}</span>
        ${lock ? html`<span class="locked" title=${locked}>${icon('lock')}<span class="unseen">, ${locked}</span></span>` : nothing}
        ${row.address ? html`<small>${shown(above(row.address))}</small>` : nothing}</span>
      <span role="gridcell" class="size">${row.type === 'file' ? bytes(row.size) : ''}</span>
      <span role="gridcell" class="modified" title=${t('files.stored', {when: time(row.modified)})}>${time(modified(row))}</span>`;
  }

  tools() {
    const rows = this.chosen();
    return html`<div class="tools">${rows.length === 0 ? this.toolsHere() : this.toolsFor(rows)}</div>`;
  }

  button(name, run, kind = '') {
    return html`<button class=${kind} title=${t(`files.${name}`)} @click=${run}>${icon(SYMBOLS[name])}<span>${t(`files.${name}`)}</span></button>`;
  }

  toolsHere() {
    const pick = which => e => e.currentTarget.parentElement.querySelector(which).click();
    return html`${this.find
        ? html`<button @click=${() => (location.hash = toFolder(this.address))}>${icon('close')}<span>${t('files.endSearch')}</span></button>`
        : html`<input type="file" multiple hidden @change=${this.pick}>
          <input type="file" webkitdirectory hidden @change=${this.pick}>
          ${this.button('upload', pick('input:not([webkitdirectory])'), 'primary')}
          ${this.button('uploadFolder', pick('input[webkitdirectory]'))}
          ${this.button('newFolder', () => this.newFolder())}
          ${this.button('share', () => showShare(this.address))}
          ${this.button('zip', () => this.fetchFolder(this.address))}`}
      <form role="search" class="search" @submit=${this.search}>
        <input type="search" name="find" .value=${this.find} required autocomplete="off" spellcheck="false"
          aria-label=${t('files.search', {name: this.listing.namespace()})} placeholder=${t('files.search', {name: this.listing.namespace()})}>
        <button class="bare" aria-label=${t('files.searchGo')} title=${t('files.searchGo')}>${icon('find')}</button>
      </form>`;
  }

  toolsFor(rows) {
    const one = rows.length === 1 ? rows[0] : null;
    return html`${this.button('download', () => this.fetch(rows))}
      ${one?.type === 'file' && kindOf(one) ? this.button('preview', () => this.preview(one)) : nothing}
      ${one?.type === 'file' ? this.button('details', () => this.details(one)) : nothing}
      ${one ? this.button('share', () => showShare(this.at(one))) : nothing}
      ${one ? this.button('rename', () => this.rename(one)) : nothing}
      ${this.button('move', () => this.move(rows))}
      ${this.button('delete', () => this.discard(rows), 'danger')}
      <button class="quiet bare" aria-label=${t('files.unselect')} title=${t('files.unselect')} @click=${() => this.choose([])}>${icon('close')}</button>`;
  }
}

customElements.define('hf-files', Files);
