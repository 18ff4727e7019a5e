/**
 * A grid of any number of rows, of which only those in sight are in the document. Rows have one height, and stand where
 * they belong by a transform; the height of all of them is that of an empty element.
 */
import {View, html, repeat} from './view.js';

/** Of the head, which stays at the top; as in app.css. */
const HEAD_HEIGHT = 40;
/** Rows beyond both ends of what is seen, so that quick scrolling shows no gap. */
const SPARE_ROWS = 8;

export class VirtualList extends View {
  static properties = {
    rows: {attribute: false},
    /** What a row is told apart by. */
    keyOf: {attribute: false},
    /** Cells of a row, as a template. */
    cells: {attribute: false},
    head: {attribute: false},
    selected: {attribute: false},
    label: {},
    active: {state: true},
    first: {state: true},
    last: {state: true},
  };

  constructor() {
    super();
    this.rows = [];
    this.selected = new Set();
    this.active = 0;
    this.first = 0;
    this.last = 40;
    this.rowHeight = 44;
  }

  firstUpdated() {
    this.port = this.querySelector('.grid');
    this.port.addEventListener('scroll', () => this.look(), {passive: true});
    this.watch = new ResizeObserver(() => this.look());
    this.watch.observe(this.port);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watch?.disconnect();
  }

  /** Computes, at most once a frame, which rows are in sight. */
  look() {
    if (this.looking) {
      return;
    }
    this.looking = requestAnimationFrame(() => {
      this.looking = 0;
      this.first = Math.max(0, Math.floor(this.port.scrollTop / this.rowHeight) - SPARE_ROWS);
      this.last = Math.ceil((this.port.scrollTop + this.heightOfRows()) / this.rowHeight) + SPARE_ROWS;
      if (this.last >= this.rows.length) {
        this.tell('hf-end');
      }
    });
  }

  heightOfRows() {
    return this.port.clientHeight - HEAD_HEIGHT;
  }

  willUpdate(changed) {
    if (changed.has('rows')) {
      if (!this.isAnew) {
        this.keep(changed.get('rows') ?? []);
      }
      this.isAnew = false;
    }
  }

  /** Of rows that are read again: the active one stays active, and what is on top of the window stays there. */
  keep(before) {
    const shift = index => {
      const key = before[index] && this.keyOf(before[index]);
      const now = key === undefined ? -1 : this.rows.findIndex(row => this.keyOf(row) === key);
      return now < 0 ? 0 : now - index;
    };
    this.active += shift(this.active);
    const top = Math.floor((this.port?.scrollTop ?? 0) / this.rowHeight);
    this.shifted = top > 0 ? shift(top) : 0;
    this.first = Math.max(0, this.first + this.shifted);
    this.last += this.shifted;
  }

  updated(changed) {
    // Through the object model, which the page's policy allows; style attributes it does not.
    this.querySelector('.all').style.height = `${this.rows.length * this.rowHeight}px`;
    for (const row of this.querySelectorAll('.row[data-index]')) {
      row.style.transform = `translateY(${row.dataset.index * this.rowHeight}px)`;
    }
    if (this.shifted) {
      this.port.scrollTop += this.shifted * this.rowHeight;
      this.shifted = 0;
    }
    if (changed.has('rows')) {
      this.look();
    }
  }

  /** To the top, when other rows are shown. */
  reset() {
    this.isAnew = true;
    this.active = 0;
    if (this.port) {
      this.port.scrollTop = 0;
    }
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, {detail, bubbles: true}));
  }

  go(index, extend) {
    if (this.rows.length === 0) {
      return;
    }
    const next = Math.min(this.rows.length - 1, Math.max(0, index));
    if (extend) {
      this.tell('hf-extend', {from: this.active, to: next});
    }
    this.active = next;
    const top = next * this.rowHeight;
    if (top < this.port.scrollTop) {
      this.port.scrollTop = top;
    } else if (top + this.rowHeight > this.port.scrollTop + this.heightOfRows()) {
      this.port.scrollTop = top + this.rowHeight - this.heightOfRows();
    }
    this.look();
  }

  key(e) {
    if (e.target.closest('button, input')) {
      return;
    }
    const page = Math.max(1, Math.floor(this.heightOfRows() / this.rowHeight) - 1);
    const moves = {
      ArrowDown: this.active + 1,
      ArrowUp: this.active - 1,
      PageDown: this.active + page,
      PageUp: this.active - page,
      Home: 0,
      End: this.rows.length - 1,
    };
    const row = this.rows[this.active];
    if (e.key in moves) {
      this.go(moves[e.key], e.shiftKey);
    } else if (e.key === 'a' && (e.ctrlKey || e.metaKey)) {
      this.tell('hf-all');
    } else if (e.key === ' ' && row) {
      this.tell('hf-select', {row, index: this.active});
    } else if (e.key === 'Enter' && row) {
      this.tell('hf-open', {row});
    } else if (['Delete', 'F2'].includes(e.key) && row) {
      this.tell(e.key === 'F2' ? 'hf-rename' : 'hf-delete', {row});
    } else if (e.key.length === 1 && !e.ctrlKey && !e.metaKey && !e.altKey) {
      this.seek(e.key);
    } else {
      return;
    }
    e.preventDefault();
  }

  /** To the next row that begins with what is typed; a pause begins a new word. */
  seek(letter) {
    const now = performance.now();
    this.typed = (now - (this.typedAt ?? 0) < 800 ? this.typed : '') + letter.toLowerCase();
    this.typedAt = now;
    const from = this.active + (this.typed.length === 1 ? 1 : 0);
    for (let step = 0; step < this.rows.length; step++) {
      const index = (from + step) % this.rows.length;
      if (this.rows[index].name.toLowerCase().startsWith(this.typed)) {
        this.go(index);
        return;
      }
    }
  }

  render() {
    const first = Math.min(this.first, Math.max(0, this.rows.length - 1));
    const seen = this.rows.slice(first, this.last);
    const indexOfActive = this.rows.length > 0 ? Math.min(this.active, this.rows.length - 1) : -1;
    const isThere = indexOfActive >= first && indexOfActive < first + seen.length;
    return html`<div class="grid" role="grid" aria-multiselectable="true" aria-label=${this.label}
        aria-rowcount=${this.rows.length + 1} tabindex="0" aria-activedescendant=${isThere ? `row-${indexOfActive}` : ''}
        @keydown=${this.key}>
      <div class="row head" role="row" aria-rowindex="1">${this.head}</div>
      <div class="all" role="rowgroup">
        ${repeat(
          seen,
          row => this.keyOf(row),
          (row, offset) => {
            const index = first + offset;
            const selected = this.selected.has(this.keyOf(row));
            return html`<div class="row ${index === indexOfActive ? 'active' : ''} ${selected ? 'selected' : ''}" role="row"
              id="row-${index}" data-index=${index} aria-rowindex=${index + 2} aria-selected=${selected}
              @click=${() => {
                this.active = index;
              }}>${this.cells(row, index)}</div>`;
          },
        )}
      </div>
    </div>`;
  }
}

customElements.define('hf-list', VirtualList);
