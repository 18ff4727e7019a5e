/** What most pages and some dialogs have in common: they show what the server says, keep it fresh, and carry out wishes. */
import {View, html, nothing} from './view.js';
import {t, duration} from './texts.js';
import {follow} from './events.js';
import {say, sayProblem} from './messages.js';

/** How far something is, for eyes and ears. */
export const progress = ({label, percent, facts = []}) => html`<div class="progress">
  <progress max="100" .value=${percent} aria-label=${label}></progress>
  <small>${[`${Math.floor(percent)} %`, ...facts.filter(fact => fact)].join(' · ')}</small></div>`;

export const left = seconds => (seconds > 0 ? t('live.left', {time: duration(seconds)}) : '');

/** A part that has `load(signal)`; that answers true while something moves of which no hint tells. */
export class LiveView extends View {
  static properties = {problem: {state: true}, ready: {state: true}};

  /** What hints are listened to, and how often to ask without them. */
  topics = [];
  everyMillis = 5000;

  connectedCallback() {
    super.connectedCallback();
    if (this.hasUpdated) {
      this.begin();
    }
  }

  /** Not before: what an element was given before its class was loaded, it has from its first update on. */
  firstUpdated() {
    this.begin();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.unfollow?.();
  }

  begin() {
    this.unfollow = follow(this.topics, this.everyMillis, signal => this.refresh(signal));
  }

  async refresh(signal) {
    try {
      const moves = await this.load(signal);
      this.problem = '';
      this.ready = true;
      return moves;
    } catch (problem) {
      if (problem.name !== 'AbortError') {
        this.problem = problem.message;
      }
      return false;
    }
  }

  /** Carries out a wish, says that it is done, or why not, and reads again; answers whether it is done. */
  async act(work, done) {
    try {
      await work();
      if (done) {
        say(done);
      }
      return true;
    } catch (problem) {
      sayProblem(problem);
      return false;
    } finally {
      this.refresh();
    }
  }
}

export class LivePage extends LiveView {
  /** Of the element around it; a page with a long list is as high as its place. */
  kind = 'page';

  render() {
    return html`<div class=${this.kind}>
      ${this.head()}
      ${this.problem ? html`<p class="wrong" role="alert">${this.problem}</p>` : nothing}
      ${this.ready ? this.body() : this.problem ? nothing : html`<p role="status">${t('app.loading')}</p>`}</div>`;
  }
}
