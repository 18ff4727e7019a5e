/**
 * The master's API. The session's token lives in this tab's sessionStorage (ADR 38): it goes with the tab, no other site
 * can make the browser send it, and a reload keeps it.
 */
import {t} from './texts.js';

const API = '/api/v1/';
const KEPT = 'holdfast.session';

/** What the server or the network says went wrong; the message is a sentence for people. */
export class Problem extends Error {
  constructor(message, status, code, more = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

let session = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
if (session && new Date(session.expiresAt) <= new Date()) {
  session = null;
}
const listeners = new Set();

export const who = () => session;
export const token = () => session?.token;
export const onSession = listener => listeners.add(listener);

function keep(next) {
  session = next;
  if (next) {
    sessionStorage.setItem(KEPT, JSON.stringify(next));
  } else {
    sessionStorage.removeItem(KEPT);
  }
  listeners.forEach(listener => listener(next));
}

/** A namespace and path as a URL has it. */
export const encodeAddress = address => address.split('/').map(encodeURIComponent).join('/');

/** The problem that an answer tells. */
export async function problemOf(status, text) {
  let told = {};
  try {
    told = JSON.parse(text);
  } catch {
    // Something in between has answered, not the API.
  }
  return new Problem(told.detail ?? t('error.unknown', {status}), status, told.code ?? '', told);
}

/** The session is over; what was under way hears so by its answer. */
export function expired() {
  if (session) {
    keep(null);
  }
}

/** Sends a request; answers what `read` gets out of the answer, or throws why there is none. */
async function send(url, init, read) {
  let answer;
  let found;
  try {
    answer = await fetch(url, init);
    found = await (answer.ok ? read(answer) : answer.text());
  } catch (e) {
    throw e.name === 'AbortError' ? e : new Problem(t('error.network'), 0, 'network');
  }
  if (answer.ok) {
    return found;
  }
  const problem = await problemOf(answer.status, found);
  if (answer.status === 401 && session && init.headers.Authorization === `Bearer ${session.token}`) {
    expired();
  }
  throw problem;
}

/**
 * One request. Answers the parsed JSON, the text where another type was asked for, or null where there is none.
 *
 * keepalive: the browser goes on with it after the page.
 * No credentials of the browser's own: otherwise a 401 makes it ask for a name and a password in a window of its own.
 */
export async function call(path, {method = 'GET', body, query, signal, headers = {}, credentials = 'omit', keepalive} = {}) {
  const asked = Object.entries(query ?? {}).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const url = API + path + (asked.length > 0 ? `?${asked.join('&')}` : '');
  const sent = {Accept: 'application/json', ...headers};
  if (session && !sent.Authorization) {
    sent.Authorization = `Bearer ${session.token}`;
  }
  if (body !== undefined) {
    sent['Content-Type'] = 'application/json';
  }
  const init = {method, headers: sent, body: body === undefined ? undefined : JSON.stringify(body), signal, credentials, keepalive};
  const text = await send(url, init, answer => answer.text());
  return text ? (sent.Accept === 'application/json' ? JSON.parse(text) : text) : null;
}

const utf8Base64 = text => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const basic = (name, password) => `Basic ${utf8Base64(`${name}:${password}`)}`;

async function open(options) {
  const opened = await call('session', {method: 'POST', ...options});
  const authorization = {Authorization: `Bearer ${opened.token}`};
  const [account] = (await call(`users/${encodeURIComponent(opened.user)}`, {headers: authorization})).users;
  keep({...opened, administrator: account.role === 'administrator'});
}

export const signIn = (name, password) => open({headers: {Authorization: basic(name, password)}});

/** The browser shows a certificate where it has one: only with credentials of its own. */
export const signInByCertificate = () => open({credentials: 'same-origin'});

export async function signOut() {
  try {
    await call('session', {method: 'DELETE'});
  } catch (e) {
    if (e.status !== 401) {
      throw e;
    }
  } finally {
    keep(null);
  }
}

/** Sets another password; all sessions end by it, so the new password opens this tab's next one. */
export async function changePassword(old, next) {
  const {user} = session;
  // Not with the token: that a wrong old password is refused does not mean that the session is over.
  const headers = {Authorization: basic(user, old)};
  await call(`users/${encodeURIComponent(user)}/password`, {method: 'POST', body: {old, new: next}, headers});
  await signIn(user, next);
}

/**
 * Where a file's bytes are: {urls, expiresAt}, links to nodes, the best first. A page can't follow the master's redirect
 * to a node, another origin: it asks where the file is, and goes there.
 */
export const locate = (address, {version, signal} = {}) =>
  call(`files/${encodeAddress(address)}`, {query: {noredirect: 'true', ...(version ? {version} : {})}, signal});

/** More than the longest comment of a zip of ours. */
const COMMENT_BYTES = 100;

function follow(url, name) {
  const link = document.createElement('a');
  link.href = url;
  link.rel = 'noopener';
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}

/** Downloads a file by the browser itself, which keeps its own progress and resumes by ranges. */
export async function download(address, version) {
  const {urls} = await locate(address, {version});
  follow(urls[0], '');
}

/**
 * Downloads a folder as zip. The token goes by a header, which a link can't send: the browser collects the bytes, large
 * ones on its disk, and keeps them when all are there. Answers how many files could not be read and which entry names them,
 * {count, list}, or null: the zip's comment, its last bytes, tells (ADR 55).
 */
export async function downloadFolder(address, signal) {
  const headers = {Authorization: `Bearer ${token()}`};
  const blob = await send(`${API}archives/${encodeAddress(address)}`, {headers, signal, credentials: 'omit'}, answer => answer.blob());
  const url = URL.createObjectURL(blob);
  follow(url, `${address.split('/').at(-1)}.zip`);
  // The browser has taken it over by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  const [, count, list] = /(\d+) missing, see (MISSING.*)$/.exec(await blob.slice(-COMMENT_BYTES).text()) ?? [];
  return count ? {count, list} : null;
}
