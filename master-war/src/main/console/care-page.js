/** How copies are looked after: healing, scrubs, and the balance between nodes. */
import {View, html, icon, nothing} from './view.js';
import {t, bytes, number, time, word} from './texts.js';
import {call} from './api.js';
import {confirm, show} from './dialogs.js';
import {edit} from './form.js';
import {LivePage, left, progress} from './live-page.js';
import {sayProblem} from './messages.js';

const RUNNING = new Set(['running', 'waiting']);
const DEFAULT_SPREAD_PERCENT = 5;

class Care extends LivePage {
  static properties = {
    totals: {state: true},
    scrubs: {state: true},
    moves: {state: true},
    plan: {state: true},
    spread: {state: true},
  };

  topics = ['cluster', 'nodes', 'tasks'];

  constructor() {
    super();
    this.spread = DEFAULT_SPREAD_PERCENT;
  }

  async load(signal) {
    const [cluster, {scrubs}, moves] = await Promise.all([
      call('cluster', {signal}),
      call('scrubs', {signal}),
      call('cluster/rebalance', {signal}),
    ]);
    [this.totals] = cluster.cluster;
    this.scrubs = scrubs;
    this.moves = moves;
    return this.totals.copiesMissing > 0 || moves.moves.length > 0 || scrubs.some(scrub => RUNNING.has(scrub.state));
  }

  head() {
    return html`<h1>${t('care.title')}</h1>`;
  }

  body() {
    return html`${this.healing()}${this.checking()}${this.balancing()}`;
  }

  healing() {
    const {totals} = this;
    return html`<section class="card part" aria-labelledby="healing"><h2 id="healing">${t('care.healing')}</h2>
      ${progress({
        label: t('care.healing'),
        percent: totals.copiesWanted > 0 ? (100 * totals.copiesGood) / totals.copiesWanted : 100,
        facts: [
          t('care.good', {good: number(totals.copiesGood), wanted: number(totals.copiesWanted)}),
          totals.copiesMissing > 0 ? t('care.missing', {copies: number(totals.copiesMissing), bytes: bytes(totals.missingBytes)}) : '',
          totals.copiesMissing > 0 ? t('plots.perSecond', {value: bytes(totals.healBytesPerSecond)}) : '',
          totals.copiesMissing > 0 ? left(totals.healEtaSeconds) || t('care.still') : '',
        ],
      })}</section>`;
  }

  checking() {
    const running = this.scrubs.filter(scrub => RUNNING.has(scrub.state));
    const ended = this.scrubs.filter(scrub => !RUNNING.has(scrub.state));
    return html`<section class="card part" aria-labelledby="scrubs"><header><h2 class="grow" id="scrubs">${t('care.scrubs')}</h2>
        <button @click=${this.scrub}>${t('care.scrub')}</button></header>
      <p class="faint">${t('care.scrubHint')}</p>
      ${running.map(
        scrub => html`<div class="under"><button class="quiet" @click=${() => this.open(scrub)}>${this.what(scrub)}</button>
          ${progress({
            label: this.what(scrub),
            percent: scrub.percent,
            facts: [
              t('nodes.checkBytes', {done: bytes(scrub.bytesDone), all: bytes(scrub.bytesTotal)}),
              scrub.bytesPerSecond > 0 ? t('plots.perSecond', {value: bytes(scrub.bytesPerSecond)}) : '',
              left(scrub.secondsLeft),
              scrub.found > 0 ? t('nodes.checkFound', {count: number(scrub.found)}) : '',
            ],
          })}</div>`,
      )}
      ${ended.length === 0
        ? nothing
        : html`<h3>${t('care.ended')}</h3><ul class="lines">${ended.map(
            scrub => html`<li><span class="state ${scrub.state}">${word('check', scrub.state)}</span>
              <button class="quiet" @click=${() => this.open(scrub)}>${this.what(scrub)}</button>
              <span class="grow faint">${t('care.scrubbed', {
                when: time(scrub.endedAt), copies: t('live.copies', scrub.copiesDone), bytes: bytes(scrub.bytesDone),
              })}</span>
              ${scrub.found > 0 ? html`<span class="wrong">${t('nodes.checkFound', {count: number(scrub.found)})}</span>` : nothing}</li>`,
          )}</ul>`}</section>`;
  }

  what(scrub) {
    return [word('scrub', scrub.kind), scrub.node, word('scope', scrub.scope)].filter(part => part).join(' · ');
  }

  open(scrub) {
    return show(close => html`<hf-scrub .key=${scrub.id} .name=${this.what(scrub)} .close=${close}></hf-scrub>`, {
      label: this.what(scrub),
      wide: true,
    });
  }

