/** What is to be done, what waits and why, what has been given up, and what a person can do about it. */
import {html, icon, nothing} from './view.js';
import {t, bytes, duration, number, time, word} from './texts.js';
import {call} from './api.js';
import {confirm, show} from './dialogs.js';
import {edit} from './form.js';
import {LivePage, LiveView, left, progress} from './live-page.js';
import {say, sayProblem} from './messages.js';
import {Pages} from './pages.js';
import './virtual-list.js';

const PAGE = 500;
/** What is listed together, and its states in that order. */
const VIEWS = {
  active: ['running', 'queued'],
  waiting: ['waiting'],
  dead: ['dead'],
  ended: ['done', 'cancelled', 'dismissed'],
};
const KINDS = ['replicate', 'delete', 'verify'];
/** What the API lets do with a task, by its state. */
const ACTS = {
  queued: ['cancel'],
  running: ['cancel'],
  waiting: ['retry', 'cancel'],
  dead: ['retry', 'cancel', 'dismiss'],
  cancelled: ['retry'],
  dismissed: ['retry'],
  done: [],
};

const percent = task => (task.totalBytes > 0 ? (100 * task.bytes) / task.totalBytes : 0);
const secondsLeft = task => (task.bytesPerSecond > 0 ? (task.totalBytes - task.bytes) / task.bytesPerSecond : 0);
const route = task => (task.source ? t('tasks.from', task) : task.target);
const secondsTo = at => (Date.parse(at) - Date.now()) / 1000;
const next = task => (secondsTo(task.notBefore) > 0 ? t('tasks.nextIn', {time: duration(secondsTo(task.notBefore))}) : t('tasks.nextNow'));

/** Asks where an act has consequences, and carries it out for each; answers whether it was wanted. */
async function carryOut(act, tasks) {
  const what = tasks.length === 1 ? `“${tasks[0].path}”` : t('tasks.count', tasks.length);
  if (
    act !== 'retry' &&
    !(await confirm({title: t(`tasks.${act}Sure`, {what}), text: t(`tasks.${act}Text`), action: t(`tasks.${act}`), danger: act === 'cancel'}))
  ) {
    return false;
  }
  let done = 0;
  try {
    for (const {id} of tasks) {
      await call(`tasks/${id}/${act}`, {method: 'POST'});
      done++;
    }
    say(t(`tasks.${act}Done`, {what}));
  } catch (problem) {
    sayProblem(problem);
  }
  return done > 0;
}

class Tasks extends LivePage {
  static properties = {
    shown: {attribute: false},
    rows: {state: true},
    pauses: {state: true},
    nodes: {state: true},
    filters: {state: true},
    selected: {state: true},
  };

  topics = ['tasks'];
  everyMillis = 3000;
  kind = 'page folder';
  pages = new Pages(PAGE, (after, limit, signal) => this.read(after, limit, signal));

  constructor() {
    super();
    this.filters = {};
    this.selected = new Set();
  }

  get view() {
    return VIEWS[this.shown] ? this.shown : 'active';
  }

  async load(signal) {
    const [{pauses}, {nodes}] = await Promise.all([
      call('tasks/pauses', {signal}),
      this.nodes ? {nodes: this.nodes} : call('nodes', {signal}),
      this.pages.again(signal),
    ]);
    this.pauses = pauses;
    this.nodes = nodes;
    this.take();
    return this.rows.some(task => task.progress);
  }

  /** A page over all states of the view, one after the other. */
  async read(after, limit, signal) {
    const states = VIEWS[this.view];
    const found = [];
    for (let i = after ? states.indexOf(after.state) : 0; i < states.length && found.length < limit; i++) {
      const query = {...this.filters, state: states[i], limit: limit - found.length};
      if (after?.state === states[i]) {
        query.after = after.id;
      }
      const page = (await call('tasks', {query, signal})).tasks;
      // A task that has gone on between two pages keeps the state that it was listed by.
      found.push(...page.map(task => ({...task, state: states[i], name: task.path})));
    }
    return found;
  }

