/** The storage nodes: how they are, how full, how that has become so, and what can be done with them. */
import {html, icon, nothing, repeat} from './view.js';
import {t, bytes, number, time, word} from './texts.js';
import {call} from './api.js';
import {ask, confirm} from './dialogs.js';
import {edit} from './form.js';
import {LivePage, left, progress} from './live-page.js';
import {SPANS} from './node-plots.js';

const RUNNING = new Set(['running', 'waiting']);
const MEGABYTE = 1e6;

const path = name => `nodes/${encodeURIComponent(name)}`;

/** What can be asked of a node, by what is wanted of it now. */
const ACTS = {
  in_service: ['verify', 'drain', 'offline'],
  draining: ['online', 'verify', 'offline'],
  offline: ['online', 'remove'],
};

class Nodes extends LivePage {
  static properties = {nodes: {state: true}, checks: {state: true}, leaving: {state: true}, span: {state: true}};

  topics = ['nodes'];

  constructor() {
    super();
    this.span = 'hour';
  }

  async load(signal) {
    const [{nodes}, {scrubs}] = await Promise.all([call('nodes', {signal}), call('scrubs', {signal})]);
    const some = async (wanted, work) =>
      Object.fromEntries(await Promise.all(nodes.filter(wanted).map(async node => [node.name, await work(node)])));
    const returns = await some(
      node => node.status === 'verifying',
      async node => (await call(`${path(node.name)}/checks`, {signal})).checks.find(check => RUNNING.has(check.state)),
    );
    this.leaving = await some(node => node.adminState === 'draining', node => call(path(node.name), {signal}));
    const demanded = scrubs.filter(check => check.node && check.kind === 'demand' && RUNNING.has(check.state));
    this.checks = {...Object.fromEntries(demanded.map(check => [check.node, check])), ...returns};
    this.nodes = nodes;
    return Object.values(this.checks).some(check => check) || Object.keys(this.leaving).length > 0;
  }

  async wish(name, body, done) {
    return this.act(() => call(path(name), {method: 'PATCH', body}), t(done, {name}));
  }

  /** What would become of the files, as the catalog knows it now; undefined, and said, when it can't be asked. */
  async consequences(name) {
    let answer;
    await this.act(async () => (answer = await call(`${path(name)}/safe-to-remove`)), '');
    return answer;
  }

  async drain({name}) {
    const told = await this.consequences(name);
    if (
      told &&
      (await confirm({
        title: t('nodes.drainSure', {name}),
        text: [
          t('nodes.drainText', {files: t('live.files', told.copies.files), bytes: bytes(told.copies.bytes)}),
          left(told.etaSeconds),
        ].join(' '),
        action: t('nodes.drain'),
      }))
    ) {
      this.wish(name, {adminState: 'draining'}, 'nodes.drained');
    }
  }

  async offline({name}) {
    const told = await this.consequences(name);
    if (
      told &&
      (await confirm({
        title: t('nodes.offlineSure', {name}),
        text: [t('nodes.offlineText'), this.harm(told, 'nodes.offlineOnly', 'nodes.offlineFewer')].join(' '),
        action: t('nodes.offline'),
        danger: !told.safe,
      }))
    ) {
      this.wish(name, {adminState: 'offline'}, 'nodes.offlined');
    }
  }

  harm({onlyCopyHere, belowTarget}, only, fewer) {
    const amount = ({files, bytes: size}) => ({files: t('live.files', files), bytes: bytes(size)});
    return [
      onlyCopyHere.files > 0 ? t(only, amount(onlyCopyHere)) : '',
      belowTarget.files > 0 ? t(fewer, amount(belowTarget)) : t('nodes.harmless'),
    ].join(' ');
  }

  online({name}) {
    return this.wish(name, {adminState: 'in_service'}, 'nodes.onlined');
  }

  /** Where files would be lost, its name has to be written. */
  async removeNode({name}) {
    const told = await this.consequences(name);
    if (!told) {
      return;
    }
    const text = [t('nodes.removeText'), this.harm(told, 'nodes.removeOnly', 'nodes.removeFewer')].join(' ');
    const title = t('nodes.removeSure', {name});
    const sure =
      told.onlyCopyHere.files > 0
        ? (await ask({title, hint: `${text} ${t('nodes.removeName', {name})}`, action: t('nodes.remove')})) === name
        : await confirm({title, text, action: t('nodes.remove'), danger: true});
    if (sure) {
      this.wish(name, {adminState: 'removed', force: told.copies.files > 0}, 'nodes.removed');
    }
  }

  async verify({name, usedBytes}) {
    if (
      await confirm({
        title: t('nodes.verifySure', {name}),
        text: t('nodes.verifyText', {bytes: bytes(usedBytes)}),
        action: t('nodes.verify'),
      })
    ) {
      this.act(() => call('scrubs', {method: 'POST', body: {node: name}}), t('nodes.verifying', {name}));
    }
  }

