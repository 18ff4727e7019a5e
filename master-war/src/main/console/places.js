/** The namespaces that somebody may use: where all files are. */
import {html, icon, nothing} from './view.js';
import {t, bytes} from './texts.js';
import {call} from './api.js';
import {LivePage} from './live-page.js';

class Places extends LivePage {
  static properties = {places: {state: true}};

  topics = ['files'];
  everyMillis = 15_000;

  async load(signal) {
    this.places = (await call('namespaces', {signal})).namespaces;
  }

  head() {
    return html`<h1>${t('files.places')}</h1>`;
  }

  /** Who may use a part of a namespace is not told how much is in it. */
  body() {
    return html`<ul class="places">${this.places.map(
        place => html`<li><a class="card" href="#/files/${encodeURIComponent(place.name)}">
          ${icon('folder')} <strong>${place.name}</strong>
          ${place.files === null
            ? nothing
            : html`<span class="faint">${t('files.placeFacts', {files: t('files.count', place.files), bytes: bytes(place.bytes)})}</span>`}
        </a></li>`,
      )}</ul>
      ${this.places.length === 0 ? html`<p class="empty">${t('files.noPlaces')}</p>` : nothing}`;
  }
}

customElements.define('hf-places', Places);
