/** Short messages: seen for a while, and read out by screen readers. */
import {View, html, repeat, icon} from './view.js';
import {t} from './texts.js';

const SHOWN_MILLIS = 7000;
const MOST_SHOWN = 4;
let host;
let next = 1;

/** Lets messages stand within an element: what is outside of a modal dialog is neither heard nor clicked. */
export function standIn(parent) {
  if (host && host.parentNode !== parent) {
    parent.append(host);
  }
}

/**
 * Shows a sentence; answers a function that takes it away before its time.
 *
 * @param action a button beside it: {label, run}
 * @param stays until it is taken away
 * @param gone called when it has gone, however that came about, but by its button
 */
export function say(text, {kind = 'info', action, stays = kind === 'problem', gone} = {}) {
  const key = next++;
  host?.add({key, text, kind, action, stays, gone});
  return () => host?.remove_(key);
}

/** Shows what went wrong, unless it was given up on purpose. */
export function sayProblem(problem) {
  if (problem?.name !== 'AbortError') {
    say(problem.message, {kind: 'problem'});
  }
}

/** Does it to one after the other, tells the first reason why some could not be done, and answers which these are. */
export async function eachOf(things, work) {
  const failed = [];
  let reason;
  for (const thing of things) {
    try {
      await work(thing);
    } catch (problem) {
      failed.push(thing);
      reason ??= problem;
    }
  }
  if (reason) {
    const all = things.length;
    const text = all === 1 ? reason.message : t('files.partly', {done: all - failed.length, all, problem: reason.message});
    say(text, {kind: 'problem'});
  }
  return failed;
}

class Messages extends View {
  static properties = {list: {state: true}};

  constructor() {
    super();
    this.list = [];
    host = this;
  }

  add(message) {
    this.list.slice(0, -MOST_SHOWN + 1).forEach(old => this.remove_(old.key));
    this.list = [...this.list, message];
    if (!message.stays) {
      this.removeLater(message.key);
    }
  }

  /** Not from under somebody's hand. */
  removeLater(key) {
    setTimeout(() => (this.querySelector('.message:is(:hover, :focus-within)') ? this.removeLater(key) : this.remove_(key)), SHOWN_MILLIS);
  }

  remove_(key) {
    const message = this.list.find(shown => shown.key === key);
    this.list = this.list.filter(shown => shown !== message);
    message?.gone?.();
  }

  /** Does what its button says. */
  act(message) {
    this.list = this.list.filter(shown => shown !== message);
    message.action.run();
  }

  render() {
    return html`<section class="messages" role="log" aria-live="polite" aria-label=${t('app.messages')}>
      ${repeat(
        this.list,
        message => message.key,
        message => html`<p class="message ${message.kind}">
          <span>${message.text}</span>
          ${message.action
            ? html`<button class="quiet" @click=${() => this.act(message)}>${message.action.label}</button>`
            : ''}
          <button class="quiet bare" aria-label=${t('app.dismiss')} @click=${() => this.remove_(message.key)}>
            ${icon('close')}
          </button>
        </p>`,
      )}
    </section>`;
  }
}

customElements.define('hf-messages', Messages);
