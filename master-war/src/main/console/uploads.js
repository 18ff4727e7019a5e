/** The panel of running uploads; it stays while people go elsewhere in the console. */
import {View, html, icon, nothing, repeat, shown} from './view.js';
import {t, bytes, duration, plain} from './texts.js';
import {call} from './api.js';
import {UploadQueue, OVER} from './upload-queue.js';
import {askConflict} from './dialogs.js';
import {hint} from './events.js';
import {say} from './messages.js';

/** Lines that are shown; the sum above counts all of them. */
const MOST_LINES = 100;

/** How many older versions stay of each file in a folder; undefined when the master does not say. */
const versionsKept = folder =>
  call(`namespaces/${encodeURIComponent(folder.split('/')[0])}`)
    .then(({namespaces: [{versionsKept: kept}]}) => kept)
    .catch(() => undefined);

export const uploads = new UploadQueue(async (name, folder) => askConflict(name, folder, await versionsKept(folder)));
uploads.addEventListener('landed', () => hint('files'));
uploads.addEventListener('dropped', () => say(t('upload.dropped', {user: uploads.user}), {kind: 'problem'}));

class Uploads extends View {
  constructor() {
    super();
    this.redraw = () => this.requestUpdate();
    this.finish = () => {
      const {done} = uploads.total();
      if (done > 0) {
        say(t('upload.finished', done));
      }
    };
  }

  connectedCallback() {
    super.connectedCallback();
    uploads.addEventListener('change', this.redraw);
    uploads.addEventListener('idle', this.finish);
    onbeforeunload = e => (uploads.isIdle() ? undefined : e.preventDefault());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    uploads.removeEventListener('change', this.redraw);
    uploads.removeEventListener('idle', this.finish);
  }

  /** How many are not over. */
  left() {
    return uploads.items.filter(item => !OVER.has(item.state)).length;
  }

  giveUp() {
    uploads.cancelAll();
    uploads.clear();
  }

  render() {
    if (uploads.items.length === 0) {
      return nothing;
    }
    const total = uploads.total();
    const idle = uploads.isIdle();
    const left = total.speed > 0 ? duration((total.all - total.sent) / total.speed) : '–';
    // What needs somebody's eye first, what is over last.
    const order = {running: 0, asking: 0, again: 1, failed: 2, waiting: 3, skipped: 4, cancelled: 4, done: 5};
    const lines = [...uploads.items].sort((a, b) => order[a.state] - order[b.state]).slice(0, MOST_LINES);
    return html`<section class="uploads card" aria-label=${t('upload.title')}>
      <header>
        <h2>${t('upload.title')}</h2>
        ${idle
          ? html`<button class="quiet" @click=${() => uploads.clear()}>${t('upload.clear')}</button>`
          : html`<button class="quiet" @click=${() => (uploads.paused ? uploads.resume() : uploads.pause())}>
                ${icon(uploads.paused ? 'play' : 'pause')} ${t(uploads.paused ? 'upload.resumeAll' : 'upload.pauseAll')}</button>
              <button class="quiet" @click=${() => uploads.cancelAll()}>${t('upload.cancelAll')}</button>`}
      </header>
      <progress max=${total.all || 1} .value=${total.all ? total.sent : idle ? 1 : 0} aria-label=${t('upload.progress')}></progress>
      <p class="faint">${t('upload.total', {done: total.done, all: total.files, bytes: bytes(total.sent), allBytes: bytes(total.all)})}
        ${idle || uploads.paused ? nothing : html`<br>${t('upload.speed', {speed: bytes(Math.round(total.speed)), left})}`}</p>
      ${uploads.paused && !idle ? html`<p class="faint">${t('upload.pausedHint')}</p>` : nothing}
      <ul>${repeat(lines, item => item.writer, item => this.line(item))}</ul>
    </section>`;
  }

  line(item) {
    const {name} = item;
    return html`<li class=${item.state}>
      <span class="name" title=${plain(name)}>${shown(name)}</span>
      <span class="state">${this.state(item)}</span>
      ${item.state === 'failed'
        ? html`<button class="quiet bare" aria-label=${t('upload.retryOne', {name})} @click=${() => uploads.retry(item)}>${icon('again')}</button>`
        : nothing}
      ${OVER.has(item.state)
        ? nothing
        : html`<button class="quiet bare" aria-label=${t('upload.cancelOne', {name})} @click=${() => uploads.cancel(item)}>${icon('close')}</button>`}
      ${item.state === 'running'
        ? html`<progress max=${item.file.size || 1} .value=${item.sent} aria-label=${t('upload.progressOne', {name})}></progress>`
        : nothing}
    </li>`;
  }

  state(item) {
    switch (item.state) {
      case 'running':
        return t('upload.running', {bytes: bytes(item.sent), all: bytes(item.file.size)});
      case 'again':
        return item.problem;
      case 'failed':
        return t('upload.failed', {problem: item.problem});
      case 'waiting':
        return t(uploads.paused ? 'upload.paused' : 'upload.waiting');
      case 'asking':
        return t('upload.waiting');
      default:
        return t(`upload.${item.state}`);
    }
  }
}

customElements.define('hf-uploads', Uploads);
