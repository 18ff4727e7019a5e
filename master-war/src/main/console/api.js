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

/**
 * One request. Answers the parsed JSON, the text where another type was asked for, or null where there is none.
 *
 * No credentials of the browser's own: otherwise a 401 makes it ask for a name and a password in a window of its own.
 */
export async function call(path, {method = 'GET', body, query, signal, headers = {}, credentials = 'omit'} = {}) {
  const asked = Object.entries(query ?? {}).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const url = API + path + (asked.length > 0 ? `?${asked.join('&')}` : '');
  const sent = {Accept: 'application/json', ...headers};
  if (session && !sent.Authorization) {
    sent.Authorization = `Bearer ${session.token}`;
  }
  if (body !== undefined) {
    sent['Content-Type'] = 'application/json';
  }
  let answer;
  let text;
  try {
    answer = await fetch(url, {
      method,
      headers: sent,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      credentials,
    });
    text = await answer.text();
  } catch (e) {
    throw e.name === 'AbortError' ? e : new Problem(t('error.network'), 0, 'network');
  }
  if (!answer.ok) {
    const problem = await problemOf(answer.status, text);
    if (answer.status === 401 && session && sent.Authorization === `Bearer ${session.token}`) {
      expired();
    }
    throw problem;
  }
  return text ? (sent.Accept === 'application/json' ? JSON.parse(text) : text) : null;
}

const utf8Base64 = text => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

async function open(options) {
  const opened = await call('session', {method: 'POST', ...options});
  const authorization = {Authorization: `Bearer ${opened.token}`};
  const [account] = (await call(`users/${encodeURIComponent(opened.user)}`, {headers: authorization})).users;
  keep({...opened, administrator: account.role === 'administrator'});
}

export const signIn = (name, password) => open({headers: {Authorization: `Basic ${utf8Base64(`${name}:${password}`)}`}});

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

/**
 * Downloads a file by the browser itself, which keeps its own progress and resumes by ranges. A page can't follow the
 * master's redirect to a node, another origin: it asks where the file is, and goes there.
 */
export async function download(address, version) {
  const query = {noredirect: 'true', ...(version ? {version} : {})};
  const {urls} = await call(`files/${encodeAddress(address)}`, {query});
  const link = document.createElement('a');
  link.href = urls[0];
  link.rel = 'noopener';
  link.download = '';
  document.body.append(link);
  link.click();
  link.remove();
}
