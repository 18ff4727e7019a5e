/** The console's frame: who is signed in, where they are, and how it looks. */
import {View, html, icon, nothing} from './view.js';
import {t} from './texts.js';
import {who, onSession, signIn, signInByCertificate, signOut} from './api.js';
import {confirm} from './dialogs.js';
import {sayProblem} from './messages.js';
import {settleDeletions} from './deletions.js';

const LOOK = 'holdfast.look';

/** Pages by the first word behind the '#'; each is loaded when it is first asked for. */
const PAGES = {
  files: {title: 'app.files', icon: 'folder', load: () => import('./files-page.js')},
  account: {title: 'app.account', icon: 'person', load: () => import('./account-page.js'), aside: true},
  admin: {title: 'app.admin', icon: 'cluster', load: () => import('./admin.js'), administrators: true},
};

/** The page and what it is to show: '#/files/anna/a%20b?find=kelp' is files, 'anna/a b' and 'kelp'. */
function where() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const [page, ...rest] = path.split('/');
  let address = '';
  try {
    address = rest.filter(part => part).map(decodeURIComponent).join('/');
  } catch {
    // Written by hand, and wrong: the page's own start.
  }
  return {page: page || 'files', address, find: new URLSearchParams(query).get('find') ?? ''};
}

function look(name) {
  if (name) {
    document.documentElement.dataset.look = name;
    localStorage.setItem(LOOK, name);
  }
}

look(localStorage.getItem(LOOK));

// What is dropped beside a folder's listing is not opened instead of the console.
for (const kind of ['dragover', 'drop']) {
  addEventListener(kind, e => e.preventDefault());
}

class App extends View {
  static properties = {session: {state: true}, at: {state: true}, problem: {state: true}, busy: {state: true}, failed: {state: true}};

  constructor() {
    super();
    this.session = who();
    this.at = where();
    onSession(next => {
      const isOver = !next && this.session && !this.leaving;
      const left = this.uploads()?.left() ?? 0;
      this.problem = !isOver ? '' : left > 0 ? t('error.expiredUploads', left) : t('error.expired');
      this.session = next;
    });
    addEventListener('hashchange', () => {
      this.at = where();
      // A new place: whoever hears the page goes on reading at its heading.
      this.updateComplete.then(() => this.querySelector('main')?.focus({preventScroll: true}));
    });
  }

  willUpdate(changed) {
    if ((changed.has('at') || changed.has('session')) && this.session) {
      this.failed = false;
      PAGES[this.at.page]?.load().catch(() => (this.failed = true));
      if (this.session.administrator) {
        import('./alarms.js').catch(() => (this.failed = true));
      }
    }
    const title = this.session ? PAGES[this.at.page]?.title : 'signIn.title';
    document.title = `${title ? t(title) : ''} – ${t('app.name')}`;
  }

  firstUpdated() {
    this.querySelector('#name')?.focus();
  }

  async enter(e, open) {
    e.preventDefault();
    this.busy = true;
    this.problem = '';
    try {
      await open();
    } catch (problem) {
      this.problem = problem.status !== 401 ? problem.message : t(e.type === 'submit' ? 'signIn.wrong' : 'signIn.noCertificate');
      this.updateComplete.then(() => this.querySelector('#password')?.select());
    } finally {
      this.busy = false;
    }
  }

  /** Until a page with uploads was seen, there is none. */
  uploads() {
    const panel = this.querySelector('hf-uploads');
    return panel?.left ? panel : null;
  }

  async leave() {
    const left = this.uploads()?.left() ?? 0;
    const question = {title: t('upload.leaveSure', left), text: t('upload.leaveText'), action: t('app.signOut'), danger: true};
    if (left > 0 && !(await confirm(question))) {
      return;
    }
    this.leaving = true;
    try {
      this.uploads()?.giveUp();
      await settleDeletions();
      await signOut();
    } catch (problem) {
      sayProblem(problem);
    } finally {
      this.leaving = false;
    }
  }

  switchLook() {
    const dark = document.documentElement.dataset.look
      ? document.documentElement.dataset.look === 'dark'
      : matchMedia('(prefers-color-scheme: dark)').matches;
    look(dark ? 'light' : 'dark');
  }

  render() {
    return this.session ? this.frame() : this.door();
  }

  door() {
    return html`<main class="door" tabindex="-1">
      <h1>${t('app.name')}</h1>
      <form class="card" @submit=${e => {
        const said = new FormData(e.target);
        this.enter(e, () => signIn(said.get('name'), said.get('password')));
      }}>
        <label for="name">${t('signIn.name')}</label>
        <input id="name" name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required>
        <label for="password">${t('signIn.password')}</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required aria-describedby="wrong">
        <p class="wrong" id="wrong" role="alert">${this.problem}</p>
        <button class="primary" ?disabled=${this.busy}>${t('signIn.go')}</button>
        <p class="faint centre">${t('signIn.or')}</p>
        <button type="button" ?disabled=${this.busy} @click=${e => this.enter(e, signInByCertificate)}>
          ${t('signIn.certificate')}
        </button>
      </form>
    </main>`;
  }

  frame() {
    const pages = Object.entries(PAGES).filter(([, page]) => !page.administrators || this.session.administrator);
    return html`<a class="skip" href="#main" @click=${e => {
        e.preventDefault();
        this.querySelector('main').focus();
      }}>${t('app.skip')}</a>
      <header class="top">
        <a class="brand" href="#/files">${t('app.name')}</a>
        <nav aria-label=${t('app.navigation')}>
          ${pages.filter(([, page]) => !page.aside).map(([name, page]) => html`<a href="#/${name}" aria-current=${this.at.page === name ? 'page' : nothing}>
            ${icon(page.icon)}<span>${t(page.title)}</span></a>`)}
        </nav>
        <a class="me" href="#/account" title=${t('app.account')} aria-current=${this.at.page === 'account' ? 'page' : nothing}>
          ${icon('person')}<span>${this.session.user}</span></a>
        <button class="quiet bare" aria-label=${t('app.theme')} title=${t('app.theme')} @click=${this.switchLook}>${icon('theme')}</button>
        <button class="quiet bare" aria-label=${t('app.signOut')} title=${t('app.signOut')} @click=${this.leave}>${icon('leave')}</button>
      </header>
      ${this.session.administrator ? html`<hf-alarms-banner></hf-alarms-banner>` : nothing}
      <main id="main" tabindex="-1">${this.page(pages)}</main>
      <hf-uploads></hf-uploads>`;
  }

  page(pages) {
    if (this.failed) {
      return html`<p class="empty" role="alert">${t('app.newVersion')}
        <button @click=${() => location.reload()}>${t('app.retry')}</button></p>`;
    }
    if (!pages.some(([name]) => name === this.at.page)) {
      return html`<p class="empty">${t('app.nothingHere')}</p>`;
    }
    switch (this.at.page) {
      case 'files':
        return html`<hf-files .address=${this.at.address} .find=${this.at.find}></hf-files>`;
      case 'account':
        return html`<hf-account .code=${this.at.address}></hf-account>`;
      default:
        return html`<hf-admin .address=${this.at.address}></hf-admin>`;
    }
  }
}

customElements.define('hf-app', App);
