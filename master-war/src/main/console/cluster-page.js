/** The store at a glance: are all files safe, what is there, what happens. */
import {html, nothing} from './view.js';
import {t, bytes, duration, number, time} from './texts.js';
import {call} from './api.js';
import {LivePage} from './live-page.js';

const EVENTS = 12;

/** The colours of the server's words; its sentence is the script's, too. */
const COLOURS = {safe: 'good', unreadable: 'bad'};

class Cluster extends LivePage {
  static properties = {facts: {state: true}, masters: {state: true}, events: {state: true}};

  topics = ['cluster', 'nodes'];

  async load(signal) {
    const [cluster, events] = await Promise.all([
      call('cluster', {signal}),
      call('events', {query: {limit: EVENTS}, signal}),
    ]);
    this.facts = cluster.cluster[0];
    this.masters = cluster.masters;
    this.events = events.events.sort((a, b) => b.id - a.id);
  }

  head() {
    return html`<h1>${t('cluster.title')}</h1>`;
  }

  body() {
    const {facts} = this;
    const tile = (name, value, kind = '') =>
      html`<div class="card tile ${kind}"><dt>${t(`cluster.${name}`)}</dt><dd>${value}</dd></div>`;
    const worry = (count, level) => (count > 0 ? level : '');
    const heals = facts.healBytesPerSecond > 0 && facts.copiesMissing > 0;
    return html`<p class="verdict ${COLOURS[facts.safety] ?? 'warn'}" role="status">${facts.verdict}</p>
      <dl class="tiles">
        ${tile(
          'nodesRunning',
          html`<a href="#/admin/nodes">${t('cluster.of', {some: facts.nodesRunning, all: facts.nodes})}</a>`,
          worry(facts.nodes - facts.nodesRunning, 'warn'),
        )}
        ${tile('files', number(facts.files))}
        ${tile('bytes', bytes(facts.bytes))}
        ${tile('wanted', number(facts.copiesWanted))}
        ${tile('verified', number(facts.copiesVerified))}
        ${tile('copies', number(facts.copiesGood))}
        ${tile('missing', number(facts.copiesMissing), worry(facts.copiesMissing, 'warn'))}
        ${tile('underReplicated', number(facts.underReplicated), worry(facts.underReplicated, 'warn'))}
        ${tile('fewRunning', number(facts.fewRunning), worry(facts.fewRunning, 'warn'))}
        ${tile('endangered', number(facts.endangered), worry(facts.endangered, 'warn'))}
        ${tile('unreadable', number(facts.unreadable), worry(facts.unreadable, 'bad'))}
        ${tile(
          'healing',
          html`${t('cluster.perSecond', {bytes: bytes(facts.healBytesPerSecond ?? 0)})}
            ${heals && facts.healEtaSeconds ? html`<small>${t('cluster.eta', {time: duration(facts.healEtaSeconds)})}</small>` : nothing}`,
        )}
        ${tile('masters', number(this.masters.length))}
      </dl>
      <p class="faint">${t('cluster.counted', {when: time(facts.countedAt)})}</p>
      <h2>${t('cluster.events')}</h2>
      ${this.events.length === 0 ? html`<p class="faint">${t('cluster.noEvents')}</p>` : nothing}
      <ol class="happened">${this.events.map(
        event => html`<li><time datetime=${event.at}>${time(event.at)}</time>
          <strong>${event.node ?? t('cluster.whole')}</strong>
          <span>${event.becomes ? t('cluster.turned', {was: event.was ?? '–', becomes: event.becomes}) : event.kind}
            <small>${event.detail}${event.account ? ` (${event.account})` : ''}</small></span></li>`,
      )}</ol>`;
  }
}

customElements.define('hf-cluster', Cluster);
