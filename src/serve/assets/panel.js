// What lies over a page: the faults that keep the site from being built, and beside them what was noticed of this
// page. In a shadow tree of its own, so that neither page nor panel sees the other's style.
const panel = (function () {
  const words = {
    zh: {
      errors: (count) => '有 ' + count + ' 处错误，页面停在上一次正常的样子',
      more: (count) => '另有 ' + count + ' 处错误',
      warnings: (count) => '本页提示 ' + count + ' 条',
      fold: '收起', unfold: '展开', open: '打开', line: '第 {} 行', help: '办法：',
      gone: '这一页已经不在网站里了', home: '回到首页', lost: '预览已断开，正在重新连接…', name: '预览',
      cannot: '打不开这个文件',
    },
    en: {
      errors: (count) => count + (count === 1 ? ' error' : ' errors') + '; the page stays as it was last good',
      more: (count) => count + ' more',
      warnings: (count) => count + (count === 1 ? ' note' : ' notes') + ' on this page',
      fold: 'Fold', unfold: 'Unfold', open: 'Open', line: 'line {}', help: 'Help: ',
      gone: 'This page is no longer in the site', home: 'Home', lost: 'The preview is gone; trying again …',
      name: 'Preview', cannot: 'This file cannot be opened',
    },
  };
  let language = words.zh;
  let host = null;
  let token = null;
  let last = null;

  // Whether a part was folded away is remembered for as long as the window is open.
  const memory = {
    read(name) { try { return sessionStorage.getItem('gongkai-preview-' + name); } catch (e) { return null; } },
    write(name, value) { try { sessionStorage.setItem('gongkai-preview-' + name, value); } catch (e) { /* not kept */ } },
  };

  function element(name, values, ...children) {
    const made = Object.assign(document.createElement(name), values);
    made.append(...children);
    return made;
  }

  function open(fault, button) {
    const said = () => { button.title = language.cannot; button.disabled = true; };
    fetch('/.gongkai/open', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-gongkai-token': token },
      body: JSON.stringify({ path: fault.path, line: fault.line }),
    }).then((answer) => { if (!answer.ok) said(); }, said);
  }

  // Where a fault is: a button where the reader sits at the machine with the file.
  function place(fault) {
    const where = fault.path + (fault.line ? ' ' + language.line.replace('{}', fault.line) : '');
    if (!token) return element('span', { className: 'place', textContent: where });
    const button = element('button', { type: 'button', className: 'place', title: language.open, textContent: where });
    button.onclick = () => open(fault, button);
    return button;
  }

  function item(fault) {
    const parts = [element('p', { className: 'message', textContent: fault.message })];
    if (fault.path) parts.push(place(fault));
    if (fault.excerpt && fault.excerpt.join('').trim()) {
      const [before, marked, after] = fault.excerpt;
      const code = element('code', {}, before, element('mark', { textContent: marked || ' ' }), after);
      // What can be scrolled can be reached from the keyboard.
      parts.push(element('pre', { tabIndex: 0 }, code));
    }
    if (fault.label) parts.push(element('p', { className: 'label', textContent: fault.label }));
    if (fault.help) parts.push(element('p', { className: 'help', textContent: language.help + fault.help }));
    return element('li', {}, ...parts);
  }

  // A part that can be folded away: its heading is the switch.
  function part(name, title, open, ...children) {
    const folded = memory.read(name);
    const box = element('details', { className: name, open: folded === null ? open : folded === 'open' });
    box.append(element('summary', { textContent: title }), ...children);
    box.ontoggle = () => {
      memory.write(name, box.open ? 'open' : 'folded');
      reveal(box);
    };
    return box;
  }

  // A paragraph is one long line: what is underlined in it is brought into view.
  function reveal(box) {
    for (const line of box.querySelectorAll('pre')) {
      const whole = line.getBoundingClientRect();
      const marked = line.querySelector('mark').getBoundingClientRect();
      if (marked.right > whole.right) line.scrollLeft += marked.left - whole.left - whole.width / 4;
    }
  }

  function root() {
    if (!host) {
      host = element('gongkai-preview', {});
      const style = element('link', { rel: 'stylesheet', href: '/.gongkai/panel.css' });
      host.attachShadow({ mode: 'open' }).append(style, element('div', {}));
    }
    // Beside the body, which is the page's.
    if (!host.isConnected) document.documentElement.append(host);
    return host.shadowRoot.lastElementChild;
  }

  function draw(parts) {
    const box = root();
    box.lang = language === words.zh ? 'zh-CN' : 'en';
    box.setAttribute('role', 'region');
    box.setAttribute('aria-label', language.name);
    box.setAttribute('aria-live', 'polite');
    box.replaceChildren(...parts);
    reveal(box);
  }

  // The same news again leaves what the reader has folded or is reading as it is.
  function show(news, gone) {
    language = words[news.language] || words.zh;
    token = news.token;
    const same = JSON.stringify([news.errors, news.more, news.warnings, gone, news.language]);
    if (same === last) return;
    last = same;
    const parts = [];
    if (gone) {
      const home = element('a', { href: '/', textContent: language.home });
      parts.push(element('p', { className: 'gone' }, language.gone + ' ', home));
    }
    if (news.errors.length) {
      const list = element('ol', {}, ...news.errors.map(item));
      if (news.more) list.append(element('li', { className: 'more', textContent: language.more(news.more) }));
      parts.push(part('errors', language.errors(news.errors.length + news.more), true, list));
    }
    if (news.warnings.length) {
      const list = element('ol', {}, ...news.warnings.map(item));
      parts.push(part('warnings', language.warnings(news.warnings.length), false, list));
    }
    if (parts.length || host) draw(parts);
  }

  function lost() {
    last = null;
    draw([element('p', { className: 'lost', textContent: language.lost })]);
  }

  return { show, lost };
}());
