/** Lines over time, drawn as SVG: a few hundred points, no library (ADR 38). Screen readers hear their sum. */
import {View, html, nothing, svg} from './view.js';
import {t} from './texts.js';

const HEIGHT = 160;
const EDGE = {left: 64, right: 12, top: 8, bottom: 22};
/** More points than pixels tell nothing; of those that share a pixel the highest is drawn. */
const PIXELS_PER_POINT = 2;
const DAY_MILLIS = 86_400_000;

class Plot extends View {
  static properties = {
    /** [{name, points: [{at: millis, value}] by time}]; the first is the main one. */
    lines: {attribute: false},
    /** The time shown, in milliseconds: [from, to]. */
    span: {attribute: false},
    /** Points that are further apart than this belong to two lines: between them nothing was seen. */
    gapMillis: {attribute: false},
    /** A value as people read it. */
    format: {attribute: false},
    label: {},
    width: {state: true},
    pointed: {state: true},
  };

  constructor() {
    super();
    this.lines = [];
    this.format = String;
    this.gapMillis = Infinity;
    this.width = 320;
  }

  connectedCallback() {
    super.connectedCallback();
    this.watch = new ResizeObserver(([entry]) => (this.width = Math.max(200, Math.round(entry.contentRect.width))));
    this.watch.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watch.disconnect();
  }

  /** Runs of points without a gap, thinned to what the width can show. */
  runs(points) {
    const room = Math.max(2, Math.floor((this.width - EDGE.left - EDGE.right) / PIXELS_PER_POINT));
    const step = Math.ceil(points.length / room);
    const runs = [];
    for (let i = 0; i < points.length; i++) {
      if (i === 0 || points[i].at - points[i - 1].at > this.gapMillis) {
        runs.push([]);
      }
      runs.at(-1).push(points[i]);
    }
    return runs.map(run => {
      const kept = [];
      for (let i = 0; i < run.length; i += step) {
        kept.push(run.slice(i, i + step).reduce((high, point) => (point.value > high.value ? point : high)));
      }
      return kept;
    });
  }

  render() {
    const all = this.lines.flatMap(line => line.points);
    if (all.length === 0) {
      return nothing;
    }
    const most = nice(all.reduce((high, point) => Math.max(high, point.value), 1e-9));
    const [from, to] = this.span;
    const inner = {width: this.width - EDGE.left - EDGE.right, height: HEIGHT - EDGE.top - EDGE.bottom};
    const x = at => EDGE.left + ((at - from) / (to - from)) * inner.width;
    const y = value => EDGE.top + inner.height * (1 - value / most);
    const at = run => run.map(point => `${x(point.at).toFixed(1)},${y(point.value).toFixed(1)}`).join(' ');
    const clock = new Intl.DateTimeFormat(
      'en',
      to - from > 1.5 * DAY_MILLIS ? {month: 'short', day: 'numeric'} : {hour: '2-digit', minute: '2-digit', hour12: false},
    );
    return html`<svg class="plot" role="img" aria-label=${this.label} width=${this.width} height=${HEIGHT} viewBox="0 0 ${this.width} ${HEIGHT}"
        @pointermove=${e => (this.pointed = from + ((e.offsetX - EDGE.left) / inner.width) * (to - from))}
        @pointerleave=${() => (this.pointed = undefined)}>
      ${[0, 0.5, 1].map(
        part => svg`<line class="rule" x1=${EDGE.left} x2=${this.width - EDGE.right} y1=${y(most * part)} y2=${y(most * part)}></line>
          <text x=${EDGE.left - 6} y=${y(most * part) + 4} text-anchor="end">${this.format(most * part)}</text>
          <text x=${x(from + (to - from) * part)} y=${HEIGHT - 5}
            text-anchor=${['start', 'middle', 'end'][part * 2]}>${clock.format(from + (to - from) * part)}</text>`,
      )}
      ${this.lines.map((line, index) =>
        this.runs(line.points).map(run =>
          index === 0
            ? svg`<polygon class="area" points="${x(run[0].at)},${y(0)} ${at(run)} ${x(run.at(-1).at)},${y(0)}"></polygon>
                <polyline class="line" points=${at(run)}></polyline>`
            : svg`<polyline class="line other" points=${at(run)}></polyline>`,
        ),
      )}
      ${this.pointed === undefined ? nothing : this.pointer(x, y)}
    </svg>
    <p class="keys-of-plot" aria-hidden="true">${this.lines.map(
      (line, index) => html`<span class=${index === 0 ? 'line' : 'line other'}>${line.name}
        <b>${line.points.length > 0 ? this.format(this.nearest(line.points).value) : '–'}</b></span>`,
    )}${this.pointed === undefined ? nothing : html`<span>${clock.format(this.nearest(all).at)}</span>`}</p>`;
  }

  /** The point below the pointer, or the last one. */
  nearest(points) {
    return this.pointed === undefined
      ? points.at(-1)
      : points.reduce((best, point) => (Math.abs(point.at - this.pointed) < Math.abs(best.at - this.pointed) ? point : best));
  }

  pointer(x, y) {
    return this.lines
      .filter(line => line.points.length > 0)
      .map(line => this.nearest(line.points))
      .map(point => svg`<circle class="dot" r="3" cx=${x(point.at)} cy=${y(point.value)}></circle>`);
  }
}

/** What the lines say, in words. */
export const summary = (lines, format, name) =>
  lines
    .filter(line => line.points.length > 0)
    .map(line => {
      const values = line.points.map(point => point.value);
      const [min, max] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
      return t('nodes.plotSummary', {label: line.name, name, last: format(values.at(-1)), min: format(min), max: format(max)});
    })
    .join(' ');

/** The next of 1, 2, 5 times a power of ten. */
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value) ?? value;
}

customElements.define('hf-plot', Plot);
