/** The storage nodes: how they are, how full, and how that has become so. */
import {View, html, nothing, repeat} from './view.js';
import {t, bytes, time, word} from './texts.js';
import {call} from './api.js';
import {poll} from './poll.js';
import './plot.js';

const EVERY_MILLIS = 5000;
const HOUR_MILLIS = 3_600_000;
const SPANS = {hour: 1, day: 24, week: 7 * 24, month: 30 * 24};
/** A plot needs no newer points than samples are taken, each 10 s. */
const SAMPLES_EVERY_MILLIS = 10_000;

const millis = micros => (micros >= 100_000 ? `${(micros / 1e6).toFixed(2)} s` : `${(micros / 1000).toPrecision(3)} ms`);

class Nodes extends View {
  static properties = {nodes: {state: true}, samples: {state: true}, span: {state: true}, problem: {state: true}};

  constructor() {
    super();
    this.samples = {};
    this.span = 'hour';
    this.sampledAt = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.end = poll(EVERY_MILLIS, signal => this.load(signal));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.end();
  }

  async load(signal) {
    try {
      this.nodes = (await call('nodes', {signal})).nodes;
      if (Date.now() - this.sampledAt >= SAMPLES_EVERY_MILLIS) {
        this.sampledAt = Date.now();
        await this.sample(signal);
      }
      this.problem = '';
    } catch (problem) {
      if (problem.name !== 'AbortError') {
        this.problem = problem.message;
      }
    }
  }

  async sample(signal) {
    const {span} = this;
    const query = {from: new Date(Date.now() - SPANS[span] * HOUR_MILLIS).toISOString()};
    const there = this.nodes.filter(node => node.adminState !== 'removed');
    const found = await Promise.all(
      there.map(async ({name}) => [name, (await call(`nodes/${encodeURIComponent(name)}/samples`, {query, signal})).samples]),
    );
    if (span === this.span) {
      this.samples = Object.fromEntries(found);
    }
  }

  choose(span) {
    this.span = span;
    this.sampledAt = 0;
    this.sample().catch(problem => (this.problem = problem.message));
  }

  render() {
    return html`<div class="page"><h1>${t('nodes.title')}</h1>
      ${this.problem ? html`<p class="wrong" role="alert">${this.problem}</p>` : nothing}
      ${this.nodes ? this.all() : this.problem ? nothing : html`<p>${t('app.loading')}</p>`}</div>`;
  }

  all() {
    return html`<fieldset class="spans"><legend class="unseen">${t('nodes.span')}</legend>
        ${Object.keys(SPANS).map(
          span => html`<label><input type="radio" name="span" .checked=${span === this.span} @change=${() => this.choose(span)}>
            <span>${t(`nodes.${span}`)}</span></label>`,
        )}</fieldset>
      ${repeat(this.nodes, node => node.name, node => this.one(node))}`;
  }

  one(node) {
    const used = t('nodes.used', {used: bytes(node.usedBytes), all: bytes(node.capacityBytes)});
    return html`<article class="card node" aria-labelledby="node-${node.name}">
      <header>
        <h2 id="node-${node.name}">${node.name}</h2>
        <span class="state ${node.status}">${word('status', node.status)}</span>
        ${node.adminState === 'in_service' ? nothing : html`<span class="state">${word('admin', node.adminState)}</span>`}
        <small class="faint">${t('nodes.since', {when: time(node.statusSince)})} · ${t('nodes.zone')} ${node.zone}</small>
      </header>
      ${node.reason ? html`<p class="notice">${node.reason}</p>` : nothing}
      <p><meter min="0" max=${node.capacityBytes || 1} high=${0.9 * node.capacityBytes || 1} .value=${node.usedBytes}
        aria-label=${t('nodes.space')}></meter> ${used}</p>
      <div class="plots">
        ${this.plot(node, 'plot', sample => sample.usedBytes, value => bytes(Math.round(value)))}
        ${this.plot(node, 'latency', sample => sample.maxPingMicros, millis)}
      </div>
    </article>`;
  }

  plot(node, kind, value, format) {
    const points = (this.samples[node.name] ?? [])
      .filter(sample => value(sample) !== undefined)
      .map(sample => ({at: Date.parse(sample.at), value: value(sample)}));
    const label = t(`nodes.${kind}`);
    const values = points.map(point => point.value);
    const summary = t('nodes.plotSummary', {
      label, name: node.name, last: format(values.at(-1) ?? 0), min: format(Math.min(...values)), max: format(Math.max(...values)),
    });
    return html`<figure><figcaption>${label}</figcaption>
      ${points.length === 0
        ? html`<p class="faint">${t('nodes.noSamples')}</p>`
        : html`<hf-plot .points=${points} .format=${format} label=${summary}></hf-plot>`}</figure>`;
  }
}

customElements.define('hf-nodes', Nodes);
