// The site's search. Finds every report that holds the words, from any server and from a folder: all data comes as
// small scripts (`search/`), which hand themselves over to `gk`. Twin of src/search in the generator, where the
// files' forms are told; both answer alike.
(function () {
  'use strict';

  // ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────
  const own = document.currentScript;
  const base = new URL('../search/', own.src).href;
  let site = new URL('../', own.src).href;
  const waiting = new Map();
  const loaded = new Map();
  // Every file calls this with its name and its data.
  window.gk = (name, value) => { if (waiting.has(name)) waiting.get(name).value = value; };

  // Runs a script, and is done with it whether it is there or not.
  function run(address) {
    return new Promise((done) => {
      const script = document.createElement('script');
      script.src = address;
      script.onload = script.onerror = () => { script.remove(); done(); };
      document.head.append(script);
    });
  }

  // The data of a file; rejects with its address if it is missing, cut off or of another build.
  // Those of a sealed year lie in a folder of the site that the root names.
  const folders = new Map();
  function load(name, folder) {
    if (loaded.has(name)) return loaded.get(name);
    if (folder) folders.set(name, folder);
    const entry = {};
    waiting.set(name, entry);
    const promise = run((folder ? site + folder : base) + name + '.js').then(() => {
      waiting.delete(name);
      if (entry.value !== undefined) return entry.value;
      loaded.delete(name);
      throw new Broken(name);
    });
    loaded.set(name, promise);
    return promise;
  }

  // What only some queries need: pinyin, wrong characters, typing ahead. It adds itself to `gongkaiSearch`.
  let helping = null;
  function help() {
    const box = document.querySelector('[data-help]');
    if (!helping) helping = Promise.resolve(box && run(box.dataset.help)).then(() => window.gongkaiSearch);
    return helping;
  }

  class Broken extends Error {
    constructor(name) { super(name); this.file = name; }
  }
  // For what can go on without a damaged file: notes the file and gives something else.
  function noting(broken, other) {
    return (error) => {
      if (!(error instanceof Broken)) throw error;
      broken.add(error.file);
      return other;
    };
  }

  // ── Bytes, bits, lists ───────────────────────────────────────────────────────────────────────────────────────
  // Printable ASCII without space, ", < and \, two letters for 13 bits.
  const letters = Uint8Array.from({ length: 128 }, (_, code) => Math.max(code - 33 - (code > 34) - (code > 60) - (code > 92), 0));
  const letter = (code) => letters[code & 127];
  function bytes(text) {
    const out = new Uint8Array(Math.floor(text.length / 2 * 13 / 8));
    let held = 0, bits = 0, at = 0;
    for (let n = 0; n + 1 < text.length; n += 2) {
      held = held << 13 | letter(text.charCodeAt(n)) * 91 + letter(text.charCodeAt(n + 1));
      for (bits += 13; bits >= 8;) { bits -= 8; out[at++] = held >> bits; }
      held &= (1 << bits) - 1;
    }
    return out;
  }

  // Bits, the highest first; beyond the end there are only ones.
  class Bits {
    constructor(from) {
      this.from = new Uint8Array(from.length + 8).fill(0xFF);
      this.from.set(from);
      this.at = 0;
      this.end = from.length * 8;
    }
    get isPast() { return this.at > this.end; }
    // The next 32 bits, as a signed number, without passing over them.
    next() {
      const { from, at } = this, first = at >> 3, shift = at & 7;
      if (at >= this.end) return -1;
      const four = from[first] << 24 | from[first + 1] << 16 | from[first + 2] << 8 | from[first + 3];
      return shift ? four << shift | from[first + 4] >> 8 - shift : four;
    }
    // A number of up to 31 bits.
    take(count) {
      if (count === 0) return 0;
      const number = this.next() >>> 32 - count;
      this.at += count;
      return number;
    }
    unary() {
      for (let ones = 0; ; ones += 32) {
        const more = Math.clz32(~this.next());
        this.at += more < 32 ? more + 1 : 32;
        if (more < 32 || this.isPast) return ones + more;
      }
    }
    gamma() {
      const length = Math.min(Math.clz32(this.next()), 31);
      this.at += length + 1;
      return 2 ** length + this.take(length);
    }
    // A number as `k` bits after a unary one; nearly all of them lie within 32 bits.
    rice(k) {
      const bits = this.next(), ones = Math.clz32(~bits), length = ones + 1 + k;
      if (length > 31) return this.unary() * 2 ** k + this.take(k);
      this.at += length;
      return (ones << k) + (bits >>> 32 - length & (1 << k) - 1);
    }
    golomb(k) { return (this.gamma() - 1) * 2 ** k + this.take(k); }
  }

  function rice(count, space) {
    let k = 0;
    while (k < 31 && count * 2 ** (k + 1) * 145 <= (space - count) * 100) k++;
    return k;
  }

  // An ascending list of numbers below `space`.
  function list(bits, space, name) {
    const count = bits.gamma();
    if (count > space) throw new Broken(name);
    const complement = count > Math.floor(space / 2);
    const written = complement ? space - count : count;
    const numbers = [];
    if (written > 0) {
      const k = rice(written, space);
      for (let n = 0, next = 0; n < written; n++) {
        const number = next + bits.rice(k);
        if (number >= space || bits.isPast) throw new Broken(name);
        numbers.push(number);
        next = number + 1;
      }
    }
    if (!complement) return numbers;
    const all = [];
    for (let n = 0, at = 0; n < space; n++) {
      if (numbers[at] === n) at++;
      else all.push(n);
    }
    return all;
  }

  // ── Packed text ──────────────────────────────────────────────────────────────────────────────────────────────
  // RFC 1951.
  function inflate(from, name) {
    let out = new Uint8Array(from.length * 4 + 1024), size = 0, at = 0, held = 0, bits = 0;
    const need = (count) => {
      while (bits < count) {
        if (at > from.length + 4) throw new Broken(name);
        held |= (from[at++] || 0) << bits;
        bits += 8;
      }
    };
    const take = (count) => { need(count); const n = held & (1 << count) - 1; held >>>= count; bits -= count; return n; };
    const room = (more) => {
      if (size + more <= out.length) return;
      const wider = new Uint8Array((size + more) * 2);
      wider.set(out);
      out = wider;
    };
    // Canonical Huffman codes: how many of each length, the symbols in their order, and for every nine bits the symbol
    // that they begin with and the length of its code, if it is no longer.
    const tree = (lengths) => {
      const counts = new Uint16Array(16), firsts = new Uint16Array(16), symbols = new Uint16Array(lengths.length);
      for (const length of lengths) if (length) counts[length]++;
      for (let n = 1; n < 15; n++) firsts[n + 1] = firsts[n] + counts[n];
      lengths.forEach((length, symbol) => { if (length) symbols[firsts[length]++] = symbol; });
      const quick = new Uint16Array(512);
      for (let length = 1, code = 0, index = 0; length < 10; length++, code <<= 1) {
        for (let n = counts[length]; n > 0; n--, code++, index++) {
          let turned = 0;
          for (let bit = 0; bit < length; bit++) turned |= (code >> bit & 1) << length - 1 - bit;
          for (; turned < 512; turned += 1 << length) quick[turned] = symbols[index] << 4 | length;
        }
      }
      return { counts, symbols, quick };
    };
    const symbol = (codes) => {
      while (bits < 9 && at < from.length) { held |= from[at++] << bits; bits += 8; }
      const entry = codes.quick[held & 511], own = entry & 15;
      if (own && own <= bits) { held >>>= own; bits -= own; return entry >> 4; }
      let code = 0, first = 0, index = 0;
      for (let length = 1; length < 16; length++) {
        code |= take(1);
        const count = codes.counts[length];
        if (code - count < first) return codes.symbols[index + code - first];
        index += count;
        first = (first + count) << 1;
        code <<= 1;
      }
      throw new Broken(name);
    };
    const lengthOf = (n) => n < 8 ? [n + 3, 0] : n === 28 ? [258, 0] : [3 + (4 + n % 4 << (n >> 2) - 1), (n >> 2) - 1];
    const distanceOf = (n) => n < 4 ? [n + 1, 0] : [1 + (2 + n % 2 << (n >> 1) - 1), (n >> 1) - 1];
    const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    for (let last = 0; !last;) {
      last = take(1);
      const kind = take(2);
      if (kind === 0) {
        at -= bits >> 3;
        held = bits = 0;
        let length = from[at] | from[at + 1] << 8;
        at += 4;
        room(length);
        while (length-- > 0) out[size++] = from[at++];
        continue;
      }
      let words, distances;
      if (kind === 1) {
        words = tree(Array.from({ length: 288 }, (_, n) => n < 144 ? 8 : n < 256 ? 9 : n < 280 ? 7 : 8));
        distances = tree(new Array(30).fill(5));
      } else {
        const counts = [take(5) + 257, take(5) + 1];
        const codes = new Array(19).fill(0);
        for (let n = take(4) + 4, at = 0; n > 0; n--) codes[order[at++]] = take(3);
        const lengths = [], code = tree(codes);
        while (lengths.length < counts[0] + counts[1]) {
          const n = symbol(code);
          if (n < 16) lengths.push(n);
          else {
            const again = n === 16 ? lengths[lengths.length - 1] : 0;
            for (let times = n === 16 ? 3 + take(2) : n === 17 ? 3 + take(3) : 11 + take(7); times > 0; times--) lengths.push(again);
          }
        }
        words = tree(lengths.slice(0, counts[0]));
        distances = tree(lengths.slice(counts[0]));
      }
      for (let n = symbol(words); n !== 256; n = symbol(words)) {
        if (n < 256) { room(1); out[size++] = n; continue; }
        const [length, extra] = lengthOf(n - 257);
        let times = length + take(extra);
        const [distance, more] = distanceOf(symbol(distances));
        const back = distance + take(more);
        room(times);
        while (times-- > 0) { out[size] = out[size - back]; size++; }
      }
    }
    return out.subarray(0, size);
  }

  // Characters of one byte; the same string as in the generator.
  const FREQUENT = '\n 0123456789.%-，的、。人第条法行和定应十当民规政理以管有业关者会设部务；国一工）（或机建用门市二作保区生公地不事三本施其发制等在产员主对经全责合动实进为物可府位处提五中安单上及资四大出院级构通化依由证护体权方照水要家监成展内所下查自时他并代文审重同加开项得报利防品程件执划委标改准案违新职任按能治期组性交年请议款县情专信收据六力';
  const single = [], pairs = [];
  (function () {
    let at = 0;
    for (let byte = 0; byte < 0xFF; byte++) {
      const free = byte < 0x80 || byte >= 0x89 && byte < 0xA1 || byte === 0xA2 || byte >= 0xA4 && byte < 0xB0 || byte >= 0xF8;
      single[byte] = free ? FREQUENT[at++] : undefined;
    }
    const gbk = new TextDecoder('gbk');
    for (let row = 0xA1; row < 0xF8; row++) {
      if (row > 0xA1 && row < 0xB0) continue;
      pairs[row] = Array.from({ length: 94 }, (_, cell) => gbk.decode(new Uint8Array([row, cell + 0xA1])));
    }
    pairs[0xA3] = Array.from({ length: 94 }, (_, cell) => String.fromCharCode(33 + cell));
  }());

  function unpack(packed, phrases, name) {
    const from = inflate(packed, name);
    let out = '';
    for (let at = 0; at < from.length; at++) {
      const byte = from[at], one = single[byte];
      if (one !== undefined) out += one;
      else if (byte === 0x80) { out += String.fromCharCode(from[at + 1] << 8 | from[at + 2]); at += 2; }
      else if (byte < 0x89) out += phrases[(byte - 0x81) << 8 | from[++at]] || '';
      else out += (pairs[byte] || [])[from[++at] - 0xA1] || '\uFFFD';
    }
    return out;
  }

  // ── Folding ──────────────────────────────────────────────────────────────────────────────────────────────────
  const spaces = new Set([9, 10, 11, 12, 13, 0x20, 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000]);
  for (let code = 0x2000; code <= 0x200A; code++) spaces.add(code);
  // What a character becomes: letters of a word, ' ' for space, '.' for a point, '|' for a break, '' for nothing.
  function plain(ch) {
    let code = ch.codePointAt(0);
    if (code >= 0xFF01 && code <= 0xFF5E) code -= 0xFEE0;
    if (code >= 0x4E00 && code <= 0x9FFF || code >= 0x3400 && code <= 0x4DBF || code === 0x3007) return ch;
    if (code >= 0x30 && code <= 0x39 || code >= 0x61 && code <= 0x7A || code === 0x25 || code === 0x2B) return String.fromCharCode(code);
    if (code >= 0x41 && code <= 0x5A) return String.fromCharCode(code + 32);
    if (code === 0x2E) return '.';
    return spaces.has(code) ? ' ' : '|';
  }

  // The whole table, once it has come: characters, and ranges of characters that are kept.
  let table = null;
  function readTable(text) {
    const made = { chars: new Map(), kept: [] };
    for (const word of text.split(' ')) {
      if (word[0] === '~' || word[0] === '!') {
        const [from, to] = word.slice(1).split(':').map((hex) => parseInt(hex, 16));
        if (word[0] === '~') made.kept.push([from, to || from]);
        else for (let code = from; code <= (to || from); code++) made.chars.set(String.fromCodePoint(code), '');
      } else {
        const sign = word.indexOf('=');
        for (const ch of word.slice(sign + 1)) made.chars.set(ch, word.slice(0, sign));
      }
    }
    return made;
  }
  function fold(ch, known) {
    if (known && known.size && known.has(ch)) return known.get(ch);
    if (table) {
      if (table.chars.has(ch)) return table.chars.get(ch);
      const code = ch.codePointAt(0);
      if (code > 0xBF && table.kept.some(([from, to]) => from <= code && code <= to)) return ch;
    }
    return plain(ch);
  }
  async function loadTable() { if (!table) table = readTable(await load('fold')); }
  // Whether the plain rules are right for every character: everyday marks, letters, and the characters of GB 2312,
  // which are simplified but for a few.
  const everyday = /^[\x00-\x7f\u3007\uff01-\uff5e\u3000-\u3002\u3008-\u3011\u3014-\u3017\u2013-\u2015\u2018-\u201d\u2026\u00b7]$/;
  const simplified = new Set([].concat(...pairs.slice(0xB0)).join(''));
  for (const ch of '乾吒夥後徵捱摺於榘甯菸薹醣麴麽') simplified.delete(ch);
  const usual = (text) => Array.from(text).every((ch) => everyday.test(ch) || simplified.has(ch));

  const BREAK = '\x01', WIDE = 0x2E80;
  const digit = (code) => code >= 48 && code <= 57;
  // The canonical form of a list of characters, and from which of them each of its units comes.
  function canonical(chars, known) {
    const codes = [], from = [];
    let pending = '';
    chars.forEach((ch, at) => {
      const folded = ch === '\n' ? '|' : fold(ch, known);
      if (folded === ' ') { pending = pending === '' || pending === ' ' ? ' ' : '|'; return; }
      if (folded === '.') { pending = pending === '' ? '.' : '|'; return; }
      for (let n = 0; n < folded.length; n++) {
        const code = folded.charCodeAt(n);
        if (code === 124) { pending = '|'; continue; }
        if (pending && codes.length) {
          const last = codes[codes.length - 1];
          if (pending === '.' && digit(last) && digit(code)) codes.push(46);
          else if (!(pending === ' ' && (last >= WIDE || code >= WIDE))) codes.push(1);
          if (from.length < codes.length) from.push(at);
        }
        pending = '';
        codes.push(code);
        from.push(at);
      }
    });
    let units = '';
    for (let at = 0; at < codes.length; at += 4096) units += String.fromCharCode.apply(null, codes.slice(at, at + 4096));
    return { units, from };
  }

  // ── Queries and terms ────────────────────────────────────────────────────────────────────────────────────────
  function parse(typed) {
    const query = { all: [], none: [] };
    const chars = Array.from(typed);
    const quote = (ch) => '"“”„＂'.includes(ch), space = (ch) => fold(ch) === ' ';
    for (let at = 0; ;) {
      while (at < chars.length && space(chars[at])) at++;
      if (at >= chars.length) return query;
      const without = '-－−'.includes(chars[at]);
      if (without) at++;
      const quoted = at < chars.length && quote(chars[at]);
      if (quoted) at++;
      const words = [];
      while (at < chars.length && !(quoted ? quote(chars[at]) : space(chars[at]) || quote(chars[at]))) words.push(chars[at++]);
      if (quoted) at++;
      let phrase = canonical(words).units.slice(0, 64);
      if (phrase.endsWith(BREAK)) phrase = phrase.slice(0, -1);
      const phrases = without ? query.none : query.all;
      if (phrase && phrases.length < 16 && !phrases.includes(phrase)) phrases.push(phrase);
    }
  }

  const isExact = (phrase) => phrase.length <= 2 && !phrase.includes(BREAK);
  const pair = (a, b) => a * 65536 + b;
  // The term of three or four neighbours with two Latin letters or digits; null for others.
  function hashed(units) {
    if (units.filter((unit) => unit < 0x80).length < 2) return null;
    let hash = 0x811C9DC5;
    for (const unit of units) hash = Math.imul(hash ^ unit, 0x01000193);
    hash = Math.imul(hash ^ hash >>> 15, 0x2C1B3C6D);
    hash ^= hash >>> 12;
    return 0xE0000000 + (hash >>> 0) % 0x19000000;
  }
  const rarity = (unit) => unit < 0x80 || FREQUENT.includes(String.fromCharCode(unit)) ? 0 : 1;

  // The terms that every text with this phrase holds, the rarer first.
  function termsOf(phrase) {
    const found = [];
    for (const text of phrase.split(BREAK)) {
      const word = Array.from({ length: text.length }, (_, n) => text.charCodeAt(n));
      if (word.length === 0) continue;
      if (word.length === 1) found.push([3 * rarity(word[0]), pair(word[0], 0)]);
      else if (word.length === 2) found.push([2 * (rarity(word[0]) + rarity(word[1])), pair(word[0], word[1])]);
      else {
        const size = Math.min(word.length, 4), covered = new Array(word.length - 1).fill(false);
        for (let at = 0; at + size <= word.length;) {
          const term = hashed(word.slice(at, at + size));
          if (term === null) { at++; continue; }
          covered.fill(true, at, at + size - 1);
          found.push([4, term]);
          const last = word.length - size;
          at = at < last ? Math.min(at + size - 1, last) : at + 1;
        }
        // The pairs where two words meet, every second one from the second on, stand in few other texts.
        const open = covered.map((is, at) => at).filter((at) => !covered[at]);
        open.forEach((at, number) => found.push([2 * (rarity(word[at]) + rarity(word[at + 1])) + number % 2, pair(word[at], word[at + 1])]));
      }
    }
    const terms = found.map((entry, at) => [...entry, at]).sort((a, b) => b[0] - a[0] || a[2] - b[2]).map((entry) => entry[1]);
    return terms.filter((term, at) => terms.indexOf(term) === at);
  }

  // ── The index ────────────────────────────────────────────────────────────────────────────────────────────────
  const BLOCK = 2;
  let opened = null;
  function open() {
    if (!opened) {
      opened = load('root').then((root) => {
        if (root.format !== 2) throw new Broken('root');
        // The index of one sealed year lies deeper than that of the site.
        if (root.site) site = new URL(root.site, site).href;
        const phrases = unpack(bytes(root.phrases), [], 'root').split('\n');
        return { kinds: root.kinds, towns: root.towns, phrases, segments: root.segments.map(segment), shards: new Map(), texts: new Map() };
      });
      opened.catch(() => { opened = null; });
    }
    return opened;
  }

  function segment(root) {
    const bits = new Bits(bytes(root.bits));
    const bases = [0], reports = [], shards = [];
    let k = bits.take(3);
    const least = bits.golomb(2);
    for (let n = 0; n < root.reports; n++) bases.push(bases[n] + least + bits.golomb(k) + 1);
    k = bits.take(3);
    while (reports.length < root.reports) {
      const year = bits.golomb(10), kind = bits.golomb(3), count = bits.golomb(4) + 1;
      if (reports.length + count > root.reports) throw new Broken('root');
      for (let n = 0, town = 0; n < count; n++) {
        town += bits.golomb(k);
        reports.push({ year, kind, town });
      }
    }
    for (let count = bits.golomb(6), first = 0; count > 0; count--) {
      const beginnings = bits.gamma() - 1, rest = bits.golomb(11);
      first = beginnings > 0 ? (Math.floor(first / 65536) + beginnings) * 65536 + rest : first + rest;
      shards.push(first);
    }
    if (bits.isPast || bases[root.reports] !== root.units) throw new Broken('root');
    return { name: root.name, folder: root.folder, units: root.units, together: root.together, bases, reports, shards };
  }

  // How many entries of an ascending list are not above a number; that `from` are not is known.
  function upTo(numbers, number, from) {
    let low = from || 0, high = numbers.length;
    while (low < high) { const mid = low + high >> 1; if (numbers[mid] <= number) low = mid + 1; else high = mid; }
    return low;
  }

  const hex = (number, length) => number.toString(16).padStart(length, '0');
  // The units of a segment that hold a term.
  async function listOf(index, part, term) {
    const at = upTo(part.shards, term);
    if (at === 0) return [];
    const first = part.shards[at - 1];
    const name = part.name + '/s/' + hex(Math.floor(first / 0x1000000), 2) + '/' + hex(first % 0x1000000, 6);
    if (!index.shards.has(name)) index.shards.set(name, bytes(await load(name, part.folder)));
    const bits = new Bits(index.shards.get(name));
    for (let now = first; now <= term && !bits.isPast;) {
      const units = list(bits, part.units, name);
      if (now === term) return units;
      if (bits.take(1)) { const beginning = Math.floor(now / 65536) + bits.gamma(); now = beginning * 65536 + bits.golomb(4) % 65536; }
      else now += bits.golomb(5) + 1;
    }
    return [];
  }

  // The block that holds a unit of a report; the title is 0. First blocks of some reports share a file.
  async function textOf(index, part, report, unit) {
    const block = Math.floor((Math.max(unit, 1) - 1) / BLOCK), number = block ? 0 : report % part.together, first = report - number;
    const name = part.name + '/t/' + Math.floor(first / 500) + '/' + first + (block ? '-' + block : '');
    if (!index.texts.has(name)) {
      const file = load(name, part.folder).then((value) => unpack(bytes(value), index.phrases, name).split('\x1d'));
      index.texts.set(name, file);
      file.catch(() => index.texts.delete(name));
    }
    const blocks = await index.texts.get(name);
    if (typeof blocks[number] === 'string') blocks[number] = textBlock(blocks[number]);
    if (!blocks[number]) throw new Broken(name);
    return blocks[number];
  }
  function textBlock(block) {
    const lines = block.split('\n');
    if (lines.length < 4) return null;
    const known = new Map(lines[3].split(' ').filter(Boolean).map((word) => { const ch = Array.from(word)[0]; return [ch, word.slice(ch.length)]; }));
    return { title: lines[0], address: lines[1], day: Number(lines[2]), known, units: lines.slice(4).join('\n').split('\f') };
  }

  async function daysOf(part) {
    const bits = new Bits(bytes(await load(part.name + '/days', part.folder)));
    let day = 0;
    return part.reports.map(() => { const step = bits.golomb(5); day += step % 2 ? -(step + 1) / 2 : step / 2; return day; });
  }

  // ── Searching ────────────────────────────────────────────────────────────────────────────────────────────────
  const TERMS = [2, 4, 7, 11, Infinity], STEP = 250000, PATIENCE = 3, MOST_VAIN = 200, AROUND = [24, 96];

  function common(a, b) {
    const both = [];
    for (let n = 0, m = 0; n < a.length; n++) {
      while (m < b.length && b[m] < a[n]) m++;
      if (b[m] === a[n]) both.push(a[n]);
    }
    return both;
  }

  // The units of a segment that have the terms of a phrase; the greater the depth, the more lists are asked for.
  async function unitsOf(index, part, phrase, depth) {
    const lists = await Promise.all(termsOf(phrase).slice(0, TERMS[depth]).map((term) => listOf(index, part, term)));
    return lists.length ? lists.reduce(common) : [];
  }

  // The units of a segment that have a phrase, by report: those of `reports[n]` are `units` from `starts[n]` on.
  class Held {
    constructor(part, units) {
      Object.assign(this, { units, reports: [], starts: [] });
      let report = 0, end = 0;
      for (let n = 0; n < units.length; n++) {
        if (units[n] < end) continue;
        report = upTo(part.bases, units[n], report) - 1;
        end = part.bases[report + 1];
        this.reports.push(report);
        this.starts.push(n);
      }
      this.starts.push(units.length);
    }
    // Which of the reports this is; -1 if it is none of them.
    place(report) {
      const place = upTo(this.reports, report) - 1;
      return place >= 0 && this.reports[place] === report ? place : -1;
    }
    of(report) {
      const place = this.place(report);
      return place < 0 ? [] : this.units.slice(this.starts[place], this.starts[place + 1]);
    }
  }

  // What every segment has; one with a damaged file has nothing, and the file is noted.
  async function candidates(index, query, depth, broken) {
    const found = [];
    if (query.all.length === 0) return found;
    const ask = (part, phrases) => Promise.all(phrases.map(async (phrase) => new Held(part, await unitsOf(index, part, phrase, depth))));
    const nothing = (part) => [query.all, query.none].map((phrases) => phrases.map(() => new Held(part, [])));
    const lists = await Promise.all(index.segments.map((part) =>
      Promise.all([ask(part, query.all), ask(part, query.none)]).catch(noting(broken, nothing(part)))));
    const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
    const reports = sum(index.segments.map((part) => part.reports.length)), units = sum(index.segments.map((part) => part.units));
    const average = Math.max(units / Math.max(reports, 1) - 1, 1);
    const weights = query.all.map((phrase, n) => Math.log(1 + reports / (sum(lists.map(([all]) => all[n].reports.length)) + 0.5)));
    lists.forEach(([all, none], number) => {
      const part = index.segments[number], others = all.slice(1), excluded = none.filter((held, n) => isExact(query.none[n]));
      for (const report of all[0].reports) {
        if (others.some((held) => held.place(report) < 0) || excluded.some((held) => held.place(report) >= 0)) continue;
        found.push({ part, number, report, all, none, score: score(part, report, all, average, weights) });
      }
    });
    return found;
  }

  // BM25 over units, with the title counted apart; in steps, within which the newer come first.
  function score(part, report, all, average, weights) {
    const base = part.bases[report];
    const length = (part.bases[report + 1] - base - 1) / average;
    let sum = 0, whole = 0;
    for (let n = 0; n < all.length; n++) {
      const { units, starts } = all[n], place = all[n].place(report);
      const title = units[starts[place]] === base;
      const hits = starts[place + 1] - starts[place] - (title ? 1 : 0);
      whole += weights[n];
      sum += weights[n] * ((title ? 3 : 0) + 2.2 * hits / (hits + 1.2 * (0.25 + 0.75 * length)));
    }
    if (all.length > 1) {
      const [first, ...others] = all.map((held) => held.of(report));
      if (first.some((unit) => others.every((units) => units.includes(unit)))) sum *= 1.15;
    }
    return Math.floor(Math.round(sum / whole * 1e6) / STEP);
  }

  // The best first. There are few scores, and those of one come in their order already.
  function byScore(found) {
    const steps = new Map();
    for (const one of found) {
      if (steps.has(one.score)) steps.get(one.score).push(one);
      else steps.set(one.score, [one]);
    }
    return [].concat(...[...steps].sort((a, b) => b[0] - a[0]).map(([, those]) => those));
  }

  // A query under way. `fill(n)` looks into texts until n hits are certain, or there are no more.
  class Search {
    constructor(index, query, chosen) { Object.assign(this, { index, query, chosen, depth: 0, hits: [], looked: 0, vain: 0, broken: new Set() }); }

    // Finds candidates, counts, chooses, orders.
    async begin() {
      const { index, chosen } = this;
      const counts = { year: new Map(), town: new Map(), kind: new Map() };
      const days = chosen.byDate ? await Promise.all(index.segments.map(daysOf)) : null;
      const found = await candidates(index, this.query, this.depth, this.broken);
      const count = (map, key) => map.set(key, (map.get(key) || 0) + 1);
      this.all = found.filter(({ part, report, all }) => {
        if (chosen.titles && all.some((held) => held.of(report)[0] !== part.bases[report])) return false;
        const about = part.reports[report];
        const year = chosen.year === null || chosen.year === about.year;
        const town = chosen.town === null || chosen.town === about.town;
        const kind = chosen.kind === null || chosen.kind === about.kind;
        // Each count says what choosing it would give, so that its own filter is left out.
        if (town && kind) count(counts.year, about.year);
        if (year && kind) count(counts.town, about.town);
        if (year && town) count(counts.kind, about.kind);
        return year && town && kind;
      });
      if (days) this.all.sort((a, b) => days[b.number][b.report] - days[a.number][a.report] || a.number - b.number || a.report - b.report);
      else this.all = byScore(this.all);
      this.isExact = this.query.all.every(isExact) && this.all.every(({ none, report }) => none.every((held) => held.place(report) < 0));
      this.helps = this.depth + 1 < TERMS.length && this.query.all.some((phrase) => termsOf(phrase).length > TERMS[this.depth]);
      Object.assign(this, { counts, hits: [], vain: 0, looked: this.isExact ? Math.min(chosen.skip, this.all.length) : 0 });
      return this;
    }

    // How many hits are passed over before the first that is shown.
    get skipped() { return this.isExact ? 0 : this.chosen.skip; }
    get total() { return this.all.length - this.vain; }
    get isCertain() { return this.isExact || this.looked === this.all.length; }
    get shown() { return this.hits.slice(this.skipped); }

    async fill(count) {
      const wanted = count + this.skipped;
      while (this.hits.length < wanted && this.looked < this.all.length && this.vain < MOST_VAIN) {
        const next = this.all.slice(this.looked, this.looked + wanted - this.hits.length);
        const seen = await Promise.all(next.map((one) => look(this.index, this.query, one).catch(noting(this.broken, undefined))));
        for (const hit of seen) {
          this.looked++;
          if (hit) this.hits.push(hit);
          else if (hit === undefined) continue;
          else if (++this.vain >= PATIENCE && this.helps) {
            this.depth++;
            await this.begin();
            break;
          }
        }
      }
      return this;
    }
  }

  // Reads as much of a candidate's text as shows whether it is a hit, and cuts an excerpt.
  async function look(index, query, one) {
    const base = one.part.bases[one.report];
    const [all, none] = [one.all, one.none].map((lists) => lists.map((held) => held.of(one.report).map((unit) => unit - base)));
    const best = bestUnit(all);
    const block = await textOf(index, one.part, one.report, best);
    const read = new Map();
    const wordsOf = async (unit) => {
      if (!read.has(unit)) {
        const text = unit ? await textOf(index, one.part, one.report, unit) : block;
        read.set(unit, asRead(Array.from(unit ? text.units[(unit - 1) % BLOCK] || '' : text.title), text.known));
      }
      return read.get(unit);
    };
    const holds = async (unit, phrase) => (await wordsOf(unit)).units.includes(phrase);
    let shown = 0;
    for (let n = 0; n < query.all.length; n++) {
      const first = Math.floor((Math.max(best, 1) - 1) / BLOCK) * BLOCK + 1;
      const units = all[n];
      let holder = -1;
      for (const unit of [best, 0, ...Array.from({ length: BLOCK }, (_, more) => first + more), ...units]) {
        if (units.includes(unit) && await holds(unit, query.all[n])) { holder = unit; break; }
      }
      if (holder < 0) return null;
      if (holder > 0 && (!shown || holder === best)) shown = holder;
    }
    for (let n = 0; n < query.none.length; n++) {
      for (const unit of none[n]) if (await holds(unit, query.none[n])) return null;
    }
    const unit = shown || Math.max(best, 1);
    const text = await textOf(index, one.part, one.report, unit);
    const about = one.part.reports[one.report];
    return Object.assign({}, about, {
      known: text.known, title: text.title, titleParts: excerpt(await wordsOf(0), query.all, [1e9, 1e9]), address: text.address, day: text.day,
      excerpt: excerpt(await wordsOf(unit), query.all, AROUND),
    });
  }

  // The unit that may hold the most phrases; the title only where there is no other.
  function bestUnit(all) {
    const counts = new Map();
    for (const units of all) for (const unit of units) if (unit > 0) counts.set(unit, (counts.get(unit) || 0) + 1);
    let best = 0;
    for (const [unit, count] of counts) {
      if (!best || count > counts.get(best) || count === counts.get(best) && unit < best) best = unit;
    }
    return best;
  }

  // Characters with their canonical form.
  const asRead = (chars, known) => Object.assign({ chars }, canonical(chars, known));

  // Where the words stand, in characters: from and to, merged where they touch.
  function marks({ units, from }, phrases) {
    const found = [];
    for (const phrase of phrases) {
      for (let at = units.indexOf(phrase); at >= 0; at = units.indexOf(phrase, at + phrase.length)) {
        found.push([from[at], from[at + phrase.length - 1] + 1]);
      }
    }
    found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const merged = [];
    for (const mark of found) {
      const last = merged[merged.length - 1];
      if (last && mark[0] <= last[1]) last[1] = Math.max(last[1], mark[1]);
      else merged.push(mark);
    }
    return merged;
  }

  // A stretch around the first mark, as [words, whether they are marked].
  function excerpt(words, phrases, around) {
    const { chars } = words, ends = '\n。；！？';
    const all = marks(words, phrases);
    const first = all.length ? all[0][0] : 0;
    let from = Math.max(first - around[0], 0);
    for (let at = first - 1; at >= from; at--) if (ends.includes(chars[at])) { from = at + 1; break; }
    const to = Math.min(Math.max(first + around[1], all.length ? all[0][1] : 0), chars.length);
    const parts = [];
    const add = (start, end, marked) => { if (end > start) parts.push([chars.slice(start, end).join('').replace(/\n/g, ' '), marked]); };
    if (from > 0 && !ends.includes(chars[from - 1])) parts.push(['…', false]);
    let at = from;
    for (const [start, end] of all) {
      if (end > to) break;
      add(at, start, false);
      add(start, end, true);
      at = end;
    }
    add(at, to, false);
    if (to < chars.length) parts.push(['…', false]);
    return parts;
  }

  const EVERYTHING = { year: null, town: null, kind: null, byDate: false, skip: 0 };
  const asTyped = (phrase) => phrase.split(BREAK).join('，');
  // The letters of a phrase that has nothing else.
  const lettersOf = (phrase) => /^[a-z\x01]+$/.test(phrase) ? phrase.split(BREAK).join('') : null;

  // Begins a query as typed.
  async function search(typed, chosen) {
    const options = Object.assign({}, EVERYTHING, chosen);
    if (!usual(typed)) await loadTable();
    const index = await open();
    return new Search(index, parse(typed), options).begin();
  }

  // ── The page ─────────────────────────────────────────────────────────────────────────────────────────────────
  function element(name, values, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(values || {})) {
      if (key in made && key !== 'list') made[key] = value;
      else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }
  const marked = (parts) => parts.map(([words, is]) => is ? element('mark', {}, words) : words);
  const date = (day) => new Date(day * 86400000).toISOString().slice(0, 10);
  // The page of a hit, with the words to be marked there.
  const pageOf = (hit, words) => site + hit.address + (words ? '#find=' + encodeURIComponent(words) : '');

  // A sealed year asks behind a `#`: an archive holds its pages, and no address with a question in it.
  const inHash = () => document.querySelector('#search[data-hash]') !== null;
  const asks = () => inHash() ? '#' : '?';
  // What the address asks for.
  function asked() {
    const values = new URLSearchParams(location.search || location.hash.slice(1));
    const number = (name) => /^\d{1,4}$/.test(values.get(name) || '') ? Number(values.get(name)) : null;
    return {
      words: (values.get('q') || '').slice(0, 500), year: number('year'), town: values.get('town') || '', kind: values.get('kind') || '',
      byDate: values.get('sort') === 'date', page: Math.max(number('page') || 1, 1),
    };
  }
  function address(now, change) {
    const { words, year, town, kind, byDate, page } = Object.assign({}, now, { page: 1 }, change);
    const values = new URLSearchParams({ q: words });
    if (year !== null) values.set('year', year);
    if (town) values.set('town', town);
    if (kind) values.set('kind', kind);
    if (byDate) values.set('sort', 'date');
    if (page > 1) values.set('page', page);
    return (inHash() ? '' : location.pathname) + asks() + values;
  }

  const PAGE = 10, AT_ONCE = 4;
  async function showPage(place) {
    const asking = asked();
    const input = place.querySelector('input[type=search]'), state = place.querySelector('[role=status]'), box = place.querySelector('.found');
    input.value = asking.words;
    if (!asking.words.trim()) return;
    document.title = asking.words + '_' + document.title;
    state.textContent = '正在查找…';
    try {
      const index = await open();
      let found = await begin(index, asking), other = null;
      if (!found.query.all.length) { state.textContent = '请写出要找的词。只有标点或只有排除的词时，没有可找的内容。'; return; }
      await found.fill(AT_ONCE);
      const narrowed = asking.year !== null || asking.town || asking.kind;
      if (!found.total && !narrowed && !found.broken.size) {
        other = await (await help()).instead(index, found.query).catch(noting(found.broken, null));
        if (other) found = await (await begin(index, Object.assign({}, asking, { words: other }))).fill(AT_ONCE);
      }
      const now = Object.assign({}, asking, other ? { words: other } : {});
      const before = other ? '没有找到“' + asking.words + '”。以下按“' + other + '”查找：' : '';
      filters(place, box, index, now, found);
      const days = /^(\d|[〇○零一二三四五六七八九]){4}[-/.年]./.test(asking.words.trim()) ? (await help()).writings(asking.words) : [];
      if (days.length) box.append(links('其他写法：', days.map((words) => [words, address(asking, { words })])));
      const hits = element('ol', { className: 'hits', start: (now.page - 1) * PAGE + 1 });
      const more = element('button', { type: 'button', className: 'more' }, '显示本页其余结果');
      const pager = element('nav', { className: 'pager', 'aria-label': '分页' });
      box.append(hits, more, pager);
      const draw = () => {
        hits.replaceChildren(...found.shown.slice(0, PAGE).map((hit) => item(hit, index, now.words)));
        state.textContent = before + summary(found);
        if (found.broken.size) state.append(damage(found.broken));
        const rest = found.looked < found.all.length && found.vain < MOST_VAIN;
        more.hidden = !rest || found.shown.length >= PAGE;
        if (more.hidden) pages(pager, now, found, rest);
      };
      draw();
      if (!found.shown.length) await nothing(box, index, now, found);
      else if (!other) await spelled(box, now, found);
      const rest = async () => {
        more.disabled = true;
        try { await found.fill(PAGE); draw(); } catch (error) { fault(state, error); }
      };
      more.onclick = async () => { const from = hits.children.length; await rest(); const next = hits.children[from]; if (next) next.querySelector('a').focus(); };
      // The rest of the page is fetched when the reader comes near it.
      if (window.IntersectionObserver) {
        const watch = new IntersectionObserver((seen) => { if (seen.some((entry) => entry.isIntersecting) && !more.hidden && !more.disabled) rest(); });
        watch.observe(more);
      }
    } catch (error) { fault(state, error); }
  }

  // Begins what the address asks for.
  function begin(index, now) {
    const numberOf = (names, name) => { const at = names.indexOf(name); return name ? at : null; };
    const town = numberOf(index.towns, now.town);
    return search(now.words, {
      year: now.year, town: town === null ? null : town + 1, kind: numberOf(index.kinds, now.kind), byDate: now.byDate, skip: (now.page - 1) * PAGE,
    });
  }

  // The site was built anew while this page was open, or a file was damaged: says which, and what can be done.
  function damage(broken) {
    const own = decodeURI(base.startsWith(site) ? base.slice(site.length) : 'search/');
    const names = [...broken].map((file) => (folders.get(file) || own) + file + '.js').join('、');
    return element('span', { className: 'fault' }, '查找用的文件 ' + names + ' 缺失或损坏，结果可能不全。请刷新本页再试；仍不行时，请告知网站管理人员，并从下面的目录查阅。');
  }
  function fault(state, error) {
    if (!(error instanceof Broken)) throw error;
    state.replaceChildren(damage([error.file]));
  }

  function links(label, all) {
    const list = element('p', { className: 'others' }, label);
    all.forEach(([words, href], n) => list.append(n ? ' · ' : '', element('a', { href }, words)));
    return list;
  }

  function summary(found) {
    if (!found.total) return '没有找到含有这些词的公开信息。';
    return (found.isCertain ? '找到 ' : '找到约 ') + found.total + ' 份公开信息。';
  }

  function item(hit, index, words) {
    const about = [index.towns[hit.town - 1], index.kinds[hit.kind], hit.year ? hit.year + '年' : ''].filter(Boolean).join(' · ');
    return element('li', {},
      element('h2', {}, element('a', { href: pageOf(hit, words) }, ...marked(hit.titleParts))),
      element('p', { className: 'excerpt' }, ...marked(hit.excerpt)),
      element('p', { className: 'about' }, about + ' ', element('time', { dateTime: date(hit.day) }, date(hit.day))));
  }

  function filters(place, box, index, now, found) {
    const row = element('div', { className: 'filters', role: 'group', 'aria-label': '缩小范围' });
    const choice = (label, all, current, options, change) => {
      const select = element('select', {}, element('option', { value: '' }, all));
      for (const [value, name, count] of options) select.append(element('option', { value, selected: String(value) === String(current) }, count === null ? name : name + '（' + count + '）'));
      select.onchange = () => { location.assign(address(now, change(select.value))); };
      row.append(element('label', {}, label, select));
    };
    const { year, town, kind } = found.counts;
    const years = [...year].filter(([key]) => key).sort((a, b) => b[0] - a[0]).map(([key, count]) => [key, key + '年', count]);
    const named = (counts, names, shift) => [...counts].filter(([key]) => names[key - shift]).sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([key, count]) => [names[key - shift], names[key - shift], count]);
    choice('年度', '全部年度', now.year === null ? '' : now.year, years, (value) => ({ year: value ? Number(value) : null }));
    choice('乡镇', '全部乡镇', now.town, named(town, index.towns, 1), (value) => ({ town: value }));
    choice('类别', '全部类别', now.kind, named(kind, index.kinds, 0), (value) => ({ kind: value }));
    choice('排列', '最相关的在前', now.byDate ? 'date' : '', [['date', '最新的在前', null]], (value) => ({ byDate: value === 'date' }));
    box.append(row);
  }

  function pages(nav, now, found, rest) {
    const last = Math.max(Math.ceil(found.total / PAGE), now.page + (rest ? 1 : 0));
    if (last < 2) return;
    const list = element('ul');
    const add = (page, name, rel) => list.append(element('li', {}, element('a', Object.assign({ href: address(now, { page }) }, rel ? { rel } : {}, page === now.page ? { 'aria-current': 'page' } : {}, rel ? {} : { 'aria-label': '第' + page + '页' }), name)));
    if (now.page > 1) add(now.page - 1, '上一页', 'prev');
    for (let page = Math.max(1, now.page - 3); page <= Math.min(last, now.page + 3); page++) add(page, String(page));
    if (now.page < last) add(now.page + 1, '下一页', 'next');
    nav.replaceChildren(list);
  }

  // Letters that were found as they stand could be pinyin all the same.
  async function spelled(box, now, found) {
    const letters = found.query.all.map(lettersOf);
    if (letters.includes(null) || letters.join('').length < 4) return;
    const meant = (await (await help()).spelled(letters.join(''))).slice(0, 3);
    if (meant.length) box.prepend(links('按拼音找：', meant.map((word) => [word, address(now, { words: word })])));
  }

  // Nothing found: what is found without one of the words, without an exclusion, or without the filters.
  async function nothing(box, index, now, found) {
    const { all, none } = found.query, list = element('ul', { className: 'instead' });
    const offer = async (label, query, change) => {
      const other = await (await new Search(index, query, EVERYTHING).begin()).fill(1);
      if (other.total) list.append(element('li', {}, element('a', { href: address(now, change) }, label), '：' + (other.isCertain ? '' : '约 ') + other.total + ' 份'));
    };
    const wide = { year: null, town: '', kind: '' };
    const words = (all, none) => [...all.map(asTyped), ...none.map((phrase) => '-' + asTyped(phrase))].join(' ');
    if (now.year !== null || now.town || now.kind) await offer('不限年度、乡镇和类别', found.query, wide);
    else {
      for (const phrase of none) {
        const rest = none.filter((other) => other !== phrase);
        await offer('不排除“' + asTyped(phrase) + '”', { all, none: rest }, Object.assign({ words: words(all, rest) }, wide));
      }
      for (const phrase of all.length > 1 ? all.slice(0, 6) : []) {
        const rest = all.filter((other) => other !== phrase);
        await offer('略去“' + asTyped(phrase) + '”，找“' + words(rest, none) + '”', { all: rest, none }, Object.assign({ words: words(rest, none) }, wide));
      }
    }
    box.append(element('p', {}, '可以少写几个词、换一种说法，或从下面的目录查阅。'), list);
  }

  // ── The opened page ──────────────────────────────────────────────────────────────────────────────────────────
  // Marks the words for which the page was opened, and brings the first into view.
  async function markPage() {
    const words = decodeURIComponent(location.hash.slice('#find='.length));
    if (!usual(words)) await loadTable();
    const phrases = parse(words).all;
    const first = ['h1', '.body'].map((query) => document.querySelector(query)).filter(Boolean).map((part) => markWithin(part, phrases)).filter(Boolean).pop();
    if (first) first.scrollIntoView({ block: 'center' });
  }
  function markWithin(part, phrases) {
    const walk = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    const chars = [], homes = [];
    let block = null;
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const now = node.parentElement.closest('p, li, td, th, h1, h2, h3, h4, caption, pre, blockquote');
      if (now !== block && chars.length) { chars.push('\n'); homes.push(null); }
      block = now;
      let at = 0;
      for (const ch of node.data) { chars.push(ch === '\n' ? ' ' : ch); homes.push([node, at, at + ch.length]); at += ch.length; }
    }
    let first = null;
    for (const [from, to] of marks(asRead(chars), phrases).reverse()) {
      // The last first, and within a mark the last node first, so that offsets before it stay true.
      for (let end = to; end > from;) {
        const home = homes[end - 1];
        let start = end - 1;
        while (home && start > from && homes[start - 1] && homes[start - 1][0] === home[0]) start--;
        if (home && home[0].data.trim()) {
          const range = document.createRange();
          range.setStart(home[0], homes[start][1]);
          range.setEnd(home[0], home[2]);
          const mark = element('mark', { className: 'found' });
          range.surroundContents(mark);
          first = mark;
        }
        end = start;
      }
    }
    return first;
  }

  window.gongkaiSearch = {
    // Until suggest.js has come, and where it is missing, there is no help.
    instead: async () => null, spelled: async () => [], writings: () => [], typeAhead: null,
    search, open, load, bytes, inflate, unpack, fold, canonical, loadTable, usual, termsOf, parse, asTyped, lettersOf, BREAK, element, pageOf, asked, asks, Search, EVERYTHING,
  };
  // A box that is written in gets its list of offers.
  function typeIn(target) {
    const input = target && target.closest && target.closest('form[role=search] input[name=q]');
    if (input && !input.dataset.ahead) { input.dataset.ahead = 'yes'; help().then((all) => { if (all.typeAhead) all.typeAhead(input); }); }
  }
  document.addEventListener('focusin', (event) => typeIn(event.target));
  const start = () => {
    typeIn(document.activeElement);
    const place = document.getElementById('search');
    if (place) {
      if (inHash()) {
        addEventListener('hashchange', () => location.reload());
        place.querySelector('form').addEventListener('submit', (event) => {
          event.preventDefault();
          location.hash = new URLSearchParams({ q: place.querySelector('input[type=search]').value });
        });
      }
      showPage(place);
    }
    else if (location.hash.startsWith('#find=')) markPage().catch(() => { /* The page is whole without marks. */ });
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
}());
