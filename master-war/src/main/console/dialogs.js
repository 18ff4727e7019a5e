/** Questions, by the browser's own dialog: it keeps the focus within, closes by Escape and gives the focus back. */
import {render} from 'lit-html';
import {html, nothing} from './view.js';
import {t} from './texts.js';
import {standIn} from './messages.js';

/**
 * Shows a dialog until it is closed; answers what it was closed with, or undefined.
 *
 * @param content what to show; it gets a function that closes with an answer
 */
export function show(content, {label, wide = false, large = false} = {}) {
  return new Promise(resolve => {
    const dialog = document.createElement('dialog');
    dialog.className = large ? 'large' : wide ? 'wide' : '';
    dialog.setAttribute('aria-label', label);
    let answer;
    const close = value => {
      answer = value;
      dialog.close();
    };
    dialog.addEventListener('close', () => {
      standIn([...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body);
      dialog.remove();
      resolve(answer);
    });
    render(content(close), dialog);
    document.body.append(dialog);
    dialog.showModal();
    standIn(dialog);
    dialog.querySelector('[autofocus]')?.focus();
  });
}

/** A question that is answered by yes or not. */
export const confirm = ({title, text = '', action, danger = false}) =>
  show(
    close => html`<form method="dialog" class="question" @submit=${e => {
      e.preventDefault();
      close(true);
    }}>
      <h2>${title}</h2>
      <p>${text}</p>
      <footer>
        <button type="button" @click=${() => close(false)}>${t('app.cancel')}</button>
        <button class=${danger ? 'danger' : 'primary'} autofocus>${action}</button>
      </footer>
    </form>`,
    {label: title},
  );

/** Asks for a line of text; undefined when it is given up. */
export const ask = ({title, value = '', action, hint}) =>
  show(
    close => html`<form method="dialog" class="question" @submit=${e => {
      e.preventDefault();
      close(new FormData(e.target).get('answer').trim());
    }}>
      <h2><label for="answer">${title}</label></h2>
      <input id="answer" name="answer" .value=${value} required autofocus autocomplete="off" spellcheck="false"
        aria-describedby="answer-hint" @focus=${e => e.target.select()}>
      ${hint ? html`<p class="faint" id="answer-hint">${hint}</p>` : nothing}
      <footer>
        <button type="button" @click=${() => close(undefined)}>${t('app.cancel')}</button>
        <button class="primary">${action}</button>
      </footer>
    </form>`,
    {label: title},
  );

/**
 * What shall become of a file whose name is taken: {answer: 'replace' | 'rename' | 'skip', forAll}.
 *
 * @param kept older versions that the namespace keeps of each file; undefined when nobody knows
 */
export const askConflict = (name, folder, kept) =>
  show(
    close => {
      let forAll = false;
      const choice = (answer, label, hint, first) => html`<button class="choice" ?autofocus=${first}
        @click=${() => close({answer, forAll})}><strong>${label}</strong> <span>${hint}</span></button>`;
      return html`<div class="question">
        <h2>${t('upload.conflict', {name})}</h2>
        <p>${t('upload.conflictText', {folder})}</p>
        ${choice('replace', t('upload.replace'), kept === undefined ? t('upload.replaceHintUnknown') : t('upload.replaceHint', kept))}
        ${choice('rename', t('upload.keepBoth'), t('upload.keepBothHint'), true)}
        ${choice('skip', t('upload.skip'), t('upload.skipHint'))}
        <label class="line"><input type="checkbox" @change=${e => (forAll = e.target.checked)}> ${t('upload.forAll')}</label>
      </div>`;
    },
    {label: t('upload.conflict', {name})},
  );
