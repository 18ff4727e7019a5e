/** Namespaces: all of them, and one with how its files are kept. */
import {html, icon, nothing} from './view.js';
import {t, bytes, number, word} from './texts.js';
import {call} from './api.js';
import {edit} from './form.js';
import {LivePage} from './live-page.js';
import {showShare} from './share.js';
import './virtual-list.js';

const SEEN_AGAIN_MILLIS = 15_000;

const path = name => `namespaces/${encodeURIComponent(name)}`;
const limit = (used, quota, format) => (quota === null ? format(used) : t('cluster.of', {some: format(used), all: format(quota)}));

/** Fields of a namespace, or of a new one: what is left empty there is as configured. */
const terms = namespace => {
  const count = (name, min, max) => ({
    name, kind: 'number', min, max, required: Boolean(namespace), value: namespace?.[name],
    label: t(`namespaces.${name}`), hint: t(`namespaces.${name}Hint`),
  });
  return [
    count('replicas', 0, 15),
    count('durability', 1, 16),
    count('versionsKept', 0, 1000),
    {
      name: 'placement', label: t('namespaces.placement'), kind: 'choice', value: namespace?.placement ?? '',
      options: [...(namespace ? [] : ['']), 'random', 'hash'].map(placement => [placement, word('placement', placement || 'configured')]),
    },
    {name: 'quotaBytes', label: t('live.quotaBytes'), kind: 'bytes', value: namespace?.quotaBytes, hint: t('live.bytesHint')},
    {name: 'quotaFiles', label: t('live.quotaFiles'), kind: 'number', min: 0, value: namespace?.quotaFiles},
  ];
};

class Namespaces extends LivePage {
  static properties = {rows: {state: true}, find: {state: true}};

  everyMillis = SEEN_AGAIN_MILLIS;
  kind = 'page folder';

  constructor() {
    super();
    this.find = '';
  }

  async load(signal) {
    this.rows = (await call('namespaces', {signal})).namespaces;
  }

  async make() {
    const made = await edit({
      title: t('namespaces.new'),
      text: t('namespaces.newText'),
      action: t('files.create'),
      fields: [
        {name: 'name', label: t('users.name'), kind: 'text', required: true, hint: t('namespaces.nameHint')},
        {name: 'owner', label: t('namespaces.owner'), kind: 'text', hint: t('namespaces.ownerHint')},
        ...terms(),
      ],
      save: said =>
        call('namespaces', {
          method: 'POST',
          body: Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null && value !== '')),
        }),
    });
    if (made) {
      this.refresh();
    }
  }

  head() {
    return html`<h1>${t('namespaces.title')}</h1>`;
  }

  body() {
    const columns = ['name', 'owner', 'replicas', 'durability', 'versionsKept', 'files', 'bytes'];
    const wanted = this.find.toLowerCase();
    const rows = this.rows.filter(({name, owner}) => `${name} ${owner}`.toLowerCase().includes(wanted));
    return html`<div class="tools">
        <button class="primary" @click=${this.make}>${icon('add')}<span>${t('namespaces.new')}</span></button>
        <label class="grow find"><span class="unseen">${t('live.find')}</span>
          <input type="search" placeholder=${t('live.find')} @input=${e => (this.find = e.target.value)}></label></div>
      <hf-list class="namespaces" .rows=${rows} .keyOf=${row => row.name} .cells=${row => this.cells(row)}
        .head=${columns.map(column => html`<span role="columnheader" class=${column}>${t(`namespaces.${column}`)}</span>`)}
        label=${t('namespaces.title')}
        @hf-open=${e => (location.hash = `#/admin/namespaces/${encodeURIComponent(e.detail.row.name)}`)}></hf-list>
      <p class="faint foot"><span role="status">${t('namespaces.count', rows.length)}</span></p>`;
  }

  cells(row) {
    return html`<span role="gridcell" class="name">${icon('folder')}<a tabindex="-1" href="#/admin/namespaces/${encodeURIComponent(row.name)}">${row.name}</a></span>
      <span role="gridcell" class="owner">${row.owner}</span>
      <span role="gridcell" class="replicas">${row.replicas}</span>
      <span role="gridcell" class="durability">${row.durability}</span>
      <span role="gridcell" class="versionsKept">${row.versionsKept}</span>
      <span role="gridcell" class="files">${limit(row.files, row.quotaFiles, number)}</span>
      <span role="gridcell" class="bytes">${limit(row.bytes, row.quotaBytes, bytes)}</span>`;
  }
}

class Namespace extends LivePage {
  static properties = {name: {attribute: false}, namespace: {state: true}, members: {state: true}};

  everyMillis = SEEN_AGAIN_MILLIS;

  async load(signal) {
    const [{namespaces}, {members}] = await Promise.all([
      call(path(this.name), {signal}),
      call(`${path(this.name)}/members`, {signal}),
    ]);
    [this.namespace] = namespaces;
    this.members = members;
  }

  async edit() {
    const saved = await edit({
      title: t('namespaces.editOne', this),
      text: t('namespaces.editText'),
      action: t('live.save'),
      fields: terms(this.namespace),
      save: body => call(path(this.name), {method: 'PATCH', body}),
    });
    if (saved) {
      this.refresh();
    }
  }

  async share() {
    await showShare(this.name);
    this.refresh();
  }

  head() {
    return html`<nav class="path" aria-label=${t('files.path')}><ol><li><a href="#/admin/namespaces">${t('namespaces.title')}</a></li>
      <li><h1>${this.name}</h1></li></ol></nav>`;
  }

  body() {
    const {namespace, members} = this;
    const fact = (name, value) => html`<div><dt>${t(`namespaces.${name}`)}</dt><dd>${value}</dd></div>`;
    return html`<div class="tools">
        <button class="primary" @click=${this.edit}>${icon('rename')}<span>${t('live.edit')}</span></button>
        <button title=${t('namespaces.members')} @click=${this.share}>${icon('people')}<span>${t('namespaces.members')}</span></button>
        <a class="button" href="#/files/${encodeURIComponent(this.name)}">${icon('folder')}<span>${t('namespaces.browse')}</span></a>
      </div>
      <dl class="facts card">
        ${fact('owner', html`<a href="#/admin/users/${encodeURIComponent(namespace.owner)}">${namespace.owner}</a>`)}
        ${fact('replicas', namespace.replicas)}
        ${fact('durability', namespace.durability)}
        ${fact('versionsKept', namespace.versionsKept)}
        ${fact('placement', word('placement', namespace.placement))}
        ${fact('files', limit(namespace.files, namespace.quotaFiles, number))}
        ${fact('bytes', limit(namespace.bytes, namespace.quotaBytes, bytes))}
      </dl>
      ${namespace.quotaBytes === null
        ? nothing
        : html`<meter min="0" max=${namespace.quotaBytes || 1} high=${0.9 * namespace.quotaBytes} .value=${namespace.bytes}
            aria-label=${t('namespaces.bytes')}></meter>`}
      <h2>${t('namespaces.members')}</h2>
      <ul class="lines">${members.map(
        ({user, role}) => html`<li><a href="#/admin/users/${encodeURIComponent(user)}">${user}</a> <span class="grow">${word('role', role)}</span></li>`,
      )}</ul>`;
  }
}

customElements.define('hf-namespaces', Namespaces);
customElements.define('hf-namespace', Namespace);
