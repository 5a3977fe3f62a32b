// What a wallet may see, whatever a server answers: what was filled in, decoded and compared here argument by argument.
const fail = (key, values = {}) => { throw Object.assign(new Error(key), {key, values}); };
const lower = (text) => String(text).toLowerCase();
const bytes = (text) => new TextEncoder().encode(text);
const hex = (data) => "0x" + Array.from(data, (one) => one.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.slice(2).match(/../g) ?? [], (two) => parseInt(two, 16));
const filled = (value) => [value].flat().some((one) => one.trim());
const own = (table, key) => (Object.hasOwn(table ?? {}, key) ? table[key] : undefined);
// -- hashes
const LANE = (1n << 64n) - 1n;

function permute(a) { // Keccak-f[1600] on lanes x + 5y
  const turned = (lane, by) => ((lane << BigInt(by % 64)) | (lane >> BigInt(64 - (by % 64)))) & LANE;
  for (let round = 0, r = 1; round < 24; round++) {
    const c = [0, 1, 2, 3, 4].map((x) => a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20]);
    for (let i = 0; i < 25; i++) a[i] ^= c[(i + 4) % 5] ^ turned(c[(i + 1) % 5], 1);
    for (let t = 0, x = 1, y = 0, lane = a[1]; t < 24; t++) {
      [x, y] = [y, (2 * x + 3 * y) % 5];
      [lane, a[x + 5 * y]] = [a[x + 5 * y], turned(lane, ((t + 1) * (t + 2)) / 2)];
    }
    for (let y = 0; y < 25; y += 5) {
      const row = a.slice(y, y + 5);
      for (let x = 0; x < 5; x++) a[y + x] = row[x] ^ (~row[(x + 1) % 5] & LANE & row[(x + 2) % 5]);
    }
    for (let j = 0; j < 7; j++) {
      r = ((r << 1) ^ ((r >> 7) * 0x71)) % 256;
      if (r & 2) a[0] ^= 1n << ((1n << BigInt(j)) - 1n);
    }
  }
}

function keccak(data) {
  const a = Array(25).fill(0n), full = new Uint8Array((Math.floor(data.length / 136) + 1) * 136);
  full.set(data);
  full[data.length] ^= 1;
  full[full.length - 1] ^= 128;
  full.forEach((one, at) => {
    const i = at % 136;
    a[i >> 3] ^= BigInt(one) << BigInt(8 * (i & 7));
    if (i === 135) permute(a);
  });
  return hex(a.slice(0, 4).flatMap((lane) => Array.from({length: 8}, (_, i) => Number((lane >> BigInt(8 * i)) & 255n))));
}

const sha256 = async (text) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(text))));
const word = (value) => BigInt(value).toString(16).padStart(64, "0");
const commitment = (book, dispute, juror, ruling, salt) =>
  keccak(unhex("0x" + [book.chainId, book.contracts.Jury, dispute, juror, ruling, salt].map(word).join("")));
// -- what a person wrote, read as dmo/core/units.py reads it
const unread = (text) => fail("unread", {text: String(text).slice(0, 60)});

function scaled(text, places) {
  const clean = text.trim(), [whole, rest = ""] = clean.replace(/[_,]/g, "").split(".");
  const is = clean.length <= 100 && /^(\d{1,3}([_,]\d{3})+(\.\d+)?|\d+(\.\d*)?|\.\d+)$/.test(clean);
  return is && !/[1-9]/.test(rest.slice(places)) ? BigInt(whole + rest.slice(0, places).padEnd(places, "0")) : unread(text);
}

function amount(text, [decimals, symbol]) {
  const bare = text.endsWith(symbol) ? text.slice(0, -symbol.length).trim() : text;
  return /^[1-9]\d{0,2}\.\d{3}$/.test(bare) ? unread(text) : scaled(bare, decimals); // 1.500 is a thousand to some
}

function share(text, places, one) {
  const [, count, unit] = lower(text).match(/^(.*?)(%|bps|ppm)$/) ?? unread(text);
  return unit === "%" || unit === one ? scaled(count, unit === "%" ? places : 0) : unread(text);
}

const SECONDS = {s: 1n, m: 60n, h: 3600n, d: 86400n, w: 604800n};
const PART = /\s*(\d{1,20}(?:\.\d{1,18})?)\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?)(?![a-z])\s*/g;

