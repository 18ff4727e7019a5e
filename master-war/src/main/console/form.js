/** A dialog of fields. */
import {View, html, nothing} from './view.js';
import {t, bytes, parseBytes} from './texts.js';
import {show} from './dialogs.js';

const pad = part => String(part).padStart(2, '0');

/** An instant as an input of the browser has it: local, to the minute. */
function local(text) {
  const at = new Date(text);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

/** Between what the API has and what stands in a field; nothing in it is null, and what is left as it was stays exactly that. */
const KINDS = {
  text: {shown: value => value, read: text => text.trim() || null},
  email: {type: 'email', shown: value => value, read: text => text.trim() || null},
  number: {type: 'number', shown: value => value, read: text => (text === '' ? null : Number(text))},
  bytes: {shown: value => bytes(value), read: text => (text.trim() === '' ? null : parseBytes(text))},
  time: {type: 'datetime-local', shown: local, read: text => (text === '' ? null : new Date(text).toISOString())},
};

const shown = ({kind, value}) => (value === null || value === undefined ? '' : String(KINDS[kind].shown(value)));

/**
 * Asks for values and hands them to `save`, whose failure is shown beside them; answers what `save` has answered, or
 * undefined when it is given up.
 *
 * @param fields [{name, label, kind, value, hint, options, required, min, max}]; kind is one of text, email, number,
 *     bytes, time, choice (with options [[value, label]])
 */
export const edit = ({title, text, fields, action, save, danger = false}) =>
  show(
    close => html`<hf-form .title_=${title} .text=${text} .fields=${fields} .action=${action} .save=${save} .danger=${danger}
      .close=${close}></hf-form>`,
    {label: title},
  );

class Form extends View {
  static properties = {problem: {state: true}, busy: {state: true}};

  firstUpdated() {
    this.querySelector('[autofocus]')?.focus();
  }

  async send(e) {
    e.preventDefault();
    const said = new FormData(e.target);
    this.problem = '';
    this.busy = true;
    try {
      const values = Object.fromEntries(
        this.fields.map(field => [field.name, this.read(field, said.get(field.name))]),
      );
      this.close((await this.save(values)) ?? values);
    } catch (problem) {
      this.problem = problem.message;
    } finally {
      this.busy = false;
    }
  }

  read(field, text) {
    if (field.kind === 'choice') {
      return text;
    }
    return text === shown(field) ? (field.value ?? null) : KINDS[field.kind].read(text);
  }

  render() {
    return html`<form class="question" @submit=${this.send}>
      <h2>${this.title_}</h2>
      ${this.text ? html`<p>${this.text}</p>` : nothing}
      ${this.fields.map((field, index) => this.field(field, index === 0))}
      <p class="wrong" role="alert">${this.problem ?? ''}</p>
      <footer>
        <button type="button" @click=${() => this.close()}>${t('app.cancel')}</button>
        <button class=${this.danger ? 'danger' : 'primary'} ?disabled=${this.busy}>${this.action}</button>
      </footer>
    </form>`;
  }

  field(field, first) {
    const {name, label, kind, value, hint, options, required = false, min, max} = field;
    const id = `field-${name}`;
    const hinted = hint ? `hint-${name}` : nothing;
    const input =
      kind === 'choice'
        ? html`<select id=${id} name=${name} ?autofocus=${first} aria-describedby=${hinted}>${options.map(
            ([option, word]) => html`<option value=${option} ?selected=${option === value}>${word}</option>`,
          )}</select>`
        : html`<input id=${id} name=${name} type=${KINDS[kind].type ?? nothing} .value=${shown(field)} ?required=${required}
            ?autofocus=${first} min=${min ?? nothing} max=${max ?? nothing} autocomplete="off" autocapitalize="none" spellcheck="false"
            aria-describedby=${hinted}>`;
    return html`<div class="field"><label for=${id}>${label}</label> ${input}
      ${hint ? html`<small id="hint-${name}">${hint}</small>` : nothing}</div>`;
  }
}

customElements.define('hf-form', Form);
