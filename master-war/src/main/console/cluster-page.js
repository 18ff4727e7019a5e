/** The store at a glance, for administrators. */
import {View, html, nothing} from './view.js';
import {t, bytes, duration, number, time} from './texts.js';
import {call} from './api.js';
import {poll} from './poll.js';

const EVERY_MILLIS = 5000;

class Cluster extends View {
  static properties = {facts: {state: true}, problem: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    this.end = poll(EVERY_MILLIS, async signal => {
      try {
        this.facts = (await call('cluster', {signal})).cluster[0];
        this.problem = '';
      } catch (problem) {
        if (problem.name !== 'AbortError') {
          this.problem = problem.message;
        }
      }
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.end();
  }

  render() {
    return html`<div class="page"><h1>${t('cluster.title')}</h1>
      ${this.problem ? html`<p class="wrong" role="alert">${this.problem}</p>` : nothing}
      ${this.facts ? this.glance(this.facts) : this.problem ? nothing : html`<p>${t('app.loading')}</p>`}</div>`;
  }

  glance(facts) {
    const tile = (name, value, kind = '') =>
      html`<div class="card tile ${kind}"><dt>${t(`cluster.${name}`)}</dt><dd>${value}</dd></div>`;
    const [kind, verdict] =
      facts.unreadable > 0
        ? ['bad', t('cluster.bad', {count: number(facts.unreadable)})]
        : facts.copiesMissing > 0
          ? ['warn', t('cluster.notGood', {count: number(facts.copiesMissing)})]
          : ['good', t('cluster.good')];
    const worry = (count, level) => (count > 0 ? level : '');
    const heals = facts.healBytesPerSecond > 0 && facts.copiesMissing > 0;
    return html`<p class="verdict ${kind}" role="status">${verdict}</p>
      <dl class="tiles">
        ${tile('nodesRunning', t('cluster.of', {some: facts.nodesRunning, all: facts.nodes}), worry(facts.nodes - facts.nodesRunning, 'warn'))}
        ${tile('files', number(facts.files))}
        ${tile('bytes', bytes(facts.bytes))}
        ${tile('copies', t('cluster.of', {some: number(facts.copiesGood), all: number(facts.copiesWanted)}))}
        ${tile('missing', number(facts.copiesMissing), worry(facts.copiesMissing, 'warn'))}
        ${tile('endangered', number(facts.endangered), worry(facts.endangered, 'warn'))}
        ${tile('unreadable', number(facts.unreadable), worry(facts.unreadable, 'bad'))}
        ${tile(
          'healing',
          html`${t('cluster.perSecond', {bytes: bytes(facts.healBytesPerSecond ?? 0)})}
            ${heals && facts.healEtaSeconds ? html`<small>${t('cluster.eta', {time: duration(facts.healEtaSeconds)})}</small>` : nothing}`,
        )}
      </dl>
      <p class="faint">${t('cluster.counted', {when: time(facts.countedAt)})}</p>`;
  }
}

customElements.define('hf-cluster', Cluster);
