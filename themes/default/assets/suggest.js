// Help for the search (search.js), loaded when a box is written in or nothing was found: Chinese for pinyin and its
// initials, the right character for a wrong one, other writings of a day, and a list of offers under the box. Twin of
// words.rs, pairs.rs and instead.rs in the generator; both guess alike.
(function () {
  'use strict';
  const { open, load, bytes, unpack, canonical, loadTable, usual, parse, asTyped, lettersOf, BREAK, element, pageOf, asked, asks, Search, EVERYTHING } = window.gongkaiSearch;

  // ── Words by sound ───────────────────────────────────────────────────────────────────────────────────────────
  let sounding = null;
  function words() {
    if (!sounding) {
      sounding = load('words').then((value) => readWords(unpack(bytes(value), [], 'words')));
      sounding.catch(() => { sounding = null; });
    }
    return sounding;
  }
  // First how characters are read, then which follow each other, then how many words are names, then the words, with
  // what is read otherwise in them.
  function readWords(text) {
    const lines = text.split('\n'), sounds = new Map();
    for (const group of lines[0].split(' ')) {
      const sound = /^[a-z]*/.exec(group)[0];
      for (const ch of group.slice(sound.length)) sounds.set(ch, sound);
    }
    const list = lines.slice(3).map((line) => {
      const [word, ...others] = line.split(' ');
      const chars = Array.from(word), own = chars.map((ch) => ch < '\x80' ? ch : sounds.get(ch) || '');
      for (const other of others) if (parseInt(other, 10) < own.length) own[parseInt(other, 10)] = other.replace(/^\d+/, '');
      return { chars, sounds: own };
    });
    return Object.assign({ names: Number(lines[2]), list, sounds }, readPairs(lines[1], sounds));
  }

  // Stretches of all words that `fits` gives a length and a quality, the best first.
  function ranked(known, fits) {
    const found = new Map();
    known.list.forEach((word, number) => word.chars.forEach((_, start) => {
      const [length, quality] = fits(word, start) || [0, 0];
      if (!length) return;
      const text = word.chars.slice(start, start + length).join(''), common = number >= known.names || start > 0 ? 1 : 0;
      const best = found.get(text) || { quality, common, times: 0, number, start };
      found.set(text, best);
      best.times++;
      best.quality = Math.min(best.quality, quality);
      best.common = Math.min(best.common, common);
    }));
    const order = (a, b) => a.quality - b.quality || a.common - b.common || b.times - a.times || a.number - b.number || a.start - b.start;
    return [...found].sort((a, b) => order(a[1], b[1])).map(([text, { quality }]) => [text, quality]);
  }

  // How many characters from `start` on are read as these letters, and how well: 0 whole, 1 the last syllable is not
  // finished, 2 initials.
  function readAs(word, start, letters) {
    let rest = letters;
    for (let n = start; n < word.sounds.length; n++) {
      const sound = word.sounds[n];
      if (sound && rest === sound) return [n + 1 - start, 0];
      if (sound && rest.startsWith(sound)) rest = rest.slice(sound.length);
      else if (n > start && sound.startsWith(rest)) return [n + 1 - start, 1];
      else break;
    }
    const own = word.sounds.slice(start, start + letters.length);
    return own.length === letters.length && own.every((sound, n) => sound[0] === letters[n]) ? [letters.length, 2] : null;
  }
  function byLetters(known, letters) {
    const found = ranked(known, (word, start) => { const fit = readAs(word, start, letters); return fit && fit[0] > 1 ? fit : null; });
    return found.length ? found.map(([text]) => text) : guessed(known, letters);
  }
  // Words that are written otherwise and read alike, and then those that differ by one character.
  function near(known, phrase) {
    const typed = Array.from(phrase), sounds = typed.map((ch) => known.sounds.get(ch) || '');
    const found = ranked(known, (word, start) => {
      if (typed.length < 2 || start + typed.length > word.chars.length) return null;
      const others = typed.filter((ch, n) => word.chars[start + n] !== ch).length;
      if (!others) return null;
      if (sounds.every((sound, n) => sound && word.sounds[start + n] === sound)) return [typed.length, 0];
      return others === 1 && typed.length > 2 ? [typed.length, 1] : null;
    });
    const of = (quality) => found.filter((one) => one[1] === quality).map(([text]) => text);
    const all = [...of(0), ...soundingLike(known, typed, sounds).slice(0, 2), ...of(1), ...differing(known, typed)];
    return [...new Set(all)].slice(0, 12);
  }

  // ── Pairs ────────────────────────────────────────────────────────────────────────────────────────────────────
  // Which characters follow each other, and how often: enough to guess words that no title holds. Twin of
  // src/search/pairs.rs.
  const UNKNOWN = -4, CHANGED = -2;
  function readPairs(line, sounds) {
    const followers = new Map(), levels = new Map(), chars = new Set(), sounding = new Map();
    for (const group of line.split(' ')) {
      const [first, ...rest] = group;
      let level = 0;
      for (const ch of rest) {
        if (ch >= 'a' && ch <= 'z') { level = ch.charCodeAt(0) - 97; continue; }
        if (!followers.has(first)) followers.set(first, []);
        followers.get(first).push([ch, level]);
        levels.set(first + ch, level);
        chars.add(first).add(ch);
      }
    }
    for (const ch of chars) {
      const sound = sounds.get(ch);
      if (sound) sounding.set(sound, (sounding.get(sound) || []).concat(ch));
    }
    return { followers, levels, sounding };
  }
  const levelOf = (known, first, second) => known.levels.has(first + second) ? known.levels.get(first + second) : UNKNOWN;
  // Of two guesses for the same last character the likelier stays, and of two that are alike the one that comes first.
  function keep(best, last, score, text) {
    const old = best.get(last);
    if (!old || score > old.score || score === old.score && text < old.text) best.set(last, { score, text });
  }
  const likelier = (a, b) => b.score - a.score || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
  function inOrder(guesses) {
    const all = [...guesses].filter(({ text }) => text.length > 1).sort(likelier);
    return [...new Set(all.map(({ text }) => text))];
  }
  function step(known, before, chars, cost, into) {
    for (const ch of chars) {
      if (!before) keep(into, ch, cost, ch);
      else for (const [last, { score, text }] of before) keep(into, ch, score + levelOf(known, last, ch) + cost, text + ch);
    }
  }
  // Words that are read as these letters; initials where no syllables fit.
  function guessed(known, letters) {
    const at = Array.from({ length: letters.length + 1 }, () => new Map());
    for (let from = 0; from < letters.length; from++) {
      if (from && !at[from].size) continue;
      for (const [sound, chars] of known.sounding) if (letters.startsWith(sound, from)) step(known, from ? at[from] : null, chars, 0, at[from + sound.length]);
    }
    const whole = inOrder(at[letters.length].values());
    return whole.length ? whole : byInitials(known, letters);
  }
  // Initials say so little that for each last character not only the likeliest beginning is kept.
  function byInitials(known, letters) {
    const begins = (ch, letter) => (known.sounds.get(ch) || '')[0] === letter;
    let best = new Map();
    for (const ch of known.followers.keys()) if (begins(ch, letters[0])) best.set(ch, [{ score: 0, text: ch }]);
    for (const letter of letters.slice(1)) {
      const next = new Map();
      for (const [last, guesses] of best) {
        for (const [ch, level] of known.followers.get(last) || []) {
          if (begins(ch, letter)) next.set(ch, (next.get(ch) || []).concat(guesses.map(({ score, text }) => ({ score: score + level, text: text + ch }))));
        }
      }
      for (const [ch, guesses] of next) next.set(ch, guesses.sort(likelier).slice(0, 6));
      best = next;
    }
    return inOrder([...best.values()].flat());
  }
  // Words that are read as the typed ones.
  function soundingLike(known, typed, sounds) {
    let best = null;
    typed.forEach((ch, n) => {
      const next = new Map();
      step(known, best, [ch], 0, next);
      step(known, best, (known.sounding.get(sounds[n]) || []).filter((other) => other !== ch), CHANGED, next);
      best = next;
    });
    return inOrder([...(best || new Map()).values()].filter(({ text }) => text !== typed.join('')));
  }
  // Places of Chinese characters that are known beside none of their neighbours: one of them may be wrong.
  function strange(known, typed) {
    const isKnown = (at) => known.levels.has(typed[at] + typed[at + 1]);
    return typed.map((_, at) => at).filter((at) => typed[at] > '\x7f' && !isKnown(at) && !isKnown(at - 1));
  }
  // Words with one other character, which is known to stand beside its neighbours.
  function differing(known, typed) {
    const guesses = [];
    typed.forEach((own, at) => {
      if (typed.length < 3) return;
      const others = at ? (known.followers.get(typed[at - 1]) || []).map(([ch]) => ch) : known.followers.keys();
      for (const other of others) {
        if (other === own) continue;
        const words = typed.slice();
        words[at] = other;
        const levels = words.slice(1).map((ch, n) => levelOf(known, words[n], ch));
        if ([at - 1, at].every((pair) => !(levels[pair] < 0))) guesses.push({ score: levels.reduce((sum, level) => sum + level, 0), text: words.join('') });
      }
    });
    return inOrder(guesses);
  }

  // ── Instead ──────────────────────────────────────────────────────────────────────────────────────────────────
  async function finds(index, query) {
    const found = await new Search(index, query, EVERYTHING).begin();
    return (await found.fill(1)).hits.length > 0;
  }

  // What to look for instead of a query that finds nothing; null where nothing is near.
  async function instead(index, query) {
    if (!query.all.length) return null;
    const choices = await choicesOf(index, query) || [];
    for (let n = 0; n < Math.min(6, Math.max(0, ...choices.map((some) => some.length))); n++) {
      const chosen = asQuery(choices.map((some) => some[n] || some[0]), query);
      if (await finds(index, parse(chosen))) return chosen;
    }
    return read(index, query);
  }
  const asQuery = (words, query) => words.concat(query.none.map((phrase) => '-' + asTyped(phrase))).join(' ');
  // The query with what texts have in the place of a strange character.
  async function read(index, query) {
    const all = [];
    for (const phrase of query.all) {
      const own = await finds(index, { all: [phrase], none: [] }) ? phrase : await readAbout(index, phrase);
      if (!own) return null;
      all.push(asTyped(own));
    }
    return await finds(index, parse(asQuery(all, query))) ? asQuery(all, query) : null;
  }
  // Looks for reports that hold what stands before and behind a strange character, and for what they all have between.
  async function readAbout(index, phrase) {
    const chars = Array.from(phrase);
    if (phrase.length < 4 || chars.length < phrase.length) return null;
    for (const at of strange(await words(), chars)) {
      const before = phrase.slice(0, at), behind = phrase.slice(at + 1), found = new Set();
      const search = await new Search(index, { all: [before, behind].filter((part) => part.length > 1), none: [] }, EVERYTHING).begin();
      for (const { excerpt, known } of (await search.fill(5)).hits.slice(0, 5)) {
        const { units } = canonical(Array.from(excerpt.map(([text]) => text).join('')), known);
        for (let from = 0; from + phrase.length <= units.length; from++) {
          const there = units.slice(from, from + phrase.length);
          if (there.startsWith(before) && there.endsWith(behind) && there[at] !== BREAK) found.add(there);
        }
      }
      // Where they have different things, none of them is more likely to be meant than a word that nobody has written.
      if (found.size === 1) return [...found][0];
    }
    return null;
  }
  // For each phrase what could have been meant; one that finds something by itself stays. Pinyin may have spaces.
  async function choicesOf(index, query) {
    const known = await words(), letters = query.all.map(lettersOf);
    const whole = letters.includes(null) ? [] : byLetters(known, letters.join(''));
    if (whole.length) return [whole];
    const choices = [];
    for (const [n, phrase] of query.all.entries()) {
      const found = await finds(index, { all: [phrase], none: [] }) ? [asTyped(phrase)]
        : letters[n] === null ? near(known, phrase) : byLetters(known, letters[n]);
      if (!found.length) return null;
      choices.push(found);
    }
    return choices;
  }

  // Other writings of a day or a month that was typed.
  function writings(typed) {
    const digits = '〇一二三四五六七八九';
    const number = (text) => {
      if (/^\d+$/.test(text)) return Number(text);
      const [tens, ones] = text.includes('十') ? text.split('十').map((part) => digits.indexOf(part)) : [0, digits.indexOf(text)];
      return (text[0] === '十' ? 1 : tens) * 10 + (ones < 0 || text.endsWith('十') ? 0 : ones);
    };
    const chinese = (n) => n < 10 ? digits[n] : (n < 20 ? '' : digits[Math.floor(n / 10)]) + '十' + (n % 10 ? digits[n % 10] : '');
    const text = Array.from(typed.trim()).map((ch) => '○零'.includes(ch) ? '〇' : ch.normalize('NFKC')).join('');
    const parts = /^(\d{4}|[〇一二三四五六七八九]{4})[-/.年](\d{1,2}|[一二三四五六七八九十]{1,2})(?:[-/.月](\d{1,2}|[一二三四五六七八九十]{1,3}))?[日号月]?$/.exec(text);
    if (!parts) return [];
    const year = Array.from(parts[1]).map((ch) => digits.includes(ch) ? digits.indexOf(ch) : ch).join('');
    const month = number(parts[2]), day = parts[3] ? number(parts[3]) : 0, two = (n) => String(n).padStart(2, '0');
    if (month < 1 || month > 12 || day > 31) return [];
    const all = [
      year + '年' + month + '月' + (day ? day + '日' : ''),
      Array.from(year, Number).map((n) => digits[n]).join('') + '年' + chinese(month) + '月' + (day ? chinese(day) + '日' : ''),
      year + '-' + two(month) + (day ? '-' + two(day) : ''), year + '年' + two(month) + '月' + (day ? two(day) + '日' : ''),
    ];
    const same = (words) => canonical(Array.from(words)).units;
    return all.filter((words, n) => same(words) !== same(text) && all.indexOf(words) === n);
  }

  // ── Typing ahead ─────────────────────────────────────────────────────────────────────────────────────────────
  // What the words typed so far could become: names of towns and kinds, words by their pinyin, titles.
  async function offers(typed, action) {
    if (!usual(typed)) await loadTable();
    const query = parse(typed);
    if (!query.all.length) return [];
    const index = await open(), letters = query.all.map(lettersOf), found = [];
    const results = (words) => action + asks() + new URLSearchParams({ q: words });
    const meant = letters.includes(null) ? [] : byLetters(await words(), letters.join('')).slice(0, 4);
    const sought = [query.all.join(''), ...meant];
    const named = (names, about) => names.filter((name) => sought.some((words) => canonical(Array.from(name)).units.includes(words))).slice(0, 4)
      .forEach((name) => found.push({ words: name, about, href: results(name) }));
    named(index.towns, '乡镇');
    named(index.kinds, '类别');
    for (const word of meant) if (!found.some((offer) => offer.words === word)) found.push({ words: word, about: '拼音', href: results(word) });
    const titled = meant.length ? parse(meant[0]) : query;
    if (titled.all.join('').length > 1) {
      const titles = await new Search(index, titled, Object.assign({}, EVERYTHING, { titles: true })).begin();
      for (const hit of (await titles.fill(5)).hits) found.push({ words: hit.title, about: hit.year ? hit.year + '年' : '', href: pageOf(hit, titled.all.map(asTyped).join(' ')) });
    }
    return found.slice(0, 10);
  }

  // A list of offers under a search box; arrows, Enter and Escape as in any such list (WAI-ARIA combobox).
  let boxes = 0;
  function typeAhead(input) {
    const list = element('ul', { className: 'offers', id: 'offers-' + ++boxes, role: 'listbox', 'aria-label': '可以直接选的', hidden: true });
    const values = { role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id };
    for (const key in values) input.setAttribute(key, values[key]);
    input.parentElement.append(list);
    let timer = 0, turn = 0, at = -1;
    const show = (open) => { list.hidden = !open; input.setAttribute('aria-expanded', String(open)); if (!open) choose(-1); };
    function choose(next) {
      at = next;
      [...list.children].forEach((option, n) => option.setAttribute('aria-selected', String(n === at)));
      if (at < 0) input.removeAttribute('aria-activedescendant');
      else { input.setAttribute('aria-activedescendant', list.children[at].id); list.children[at].scrollIntoView({ block: 'nearest' }); }
    }
    async function renew() {
      const mine = ++turn;
      // Without a list a reader loses little: whatever is wrong is told on the page of results.
      const found = await offers(input.value.slice(0, 60), input.form.action).catch(() => []);
      if (mine !== turn || document.activeElement !== input) return;
      list.replaceChildren(...found.map(({ words, about, href }, n) => {
        const option = element('li', { id: list.id + '-' + n, role: 'option', 'aria-selected': 'false' }, words + ' ', element('small', {}, about));
        option.onclick = () => location.assign(href);
        option.dataset.href = href;
        return option;
      }));
      at = -1;
      show(found.length > 0);
    }
    // What was written before this script came.
    if (document.activeElement === input && input.value !== asked().words) renew();
    input.addEventListener('input', (event) => { clearTimeout(timer); turn++; if (!event.isComposing) timer = setTimeout(renew, 150); });
    input.addEventListener('compositionend', () => { clearTimeout(timer); timer = setTimeout(renew, 150); });
    input.addEventListener('blur', () => { turn++; show(false); });
    // A press on the list must not take the focus away before it is a click.
    list.addEventListener('mousedown', (event) => event.preventDefault());
    input.addEventListener('keydown', (event) => {
      if (event.isComposing || list.hidden) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], count = list.children.length;
      // Behind the last and before the first is the box itself.
      if (step) choose((at + 1 + step + count + 1) % (count + 1) - 1);
      else if (event.key === 'Enter' && at >= 0) location.assign(list.children[at].dataset.href);
      else if (event.key === 'Escape') show(false);
      else return;
      event.preventDefault();
    });
  }

  const spelled = async (letters) => byLetters(await words(), letters);
  Object.assign(window.gongkaiSearch, { instead, offers, spelled, writings, typeAhead });
}());
