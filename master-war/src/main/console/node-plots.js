/** How a node has been over time: room, answers to heartbeats, and whatever rates its samples have. */
import {View, html, nothing} from './view.js';
import {t, bytes, number} from './texts.js';
import {call} from './api.js';
import {poll} from './poll.js';
import {summary} from './plot.js';

const HOUR_MILLIS = 3_600_000;
export const SPANS = {hour: 1, day: 24, week: 7 * 24, month: 30 * 24, year: 366 * 24};

/** Samples are taken each 10 s; a plot need not be newer than a pixel is wide. */
const SAMPLES_EVERY_MILLIS = 10_000;
const PIXELS = 720;
/** That many samples may be missing before a line is interrupted. */
const GAP_SAMPLES = 3.5;

const millis = micros => (micros >= 100_000 ? `${(micros / 1e6).toFixed(2)} s` : `${(micros / 1000).toPrecision(3)} ms`);
const perSecond = value => t('plots.perSecond', {value: number(Math.round(100 * value) / 100)});
const bytesPerSecond = value => t('plots.perSecond', {value: bytes(Math.round(value))});
const size = value => bytes(Math.round(value));

/** Each with its lines; a plot without a single value is left out, but for the first two. */
const PLOTS = [
  {label: 'plot', format: size, fields: ['usedBytes']},
  {label: 'available', format: size, fields: ['freeBytes']},
  {label: 'latency', format: millis, fields: ['pingMicros', 'maxPingMicros']},
  {label: 'requests', format: perSecond, fields: ['getsPerSecond', 'putsPerSecond']},
  {label: 'traffic', format: bytesPerSecond, fields: ['getBytesPerSecond', 'putBytesPerSecond']},
];

class NodePlots extends View {
  static properties = {name: {}, span: {}, samples: {state: true}, problem: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    if (this.hasUpdated) {
      this.begin();
    }
  }

  willUpdate(changed) {
    if (changed.has('span') || changed.has('name')) {
      this.samples = undefined;
      this.begin();
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.end();
  }

  begin() {
    this.end?.();
    this.end = poll(this.pace, signal => this.load(signal));
  }

  get spanMillis() {
    return SPANS[this.span] * HOUR_MILLIS;
  }

  get pace() {
    return Math.max(SAMPLES_EVERY_MILLIS, this.spanMillis / PIXELS);
  }

  async load(signal) {
    try {
      const query = {from: new Date(Date.now() - this.spanMillis).toISOString()};
      this.samples = (await call(`nodes/${encodeURIComponent(this.name)}/samples`, {query, signal})).samples;
      this.problem = '';
    } catch (problem) {
      if (problem.name !== 'AbortError') {
        this.problem = problem.message;
      }
    }
  }

  render() {
    return html`${this.problem ? html`<p class="wrong" role="alert">${this.problem}</p>` : nothing}
      <div class="plots">${this.samples ? PLOTS.map((plot, index) => this.plot(plot, index < 2)) : nothing}</div>`;
  }

  plot({label, format, fields}, always) {
    const lines = fields
      .map(field => ({
        name: t(`plots.${field}`),
        points: this.samples
          .filter(sample => Number.isFinite(sample[field]))
          .map(sample => ({at: Date.parse(sample.at), value: sample[field]})),
      }))
      .filter(line => line.points.length > 0);
    if (lines.length === 0 && !always) {
      return nothing;
    }
    const now = Date.now();
    const gapMillis = GAP_SAMPLES * 1000 * Math.max(10, ...this.samples.slice(0, 1).map(sample => sample.spanSeconds));
    return html`<figure><figcaption>${t(`nodes.${label}`)}</figcaption>
      ${lines.length === 0
        ? html`<p class="faint">${t('nodes.noSamples')}</p>`
        : html`<hf-plot .lines=${lines} .format=${format} .span=${[now - this.spanMillis, now]} .gapMillis=${gapMillis}
            label=${summary(lines, format, this.name)}></hf-plot>`}</figure>`;
  }
}

customElements.define('hf-node-plots', NodePlots);
