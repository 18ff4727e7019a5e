/** A line over time, drawn as SVG: a few hundred points, no library (ADR 38). Screen readers hear its sum. */
import {View, html, svg} from './view.js';

const HEIGHT = 160;
const EDGE = {left: 64, right: 12, top: 8, bottom: 22};
/** More points than pixels tell nothing; of those that share a pixel the highest is drawn. */
const PIXELS_PER_POINT = 2;

class Plot extends View {
  static properties = {
    /** [{at: millis, value}], by time. */
    points: {attribute: false},
    /** A value as people read it. */
    format: {attribute: false},
    label: {},
    width: {state: true},
  };

  constructor() {
    super();
    this.points = [];
    this.format = String;
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

  thinned() {
    const room = Math.max(2, Math.floor((this.width - EDGE.left - EDGE.right) / PIXELS_PER_POINT));
    const step = Math.ceil(this.points.length / room);
    if (step <= 1) {
      return this.points;
    }
    const kept = [];
    for (let i = 0; i < this.points.length; i += step) {
      kept.push(this.points.slice(i, i + step).reduce((high, point) => (point.value > high.value ? point : high)));
    }
    return kept;
  }

  render() {
    const points = this.thinned();
    if (points.length === 0) {
      return html``;
    }
    const most = nice(Math.max(...points.map(point => point.value), 1e-9));
    const [from, to] = [points[0].at, points.at(-1).at];
    const inner = {width: this.width - EDGE.left - EDGE.right, height: HEIGHT - EDGE.top - EDGE.bottom};
    const x = at => EDGE.left + (to > from ? ((at - from) / (to - from)) * inner.width : inner.width);
    const y = value => EDGE.top + inner.height * (1 - value / most);
    const line = points.map(point => `${x(point.at).toFixed(1)},${y(point.value).toFixed(1)}`).join(' ');
    const area = `${x(from)},${y(0)} ${line} ${x(to)},${y(0)}`;
    const day = to - from > 86_400_000 * 1.5;
    const clock = new Intl.DateTimeFormat('en', day ? {month: 'short', day: 'numeric'} : {hour: '2-digit', minute: '2-digit', hour12: false});
    return html`<svg class="plot" role="img" aria-label=${this.label} width=${this.width} height=${HEIGHT} viewBox="0 0 ${this.width} ${HEIGHT}">
      ${[0, 0.5, 1].map(
        part => svg`<line class="rule" x1=${EDGE.left} x2=${this.width - EDGE.right} y1=${y(most * part)} y2=${y(most * part)}></line>
          <text x=${EDGE.left - 6} y=${y(most * part) + 4} text-anchor="end">${this.format(most * part)}</text>`,
      )}
      ${to > from
        ? [0, 0.5, 1].map(
            part => svg`<text x=${x(from + (to - from) * part)} y=${HEIGHT - 5}
              text-anchor=${['start', 'middle', 'end'][part * 2]}>${clock.format(from + (to - from) * part)}</text>`,
          )
        : ''}
      <polygon class="area" points=${area}></polygon>
      <polyline class="line" points=${line}></polyline>
    </svg>`;
  }
}

/** The next of 1, 2, 5 times a power of ten. */
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value) ?? value;
}

customElements.define('hf-plot', Plot);
