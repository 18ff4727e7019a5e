/** Accounts: all of them, and one with what it keeps. */
import {html, icon, nothing, shown} from './view.js';
import {t, bytes, number, time, word, plain} from './texts.js';
import {call, encodeAddress, who} from './api.js';
import {confirm, show} from './dialogs.js';
import {edit} from './form.js';
import {LivePage} from './live-page.js';
import {say, sayProblem} from './messages.js';
import {Pages} from './pages.js';
import './virtual-list.js';

const PAGE = 1000;
const SEEN_AGAIN_MILLIS = 15_000;
const ROLES = ['user', 'administrator'];

const path = name => `users/${encodeURIComponent(name)}`;
const limit = (used, quota, format) => (quota === null ? format(used) : t('cluster.of', {some: format(used), all: format(quota)}));

/** Fields of an account, as it is or as a new one begins. */
const fields = account => [
  {name: 'displayName', label: t('users.displayName'), kind: 'text', value: account.displayName},
  {name: 'email', label: t('users.email'), kind: 'email', value: account.email},
  {
    name: 'role', label: t('users.role'), kind: 'choice', value: account.role, options: ROLES.map(role => [role, word('account', role)]),
  },
  {name: 'validFrom', label: t('users.validFrom'), kind: 'time', value: account.validFrom, hint: t('users.validHint')},
  {name: 'validUntil', label: t('users.validUntil'), kind: 'time', value: account.validUntil},
  {name: 'quotaBytes', label: t('live.quotaBytes'), kind: 'bytes', value: account.quotaBytes, hint: t('live.bytesHint')},
  {name: 'quotaFiles', label: t('live.quotaFiles'), kind: 'number', min: 0, value: account.quotaFiles},
];

/** Shows a link that nobody can be shown again; without one, a mail is on its way. */
async function showLink(name, link) {
  if (!link) {
    say(t('users.mailed', {name}));
    return;
  }
  const copy = () => navigator.clipboard.writeText(link).then(() => say(t('share.copied')), sayProblem);
  await show(
    close => html`<form class="question" @submit=${e => {
      e.preventDefault();
      close();
    }}>
      <h2>${t('users.linkFor', {name})}</h2>
      <p>${t('users.linkText')}</p>
      <label class="made">${t('share.newLink')} <span class="joined"><input readonly autofocus .value=${link} @focus=${e => e.target.select()}>
        <button type="button" @click=${copy}>${t('share.copy')}</button></span></label>
      <footer><button class="primary">${t('app.close')}</button></footer>
    </form>`,
    {label: t('users.linkFor', {name})},
  );
}

class Users extends LivePage {
  static properties = {rows: {state: true}, find: {state: true}};

  everyMillis = SEEN_AGAIN_MILLIS;
  kind = 'page folder';
  pages = new Pages(PAGE, async (after, size, signal) =>
    (await call('users', {query: {limit: size, ...(after ? {after: after.name} : {})}, signal})).users,
  );

  constructor() {
    super();
    this.find = '';
  }

  /** What an account keeps is what its namespaces keep. */
  async load(signal) {
    const [{namespaces}] = await Promise.all([call('namespaces', {signal}), this.pages.again(signal)]);
    this.kept = new Map();
    for (const {owner, files, bytes: size} of namespaces) {
      const sum = this.kept.get(owner) ?? {files: 0, bytes: 0};
      this.kept.set(owner, {files: sum.files + files, bytes: sum.bytes + size});
    }
    this.rows = this.pages.rows;
  }

  async more() {
    if (await this.pages.next().catch(sayProblem)) {
      this.rows = this.pages.rows;
    }
  }

  async make() {
    const made = await edit({
      title: t('users.new'),
      text: t('users.newText'),
      action: t('files.create'),
      fields: [{name: 'name', label: t('users.name'), kind: 'text', required: true, hint: t('users.nameHint')}, ...fields({role: 'user'})],
      save: body => call('users', {method: 'POST', body: {...body, displayName: body.displayName ?? ''}}),
    });
    if (made) {
      this.refresh();
      await showLink(made.name, made.passwordLink);
    }
  }

  head() {
    return html`<h1>${t('users.title')}</h1>`;
  }

