/** A look at a file without downloading it: what browsers show by themselves, straight from a node that has it. */
import {View, html, icon, nothing} from './view.js';
import {t, bytes} from './texts.js';
import {download, locate} from './api.js';
import {sayProblem} from './messages.js';
import {show} from './dialogs.js';
import {showDetails} from './details.js';

/** More text than that nobody reads here. */
const MOST_TEXT_BYTES = 256 * 1024;
/** A browser shows a PDF of ours from memory only. */
const MOST_PDF_BYTES = 50_000_000;
/** What images may be; others (TIFF, HEIC) most browsers don't know. */
const IMAGES = /^image\/(png|jpeg|gif|webp|avif|bmp|svg\+xml|x-icon|vnd\.microsoft\.icon)$/;
const TEXTS = /^(text\/.*|application\/(json|xml|javascript|x-sh|x-yaml|yaml|toml|sql|.*\+(json|xml)))$/;
/** Texts that come without a type that says so. */
const TEXT_NAMES = /\.(txt|md|log|csv|tsv|json|xml|ya?ml|toml|ini|conf|properties|sh|sql|java|js|css|py|c|h|go|rs)$/i;

/** How a file of a listing can be shown: 'image', 'audio', 'video', 'pdf', 'text', or not at all. */
export function kindOf({name, contentType = ''}) {
  const type = contentType.split(';')[0].trim().toLowerCase();
  if (IMAGES.test(type)) {
    return 'image';
  }
  if (type === 'application/pdf') {
    return 'pdf';
  }
  const [main] = type.split('/');
  if (main === 'audio' || main === 'video') {
    return main;
  }
  return TEXTS.test(type) || TEXT_NAMES.test(name) ? 'text' : null;
}

/** Shows a file whose kind is known; `changed` is called when another version has become the current one. */
export const showPreview = (address, file, changed) =>
  show(close => html`<hf-preview .address=${address} .file=${file} .close=${close} .changed=${changed}></hf-preview>`, {
    label: t('preview.title', {name: file.name}),
    large: true,
  });

/** The first bytes of an answer; the rest is not fetched. */
async function beginning(answer, most) {
  const reader = answer.body.getReader();
  const parts = [];
  let size = 0;
  for (let chunk = await reader.read(); !chunk.done && size < most; chunk = await reader.read()) {
    parts.push(chunk.value);
    size += chunk.value.length;
  }
  reader.cancel().catch(() => {});
  return new Blob(parts).slice(0, most);
}

class Preview extends View {
  static properties = {
    address: {attribute: false},
    file: {attribute: false},
    source: {state: true},
    text: {state: true},
    problem: {state: true},
  };

  connectedCallback() {
    super.connectedCallback();
    this.kind = kindOf(this.file);
    this.ending = new AbortController();
    this.load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.ending.abort();
    if (this.source?.startsWith('blob:')) {
      URL.revokeObjectURL(this.source);
    }
  }

  async load() {
    try {
      await this.find();
      if (this.kind === 'text') {
        this.text = await (await this.fetch(answer => beginning(answer, MOST_TEXT_BYTES))).text();
      } else if (this.kind === 'pdf') {
        await this.loadPdf();
      } else {
        this.source = this.urls.shift();
      }
    } catch (problem) {
      if (problem.name !== 'AbortError') {
        this.problem = problem.message;
      }
    }
  }

  async find() {
    const {urls, expiresAt} = await locate(this.address, {signal: this.ending.signal});
    this.urls = urls;
    this.expiresAt = new Date(expiresAt);
  }

  /** From the first node that gives it. */
  async fetch(read) {
    const {signal} = this.ending;
    for (const url of this.urls) {
      try {
        const answer = await fetch(url, {signal, credentials: 'omit'});
        if (answer.ok) {
          return await read(answer);
        }
      } catch (e) {
        signal.throwIfAborted();
      }
    }
    throw new Error(t('preview.failed'));
  }

  async loadPdf() {
    if (navigator.pdfViewerEnabled === false) {
      this.problem = t('preview.noViewer');
    } else if (this.file.size > MOST_PDF_BYTES) {
      this.problem = t('preview.tooLarge', {most: bytes(MOST_PDF_BYTES)});
    } else {
      const found = await this.fetch(answer => answer.blob());
      // The type is ours: whatever the bytes are, they don't become a page of this origin.
      this.source = URL.createObjectURL(found.slice(0, found.size, 'application/pdf'));
    }
  }

  /** The next node; a link that has ended meanwhile is made anew, and sound and pictures go on where they were. */
  async failed(e) {
    const at = e.target.currentTime ?? 0;
    try {
      if (this.expiresAt <= new Date()) {
        await this.find();
      }
    } catch (problem) {
      this.problem = problem.message;
      return;
    }
    this.source = this.urls.shift();
    if (!this.source) {
      this.problem = t('preview.failed');
    } else if (at > 0) {
      const player = e.target;
      player.addEventListener(
        'loadedmetadata',
        () => {
          player.currentTime = at;
          player.play().catch(() => {});
        },
        {once: true},
      );
    }
  }

  render() {
    const {name} = this.file;
    return html`<header class="dialog-head"><h2>${name}</h2>
        <span class="line">
          <button class="quiet" @click=${() => download(this.address).catch(sayProblem)}>${icon('download')}<span>${t('files.download')}</span></button>
          <button class="quiet" @click=${() => showDetails(this.address, this.changed)}>${icon('info')}<span>${t('files.details')}</span></button>
          <button class="quiet bare" aria-label=${t('app.close')} @click=${() => this.close()}>${icon('close')}</button>
        </span></header>
      <div class="preview">${this.problem
        ? html`<p class="empty" role="alert">${this.problem}</p>`
        : this.source || this.text !== undefined
          ? this.content(name)
          : html`<p class="empty" role="status">${t('app.loading')}</p>`}</div>`;
  }

  content(name) {
    switch (this.kind) {
      case 'image':
        return html`<img src=${this.source} alt=${name} @error=${this.failed}>`;
      case 'audio':
        return html`<audio controls autofocus preload="metadata" src=${this.source} aria-label=${name} @error=${this.failed}></audio>`;
      case 'video':
        return html`<video controls autofocus preload="metadata" playsinline src=${this.source} aria-label=${name} @error=${this.failed}></video>`;
      case 'pdf':
        return html`<iframe src=${this.source} title=${name}></iframe>`;
      default:
        return html`<pre role="region" tabindex="0" aria-label=${name}>${this.text}</pre>
          ${this.file.size > MOST_TEXT_BYTES
            ? html`<p class="faint">${t('preview.beginning', {some: bytes(MOST_TEXT_BYTES), all: bytes(this.file.size)})}</p>`
            : nothing}`;
    }
  }
}

customElements.define('hf-preview', Preview);
