// What is added on top of reading: larger text, high contrast, reading aloud, printing,
// and a word before a link leads out of the site. Every page is whole without it.
(function () {
  'use strict';
  const root = document.documentElement;
  const all = (query, within) => Array.from((within || document).querySelectorAll(query));

  // Storage throws when the site is opened from a disk or the reader forbids it; then a choice lasts one page.
  const memory = {
    read(key) { try { return localStorage.getItem('gongkai-' + key); } catch (e) { return null; } },
    write(key, value) { try { localStorage.setItem('gongkai-' + key, value); } catch (e) { /* not kept */ } },
  };

  // Two switches, each an attribute of <html> that the stylesheet knows.
  const switches = { text: 'large', contrast: 'high' };
  function show(name, on) {
    if (on) root.dataset[name] = switches[name];
    else delete root.dataset[name];
    all('[data-do=' + name + ']').forEach((button) => button.setAttribute('aria-pressed', String(on)));
  }
  Object.keys(switches).forEach((name) => show(name, memory.read(name) === 'on'));

  // Reading aloud uses only voices of this computer: others would send the text elsewhere.
  const speech = window.speechSynthesis;
  const text = document.querySelector('.body');
  function localVoice() {
    return speech.getVoices().find((voice) => voice.localService && /^(zh|cmn)/i.test(voice.lang));
  }
  function offerSpeech() {
    const found = Boolean(localVoice());
    all('[data-do=speak]').forEach((button) => { button.hidden = !found; });
  }
  function speak(button) {
    const speaking = button.getAttribute('aria-pressed') === 'true';
    speech.cancel();
    button.setAttribute('aria-pressed', String(!speaking));
    if (speaking) return;
    // A paragraph at a time: browsers break off long utterances.
    const parts = all('h1').concat(all('h2, h3, h4, p, li, tr', text)).map((part) => part.textContent.trim());
    parts.filter(Boolean).forEach((words, number, list) => {
      const utterance = new SpeechSynthesisUtterance(words);
      utterance.voice = localVoice();
      utterance.lang = 'zh-CN';
      if (number === list.length - 1) utterance.onend = () => button.setAttribute('aria-pressed', 'false');
      speech.speak(utterance);
    });
  }
  if (speech && text) {
    offerSpeech();
    speech.onvoiceschanged = offerSpeech;
    window.addEventListener('pagehide', () => speech.cancel());
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-do]');
    if (!button) return;
    const name = button.dataset.do;
    if (name === 'print') window.print();
    else if (name === 'speak') speak(button);
    else {
      const on = button.getAttribute('aria-pressed') !== 'true';
      show(name, on);
      memory.write(name, on ? 'on' : 'off');
    }
  });
  all('.tools[hidden]').forEach((tools) => { tools.hidden = false; });

  // The search is fetched when its box is used, or when the page was opened from its results.
  const box = document.querySelector('.box');
  function fetchSearch() {
    if (!box || box.dataset.fetched) return;
    box.dataset.fetched = 'yes';
    document.head.append(Object.assign(document.createElement('script'), { src: box.dataset.script }));
  }
  if (box && !document.getElementById('search')) {
    box.addEventListener('focusin', fetchSearch);
    if (location.hash.startsWith('#find=') || box.contains(document.activeElement)) fetchSearch();
  }

  // On a narrow screen the strip of columns starts near the present one.
  const here = document.querySelector('.nav [aria-current]');
  if (here) here.closest('.nav').scrollLeft = here.offsetLeft - 70;

  // Tables wider than the page can be reached and scrolled by keyboard.
  all('.table:not([tabindex])').forEach((box) => {
    if (box.scrollWidth <= box.clientWidth) return;
    const caption = box.querySelector('caption');
    box.tabIndex = 0;
    box.setAttribute('role', 'region');
    box.setAttribute('aria-label', (caption ? caption.textContent : '表格') + '，可左右滚动');
  });

  // Contents: open beside the text on wide screens (for browsers whose CSS cannot), and the present heading marked.
  const contents = document.querySelector('.toc details');
  if (contents) {
    const wide = window.matchMedia('(min-width: 1100px)');
    contents.open = wide.matches;
    const links = all('a', contents);
    contents.addEventListener('click', (event) => { if (!wide.matches && event.target.closest('a')) contents.open = false; });
    const mark = (id) => links.forEach((link) => {
      if (link.hash === '#' + id) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    });
    if (window.IntersectionObserver) {
      const watch = new IntersectionObserver((seen) => {
        const top = seen.find((entry) => entry.isIntersecting);
        if (top) mark(top.target.id);
      }, { rootMargin: '0px 0px -75% 0px' });
      links.map((link) => document.getElementById(link.hash.slice(1))).filter(Boolean).forEach((part) => watch.observe(part));
    }
  }

  // 国办发〔2017〕47号: tell the reader before a link leaves the site, unless the site lists its host.
  function element(name, words, values) {
    return Object.assign(document.createElement(name), { textContent: words }, values);
  }
  function ask(question, address, leave) {
    const box = document.createElement('dialog');
    if (!box.showModal) { if (window.confirm(question)) leave(); return; }
    const words = element('p', question, { id: 'leaving' });
    const row = element('div', '', { className: 'tools' });
    const go = element('button', '继续访问', { type: 'button' });
    const stay = element('button', '放弃', { type: 'button' });
    box.setAttribute('aria-labelledby', 'leaving');
    go.onclick = () => { box.close(); leave(); };
    stay.onclick = () => box.close();
    box.onclose = () => box.remove();
    row.append(go, stay);
    box.append(words, element('small', address), row);
    document.body.append(box);
    box.showModal();
    go.focus();
  }
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a.outside:not([data-listed])');
    if (!link || event.defaultPrevented) return;
    event.preventDefault();
    const site = document.querySelector('meta[name=SiteName]').content;
    const apart = event.ctrlKey || event.metaKey || event.shiftKey;
    ask('您访问的链接即将离开“' + site + '”，是否继续？', link.href, () => {
      if (apart) window.open(link.href, '_blank', 'noopener');
      else window.location.href = link.href;
    });
  });
}());