  async settings({name, heal, bandwidthBytesPerSecond}) {
    const saved = await edit({
      title: t('nodes.settingsOf', {name}),
      action: t('live.save'),
      fields: [
        {
          name: 'heal', label: t('nodes.heal'), kind: 'choice', value: heal ?? '', hint: t('nodes.healHint'),
          options: ['', 'auto', 'manual'].map(option => [option, t(`nodes.heal.${option || 'default'}`)]),
        },
        {
          name: 'megabytes', label: t('nodes.bandwidth'), kind: 'number', min: 1, hint: t('nodes.bandwidthHint'),
          value: bandwidthBytesPerSecond === undefined ? null : Math.max(1, Math.round(bandwidthBytesPerSecond / MEGABYTE)),
        },
      ],
      save: said =>
        call(path(name), {
          method: 'PATCH',
          body: {heal: said.heal || null, bandwidthBytesPerSecond: said.megabytes === null ? null : said.megabytes * MEGABYTE},
        }),
    });
    if (saved) {
      this.refresh();
    }
  }

  head() {
    return html`<h1>${t('nodes.title')}</h1>`;
  }

  body() {
    return html`<fieldset class="spans"><legend class="unseen">${t('nodes.span')}</legend>
        ${Object.keys(SPANS).map(
          span => html`<label><input type="radio" name="span" .checked=${span === this.span} @change=${() => (this.span = span)}>
            <span>${t(`nodes.${span}`)}</span></label>`,
        )}</fieldset>
      ${repeat(this.nodes, node => node.name, node => this.one(node))}`;
  }

  one(node) {
    const {name} = node;
    const used = t('nodes.room', {used: bytes(node.usedBytes), all: bytes(node.capacityBytes), free: bytes(node.freeBytes)});
    const button = act => html`<button aria-label=${t('nodes.actOn', {act: t(`nodes.${act}`), name})} class=${act === 'remove' ? 'danger' : ''}
      @click=${() => (act === 'remove' ? this.removeNode(node) : this[act](node))}>${t(`nodes.${act}`)}</button>`;
    const acts = ACTS[node.adminState];
    return html`<article class="card node" aria-labelledby="node-${name}">
      <header>
        <h2 id="node-${name}">${name}</h2>
        <span class="state ${node.status}">${word('status', node.status)}</span>
        ${node.adminState === 'in_service' ? nothing : html`<span class="state">${word('admin', node.adminState)}</span>`}
        <small class="faint grow">${t('nodes.since', {when: time(node.statusSince)})} · ${t('nodes.zone')} ${node.zone}</small>
        <span class="acts">${node.status === 'failed' && node.adminState === 'in_service' ? button('online') : nothing}
          ${acts.map(button)}
          <button class="bare" aria-label=${t('nodes.settingsOf', {name})} title=${t('nodes.settings')}
            @click=${() => this.settings(node)}>${icon('rename')}</button></span>
      </header>
      ${node.reason ? html`<p class="notice">${node.reason}</p>` : nothing}
      ${this.checks[name] ? this.check(this.checks[name], name) : nothing}
      ${this.leaving[name] ? this.leaves(this.leaving[name]) : nothing}
      <p><meter min="0" max=${node.capacityBytes || 1} high=${0.9 * node.capacityBytes || 1} .value=${node.capacityBytes - node.freeBytes}
        aria-label=${t('nodes.spaceOf', {name})}></meter> ${used}</p>
      <hf-node-plots .name=${name} .span=${this.span}></hf-node-plots>
    </article>`;
  }

  check(check, name) {
    return html`<p>${t('nodes.checkRuns', {phase: word('phase', check.phase)})}</p>
      ${progress({
        label: t('nodes.checkOf', {name}),
        percent: check.percent,
        facts: [
          t('nodes.checkBytes', {done: bytes(check.bytesDone), all: bytes(check.bytesTotal)}),
          check.bytesPerSecond > 0 ? t('plots.perSecond', {value: bytes(check.bytesPerSecond)}) : '',
          left(check.secondsLeft),
          check.found > 0 ? t('nodes.checkFound', {count: number(check.found)}) : '',
        ],
      })}`;
  }

  leaves({copies, copiesByState, leaving}) {
    return html`<p class="notice" role="status">${[
      t('nodes.leaves', {copies: number(copies - (copiesByState.deleting ?? 0))}),
      leaving?.withoutPlace > 0 ? t('nodes.withoutPlace', {count: number(leaving.withoutPlace)}) : '',
    ].join(' ')}</p>`;
  }
}

customElements.define('hf-nodes', Nodes);
