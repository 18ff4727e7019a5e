/** What every part of the console is made of. Light DOM: labels, ids and the one style sheet reach everywhere. */
import {LitElement, html, nothing} from 'lit';
import {repeat} from 'lit-html/directives/repeat.js';
import {partsOf} from './texts.js';

export {html, nothing, repeat};

/** A part of the console. */
export class View extends LitElement {
  createRenderRoot() {
    return this;
  }
}

/** A name: apart from the text around it, whose order it can't change, and with marks for what can't be seen. */
export const shown = name =>
  html`<bdi>${partsOf(name).map((part, index) => (index % 2 ? html`<mark>${part}</mark>` : part))}</bdi>`;

const PATHS = {
  folder: 'M3 7a2 2 0 0 1 2-2h4l2 2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  upload: 'M12 16V5m-5 5 5-5 5 5M5 20h14',
  download: 'M12 4v11m-5-5 5 5 5-5M5 20h14',
  add: 'M12 5v14M5 12h14',
  rename: 'M4 20h4L19 9l-4-4L4 16z',
  move: 'M4 12h15m-5-5 5 5-5 5',
  remove: 'M5 7h14M10 7V4h4v3m-7 0 1 13h8l1-13',
  share: 'M8 12h8M9 8H7a4 4 0 0 0 0 8h2m6-8h2a4 4 0 0 1 0 8h-2',
  info: 'M12 11v6m0-10v.5M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z',
  close: 'M6 6l12 12M18 6 6 18',
  pause: 'M9 5v14M15 5v14',
  play: 'M8 5l11 7-11 7z',
  again: 'M4 12a8 8 0 1 1 3 6.2M4 19v-5h5',
  cluster: 'M4 6h16v5H4zM4 14h16v5H4zM8 8.500h.1M8 16.500h.1',
  space: 'M4 20V10m5 10V4m5 16v-8m5 8V7',
  theme: 'M12 3a9 9 0 1 0 9 9 7 7 0 0 1-9-9z',
  leave: 'M10 4H5v16h5m4-12 4 4-4 4m4-4H9',
  up: 'M12 19V6m-6 6 6-6 6 6',
  list: 'M9 6h11M9 12h11M9 18h11M4.500 6h.1M4.500 12h.1M4.500 18h.1',
  care: 'M3 12h4l3-7 4 14 3-7h4',
  people: 'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-7 10a7 7 0 0 1 14 0m-1-18a4 4 0 0 1 0 8m3 3a7 7 0 0 1 4 7',
  alarm: 'M12 4 2.500 20h19zM12 10v4m0 3v.1',
  key: 'M8 19a5 5 0 1 1 4.500-7H21v4h-3v3h-3v-3h-2.500A5 5 0 0 1 8 19zm0-5h.1',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20a8 8 0 0 1 16 0',
  find: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5',
  lock: 'M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
};

/** A picture beside words; for screen readers it is not there. */
export const icon = name => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${PATHS[name]}></path></svg>`;
