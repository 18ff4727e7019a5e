/** What people see of their own account: what they keep and may keep, where they are signed in, their e-mail address and password. */
import {html, nothing} from './view.js';
import {t, bytes, number, time} from './texts.js';
import {call, changePassword, who} from './api.js';
import {LivePage} from './live-page.js';
import {say, sayProblem} from './messages.js';

const LEAST_PASSWORD_CHARS = 8;
const MOST_PASSWORD_CHARS = 256;

const own = () => `users/${encodeURIComponent(who().user)}`;

class Account extends LivePage {
  static properties = {
    code: {},
    account: {state: true},
    usage: {state: true},
    sessions: {state: true},
    refused: {state: true},
    busy: {state: true},
  };

  topics = ['files'];
  everyMillis = 15_000;

  async load(signal) {
    const account = own();
    [{users: [this.account]}, this.usage, {sessions: this.sessions}] = await Promise.all([
      call(account, {signal}),
      call(`${account}/usage`, {signal}),
      call(`${account}/sessions`, {signal}),
    ]);
  }

  /** Whoever follows the link of a mail comes with its code. */
  updated(changed) {
    super.updated(changed);
    if (changed.has('code') && this.code) {
      const body = {code: this.code};
      location.replace('#/account');
      this.act(() => call(`${own()}/new-email`, {method: 'POST', body}), t('account.emailConfirmed'));
    }
  }

  setEmail(email) {
    return this.act(() => call(own(), {method: 'PATCH', body: {email: email || null}}), email ? '' : t('account.emailGone'));
  }

  /** The API does not tell which session asks; its end does, but for what is rounded. */
  isThis(session) {
    return Math.abs(Date.parse(session.expiresAt) - Date.parse(who()?.expiresAt)) <= 1;
  }

  async end(sessions) {
    try {
      for (const {id} of sessions) {
        await call(`${own()}/sessions/${encodeURIComponent(id)}`, {method: 'DELETE'});
      }
      say(t('account.ended', sessions.length));
    } catch (problem) {
      sayProblem(problem);
    }
    await this.refresh();
  }

  async setPassword(e) {
    e.preventDefault();
    const form = e.target;
    const said = new FormData(form);
    this.refused = '';
    if (said.get('new') !== said.get('again')) {
      this.refused = t('account.different');
      return;
    }
    this.busy = true;
    try {
      await changePassword(said.get('old'), said.get('new'));
      form.reset();
      say(t('account.changed'));
      await this.refresh();
    } catch (problem) {
      this.refused = problem.status === 401 ? t('account.wrong') : problem.message;
    } finally {
      this.busy = false;
    }
  }

  head() {
    return html`<h1>${t('account.title', {name: who()?.user})}</h1>`;
  }

  body() {
    return html`${this.kept()}${this.signedIn()}${this.email()}${this.password()}`;
  }

  kept() {
    const {usage} = this;
    const part = (name, used, quota, format) => html`<p>${t(`account.${name}`, {used: format(used), all: quota === null ? t('account.unbounded') : format(quota)})}</p>
      ${quota === null ? nothing : html`<meter min="0" max=${quota || 1} high=${0.9 * quota || 1} .value=${used} aria-label=${t(`account.${name}Label`)}></meter>`}`;
    return html`<section class="card part" aria-labelledby="usage"><h2 id="usage">${t('account.usage')}</h2>
      ${part('bytes', usage.bytes, usage.quotaBytes, bytes)}
      ${part('files', usage.files, usage.quotaFiles, number)}
      <ul class="lines">${usage.namespaces.map(
        place => html`<li><a class="grow" href=${`#/files/${place.name}`}>${place.name}</a>
          <span>${t('files.placeFacts', {files: t('files.count', place.files), bytes: bytes(place.bytes)})}
            ${place.quotaBytes === null ? nothing : html`<small>${t('account.most', {all: bytes(place.quotaBytes)})}</small>`}</span></li>`,
      )}</ul></section>`;
  }

  signedIn() {
    const others = this.sessions.filter(session => !this.isThis(session));
    return html`<section class="card part" aria-labelledby="sessions"><h2 id="sessions">${t('account.sessions')}</h2>
      <ul class="lines">${this.sessions.map(
        session => html`<li><span class="grow">${session.userAgent || t('account.unknown')}
            <small>${t('account.sessionFacts', {
              address: session.address, opened: time(session.openedAt), used: time(session.lastUsedAt),
            })}</small></span>
          ${this.isThis(session)
            ? html`<small>${t('account.this')}</small>`
            : html`<button aria-label=${t('account.endOne', {address: session.address, opened: time(session.openedAt)})}
                @click=${() => this.end([session])}>${t('account.end')}</button>`}</li>`,
      )}</ul>
      ${others.length > 1 ? html`<p><button @click=${() => this.end(others)}>${t('account.endOthers')}</button></p>` : nothing}</section>`;
  }

  email() {
    const {email, newEmail} = this.account;
    return html`<section class="card part" aria-labelledby="email"><h2 id="email">${t('account.email')}</h2>
      <p>${email ?? t('account.noEmail')}</p>
      ${newEmail
        ? html`<p role="status">${t('account.waiting', {email: newEmail})}
            <button @click=${() => this.setEmail(newEmail)}>${t('account.sendAgain')}</button>
            <button @click=${() => this.act(() => call(`${own()}/new-email`, {method: 'DELETE'}))}>${t('account.giveUp')}</button></p>`
        : nothing}
      <form class="fields" @submit=${async e => {
        e.preventDefault();
        const form = e.target;
        if (await this.setEmail(new FormData(form).get('email').trim())) {
          form.reset();
        }
      }}>
        <label>${t('account.newEmail')}<input name="email" type="email" autocomplete="email" maxlength="254"></label>
        <button class="primary">${t('account.changeEmail')}</button>
      </form>
      <p class="faint">${t('account.emailHint')}</p></section>`;
  }

  password() {
    const field = (name, autocomplete, least) => html`<label>${t(`account.${name}`)}
      <input name=${name} type="password" autocomplete=${autocomplete} required
        minlength=${least ?? nothing} maxlength=${MOST_PASSWORD_CHARS}></label>`;
    return html`<section class="card part" aria-labelledby="password"><h2 id="password">${t('account.password')}</h2>
      <form class="fields" @submit=${this.setPassword}>
        <input hidden autocomplete="username" .value=${who()?.user ?? ''}>
        ${field('old', 'current-password')}
        ${field('new', 'new-password', LEAST_PASSWORD_CHARS)}
        ${field('again', 'new-password', LEAST_PASSWORD_CHARS)}
        <button class="primary" ?disabled=${this.busy}>${t('account.change')}</button>
      </form>
      <p class="wrong" role="alert">${this.refused ?? ''}</p>
      <p class="faint">${t('account.passwordHint', {least: LEAST_PASSWORD_CHARS})}</p></section>`;
  }
}

customElements.define('hf-account', Account);