  take() {
    this.rows = this.pages.rows;
    const there = new Set(this.rows.map(row => row.id));
    this.selected = new Set([...this.selected].filter(id => there.has(id)));
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

  toggle(row) {
    const chosen = new Set(this.selected);
    if (!chosen.delete(row.id)) {
      chosen.add(row.id);
    }
    this.selected = chosen;
  }

  extend({from, to}) {
    const range = this.rows.slice(Math.min(from, to), Math.max(from, to) + 1).map(row => row.id);
    this.selected = new Set([...this.selected, ...range]);
  }

  async each(act) {
    if (await carryOut(act, this.rows.filter(row => this.selected.has(row.id) && ACTS[row.state].includes(act)))) {
      this.selected = new Set();
      this.refresh();
    }
  }

  async open(row) {
    await show(close => html`<hf-task .key=${row.id} .close=${close}></hf-task>`, {label: t('tasks.one'), wide: true});
    this.refresh();
  }

  async pause() {
    const done = await edit({
      title: t('tasks.pauseSure'),
      text: t('tasks.pauseText'),
      action: t('tasks.pauseNow'),
      fields: [
        {
          name: 'kind', label: t('tasks.kind'), kind: 'choice', value: '',
          options: ['', ...KINDS].map(kind => [kind, word('kind', kind || 'all')]),
        },
        {name: 'reason', label: t('tasks.reason'), kind: 'text', hint: t('tasks.reasonHint')},
      ],
      save: said =>
        call('tasks/pause', {
          method: 'POST',
          query: {...(said.kind ? {kind: said.kind} : {}), ...(said.reason ? {reason: said.reason} : {})},
        }),
    });
    if (done) {
      this.refresh();
    }
  }

  resume(kind) {
    const query = kind === 'all' ? {} : {kind};
    return this.act(() => call('tasks/resume', {method: 'POST', query}), t('tasks.resumed', {kind: word('kind', kind)}));
  }

  head() {
    return html`<h1>${t('tasks.title')}</h1>
      <nav class="spans" aria-label=${t('tasks.state')}>${Object.keys(VIEWS).map(
        view => html`<a href="#/admin/tasks/${view}" aria-current=${view === this.view ? 'true' : nothing}>${t(`tasks.${view}`)}</a>`,
      )}</nav>`;
  }

  body() {
    const columns = ['path', 'kind', 'route', 'how'];
    return html`${this.pauses.map(
        pause => html`<p class="notice joined" role="status"><span class="grow">${t('tasks.paused', {
          kind: word('kind', pause.kind), by: pause.by, when: time(pause.since),
        })} ${pause.reason}</span>
          <button @click=${() => this.resume(pause.kind)}>${icon('play')}<span>${t('tasks.resume')}</span></button></p>`,
      )}
      ${this.selected.size > 0 ? this.tools() : this.filtering()}
      <hf-list class="tasks" .rows=${this.rows} .keyOf=${row => row.id} .cells=${row => this.cells(row)} .selected=${this.selected}
        .head=${html`<span role="columnheader" class="check"><input type="checkbox" aria-label=${t('files.selectAll')}
            .checked=${this.rows.length > 0 && this.selected.size === this.rows.length}
            @change=${e => (this.selected = new Set(e.target.checked ? this.rows.map(row => row.id) : []))}></span>
          ${columns.map(column => html`<span role="columnheader" class=${column}>${t(`tasks.${column}`)}</span>`)}`}
        label=${t(`tasks.${this.view}`)}
        @hf-open=${e => this.open(e.detail.row)}
        @hf-select=${e => this.toggle(e.detail.row)}
        @hf-extend=${e => this.extend(e.detail)}
        @hf-all=${() => (this.selected = new Set(this.rows.map(row => row.id)))}
        @hf-end=${this.more}></hf-list>
      ${this.rows.length === 0 ? html`<p class="empty">${t(`tasks.no.${this.view}`)}</p>` : nothing}
      <p class="faint foot"><span role="status">${this.pages.more ? t('tasks.atLeast', this.rows.length) : t('tasks.count', this.rows.length)}</span></p>`;
  }

  filtering() {
    const choice = (name, options) => html`<label>${t(`tasks.${name}`)} <select name=${name} @change=${this.filter}>
      <option value="">${t('live.any')}</option>
      ${options.map(([value, label]) => html`<option value=${value} ?selected=${this.filters[name] === value}>${label}</option>`)}</select></label>`;
    return html`<form class="filters" @submit=${this.filter}>
      ${choice('kind', KINDS.map(kind => [kind, word('kind', kind)]))}
      ${choice('urgency', ['urgent', 'normal', 'background'].map(urgency => [urgency, word('urgency', urgency)]))}
      ${choice('node', this.nodes.map(({name}) => [name, name]))}
      <label class="wide">${t('tasks.below')} <input name="path" .value=${this.filters.path ?? ''} @change=${this.filter} autocomplete="off"
        autocapitalize="none" spellcheck="false"></label>
      <button type="button" @click=${this.pause}>${icon('pause')}<span>${t('tasks.pause')}</span></button>
    </form>`;
  }

  tools() {
    const acts = [...new Set(VIEWS[this.view].flatMap(state => ACTS[state]))];
    return html`<div class="tools"><span role="status">${t('files.selected', this.selected.size)}</span>
      ${acts.map(act => html`<button class=${act === 'cancel' ? 'danger' : ''} @click=${() => this.each(act)}>${t(`tasks.${act}`)}</button>`)}
      <button class="quiet bare" aria-label=${t('app.cancel')} @click=${() => (this.selected = new Set())}>${icon('close')}</button></div>`;
  }

  cells(task) {
    return html`<span role="gridcell" class="check"><input type="checkbox" tabindex="-1" aria-label=${t('files.select', {name: task.path})}
        .checked=${this.selected.has(task.id)} @change=${() => this.toggle(task)}></span>
      <span role="gridcell" class="name"><a tabindex="-1" href="#/admin/tasks/${this.view}" title=${task.path}
        @click=${e => {
          e.preventDefault();
          this.open(task);
        }}>${task.path}</a></span>
      <span role="gridcell" class="kind">${word('kind', task.kind)}</span>
      <span role="gridcell" class="route">${route(task)}</span>
      <span role="gridcell" class="how" title=${task.reason ?? ''}>${this.how(task)}</span>`;
  }

  how(task) {
    if (task.progress) {
      return html`<progress max="100" .value=${percent(task)} aria-label=${t('upload.progressOne', {name: task.path})}></progress>
        <small>${[task.progress, left(secondsLeft(task))].filter(fact => fact).join(' · ')}</small>`;
    }
    const attempt = t('tasks.attempt', {attempt: task.attempt});
    switch (task.state) {
      case 'waiting':
        return html`<span>${next(task)}</span> <small>${attempt} · ${task.reason}</small>`;
      case 'dead':
        return html`<span>${attempt}</span> <small>${task.reason}</small>`;
      default:
        return html`<span>${word('task', task.state)}</span> <small>${time(task.changedAt)}</small>`;
    }
  }
}

/** One task with its attempts. */
class Task extends LiveView {
  static properties = {key: {attribute: false}, close: {attribute: false}, task: {state: true}};

