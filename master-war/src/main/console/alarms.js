/** What an administrator should look at now: known once for the whole console, and shown above each page. */
import {View, html, icon, nothing} from './view.js';
import {t} from './texts.js';
import {call} from './api.js';
import {follow} from './events.js';

const EVERY_MILLIS = 30_000;

/** Where to go with an alarm, by its code. */
const PLACES = {
  'dead-tasks': 'admin/tasks/dead',
  'node-failed': 'admin/nodes',
  'node-down': 'admin/nodes',
  'node-twice': 'admin/nodes',
  'under-replicated': 'admin/care',
  unreadable: 'admin/care',
  'catalog-behind': 'admin/care',
  space: 'admin/nodes',
};

export const placeOf = alarm => PLACES[alarm.code];

/** Tells by 'change' that `list` has changed; it is undefined until it is known. */
class Alarms extends EventTarget {
  list;
  watchers = 0;

  watch(listener) {
    this.addEventListener('change', listener);
    if (this.watchers++ === 0) {
      this.end = follow(['alarms'], EVERY_MILLIS, signal => this.load(signal));
    }
    return () => {
      this.removeEventListener('change', listener);
      if (--this.watchers === 0) {
        this.end();
      }
    };
  }

  async load(signal) {
    try {
      const found = (await call('alarms', {signal})).alarms;
      const isBad = alarm => alarm.severity === 'critical';
      this.list = found.sort((a, b) => isBad(b) - isBad(a) || (a.since < b.since ? 1 : -1));
      this.dispatchEvent(new Event('change'));
    } catch {
      // What was known last stays; the page itself says what is wrong with the line.
    }
  }
}

export const alarms = new Alarms();

/** A part of the page that is drawn anew when alarms come or go. */
export class AlarmView extends View {
  connectedCallback() {
    super.connectedCallback();
    this.unwatch = alarms.watch(() => this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.unwatch();
  }
}

class Banner extends AlarmView {
  render() {
    const [worst, ...others] = alarms.list ?? [];
    return html`<div role="status">${worst
      ? html`<a class="banner ${worst.severity}" href="#/admin/alarms">${icon('alarm')}
          <span><strong>${worst.subject}</strong> ${worst.sentence}</span>
          ${others.length > 0 ? html`<span class="more">${t('alarms.more', others.length)}</span>` : nothing}</a>`
      : nothing}</div>`;
  }
}

customElements.define('hf-alarms-banner', Banner);
