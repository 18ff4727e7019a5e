/** Short messages: seen for a while, and read out by screen readers. */
import {View, html, repeat, icon} from './view.js';
import {t} from './texts.js';

const SHOWN_MILLIS = 7000;
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
 */
export function say(text, {kind = 'info', action, stays = kind === 'problem'} = {}) {
  const key = next++;
  host?.add({key, text, kind, action, stays});
  return () => host?.remove_(key);
}

/** Shows what went wrong, unless it was given up on purpose. */
export function sayProblem(problem) {
  if (problem?.name !== 'AbortError') {
    say(problem.message, {kind: 'problem'});
  }
}

class Messages extends View {
  static properties = {list: {state: true}};

  constructor() {
    super();
    this.list = [];
    host = this;
  }

  add(message) {
    this.list = [...this.list.slice(-3), message];
    if (!message.stays) {
      setTimeout(() => this.remove_(message.key), SHOWN_MILLIS);
    }
  }

  remove_(key) {
    this.list = this.list.filter(message => message.key !== key);
  }

  render() {
    return html`<section class="messages" role="log" aria-live="polite" aria-label=${t('app.messages')}>
      ${repeat(
        this.list,
        message => message.key,
        message => html`<p class="message ${message.kind}">
          <span>${message.text}</span>
          ${message.action
            ? html`<button class="quiet" @click=${() => {
                this.remove_(message.key);
                message.action.run();
              }}>${message.action.label}</button>`
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
