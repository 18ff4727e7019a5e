/** Who did what, the newest first. */
import {html, icon, nothing} from './view.js';
import {t, bytes, number, time} from './texts.js';
import {call} from './api.js';
import {show} from './dialogs.js';
import {LivePage} from './live-page.js';
import {say, sayProblem} from './messages.js';
import {Pages} from './pages.js';
import './virtual-list.js';

const PAGE = 500;
/** The API's largest page, and how many lines a file may have before somebody has to narrow it down. */
const CSV_PAGE = 5000;
const MOST_CSV_LINES = 500_000;
/** A line of CSV with its end, which within quotes is none. */
const RECORD = /(?:[^"\n]|"[^"]*")+\n/g;
const SINCE = ['PT1H', 'PT24H', 'P7D', 'P30D', ''];
const OUTCOMES = ['', 'ok', 'refused', 'failed'];
const COLUMNS = ['at', 'actor', 'action', 'object', 'status'];
const FACTS = ['at', 'component', 'actor', 'via', 'address', 'action', 'object', 'status', 'code', 'bytes', 'millis', 'detail'];

class Audit extends LivePage {
  static properties = {rows: {state: true}, filters: {state: true}, collecting: {state: true}};

  everyMillis = 10_000;
  kind = 'page folder';
  pages = new Pages(PAGE, async (after, limit, signal) =>
    (await call('audit', {query: {...this.filters, limit, ...(after ? {before: after.id} : {})}, signal})).records,
  );

  constructor() {
    super();
    this.filters = {since: 'PT24H'};
  }

  async load(signal) {
    await this.pages.again(signal);
    this.take();
  }

  take() {
    this.rows = this.pages.rows.map(record => ({...record, name: record.object}));
  }

  async more() {
    if (await this.pages.next().catch(sayProblem)) {
      this.take();
    }
  }

  filter(e) {
    e.preventDefault();
    const said = new FormData(this.querySelector('form.filters'));
    this.filters = Object.fromEntries([...said].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
    this.pages.rows = [];
    this.querySelector('hf-list')?.reset();
    this.refresh();
  }

  /** All that the filters let through, as one file. */
  async save() {
    this.collecting = true;
    const lines = [];
    try {
      let page;
      do {
        const query = {...this.filters, limit: CSV_PAGE};
        if (lines.length > 1) {
          // The number is a line's first cell.
          query.before = Number.parseInt(lines.at(-1), 10);
        }
        const [head, ...records] = (await call('audit', {query, headers: {Accept: 'text/csv'}})).match(RECORD);
        page = records;
        lines.push(...(lines.length === 0 ? [head, ...records] : records));
      } while (page.length === CSV_PAGE && lines.length < MOST_CSV_LINES);
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob(lines, {type: 'text/csv'}));
      link.download = 'audit.csv';
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      say(page.length === CSV_PAGE ? t('audit.cut', {count: number(lines.length - 1)}) : t('audit.saved', lines.length - 1));
    } catch (problem) {
      sayProblem(problem);
    } finally {
      this.collecting = false;
    }
  }

  open(record) {
    const value = {
      at: time(record.at), bytes: record.bytes === undefined ? undefined : `${bytes(record.bytes)}`, millis: `${number(record.millis)} ms`,
    };
    return show(
      close => html`<header class="dialog-head"><h2>${record.action}</h2>
          <button class="quiet bare" aria-label=${t('app.close')} @click=${() => close()}>${icon('close')}</button></header>
        <dl>${FACTS.filter(name => record[name] !== undefined && record[name] !== '').map(
          name => html`<dt>${t(`audit.${name}`)}</dt><dd class="long">${value[name] ?? record[name]}</dd>`,
        )}</dl>`,
      {label: record.action, wide: true},
    );
  }

  head() {
    return html`<h1>${t('audit.title')}</h1>`;
  }

  body() {
    return html`${this.filtering()}
      <hf-list class="audit" .rows=${this.rows} .keyOf=${row => row.id} .cells=${row => this.cells(row)}
        .head=${COLUMNS.map(column => html`<span role="columnheader" class=${column}>${t(`audit.${column}`)}</span>`)}
        label=${t('audit.title')} @hf-open=${e => this.open(e.detail.row)} @hf-end=${this.more}></hf-list>
      ${this.rows.length === 0 ? html`<p class="empty">${t('audit.none')}</p>` : nothing}
      <p class="faint foot"><span role="status">${this.pages.more ? t('audit.atLeast', this.rows.length) : t('audit.count', this.rows.length)}</span></p>`;
  }

  filtering() {
    const choice = (name, options) => html`<label>${t(`audit.${name}`)} <select name=${name} @change=${this.filter}>
      ${options.map(option => html`<option value=${option} ?selected=${(this.filters[name] ?? '') === option}>${t(`audit.${name}.${option || 'any'}`)}</option>`)}
    </select></label>`;
    const text = (name, placeholder = '') => html`<label>${t(`audit.${name}`)} <input name=${name} .value=${this.filters[name] ?? ''}
      placeholder=${placeholder} @change=${this.filter} autocomplete="off" autocapitalize="none" spellcheck="false"></label>`;
    return html`<form class="filters" @submit=${this.filter}>
      ${choice('since', SINCE)}
      ${choice('outcome', OUTCOMES)}
      ${text('actor')}
      ${text('action', 'files.*')}
      ${text('object', 'anna/projects/')}
      ${text('component')}
      <button type="button" ?disabled=${this.collecting} @click=${this.save}>${icon('download')}<span>${t('audit.save')}</span></button>
    </form>`;
  }

  cells(record) {
    const kind = record.status >= 500 ? 'failed' : record.status >= 400 ? 'refused' : 'ok';
    return html`<span role="gridcell" class="at">${time(record.at)}</span>
      <span role="gridcell" class="actor">${record.actor}</span>
      <span role="gridcell" class="action"><a tabindex="-1" href="#/admin/audit" @click=${e => {
        e.preventDefault();
        this.open(record);
      }}>${record.action}</a></span>
      <span role="gridcell" class="object" title=${record.object}>${record.object}</span>
      <span role="gridcell" class="status ${kind}">${record.status}</span>`;
  }
}

customElements.define('hf-audit', Audit);