  body() {
    const columns = ['name', 'state', 'files', 'bytes', 'until'];
    const wanted = this.find.toLowerCase();
    const rows = this.rows.filter(({name, displayName, email}) => `${name} ${displayName} ${email ?? ''}`.toLowerCase().includes(wanted));
    return html`<div class="tools">
        <button class="primary" @click=${this.make}>${icon('add')}<span>${t('users.new')}</span></button>
        <label class="grow find"><span class="unseen">${t('live.find')}</span>
          <input type="search" placeholder=${t('live.find')} @input=${e => (this.find = e.target.value)}></label></div>
      <hf-list class="users" .rows=${rows} .keyOf=${row => row.name} .cells=${row => this.cells(row)}
        .head=${columns.map(column => html`<span role="columnheader" class=${column}>${t(`users.${column}`)}</span>`)}
        label=${t('users.title')}
        @hf-open=${e => this.open(e.detail.row)} @hf-end=${this.more}></hf-list>
      <p class="faint foot"><span role="status">${this.pages.more ? t('tasks.atLeast', rows.length) : t('users.count', rows.length)}</span></p>`;
  }

  open({name}) {
    location.hash = `#/admin/users/${encodeURIComponent(name)}`;
  }

  cells(account) {
    const kept = this.kept.get(account.name) ?? {files: 0, bytes: 0};
    return html`<span role="gridcell" class="name"><a tabindex="-1" href="#/admin/users/${encodeURIComponent(account.name)}">${account.name}</a>
        <small>${account.displayName} ${account.role === 'administrator' ? t('users.isAdministrator') : ''}</small></span>
      <span role="gridcell" class="state ${account.state}">${word('account', account.state)}</span>
      <span role="gridcell" class="files">${limit(kept.files, account.quotaFiles, number)}</span>
      <span role="gridcell" class="bytes">${limit(kept.bytes, account.quotaBytes, bytes)}</span>
      <span role="gridcell" class="until">${account.validUntil ? time(account.validUntil) : t('users.always')}</span>`;
  }
}

class User extends LivePage {
  static properties = {
    name: {attribute: false},
    account: {state: true},
    usage: {state: true},
    sessions: {state: true},
    rows: {state: true},
  };

  everyMillis = SEEN_AGAIN_MILLIS;
  kind = 'page folder';
  pages = new Pages(PAGE, async (after, size, signal) =>
    (await call(`${path(this.name)}/files`, {query: {limit: size, ...(after ? {after: after.id} : {})}, signal})).files,
  );

  async load(signal) {
    const [{users}, usage, {sessions}] = await Promise.all([
      call(path(this.name), {signal}),
      call(`${path(this.name)}/usage`, {signal}),
      call(`${path(this.name)}/sessions`, {signal}),
      this.pages.again(signal),
    ]);
    [this.account] = users;
    this.usage = usage;
    this.sessions = sessions;
    this.take();
  }

  take() {
    this.rows = this.pages.rows.map(file => ({...file, name: `${file.namespace}/${file.path}`}));
  }

  async more() {
    if (await this.pages.next().catch(sayProblem)) {
      this.take();
    }
  }

  async edit() {
    const saved = await edit({
      title: t('users.editOne', this),
      action: t('live.save'),
      fields: fields(this.account),
      save: body => call(path(this.name), {method: 'PATCH', body: {...body, displayName: body.displayName ?? ''}}),
    });
    if (saved) {
      this.refresh();
    }
  }

  async suspend() {
    const {suspended} = this.account;
    if (
      suspended ||
      (await confirm({title: t('users.suspendSure', this), text: t('users.suspendText'), action: t('users.suspend'), danger: true}))
    ) {
      await this.act(
        () => call(path(this.name), {method: 'PATCH', body: {suspended: !suspended}}),
        t(suspended ? 'users.resumed' : 'users.suspended', this),
      );
    }
  }

  async link() {
    if (!(await confirm({title: t('users.linkSure', this), text: t('users.linkHint'), action: t('users.link')}))) {
      return;
    }
    try {
      await showLink(this.name, (await call(`${path(this.name)}/password-link`, {method: 'POST'})).passwordLink);
    } catch (problem) {
      sayProblem(problem);
    }
  }

  async signOut() {
    if (await confirm({title: t('users.signOutSure', this), text: t('users.signOutText'), action: t('users.signOut')})) {
      await this.act(() => call(`${path(this.name)}/sessions`, {method: 'DELETE'}), t('users.signedOut', this));
    }
  }

