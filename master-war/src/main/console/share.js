/** Who may do what with a file, a folder or a namespace, and its links for people without an account. */
import {View, html, icon, nothing} from './view.js';
import {t, time, word} from './texts.js';
import {call, encodeAddress} from './api.js';
import {say, sayProblem} from './messages.js';
import {show} from './dialogs.js';

const DAY_MILLIS = 86_400_000;
const ROLES = ['reader', 'editor', 'master'];

export const showShare = address =>
  show(close => html`<hf-share .address=${address} .close=${close}></hf-share>`, {
    label: t('share.title', {name: address.split('/').at(-1)}),
    wide: true,
  });

/** Ready for the next wish, unless somebody has written on while this one was carried out. */
function empty(form, said) {
  const now = new FormData(form);
  if ([...said].every(([name, value]) => now.get(name) === value)) {
    form.reset();
  }
}

class Share extends View {
  static properties = {
    address: {attribute: false},
    close: {attribute: false},
    people: {state: true},
    links: {state: true},
    made: {state: true},
    problem: {state: true},
  };

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  /** Links hang on something within a namespace. */
  get isNamespace() {
    return !this.address.includes('/');
  }

  async load() {
    try {
      this.people = (await call(`access/${encodeAddress(this.address)}`)).access;
    } catch (problem) {
      this.problem = problem.message;
    }
    if (!this.isNamespace) {
      try {
        this.links = (await call(`links/${encodeAddress(this.address)}`)).links;
      } catch {
        // Only who may give access sees links.
        this.links = undefined;
      }
    }
  }

  async change(what) {
    this.problem = '';
    try {
      await what();
      await this.load();
      return true;
    } catch (problem) {
      this.problem = problem.message;
      return false;
    }
  }

  async grant(e) {
    e.preventDefault();
    const form = e.target;
    const said = new FormData(form);
    const body = {user: said.get('user').trim(), role: said.get('role')};
    if (await this.change(() => call(`access/${encodeAddress(this.address)}`, {method: 'PUT', body}))) {
      empty(form, said);
    }
  }

  revoke(user) {
    return this.change(() => call(`access/${encodeAddress(this.address)}`, {method: 'DELETE', query: {user}}));
  }

  async make(e) {
    e.preventDefault();
    const form = e.target;
    const said = new FormData(form);
    const password = said.get('password');
    const body = {
      expiresAt: new Date(Date.now() + said.get('days') * DAY_MILLIS).toISOString(),
      ...(password ? {password} : {}),
    };
    const path = `links/${encodeAddress(this.address)}`;
    if (await this.change(async () => (this.made = (await call(path, {method: 'POST', body})).url))) {
      empty(form, said);
      this.updateComplete.then(() => this.querySelector('#made')?.select());
    }
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.made);
      say(t('share.copied'));
    } catch (problem) {
      sayProblem(problem);
    }
  }

  render() {
    const name = this.address.split('/').at(-1);
    return html`<header class="dialog-head"><h2>${t('share.title', {name})}</h2>
        ${this.close
          ? html`<button class="quiet bare" aria-label=${t('app.close')} @click=${() => this.close()}>${icon('close')}</button>`
          : nothing}</header>
      <p class="wrong" role="alert">${this.problem ?? ''}</p>
      <h3>${t('share.people')}</h3>
      <ul class="lines">${(this.people ?? []).map(person => this.person(person))}</ul>
      <form class="fields" @submit=${this.grant}>
        <label>${t('share.user')} <input name="user" required autocomplete="off" autocapitalize="none" spellcheck="false"></label>
        <label>${t('share.role')} <select name="role">${ROLES.map(role => html`<option value=${role}>${word('role', role)}</option>`)}</select></label>
        <button class="primary">${t('share.add')}</button>
      </form>
      ${this.isNamespace || !this.links ? nothing : this.linkPart()}`;
  }

  person({user, role, from, grantedBy}) {
    return html`<li><strong>${user}</strong> <span class="grow">${word('role', role)}
        ${from !== this.address ? html`<small>${t('share.from', {from})}</small>` : nothing}</span>
      ${grantedBy && from === this.address
        ? html`<button class="quiet bare" aria-label=${t('share.remove', {user})} @click=${() => this.revoke(user)}>${icon('remove')}</button>`
        : nothing}</li>`;
  }

  linkPart() {
    const end = id => this.change(() => call(`links/${encodeAddress(this.address)}`, {method: 'DELETE', query: {id}}));
    return html`<h3>${t('share.links')}</h3>
      <p class="faint">${t('share.linksHint')}</p>
      ${this.links.length === 0 ? html`<p class="faint">${t('share.noLinks')}</p>` : nothing}
      <ul class="lines">${this.links.map(
        link => html`<li><span class="grow">${t('share.linkFacts', {
          user: link.madeBy,
          until: time(link.expiresAt),
          password: link.password ? t('share.withPassword') : '',
        })}</span>
          <button class="quiet bare" aria-label=${t('share.end')} @click=${() => end(link.id)}>${icon('remove')}</button></li>`,
      )}</ul>
      ${this.made
        ? html`<label class="made">${t('share.newLink')} <span class="joined"><input id="made" readonly .value=${this.made}>
            <button type="button" @click=${this.copy}>${t('share.copy')}</button></span></label>`
        : nothing}
      <form class="fields" @submit=${this.make}>
        <label>${t('share.days')} <input name="days" type="number" min="1" max="366" value="7" required></label>
        <label>${t('share.password')} <input name="password" type="password" autocomplete="new-password" maxlength="256"></label>
        <button>${t('share.makeLink')}</button>
      </form>`;
  }
}

customElements.define('hf-share', Share);