  async scrub() {
    let nodes;
    let namespaces;
    try {
      [{nodes}, {namespaces}] = await Promise.all([call('nodes'), call('namespaces')]);
    } catch (problem) {
      sayProblem(problem);
      return;
    }
    const choices = (list, all) => [['', all], ...list.map(({name}) => [name, name])];
    const asked = await edit({
      title: t('care.scrubSure'),
      text: t('care.scrubText'),
      action: t('care.scrubNow'),
      fields: [
        {
          name: 'node', label: t('nodes.node'), kind: 'choice', value: '',
          options: choices(nodes, t('care.allNodes')),
        },
        {name: 'namespace', label: t('namespaces.one'), kind: 'choice', value: '', options: choices(namespaces, t('care.allNamespaces'))},
        {name: 'path', label: t('care.path'), kind: 'text', hint: t('care.pathHint')},
      ],
      save: said => call('scrubs', {method: 'POST', body: Object.fromEntries(Object.entries(said).filter(([, value]) => value))}),
    });
    if (asked) {
      this.refresh();
    }
  }

  balancing() {
    const {moves, plan} = this;
    return html`<section class="card part" aria-labelledby="balance"><h2 id="balance">${t('care.balance')}</h2>
      <p class="faint">${t('care.balanceHint')}</p>
      ${moves.moves.length > 0
        ? html`${this.table(moves, true)}
            <p role="status">${t('care.movesLeft', {bytes: bytes(moves.bytesLeft)})} ${left(moves.etaSeconds)}</p>
            <button @click=${this.stop}>${t('care.stop')}</button>`
        : html`<form class="fields narrow" @submit=${this.preview}>
              <label>${t('care.spread')} <input name="spread" type="number" min="0" max="50" step="any" required .value=${String(this.spread)}></label>
              <button class="primary">${t('care.preview')}</button>
            </form>
            ${!plan
              ? nothing
              : plan.moves.length === 0
                ? html`<p role="status">${t('care.noMoves')}</p>`
                : html`<p role="status">${t('care.wouldMove', {bytes: bytes(plan.bytesLeft)})}</p>
                    ${this.table(plan, false)}
                    <button class="primary" @click=${this.start}>${t('care.start')}</button>`}`}</section>`;
  }

  table({moves}, begun) {
    return html`<table><thead><tr><th scope="col">${t('care.from')}</th><th scope="col">${t('care.to')}</th><th scope="col">${t('care.bytes')}</th>
        ${begun ? html`<th scope="col">${t('care.begun')}</th>` : nothing}</tr></thead>
      <tbody>${moves.map(
        move => html`<tr><td>${move.from}</td><td>${move.to}</td><td>${bytes(move.bytes)}</td>
          ${begun ? html`<td>${bytes(move.bytesBegun)} <small>${t('live.copies', move.copiesBegun)}</small></td>` : nothing}</tr>`,
      )}</tbody></table>`;
  }

  async preview(e) {
    e.preventDefault();
    this.spread = Number(new FormData(e.target).get('spread'));
    try {
      this.plan = await call('cluster/rebalance', {method: 'POST', body: {dryRun: true, spread: this.spread / 100}});
    } catch (problem) {
      sayProblem(problem);
    }
  }

  async start() {
    if (
      await confirm({
        title: t('care.startSure', {bytes: bytes(this.plan.bytesLeft)}),
        text: t('care.startText'),
        action: t('care.start'),
      })
    ) {
      await this.act(() => call('cluster/rebalance', {method: 'POST', body: {spread: this.spread / 100}}), t('care.started'));
      this.plan = undefined;
    }
  }

  async stop() {
    if (await confirm({title: t('care.stopSure'), text: t('care.stopText'), action: t('care.stop')})) {
      await this.act(() => call('cluster/rebalance', {method: 'DELETE'}), t('care.stopped'));
    }
  }
}

/** What a scrub has found. */
class Scrub extends View {
  static properties = {
    key: {attribute: false},
    name: {attribute: false},
    close: {attribute: false},
    scrub: {state: true},
    problem: {state: true},
  };

  async firstUpdated() {
    try {
      this.scrub = await call(`scrubs/${this.key}`);
    } catch (problem) {
      this.problem = problem.message;
    }
  }

  render() {
    const {scrub} = this;
    const fact = (name, value) => html`<dt>${t(`care.${name}`)}</dt><dd>${value}</dd>`;
    return html`<header class="dialog-head"><h2>${this.name}</h2>
        <button class="quiet bare" aria-label=${t('app.close')} @click=${() => this.close()}>${icon('close')}</button></header>
      <p class="wrong" role="alert">${this.problem ?? ''}</p>
      ${!scrub
        ? nothing
        : html`<dl>
              ${fact('state', word('check', scrub.state))}
              ${fact('startedAt', time(scrub.startedAt))}
              ${fact('endedAt', time(scrub.endedAt))}
              ${fact('read', `${t('live.copies', scrub.copiesDone)} · ${bytes(scrub.bytesDone)}`)}
              ${scrub.detail ? fact('detail', scrub.detail) : nothing}
            </dl>
            <h3>${t('care.findings')}</h3>
            ${scrub.findings.length === 0 ? html`<p class="faint">${t('care.noFindings')}</p>` : nothing}
            <ul class="happened">${scrub.findings.map(
              finding => html`<li><time datetime=${finding.at}>${time(finding.at)}</time>
                <strong>${finding.node} · ${word('finding', finding.what)}</strong>
                <span>${finding.path ?? finding.name}</span></li>`,
            )}</ul>`}`;
  }
}

customElements.define('hf-care', Care);
customElements.define('hf-scrub', Scrub);
