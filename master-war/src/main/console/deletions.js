/**
 * Deletions that can still be undone. The server's are for ever, so that one is asked for only when its message goes: by
 * itself after a moment, or at once when it is dismissed, when something else is changed or when the page is left. It is
 * undone by being forgotten.
 */
import {call, encodeAddress} from './api.js';
import {hint} from './events.js';
import {eachOf, say} from './messages.js';
import {t} from './texts.js';

const NOT_FOUND = 404;

/** By address: what is to be deleted and not gone yet. */
const doomed = new Map();
/** What takes the messages away that still offer to undo. */
const messages = new Set();
const underWay = new Set();

/** Whether it is to be deleted, or lies in a folder that is; people see it no more. */
export function isDoomed(address) {
  if (doomed.size > 0) {
    for (let end = address.length; end > 0; end = address.lastIndexOf('/', end - 1)) {
      if (doomed.has(address.slice(0, end))) {
        return true;
      }
    }
  }
  return false;
}

/** What was looked at is deleted only as it was seen. */
function carryOut({address, type, etag}, keepalive = false) {
  const isFolder = type === 'folder';
  return call(`${isFolder ? 'folders' : 'files'}/${encodeAddress(address)}`, {
    method: 'DELETE',
    keepalive,
    ...(isFolder ? {query: {recursive: 'true'}} : {headers: {'If-Match': etag}}),
  });
}

/** One after the other; what could not be deleted is seen again, and the first reason is told. */
async function carryOutAll(entries) {
  await eachOf(entries, async entry => {
    try {
      await carryOut(entry);
    } catch (problem) {
      if (problem.status !== NOT_FOUND) {
        throw problem;
      }
    } finally {
      doomed.delete(entry.address);
    }
  });
  hint('files');
}

/** Lets some files and folders, each {address, type, etag}, be deleted in a moment; comes back when that is done or undone. */
export function deleteSoon(entries, what) {
  entries.forEach(entry => doomed.set(entry.address, entry));
  return new Promise(resolve => {
    const undo = () => {
      messages.delete(end);
      entries.forEach(entry => doomed.delete(entry.address));
      hint('files');
      say(t('files.undone'));
      resolve();
    };
    const gone = () => {
      messages.delete(end);
      const work = carryOutAll(entries).then(() => underWay.delete(work)).then(resolve);
      underWay.add(work);
    };
    const end = say(t('files.deleting', {what}), {action: {label: t('files.undo'), run: undo}, gone});
    messages.add(end);
  });
}

/** Carries out at once what could still be undone: something comes after it. */
export async function settleDeletions() {
  messages.forEach(end => end());
  await Promise.all(underWay);
}

// The browser goes on with these after the page.
addEventListener('pagehide', () => [...doomed.values()].forEach(entry => carryOut(entry, true).catch(() => {})));
