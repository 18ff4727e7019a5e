/** All words of the console. Another language is another object of this shape. */
const english = {
  'app.name': 'Holdfast',
  'app.skip': 'Skip to content',
  'app.navigation': 'Main',
  'app.files': 'Files',
  'app.cluster': 'Cluster',
  'app.nodes': 'Nodes',
  'app.theme': 'Switch between light and dark',
  'app.signOut': 'Sign out',
  'app.messages': 'Messages',
  'app.loading': 'Loading…',
  'app.retry': 'Try again',
  'app.close': 'Close',
  'app.cancel': 'Cancel',
  'app.ok': 'OK',
  'app.dismiss': 'Dismiss',
  'app.nothingHere': 'There is nothing at this address.',
  'app.newVersion': 'The console has been updated. Load the page again.',
  'error.network': 'The server can’t be reached. Check the connection and try again.',
  'error.expired': 'Your session has ended. Sign in again.',
  'error.unknown': 'That did not work ({status}).',
  'signIn.title': 'Sign in',
  'signIn.name': 'User name or e-mail',
  'signIn.password': 'Password',
  'signIn.go': 'Sign in',
  'signIn.certificate': 'Use my certificate',
  'signIn.or': 'or',
  'signIn.wrong': 'That name and password don’t go together.',
  'signIn.noCertificate': 'The browser has shown no certificate that belongs to an account.',
  'files.title': 'Files',
  'files.places': 'Namespaces',
  'files.noPlaces': 'No namespace is yours to use yet. An administrator can make one or share one.',
  'files.placeFacts': '{files} · {bytes}',
  'files.path': 'Where you are',
  'files.upload': 'Upload files',
  'files.uploadFolder': 'Upload folder',
  'files.newFolder': 'New folder',
  'files.newFolderName': 'Name of the new folder',
  'files.create': 'Create',
  'files.download': 'Download',
  'files.rename': 'Rename',
  'files.renameTo': 'New name of “{name}”',
  'files.move': 'Move',
  'files.moveTo': 'Move {what} into which folder?',
  'files.moveHint': 'namespace/folder, for instance {example}',
  'files.delete': 'Delete',
  'files.deleteSure': 'Delete {what}?',
  'files.deleteFolder': 'Folders go with all that is in them. ',
  'files.deleteForEver': 'All versions go with it; this can’t be undone.',
  'files.deleted': '{what} deleted.',
  'files.moved': '{what} moved.',
  'files.undo': 'Undo',
  'files.undone': 'Undone.',
  'files.details': 'Details',
  'files.share': 'Share',
  'files.name': 'Name',
  'files.size': 'Size',
  'files.modified': 'Modified',
  'files.listing': 'Contents of {name}',
  'files.empty': 'This folder is empty',
  'files.emptyHint': 'Drop files or folders here, or use Upload.',
  'files.counting': '{count} and more…',
  'files.count': n => (n === 1 ? '1 entry' : `${number(n)} entries`),
  'files.selected': n => (n === 1 ? '1 selected' : `${number(n)} selected`),
  'files.what': n => (n === 1 ? '1 entry' : `${number(n)} entries`),
  'files.select': 'Select {name}',
  'files.selectAll': 'Select all',
  'files.folder': 'folder',
  'files.file': 'file',
  'files.drop': 'Drop to upload into {name}',
  'files.keys': 'Arrow keys move, Space selects, Enter opens, F2 renames, Delete deletes.',
  'files.partly': '{done} of {all} done. {problem}',
  'files.conflict': 'A file or folder “{name}” is there already. Choose another name.',
  'upload.title': 'Uploads',
  'upload.total': '{done} of {all} files · {bytes} of {allBytes}',
  'upload.speed': '{speed}/s · {left} left',
  'upload.waiting': 'Waiting',
  'upload.running': '{bytes} of {all}',
  'upload.paused': 'Paused',
  'upload.again': 'Connection lost; next try in {seconds} s',
  'upload.done': 'Done',
  'upload.skipped': 'Skipped',
  'upload.cancelled': 'Cancelled',
  'upload.failed': 'Failed: {problem}',
  'upload.pauseAll': 'Pause',
  'upload.resumeAll': 'Resume',
  'upload.cancelAll': 'Cancel all',
  'upload.clear': 'Clear',
  'upload.cancelOne': 'Cancel {name}',
  'upload.retryOne': 'Try {name} again',
  'upload.progress': 'Progress of all uploads',
  'upload.progressOne': 'Progress of {name}',
  'upload.finished': n => (n === 1 ? '1 file uploaded.' : `${number(n)} files uploaded.`),
  'upload.leave': 'Uploads are under way.',
  'upload.conflict': '“{name}” is there already',
  'upload.conflictText': 'What shall become of the one that you upload into {folder}?',
  'upload.replace': 'Replace',
  'upload.replaceHint': 'makes a new version of it',
  'upload.keepBoth': 'Keep both',
  'upload.keepBothHint': 'the new one gets a number',
  'upload.skip': 'Skip',
  'upload.skipHint': 'leaves what is there',
  'upload.forAll': 'Do the same with the others',
  'details.title': 'Details of {name}',
  'details.type': 'Type',
  'details.size': 'Size',
  'details.bytes': '{size} ({bytes} bytes)',
  'details.modified': 'Modified',
  'details.version': 'Version',
  'details.sha256': 'SHA-256',
  'details.md5': 'MD5',
  'details.locked': 'Locked by {user} until {until}',
  'details.copies': 'Copies',
  'details.copyCount': '{good} of {wanted} verified',
  'details.node': 'Node',
  'details.state': 'State',
  'details.verified': 'Verified',
  'details.origin': 'origin',
  'details.missing': 'Missing: {why}; {next}',
  'details.versions': 'Versions',
  'details.noVersions': 'No older versions are kept here.',
  'details.current': 'current',
  'details.by': '{when} by {user}',
  'details.restore': 'Restore',
  'details.restoreOne': 'Restore version {version}',
  'details.downloadOne': 'Download version {version}',
  'details.restored': 'Version {version} is the current one again.',
  'share.title': 'Share {name}',
  'share.people': 'Who has access',
  'share.user': 'User',
  'share.role': 'Role',
  'share.from': 'by {from}',
  'share.add': 'Give access',
  'share.remove': 'Take the access of {user} away',
  'share.links': 'Links',
  'share.linksHint': 'Whoever has a link can read this without an account, until it ends.',
  'share.noLinks': 'There are no links.',
  'share.days': 'Days',
  'share.password': 'Password (optional)',
  'share.makeLink': 'Make a link',
  'share.newLink': 'Copy it now; it is shown only once',
  'share.copy': 'Copy',
  'share.copied': 'Copied.',
  'share.linkFacts': 'by {user}, until {until}{password}',
  'share.withPassword': ', with password',
  'share.end': 'End this link',
  'role.owner': 'Owner',
  'role.master': 'Master: shares, changes, deletes',
  'role.editor': 'Editor: reads and changes',
  'role.reader': 'Reader',
  'cluster.title': 'Cluster',
  'cluster.files': 'Files',
  'cluster.bytes': 'Stored once',
  'cluster.nodesRunning': 'Nodes running',
  'cluster.copies': 'Good copies',
  'cluster.missing': 'Copies missing',
  'cluster.endangered': 'Files with one copy left',
  'cluster.unreadable': 'Files unreadable now',
  'cluster.healing': 'Copying',
  'cluster.perSecond': '{bytes}/s',
  'cluster.eta': 'whole again in {time}',
  'cluster.good': 'Every file has all its copies.',
  'cluster.notGood': '{count} copies are missing.',
  'cluster.bad': '{count} files can’t be read now.',
  'cluster.counted': 'Counted {when}',
  'cluster.of': '{some} of {all}',
  'nodes.title': 'Nodes',
  'nodes.node': 'Node',
  'nodes.status': 'Status',
  'nodes.wanted': 'Wanted',
  'nodes.zone': 'Zone',
  'nodes.space': 'Space',
  'nodes.used': '{used} used of {all}',
  'nodes.since': 'since {when}',
  'nodes.plot': 'Space used',
  'nodes.latency': 'Answer to heartbeats',
  'nodes.plotSummary': '{label} of {name}: now {last}, between {min} and {max}.',
  'nodes.noSamples': 'No samples yet; the first comes after a few seconds.',
  'nodes.span': 'Time span',
  'nodes.hour': '1 hour',
  'nodes.day': '1 day',
  'nodes.week': '7 days',
  'nodes.month': '30 days',
  'status.running': 'running',
  'status.joining': 'joining',
  'status.verifying': 'verifying',
  'status.down': 'down',
  'status.failed': 'failed',
  'admin.in_service': 'in service',
  'admin.draining': 'draining',
  'admin.offline': 'offline',
  'admin.removed': 'removed',
};

const words = english;
const language = 'en';

/** A sentence with its gaps filled: by the values of an object, or by one number that decides about the plural. */
export function t(key, values = {}) {
  const text = words[key];
  if (text === undefined) {
    return key;
  }
  return typeof text === 'function'
    ? text(values)
    : text.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);
}

/** The word for a state that a server tells; unknown ones as they are. */
export const word = (kind, name) => words[`${kind}.${name}`] ?? name;

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Sizes in powers of 1,000, with three digits. */
export function bytes(size) {
  if (size === null || size === undefined) {
    return '–';
  }
  let unit = 0;
  let value = size;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${UNITS[unit]}`;
}

export function number(value) {
  return new Intl.NumberFormat(language).format(value);
}

const TIME = new Intl.DateTimeFormat(language, {dateStyle: 'medium', timeStyle: 'short'});

export const time = text => (text ? TIME.format(new Date(text)) : '–');

/** Seconds as people say them. */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) {
    return `${whole} s`;
  }
  return whole < 5400 ? `${Math.round(whole / 60)} min` : `${(whole / 3600).toFixed(1)} h`;
}
