/** Lines over time, drawn as SVG by ECharts (ADR 38), which comes with the first plot. Screen readers hear their sum. */
import {View, html} from './view.js';
import {t} from './texts.js';

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
  };

  connectedCallback() {
    super.connectedCallback();
    this.watch = new ResizeObserver(() => this.chart?.resize());
    this.watch.observe(this);
    this.requestUpdate();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watch.disconnect();
    if (this.chart) {
      dispose(this.chart);
      this.chart = undefined;
    }
  }

  render() {
    return html`<div class="plot" role="img" aria-label=${this.label}></div>
      <p class="keys-of-plot" aria-hidden="true">${this.lines.map(
        (line, index) => html`<span class=${index === 0 ? 'line' : 'line other'}>${line.name} <b>${this.format(line.points.at(-1).value)}</b></span>`,
      )}</p>`;
  }

  updated() {
    this.draw();
  }

  async draw() {
    const {init} = await import('echarts');
    if (this.isConnected) {
      this.chart ??= init(this.querySelector('.plot'), null, {renderer: 'svg'});
      this.chart.setOption(this.picture(), {replaceMerge: ['series']});
    }
  }

  picture() {
    const [from, to] = this.span;
    const axisLabel = {color: 'var(--faint)', fontSize: 11, hideOverlap: true};
    const rule = {lineStyle: {color: 'var(--line)'}};
    return {
      animation: false,
      textStyle: {fontFamily: getComputedStyle(this).fontFamily},
      grid: {left: 64, right: 16, top: 10, bottom: 24},
      xAxis: {type: 'time', min: from, max: to, splitNumber: 3, axisLabel, axisLine: rule, axisTick: {show: false}},
      yAxis: {type: 'value', min: 0, splitNumber: 2, axisLabel: {...axisLabel, formatter: this.format}, splitLine: rule},
      // As markup it would need innerHTML, which Trusted Types forbid.
      tooltip: {
        trigger: 'axis', renderMode: 'richText', confine: true, valueFormatter: value => (value === null ? '–' : this.format(value)),
        backgroundColor: 'var(--card)', borderColor: 'var(--line)', textStyle: {color: 'var(--text)', fontSize: 12},
        axisPointer: {lineStyle: {color: 'var(--faint)'}},
      },
      series: this.lines.map((one, index) => ({
        type: 'line',
        name: one.name,
        data: this.withGaps(one.points),
        showSymbol: one.points.length === 1,
        color: index === 0 ? 'var(--accent)' : 'var(--faint)',
        emphasis: {disabled: true},
        lineStyle: {width: index === 0 ? 2 : 1.5, type: index === 0 ? 'solid' : 'dashed'},
        areaStyle: index === 0 ? {opacity: 0.12} : undefined,
      })),
    };
  }

  /** A point without a value interrupts the line. */
  withGaps(points) {
    return points.flatMap((point, i) => {
      const own = [point.at, point.value];
      return i > 0 && point.at - points[i - 1].at > this.gapMillis ? [[point.at - 1, null], own] : [own];
    });
  }
}

/** ECharts empties its elements by assigning markup, though of none: Trusted Types refuse even that. */
function dispose(chart) {
  const root = chart.getDom();
  for (const element of [root, root.querySelector('svg')]) {
    Object.defineProperty(element, 'innerHTML', {configurable: true, set: () => element.replaceChildren()});
  }
  chart.dispose();
}

/** What the lines say, in words. */
export const summary = (lines, format, name) =>
  lines
    .map(line => {
      const values = line.points.map(point => point.value);
      const [min, max] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
      return t('nodes.plotSummary', {label: line.name, name, last: format(values.at(-1)), min: format(min), max: format(max)});
    })
    .join(' ');

customElements.define('hf-plot', Plot);