  topics = ['tasks'];
  everyMillis = 2000;

  async load(signal) {
    this.task = await call(`tasks/${this.key}`, {signal});
    return Boolean(this.task.progress);
  }

  async carryOut(act) {
    if (await carryOut(act, [this.task])) {
      this.refresh();
    }
  }

  render() {
    return html`<header class="dialog-head"><h2>${this.task ? this.task.path : t('tasks.one')}</h2>
        <button class="quiet bare" aria-label=${t('app.close')} @click=${() => this.close()}>${icon('close')}</button></header>
      ${this.problem ? html`<p class="wrong" role="alert">${this.problem}</p>` : nothing}
      ${this.task ? this.facts(this.task) : this.problem ? nothing : html`<p>${t('app.loading')}</p>`}`;
  }

  facts(task) {
    const fact = (name, value) => html`<dt>${t(`tasks.${name}`)}</dt><dd>${value}</dd>`;
    return html`<div class="tools">${ACTS[task.state].map(
        act => html`<button class=${act === 'cancel' ? 'danger' : act === 'retry' ? 'primary' : ''} @click=${() => this.carryOut(act)}>
          ${t(`tasks.${act}`)}</button>`,
      )}</div>
      ${task.progress
        ? progress({
            label: t('upload.progressOne', {name: task.path}),
            percent: percent(task),
            facts: [
              t('nodes.checkBytes', {done: bytes(task.bytes), all: bytes(task.totalBytes)}),
              t('plots.perSecond', {value: bytes(task.bytesPerSecond)}),
              left(secondsLeft(task)),
            ],
          })
        : nothing}
      <dl>
        ${fact('state', word('task', task.state))}
        ${fact('kind', word('kind', task.kind))}
        ${fact('urgency', word('urgency', task.urgency))}
        ${fact('route', route(task))}
        ${fact('created', time(task.createdAt))}
        ${task.state === 'waiting' ? fact('next', next(task)) : nothing}
        ${task.worker ? fact('worker', task.worker) : nothing}
        ${task.reason ? fact('reason', task.reason) : nothing}
      </dl>
      <h3>${t('tasks.attempts')}</h3>
      ${task.attempts.length === 0
        ? html`<p class="faint">${t('tasks.noAttempts')}</p>`
        : html`<ol class="happened">${task.attempts.map(
            attempt => html`<li><time datetime=${attempt.endedAt}>${time(attempt.endedAt)}</time>
              <strong>${number(attempt.attempt)} · ${attempt.outcome}</strong>
              <span>${attempt.detail} <small>${attempt.worker}, ${route(attempt)}</small></span></li>`,
          )}</ol>`}`;
  }
}

customElements.define('hf-tasks', Tasks);
customElements.define('hf-task', Task);
