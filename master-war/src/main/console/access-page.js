/** Who may do what with any namespace, folder or file. */
import {html, icon, nothing, shown} from './view.js';
import {t} from './texts.js';
import {call, encodeAddress} from './api.js';
import {LivePage} from './live-page.js';
import './share.js';

const SEEN_AGAIN_MILLIS = 30_000;
/** Of a folder; who looks for one of more writes its name. */
const MOST_SHOWN = 200;

const placeOf = address => `#/admin/access/${encodeAddress(address)}`;

class Access extends LivePage {
  static properties = {address: {attribute: false}, below: {state: true}, more: {state: true}};

  everyMillis = SEEN_AGAIN_MILLIS;

  async load(signal) {
    if (!this.address) {
      this.below = (await call('namespaces', {signal})).namespaces.map(({name}) => ({name, type: 'folder', address: name}));
      return;
    }
    try {
      const {entries, next} = await call(`folders/${encodeAddress(this.address)}`, {query: {limit: MOST_SHOWN}, signal});
      this.below = entries.map(entry => ({...entry, address: `${this.address}/${entry.name}`}));
      this.more = Boolean(next);
    } catch (problem) {
      // A file has nothing in it; where there is nothing of that name, the part about its rights says so.
      if (problem.status !== 404) {
        throw problem;
      }
      this.below = [];
      this.more = false;
    }
  }

  go(e) {
    e.preventDefault();
    location.hash = placeOf(new FormData(e.target).get('address').trim().replace(/^\/+|\/+$/g, ''));
  }

  head() {
    const parts = this.address.split('/').filter(part => part);
    return html`<h1>${t('access.title')}</h1>
      <form class="fields" @submit=${this.go}>
        <label class="grow">${t('access.of')} <input name="address" .value=${this.address} required autocomplete="off" autocapitalize="none"
          spellcheck="false" aria-describedby="access-hint"></label>
        <button class="primary">${t('access.show')}</button>
      </form>
      <p class="faint" id="access-hint">${t('access.hint')}</p>
      ${parts.length > 0
        ? html`<nav class="path" aria-label=${t('files.path')}><ol><li><a href="#/admin/access">${t('files.places')}</a></li>
            ${parts.map((part, index) => html`<li>${index < parts.length - 1
              ? html`<a href=${placeOf(parts.slice(0, index + 1).join('/'))}>${part}</a>`
              : html`<strong>${part}</strong>`}</li>`)}</ol></nav>`
        : nothing}`;
  }

  body() {
    return html`${this.address ? html`<section class="card part"><hf-share .address=${this.address}></hf-share></section>` : nothing}
      ${this.below.length > 0
        ? html`<h2>${this.address ? t('access.below') : t('files.places')}</h2>
          <ul class="entries">${this.below.map(
            entry => html`<li><a href=${placeOf(entry.address)}>${icon(entry.type)}<span>${shown(entry.name)}</span></a></li>`,
          )}</ul>
          ${this.more ? html`<p class="faint">${t('access.more', {count: MOST_SHOWN})}</p>` : nothing}`
        : nothing}`;
  }
}

customElements.define('hf-access', Access);
