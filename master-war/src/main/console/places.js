/** The namespaces that somebody may use: where all files are. */
import {View, html, icon, nothing} from './view.js';
import {t, bytes} from './texts.js';
import {call} from './api.js';

class Places extends View {
  static properties = {places: {state: true}, problem: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    this.problem = '';
    try {
      this.places = (await call('namespaces')).namespaces;
    } catch (problem) {
      this.problem = problem.message;
    }
  }

  render() {
    return html`<div class="page"><h1>${t('files.places')}</h1>
      ${this.problem ? html`<p class="wrong" role="alert">${this.problem} <button @click=${this.load}>${t('app.retry')}</button></p>` : nothing}
      <ul class="places">${(this.places ?? []).map(
        place => html`<li><a class="card" href="#/files/${encodeURIComponent(place.name)}">
          ${icon('folder')} <strong>${place.name}</strong>
          <span class="faint">${t('files.placeFacts', {files: t('files.count', place.files), bytes: bytes(place.bytes)})}</span>
        </a></li>`,
      )}</ul>
      ${this.places?.length === 0 ? html`<p class="empty">${t('files.noPlaces')}</p>` : nothing}</div>`;
  }
}

customElements.define('hf-places', Places);
