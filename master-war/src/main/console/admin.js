/** Administration: its pages, and how to get from one to the other. */
import {html, icon, nothing, repeat} from './view.js';
import {t} from './texts.js';
import {AlarmView, alarms} from './alarms.js';

/** By the word behind '#/admin/'; what stands behind that is the page's own. */
const PAGES = {
  cluster: {title: 'cluster.title', icon: 'cluster', load: () => import('./cluster-page.js'), view: () => html`<hf-cluster></hf-cluster>`},
  nodes: {title: 'nodes.title', icon: 'space', load: () => import('./nodes-page.js'), view: () => html`<hf-nodes></hf-nodes>`},
  tasks: {
    title: 'tasks.title', icon: 'list', load: () => import('./tasks-page.js'),
    view: at => html`<hf-tasks .shown=${at}></hf-tasks>`,
  },
  care: {title: 'care.title', icon: 'care', load: () => import('./care-page.js'), view: () => html`<hf-care></hf-care>`},
  users: {
    title: 'users.title', icon: 'people', load: () => import('./users-page.js'),
    view: at => (at ? html`<hf-user .name=${at}></hf-user>` : html`<hf-users></hf-users>`),
  },
  namespaces: {
    title: 'namespaces.title', icon: 'folder', load: () => import('./namespaces-page.js'),
    view: at => (at ? html`<hf-namespace .name=${at}></hf-namespace>` : html`<hf-namespaces></hf-namespaces>`),
  },
  access: {
    title: 'access.title', icon: 'share', load: () => import('./access-page.js'),
    view: at => html`<hf-access .address=${at}></hf-access>`,
  },
  audit: {title: 'audit.title', icon: 'info', load: () => import('./audit-page.js'), view: () => html`<hf-audit></hf-audit>`},
  alarms: {title: 'alarms.title', icon: 'alarm', load: () => import('./alarms-page.js'), view: () => html`<hf-alarms></hf-alarms>`},
};

class Admin extends AlarmView {
  static properties = {address: {}, failed: {state: true}};

  willUpdate(changed) {
    if (changed.has('address')) {
      const [room, ...rest] = this.address.split('/');
      this.room = room || 'cluster';
      this.rest = rest.join('/');
      this.failed = false;
      PAGES[this.room]?.load().catch(() => (this.failed = true));
    }
  }

  updated(changed) {
    if (changed.has('address')) {
      this.querySelector('[aria-current]')?.scrollIntoView({block: 'nearest', inline: 'center'});
    }
  }

  render() {
    return html`<nav class="rooms" aria-label=${t('app.admin')}>${Object.entries(PAGES).map(
        ([name, page]) => html`<a href="#/admin/${name}" aria-current=${this.room === name ? 'page' : nothing}>
          ${icon(page.icon)}<span>${t(page.title)}</span>
          ${name === 'alarms' && alarms.list?.length > 0 ? html`<span class="count">${alarms.list.length}</span>` : nothing}</a>`,
      )}</nav>
      <div class="room">${this.failed
        ? html`<p class="empty" role="alert">${t('app.newVersion')}
            <button @click=${() => location.reload()}>${t('app.retry')}</button></p>`
        : PAGES[this.room]
          ? repeat([this.address], place => place, () => PAGES[this.room].view(this.rest))
          : html`<p class="empty">${t('app.nothingHere')}</p>`}</div>`;
  }
}

customElements.define('hf-admin', Admin);
