/** All alarms, the worst first. */
import {html, icon, nothing} from './view.js';
import {t, time, word} from './texts.js';
import {AlarmView, alarms, placeOf} from './alarms.js';

class AlarmsPage extends AlarmView {
  render() {
    const {list} = alarms;
    return html`<div class="page"><h1>${t('alarms.title')}</h1>
      ${!list
        ? html`<p role="status">${t('app.loading')}</p>`
        : list.length === 0
          ? html`<p class="verdict good" role="status">${t('alarms.none')}</p>`
          : html`<ul class="alarms">${list.map(alarm => this.one(alarm))}</ul>`}</div>`;
  }

  one(alarm) {
    const place = placeOf(alarm);
    return html`<li class="card ${alarm.severity}">${icon('alarm')}
      <div class="grow"><p><strong>${alarm.subject}</strong> <span class="state">${word('severity', alarm.severity)}</span></p>
        <p>${alarm.sentence}</p>
        <p class="faint">${t('nodes.since', {when: time(alarm.since)})}</p></div>
      ${place ? html`<a class="button" href="#/${place}">${t('alarms.go')}<span class="unseen"> ${alarm.subject}</span></a>` : nothing}</li>`;
  }
}

customElements.define('hf-alarms', AlarmsPage);