  async discard() {
    const {files, bytes: size, namespaces} = this.usage;
    const gone = await edit({
      title: t('users.deleteSure', this),
      text: t('users.deleteText', {name: this.name, files: t('live.files', files), bytes: bytes(size), namespaces: t('namespaces.count', namespaces.length)}),
      action: t('files.delete'),
      danger: true,
      fields: [
        {
          name: 'fate', label: t('users.fate'), kind: 'choice', value: 'give',
          options: ['give', 'delete'].map(fate => [fate, t(`users.fate.${fate}`)]),
        },
        {name: 'heir', label: t('users.heir'), kind: 'text', value: who().user, hint: t('users.heirHint')},
      ],
      save: async ({fate, heir}) => {
        const query = fate === 'delete' ? {'delete-files': 'true'} : heir ? {'give-to': heir} : {};
        await call(path(this.name), {method: 'DELETE', query});
        return true;
      },
    });
    if (gone) {
      say(t('files.deleted', {what: this.name}));
      location.hash = '#/admin/users';
    }
  }

  head() {
    return html`<nav class="path" aria-label=${t('files.path')}><ol><li><a href="#/admin/users">${t('users.title')}</a></li>
      <li><h1>${this.name}</h1></li></ol></nav>`;
  }

  body() {
    const {account, usage} = this;
    const fact = (name, value) => html`<div><dt>${t(`users.${name}`)}</dt><dd>${value}</dd></div>`;
    const bounds = ['validFrom', 'validUntil'].filter(bound => account[bound]).map(bound => t(`users.${bound}At`, {when: time(account[bound])}));
    return html`<div class="tools">
        <button class="primary" @click=${this.edit}>${icon('rename')}<span>${t('live.edit')}</span></button>
        <button title=${t('users.link')} @click=${this.link}>${icon('key')}<span>${t('users.link')}</span></button>
        <button title=${t('users.signOut')} ?disabled=${this.sessions.length === 0} @click=${this.signOut}>${icon('leave')}<span>${t('users.signOut')}</span></button>
        <button title=${t(account.suspended ? 'users.resume' : 'users.suspend')} @click=${this.suspend}>${icon(account.suspended ? 'play' : 'pause')}<span>${t(account.suspended ? 'users.resume' : 'users.suspend')}</span></button>
        <button title=${t('files.delete')} class="danger" @click=${this.discard}>${icon('remove')}<span>${t('files.delete')}</span></button>
      </div>
      <dl class="facts card">
        ${fact('state', html`<span class="state ${account.state}">${word('account', account.state)}</span>`)}
        ${fact('role', word('account', account.role))}
        ${fact('displayName', account.displayName || '–')}
        ${fact('email', account.email ?? '–')}
        ${fact('valid', bounds.join(' ') || t('users.always'))}
        ${fact('files', limit(usage.files, usage.quotaFiles, number))}
        ${fact('bytes', limit(usage.bytes, usage.quotaBytes, bytes))}
        ${fact('sessions', this.sessions.length)}
        ${fact('namespaces', usage.namespaces.map(
          ({name}, index) => html`${index > 0 ? ', ' : ''}<a href="#/admin/namespaces/${encodeURIComponent(name)}">${name}</a>`,
        ))}
      </dl>
      <h2>${t('users.owned')}</h2>
      <hf-list class="owned" .rows=${this.rows} .keyOf=${row => row.id} .cells=${row => this.cells(row)}
        .head=${['path', 'size', 'modified'].map(column => html`<span role="columnheader" class=${column}>${t(`users.file.${column}`)}</span>`)}
        label=${t('users.owned')} @hf-end=${this.more} @hf-open=${e => (location.hash = this.placeOf(e.detail.row))}></hf-list>
      <p class="faint foot"><span role="status">${this.pages.more ? t('tasks.atLeast', this.rows.length) : t('live.files', this.rows.length)}</span></p>`;
  }

  /** The folder that a file is in. */
  placeOf(file) {
    return `#/files/${encodeAddress(file.name.slice(0, file.name.lastIndexOf('/')))}`;
  }

  cells(file) {
    return html`<span role="gridcell" class="name">${icon('file')}<a tabindex="-1" href=${this.placeOf(file)} title=${plain(file.name)}>${shown(file.name)}</a></span>
      <span role="gridcell" class="size">${bytes(file.size)}</span>
      <span role="gridcell" class="modified">${time(file.modified)}</span>`;
  }
}

customElements.define('hf-users', Users);
customElements.define('hf-user', User);
