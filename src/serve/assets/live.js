// Keeps an open page as it would be built now: hears of changes, fetches the page again and changes in place only
// what is new, so that scroll, focus, typed text and opened details stay. `Idiomorph` and `panel` stand before this.
const script = document.currentScript;
// The bytes that the page was made from, by the server's word for them.
let tag = script.dataset.page;
let run = null;
// What only the preview has lies below this address.
const own = '/.gongkai/';

// What scripts of the page and its reader have changed since it came. The new page knows nothing of it, and it stays.
const touched = new WeakMap();
const added = new WeakSet();
let whole = false;
// The parser is done; what comes now is the work of scripts.
document.addEventListener('readystatechange', () => { note(observer.takeRecords()); whole = true; });
function touch(node, name) {
  if (!touched.has(node)) touched.set(node, new Set());
  touched.get(node).add(name);
}
function note(records) {
  for (const record of records) {
    if (record.type === 'attributes') touch(record.target, record.attributeName);
    else if (whole) record.addedNodes.forEach((node) => added.add(node));
  }
}
const observer = new MutationObserver(note);
observer.observe(document, { attributes: true, childList: true, subtree: true });
for (const kind of ['input', 'change']) {
  document.addEventListener(kind, (event) => {
    ['value', 'checked', 'selected'].forEach((name) => touch(event.target, name));
    for (const option of event.target.options || []) touch(option, 'selected');
  }, true);
}

const addresses = (page, query, name) => Array.from(page.querySelectorAll(query), (node) => node.getAttribute(name));

// Takes over the new page, and gives the elements that are new or have new words.
function morph(next) {
  note(observer.takeRecords());
  const fresh = [];
  morphAttributes(document.documentElement, next.documentElement);
  morphHead(next.head);
  morphAttributes(document.body, next.body);
  Idiomorph.morph(document.body, Array.from(next.body.childNodes), {
    morphStyle: 'innerHTML',
    callbacks: {
      beforeAttributeUpdated: (name, node) => !(touched.has(node) && touched.get(node).has(name)),
      beforeNodeRemoved: (node) => !added.has(node),
      beforeNodeMorphed: (old, now) => {
        if (old.nodeType === Node.TEXT_NODE && old.nodeValue !== now.nodeValue) fresh.push(old.parentElement);
        return true;
      },
      afterNodeAdded: (node) => {
        const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
        if (element && node.textContent.trim()) fresh.push(element);
      },
    },
  });
  observer.takeRecords();
  return fresh.filter((element) => element && element.isConnected);
}

function morphAttributes(old, next) {
  const kept = (name) => touched.has(old) && touched.get(old).has(name);
  for (const { name, value } of Array.from(next.attributes)) {
    if (!kept(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of Array.from(old.attributes)) {
    if (!kept(name) && !next.hasAttribute(name)) old.removeAttribute(name);
  }
}

// Stylesheets are swapped only when the new ones have come, so that no page is ever bare. All else in the head says
// something of the page and is simply replaced; scripts have run and stay.
function morphHead(next) {
  const sheets = Array.from(document.head.querySelectorAll('link[rel=stylesheet]'));
  const wanted = Array.from(next.querySelectorAll('link[rel=stylesheet]'));
  const same = (a) => (b) => a.getAttribute('href') === b.getAttribute('href');
  const stale = sheets.filter((sheet) => !wanted.some(same(sheet)));
  const coming = wanted.filter((sheet) => !sheets.some(same(sheet))).map((sheet) => document.importNode(sheet));
  const last = sheets[sheets.length - 1];
  Promise.all(coming.map((sheet) => new Promise((done) => {
    sheet.onload = sheet.onerror = done;
    if (last) last.after(sheet);
    else document.head.append(sheet);
  }))).then(() => stale.forEach((sheet) => sheet.remove()));
  const plain = (node) => !node.matches('script[src], link[rel=stylesheet], style') && !added.has(node);
  const before = Array.from(document.head.children).filter(plain);
  const now = Array.from(next.children).filter(plain);
  if (before.map((node) => node.outerHTML).join() === now.map((node) => node.outerHTML).join()) return;
  before.forEach((node) => node.remove());
  document.head.prepend(...now.map((node) => document.importNode(node, true)));
}

async function refresh(follows) {
  const response = await fetch(location.pathname + location.search, { cache: 'no-cache' });
  const next = new DOMParser().parseFromString(await response.text(), 'text/html');
  const mark = next.querySelector('script[data-page]');
  if (!mark) return;
  // Another script may do anything: only a page that is loaded anew shows what.
  const scripts = (page) => addresses(page, 'script[src]:not([data-page])', 'src').sort().join();
  if (scripts(document) !== scripts(next)) { location.reload(); return; }
  tag = mark.dataset.page;
  show(morph(next), follows);
}

// Marks what is new for a moment; where the page follows the writer, brings the first of it into view.
function show(fresh, follows) {
  const main = fresh.filter((element) => !document.querySelector('main') || element.closest('main'));
  const first = main[0];
  if (first && follows) {
    const { top, bottom } = first.getBoundingClientRect();
    if (bottom < 0 || top > innerHeight) first.scrollIntoView({ block: 'center' });
  }
  for (const element of main.slice(0, 20)) {
    element.animate([{ outline: '2px solid #c8102e' }, { outline: '2px solid transparent' }], 1500);
  }
}

// Images of files with new bytes and the same address.
async function renew(files) {
  for (const file of files) {
    const images = Array.from(document.images).filter((image) => new URL(image.src, location.href).pathname === file);
    if (!images.length) continue;
    await fetch(file, { cache: 'reload' });
    images.forEach((image) => { image.src = image.getAttribute('src'); });
  }
}

async function hear(news) {
  if (run !== null && run !== news.run) { location.reload(); return; }
  run = news.run;
  if (news.follow && news.follow !== location.pathname) { location.assign(news.follow); return; }
  if (!news.tag && news.moved) { location.replace(news.moved); return; }
  // A page that is gone stays to be looked at, with a word above it.
  if (news.tag && news.tag !== tag) await refresh(Boolean(news.follow));
  await renew(news.files);
  panel.show(news, !news.tag && tag !== '');
}

// One message after the other; of those that wait only the last counts for the page, but every file that is named.
let busy = Promise.resolve();
let waiting = null;
function take(news) {
  const last = waiting;
  if (last) {
    news.files = last.files.concat(news.files);
    news.follow = news.follow || last.follow;
  }
  waiting = news;
  if (last) return;
  busy = busy.then(() => {
    const next = waiting;
    waiting = null;
    return hear(next);
  }).catch(() => panel.lost());
}

// A browser holds few connections to one server: a page that nobody sees lets go of its own.
let stream = null;
function listen() {
  if (stream) stream.close();
  stream = null;
  if (document.visibilityState === 'hidden') return;
  stream = new EventSource(own + 'live?page=' + encodeURIComponent(location.pathname));
  stream.onmessage = (event) => take(JSON.parse(event.data));
  stream.onerror = () => panel.lost();
}
document.addEventListener('visibilitychange', listen);
window.addEventListener('pagehide', () => { if (stream) stream.close(); });
window.addEventListener('pageshow', (event) => { if (event.persisted) listen(); });
listen();