function duration(text) {
  const parts = [...lower(text).matchAll(PART)], sum = parts.reduce((all, one) => all + scaled(one[1], 18) * SECONDS[one[2][0]], 0n);
  const is = parts.length && parts.map((one) => one[0]).join("") === lower(text) && sum % 10n ** 18n === 0n;
  return is ? sum / 10n ** 18n : unread(text);
}

const account = (text) => (/^0x[0-9a-f]{40}$/i.test(text) ? lower(text) : fail("unresolved", {text}));
const number = (text) => BigInt(text.match(/^#?(\d{1,78})$/)?.[1] ?? unread(text));

function choices(texts, part) { // a round, +N or -N
  const round = texts.filter((one) => /^\d+$/.test(one)), chosen = texts.filter((one) => !/^\d+$/.test(one));
  if (round.length !== 1 || !chosen.every((one) => /^[+-][1-9]\d{0,4}$/.test(one))) unread(texts.join(" "));
  const of = (sign) => chosen.filter((one) => one[0] === sign).map((one) => Number(one.slice(1))).sort((a, b) => a - b);
  return part === "round" ? Number(round[0]) : of(part === "for" ? "+" : "-");
}

const READ = {
  duration, account, number, share: (text) => share(text, 2, "bps"), ppm: (text) => share(text, 4, "ppm"),
  amount: (text, one, book) => amount(text, own(book.units, one.unit) ?? unread(text)),
  flag: (text) => (/^(yes|true|1)$/i.test(text) ? 1 : /^(no|false|0)$/i.test(text) ? 0 : unread(text)),
  choice: (text, one) => own(one.words, lower(text)) ?? unread(text),
  reference: (text, one) => (text.match(/^([1-9]\d{0,8})[/.]([1-9]\d{0,8})$/) ?? unread(text))[one.part + 1],
  text: (text, one) => (one.part ? JSON.parse(text)[one.part] : text), // a part of a juror's file
  choices: (texts, one) => choices(texts, one.part),
  numbers: (texts) => texts.map(number),
  terms: (texts, one) => texts.reduce((sum, text) => sum | BigInt(own(one.words, lower(text)) ?? unread(text)), 0n),
  backing: (texts, one) => texts.map((text) => lower(text).match(/^(0x[0-9a-f]{64}):(\d{1,3})%$/) ?? unread(text)).sort()
    .map(([, need, percent]) => (one.part === "needs" ? need : percent)),
  payees: (texts) => texts.map((one) => one.match(/^(.*):(.*)$/) ?? unread(one)).map(([, who, part]) => [account(who), READ.share(part)]),
};
// -- what an argument has to be
function plain(value, type) { // one form for all that is compared
  if (Array.isArray(value)) return value.map((one) => plain(one, type));
  const text = String(value ?? (type === "address" ? "0x" + "0".repeat(40) : type.startsWith("uint") ? 0 : ""));
  return type === "string" ? text : type === "bool" ? (own({true: "1", false: "0"}, text) ?? text) : lower(text);
}

async function wanted(source, type, form, found) {
  const told = (text) => (type === "bytes32" ? sha256(text) : type === "bytes" ? hex(bytes(text)) : text);
  if (source.me) return lower(form.account);
  if ("is" in source) return plain(source.is, type);
  if (source.shown && !(source.shown in form.shown)) { // told before a wallet is asked
    form.told.push(source.shown);
    form.shown[source.shown] = found;
  }
  if (source.shown) return plain(form.shown[source.shown], type);
  if (source.hash) return source.hash.shown in form.shown ? keccak(bytes(form.shown[source.hash.shown])) : found;
  if (source.commitment) {
    const ruling = await wanted(source.commitment, "uint256", form);
    return commitment(form.book, form.shown.case, form.account, ruling, form.salt);
  }
  const name = source.field ?? source.document, value = own(form.fields, name) ?? "";
  form.used.add(name);
  if (!filled(value)) return source.else ? wanted(source.else, type, form, found) : fail("unsaid", {field: name});
  if (source.document) return told(value.replace(/\r\n?/g, "\n"));
  const text = [value].flat().join(" ").trim(), given = /^(choices|numbers|payees|terms|backing)$/.test(source.kind) ? text.split(/\s+/) : text;
  return plain((own(READ, source.kind) ?? unread(source.kind))(given, source, form.book), type);
}
// -- what a call says
const dynamic = (one) => /^(bytes|string)$|\]$/.test(one.type) || (one.components ?? []).some(dynamic);
const size = (one) => (dynamic(one) || one.type !== "tuple" ? 32 : one.components.reduce((sum, part) => sum + size(part), 0));
const kind = (one) => one.type.replace("tuple", `(${(one.components ?? []).map(kind)})`);

function decode(inputs, data) { // hexadecimal digits after the selector
  let end = 0;
  const slice = (at, count) => {
    end = Math.max(end, at + 32 * Math.ceil(count / 32));
    return end * 2 <= data.length ? data.slice(2 * at, 2 * (at + count)) : fail("unfit");
  };
  const count = (at) => Number(BigInt("0x" + slice(at, 32)));
  const group = (parts, at, head = at) => parts.map((one) => {
    head += size(one);
    return value(one, dynamic(one) ? at + count(head - 32) : head - size(one));
  });
  const value = (one, at) => {
    const list = one.type.match(/^(.*)\[\]$/), fixed = one.type.match(/^bytes(\d+)$/), many = list || dynamic(one) ? count(at) : 0;
    if (one.type === "tuple") return group(one.components, at);
    if (list) return many < 4096 ? group(Array(many).fill({...one, type: list[1]}), at + 32) : fail("unfit");
    if (one.type === "bytes") return "0x" + slice(at + 32, many);
    if (one.type === "string") return new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(unhex("0x" + slice(at + 32, many)));
    const it = slice(at, 32), zeros = fixed ? it.slice(2 * fixed[1]) : one.type === "address" ? it.slice(0, 24) : "";
    if (/[^0]/.test(zeros)) fail("unfit");
    if (fixed || zeros) return "0x" + (fixed ? it.slice(0, 2 * fixed[1]) : it.slice(24));
    return /^(uint\d+|bool)$/.test(one.type) ? String(BigInt("0x" + it)) : fail("unfit");
  };
  const found = group(inputs, 0);
  return end * 2 === data.length ? found : fail("unfit");
}
// -- what passes
const passed = new WeakMap(), APPROVE = "approve(address,uint256)";
const differs = (name, found, want) => fail("argument", {name, found: String(found), wanted: String(want)});

async function same(inputs, values, at, sources, form) {
  for (const [place, one] of inputs.entries()) {
    const path = at + one.name, source = own(sources, path), found = values[place], list = [found].flat();
    if (!source && one.type === "tuple") { await same(one.components, found, path + ".", sources, form); continue; }
    const want = await wanted(source ?? fail("argument", {name: path}), one.type, form, found);
    const isAmong = () => list.length && new Set(list).size === list.length && list.every((each) => want.includes(each));
    if (!(source.among ? isAmong() : JSON.stringify(found) === JSON.stringify(want))) differs(path, found, want);
  }
}

async function checkStep(step, rule, form) {
  const {book} = form, data = lower(step.data), selector = data.slice(0, 10), to = lower(step.to);
  const at = Object.keys(book.contracts).filter((one) => lower(book.contracts[one]) === to);
  if (!at.length) fail("other_contract", {address: to});
  const contract = at.find((one) => own(own(book.functions, one), selector)) ?? fail("other_function", {name: selector});
  const {name, inputs} = book.functions[contract][selector], signature = `${name}(${inputs.map(kind)})`;
  const key = `${contract}.${signature}`, isApproval = contract === rule.spends && signature === APPROVE;
  if (!/^0x[0-9a-f]*$/.test(data) || keccak(bytes(signature)).slice(0, 10) !== selector) fail("unfit");
  const values = decode(inputs, data.slice(10));
  if (isApproval) {
    const most = values[1] === "0" ? "0" : await wanted(rule.amount, "uint256", form, values[1]);
    if (values[0] !== lower(book.contracts[rule.spender]) || values[1] !== most) differs("approve", values, most);
  } else await same(inputs, values, "", rule.calls.includes(key) ? rule.arguments[key] : fail("other_function", {name: key}), form);
  const value = String(BigInt(step.value ?? 0)), cost = rule.value && key === rule.calls[0] ? await wanted(rule.value, "uint256", form, value) : "0";
  if (value !== cost) differs("value", value, cost);
  if (lower(step.from ?? form.account) !== lower(form.account)) fail("other_account", {account: step.from});
  const call = Object.freeze({from: form.account, to: book.contracts[contract], data, value: "0x" + BigInt(cost).toString(16)});
  const told = inputs.map((one, place) => [one.name, values[place]]);
  passed.set(call, {contract, name, key: isApproval ? "" : key, chain: book.chainId, arguments: told, unshown: form.told});
  return call;
}

// The transactions of an act that fit its form {account, fields, shown, salt?}; or an error that says why not.
async function check(book, act, answer, form) {
  const rule = own(book.acts, act) ?? fail("other_act", {act}), used = new Set(rule.unsaid), calls = [];
  const known = {...form, book, used, told: [], shown: {...form.shown}};
  if (BigInt(answer.chainId) !== BigInt(book.chainId)) fail("other_chain", {chain: answer.chainId});
  for (const step of answer.steps) calls.push(await checkStep(step, rule, known));
  const keys = calls.map((one) => passed.get(one).key).filter(Boolean), all = rule.many ? calls.map((one) => one.data) : keys;
  if (new Set(all).size < all.length) fail("twice");
  if (!keys.some((one) => rule.main.includes(one))) fail("nothing");
  for (const name in form.fields) if (!used.has(name) && filled(form.fields[name])) fail("unheard", {field: name});
  return calls;
}

function ballot(book, form, at, now) { // made here, from what was ticked
  const members = (text) => text.split(",").map((one) => one.split(" ")).map(([type, name]) => ({name, type}));
  if (!(at >= book.block.time - 120 && at <= now + 120)) fail("moment");
  const [round, inFavour, against] = ["round", "for", "against"].map((part) => choices(form.fields.choices, part));
  const typed = {
    types: {
      EIP712Domain: members("string name,string version,uint256 chainId,address verifyingContract"),
      Ballot: members("address voter,uint32 round,uint32 at,uint32[] inFavour,uint32[] against"),
    },
    primaryType: "Ballot",
    domain: {name: book.domain.name, version: book.domain.version, chainId: Number(book.chainId), verifyingContract: book.contracts.IdeaBoard},
    message: {voter: form.account, round, at, inFavour, against},
  };
  passed.set(typed, {chain: book.chainId, voter: form.account, text: JSON.stringify(typed)});
  return typed;
}

// The only way to a wallet: what is asked is harmless, or was checked above.
const ASKED = /^(eth_(requestAccounts|accounts|chainId|getTransactionReceipt|getCode|estimateGas)|wallet_get(Capabilities|CallsStatus))$/;

function gate(provider) {
  const ask = (method, params = []) => (ASKED.test(method) ? provider.request({method, params}) : fail("other_function"));
  const ready = async (what) => {
    const {chain} = what.every((one) => passed.has(one)) && what.length ? passed.get(what[0]) : fail("unchecked");
    return BigInt(await ask("eth_chainId")) === BigInt(chain) ? chain : fail("other_chain", {chain});
  };
  return Object.freeze({
    ask, on: (name, heard) => provider.on?.(name, heard),
    move: (chainId) => provider.request({method: "wallet_switchEthereumChain", params: [{chainId}]}),
    send: async (call) => { await ready([call]); return provider.request({method: "eth_sendTransaction", params: [{...call}]}); },
    sendAll: async (all) => {
      const calls = all.map(({to, data, value}) => ({to, data, value})), shape = {version: "2.0.0", atomicRequired: true};
      return provider.request({method: "wallet_sendCalls", params: [{...shape, chainId: await ready(all), from: all[0].from, calls}]});
    },
    sign: async (typed) => {
      await ready([typed]);
      return provider.request({method: "eth_signTypedData_v4", params: [passed.get(typed).voter, passed.get(typed).text]});
    },
  });
}

const shared = {check, gate, ballot, wanted, commitment, word, keccak, sha256, duration, decode, bytes, said: (call) => passed.get(call)};
Object.defineProperty(globalThis, "dmoGuard", {value: Object.freeze(shared)});
