/** What is known of a file: digests, where its copies are, its versions. */
import {html, icon, nothing} from './view.js';
import {t, bytes, number, time, word} from './texts.js';
import {call, download, encodeAddress, who} from './api.js';
import {show} from './dialogs.js';
import {LiveView} from './live-page.js';
import {sayProblem} from './messages.js';
import {showShare} from './share.js';

/** The weakest first. */
const ROLES = ['reader', 'editor', 'master', 'owner'];

/** Shows a file; `changed` is called when another version has become the current one. */
export const showDetails = (address, changed) =>
  show(close => html`<hf-details .address=${address} .close=${close} @hf-changed=${changed}></hf-details>`, {
    label: t('details.title', {name: address.split('/').at(-1)}),
    wide: true,
  });

class Details extends LiveView {
  static properties = {
    address: {attribute: false},
    close: {attribute: false},
    copies: {state: true},
    versions: {state: true},
    lock: {state: true},
    people: {state: true},
  };

  topics = ['files'];

  /** Answers whether copies are still to come, which no hint tells everybody. */
  async load(signal) {
    const path = encodeAddress(this.address);
    [this.copies, this.versions, this.lock, this.people] = await Promise.all([
      call(`replicas/${path}`, {signal}),
      call(`versions/${path}`, {signal}).then(found => found.versions),
      call(`locks/${path}`, {signal}).then(found => found.locks[0]),
      call(`access/${path}`, {signal}).then(found => found.access),
    ]);
    return this.copies.verifiedCopies < this.copies.wantedCopies;
  }

  async restore(version) {
    const restored = () => call(`versions/${encodeAddress(this.address)}`, {method: 'POST', body: {version}});
    if (await this.act(restored, t('details.restored', {version}))) {
      this.dispatchEvent(new Event('hf-changed'));
    }
  }

  render() {
    const name = this.address.split('/').at(-1);
    return html`<header class="dialog-head"><h2>${name}</h2>
        <button class="quiet bare" aria-label=${t('app.close')} @click=${() => this.close()}>${icon('close')}</button></header>
      <div class="tools">
        <button class="primary" @click=${() => download(this.address).catch(sayProblem)}>${icon('download')}<span>${t('files.download')}</span></button>
        <button @click=${() => showShare(this.address)}>${icon('share')}<span>${t('files.share')}</span></button>
      </div>
      ${this.problem ? html`<p class="wrong" role="alert">${this.problem}</p>` : nothing}
      ${this.copies ? this.facts() : this.problem ? nothing : html`<p>${t('app.loading')}</p>`}`;
  }

  facts() {
    const {copies, lock} = this;
    const current = this.versions.find(version => version.isCurrent);
    const fact = (name, value, kind = '') => html`<dt>${t(`details.${name}`)}</dt><dd class=${kind}>${value}</dd>`;
    return html`
      ${lock ? html`<p class="notice">${t('details.locked', {user: lock.user, until: time(lock.until)})}</p>` : nothing}
      <dl>
        ${fact('size', t('details.bytes', {size: bytes(copies.size), bytes: number(copies.size)}))}
        ${fact('modified', t('details.by', {when: time(current?.modified), user: current?.by ?? '–'}))}
        ${fact('version', copies.version)}
        ${fact('sha256', copies.sha256, 'digest')}
        ${fact('md5', copies.md5, 'digest')}
      </dl>
      <h3>${t('details.copies')} <small>${t('details.copyCount', {good: copies.verifiedCopies, wanted: copies.wantedCopies})}</small></h3>
      <table>
        <thead><tr><th>${t('details.node')}</th><th>${t('details.state')}</th><th>${t('details.verified')}</th></tr></thead>
        <tbody>${copies.replicas.map(
          copy => html`<tr>
            <td>${copy.node} <small>${copy.role === 'origin' ? t('details.origin') : nothing}</small></td>
            <td><span class="state ${copy.state}">${copy.state}</span>
              ${copy.nodeStatus === 'running' ? nothing : html`<small>${word('status', copy.nodeStatus)}</small>`}</td>
            <td>${time(copy.verifiedAt)}</td></tr>`,
        )}</tbody>
      </table>
      ${(copies.missing ?? []).map(gap => html`<p class="faint">${t('details.missing', {why: gap.why, next: gap.next})}</p>`)}
      <h3>${t('details.people')}</h3>
      ${this.others()}
      <h3>${t('details.versions')}</h3>
      ${this.versions.length < 2 ? html`<p class="faint">${t('details.noVersions')}</p>` : this.older()}`;
  }

  /** A role that somebody has from several places is told once, the strongest. */
  others() {
    const roles = new Map();
    for (const {user, role} of this.people) {
      if (user !== who().user && !(ROLES.indexOf(roles.get(user)) > ROLES.indexOf(role))) {
        roles.set(user, role);
      }
    }
    return roles.size === 0
      ? html`<p class="faint">${t('details.onlyYou')}</p>`
      : html`<ul class="lines">${[...roles].map(
          ([user, role]) => html`<li><strong>${user}</strong> <span>${word('role', role)}</span></li>`,
        )}</ul>`;
  }

  older() {
    return html`<ul class="lines">${this.versions.map(
      ({version, size, modified, by, isCurrent}) => html`<li>
        <strong>${version}</strong>
        <span class="grow">${t('details.by', {when: time(modified), user: by ?? '–'})} · ${bytes(size)}</span>
        ${isCurrent
          ? html`<small>${t('details.current')}</small>`
          : html`<button class="quiet bare" aria-label=${t('details.downloadOne', {version})}
                @click=${() => download(this.address, version).catch(sayProblem)}>${icon('download')}</button>
              <button aria-label=${t('details.restoreOne', {version})} @click=${() => this.restore(version)}>${t('details.restore')}</button>`}
      </li>`,
    )}</ul>`;
  }
}

customElements.define('hf-details', Details);
