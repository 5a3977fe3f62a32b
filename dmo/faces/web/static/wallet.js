// The page's part of an act: wallets, what is asked before one is, what becomes of it. What may reach a wallet guard.js decides.
import "./guard.js";

const guard = globalThis.dmoGuard, book = JSON.parse(document.getElementById("book").textContent), loaded = Date.now();
const one = (selector, at = document) => at.querySelector(selector), all = (selector, at = document) => [...at.querySelectorAll(selector)];
const say = (key, values = {}) => (book.words?.[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const make = (tag, inner = [], more = {}) => {
  const made = Object.assign(document.createElement(tag), more);
  made.append(...[inner].flat().filter((part) => part !== null && part !== ""));
  return made;
};
const button = (key, click, more = {}) => {
  const made = make("button", say(key), {type: "button", ...more});
  made.addEventListener("click", click);
  return made;
};
const later = (ms) => new Promise((done) => { setTimeout(done, ms); });
const now = () => book.block.time + Math.floor((Date.now() - loaded) / 1000);
const kept = (key, usual = null) => { try { return JSON.parse(localStorage.getItem("dmo." + key)) ?? usual; } catch { return usual; } };
const keep = (key, value) => { try { value === null ? localStorage.removeItem("dmo." + key) : localStorage.setItem("dmo." + key, JSON.stringify(value)); } catch { /* a private window */ } };

// -- wallets
const known = new Map();
let wallet = null, account = null;

function announced({info, provider}) {
  if (known.has(info.uuid)) return;
  known.set(info.uuid, {info, gate: guard.gate(provider)});
  if (kept("wallet") === info.rdns && !wallet) connect(known.get(info.uuid), true).catch(() => {});
}

function offer() { // one button a wallet, with the name that it cannot choose freely
  const place = one("[data-wallets]");
  const icon = (info) => (/^data:image\//.test(info.icon ?? "") ? make("img", [], {src: info.icon, alt: "", width: 24, height: 24}) : null);
  const choice = (its) => button("", () => connect(its).catch(tell), {ariaLabel: `${its.info.name} (${its.info.rdns})`});
  const rows = [...known.values()].map((its) => { const made = choice(its); made.append(...[icon(its.info), `${its.info.name} `, make("small", its.info.rdns)].filter(Boolean)); return made; });
  place.replaceChildren(...(rows.length ? rows : [make("p", say("no_wallet"), {tabIndex: -1}), make("p", [make("code", location.href)])]));
  place.hidden = false;
  place.firstElementChild.focus();
}

async function connect(its, isQuiet = false) {
  const [found] = await its.gate.ask(isQuiet ? "eth_accounts" : "eth_requestAccounts");
  if (!found || (isQuiet && kept("account") !== found)) return;
  if (!isQuiet) await rightChain(its.gate);
  [wallet, account] = [its.gate, found];
  keep("wallet", its.info.rdns);
  keep("account", found);
  wallet.on("accountsChanged", () => { keep("account", null); location.reload(); });
  const place = one("[data-account]");
  place.replaceChildren(make("a", make("code", `${found.slice(0, 8)}…${found.slice(-6)}`), {href: `/account/${found}`, title: found, className: "who"}));
  place.hidden = false;
  all("[data-connect]").forEach((each) => { each.hidden = true; });
  one("[data-wallets]").hidden = true;
  all("input[name=_from]").forEach((each) => { each.value = found; each.closest("[data-from]").hidden = true; });
  const url = new URL(location.href);
  if (!isQuiet && url.searchParams.get("account") !== found && !document.body.dataset.posted) {
    url.searchParams.set("account", found);
    location.replace(url);
  }
}

async function rightChain(gate) {
  const is = async () => BigInt(await gate.ask("eth_chainId")) === BigInt(book.chainId);
  if (!(await is())) await gate.move(book.chainId).catch(() => {});
  if (!(await is())) throw Object.assign(new Error("other_chain"), {key: "other_chain", values: {chain: Number(book.chainId)}});
}

window.addEventListener("eip6963:announceProvider", (event) => announced(event.detail));
window.dispatchEvent(new Event("eip6963:requestProvider"));
if (window.ethereum) setTimeout(() => known.size || announced({info: {uuid: "window", name: say("some_wallet"), rdns: "window.ethereum"}, provider: window.ethereum}), 200);
all("[data-connect]").forEach((each) => {
  each.hidden = Boolean(account);
  each.addEventListener("click", () => (known.size === 1 ? connect([...known.values()][0]).catch(tell) : offer()));
});

// -- what is told
function tell(error, place = one("[data-status]")) {
  const key = error.code === 4001 ? "said_no" : error.code === -32002 ? "asked_already" : error.key ? `guard_${error.key}` : error.code ? "wallet_said" : "fault";
  answer(place, [make("p", make("strong", say(key, {text: error.message, ...error.values}))), make("p", book.words?.[`${key}_right`] ?? say("guard_right"))], "refusal");
}

function answer(place, parts, className = "") {
  place.replaceChildren(...parts);
  place.className = className;
  place.tabIndex = -1;
  place.focus();
}

const lines = (texts, tag = "ul", className = "") => (texts?.length ? make(tag, texts.map((text) => make("li", text)), {className}) : null);

function written(value, unit) { // an amount as a person reads it
  const [decimals, symbol] = book.units[unit], text = value.padStart(decimals + 1, "0"), rest = text.slice(text.length - decimals).replace(/0+$/, "");
  return `${text.slice(0, text.length - decimals).replace(/\B(?=(\d{3})+$)/g, ",")}${decimals && rest ? "." + rest : ""} ${symbol}`;
}

function decoded(call, rule) { // what the guard read, not what the server says
  const its = guard.said(call), sources = rule.arguments[its.key] ?? {amount: rule.amount};
  const flat = (value, path) => {
    const source = sources[path] ?? {}, unit = source.unit ?? (source.shown === "bond" || path === "amount" ? "budget" : null);
    return unit && /^\d+$/.test(value) ? written(value, unit) : Array.isArray(value) ? value.flat().join(" ") || "–" : value.length > 140 ? `${value.slice(0, 132)}…` : value || "–";
  };
  const rows = its.arguments.map(([name, value]) => make("div", [make("dt", name), make("dd", make("code", flat(value, name)))]));
  const cost = BigInt(call.value) ? make("div", [make("dt", "value"), make("dd", written(String(BigInt(call.value)), "coin"))]) : null;
  const told = its.unshown.length ? make("p", say("told_only", {names: its.unshown.join(", ")}), {className: "note"}) : null;
  return make("details", [make("summary", `${its.contract}.${its.name}`), make("dl", [...rows, cost].filter(Boolean)), told, make("p", [`${call.to} `, make("code", call.data)], {className: "data"})].filter(Boolean));
}

// -- forms
function fieldsOf(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    const key = name.split(".")[0], kind = form.elements[name]?.dataset?.kind ?? "choices";
    if (name.startsWith("_") || typeof value !== "string" || !value.trim() || form.elements[name]?.closest?.(".parts")) continue;
    const text = ["document", "file", "prose"].includes(kind) ? value.replace(/\r\n?/g, "\n") : kind === "time" ? moment(value.trim()) : value.trim();
    const parts = ["choices", "numbers", "payees"].includes(kind) ? text.split(/\s+/) : text;
    fields[key] = key in fields ? [fields[key], parts].flat() : parts;
  }
  const line = fields.file?.split?.(/^---\s*$/m)[1]?.match(/^builds_on:\s*["']?(\d+[/.]\d+)["']?\s*$/m);
  if (line && form.elements.builds_on && !fields.builds_on) fields.builds_on = form.elements.builds_on.value = line[1];
  if (fields.because && form.elements.file) {
    const parts = [fields.submission, fields.because];
    fields.file = say("reason").replaceAll("{}", () => parts.shift());
    delete fields.because;
  }
  return fields;
}

function moment(text) { // Unix seconds, so that everybody reads the same
  if (text.startsWith("+")) return String(BigInt(now()) + guard.duration(text.slice(1)));
  const day = text.match(/^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(Z|[+-]\d\d:\d\d)?)?$/);
  return day ? String(Date.parse(`${day[1]}T${day[2] ?? "00:00"}${day[3] ?? "Z"}`) / 1000) : text;
}

function formOf(form) {
  const shown = Object.fromEntries(all("[data-shown]", form).map((each) => [each.dataset.shown, JSON.parse(each.dataset.value)]));
  if (form.dataset.dispute) Object.assign(shown, {case: form.dataset.dispute, cases: [form.dataset.dispute]});
  return {account, fields: fieldsOf(form), shown};
}

async function ask(form, given) {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(given.fields)) for (const text of [value].flat()) body.append(name, text);
  for (const name of ["_from", "_publish"]) if (form.elements[name]?.checked ?? form.elements[name]) body.append(name, name === "_from" ? account : "yes");
  if (form.elements._publish && !form.elements._publish.checked) body.append("_publish", "no");
  const reply = await fetch(form.getAttribute("action"), {method: "POST", body, headers: {Accept: "application/json"}});
  return reply.json();
}

function refused(place, {error, next}) {
  const more = lines(next);
  answer(place, [make("h2", say("refused")), make("p", [make("strong", error.message), " ", error.hint ?? ""], {className: "refusal"}), more].filter(Boolean));
}

async function submitted(event) {
  const form = event.target, place = one("[data-answer]", form), act = form.dataset.act;
  if (event.submitter?.name === "_write") return;
  const parts = all(".parts textarea, .parts input", form).filter((each) => !/\.lang$/.test(each.name) && each.value.trim());
  if (parts.length && !all("textarea[data-kind=document]", form).some((each) => each.value.trim())) { event.preventDefault(); form.requestSubmit(one("button[name=_write]", form)); return; }
  if (!wallet) return; // the server answers with a page, calldata and all
  event.preventDefault();
  await busy(event.submitter, async () => {
    await rightChain(wallet);
    const given = formOf(form), made = act === "dispute commit" ? commit(given) : null, reply = made ? await tried(made) : await ask(form, given);
    if (!reply.ok) return refused(place, reply);
    if (resolve(form, place, reply)) return;
    const calls = await guard.check(book, act, reply, given), rule = book.acts[act];
    const digests = await Promise.all(Object.entries(given.fields).filter(([name]) => form.elements[name]?.dataset?.kind === "document").map(async ([, text]) => make("p", [say("digest"), " ", make("code", await guard.sha256(text))], {className: "note"})));
    const steps = make("ol", calls.map((call, step) => make("li", [make("p", reply.steps[step].description), decoded(call, rule)])), {className: "steps"});
    const code = await wallet.ask("eth_getCode", [account, "latest"]).catch(() => "0x"), isContract = code !== "0x" && !code.startsWith("0xef0100");
    const go = button(calls.length > 1 ? "confirm_steps" : "confirm", () => busy(go, () => carry(form, place, calls, reply, steps), place), {className: "first", disabled: Boolean(made)});
    const saving = made ? save(made, go) : null;
    answer(place, [make("h2", say("previewed")), steps, lines(reply.effects, "ul", "effects"), lines(reply.left_out, "ul", "warn"), ...digests, isContract ? make("p", say("contract_account"), {className: "note"}) : null, saving, go].filter(Boolean));
  }, place);
}

async function busy(pressed, does, place) {
  if (pressed) pressed.disabled = true;
  try { await does(); } catch (error) { if (!error.key && !error.code) console.debug(error); tell(error, place); } finally { if (pressed) pressed.disabled = false; }
}

function resolve(form, place, reply) { // a name becomes the address that it stands for, for the person to see
  const names = all("[data-kind=account]", form).filter((each) => each.name in (reply.data ?? {}) && each.value.trim() && !/^0x[0-9a-f]{40}$/i.test(each.value.trim()));
  const told = names.map((each) => { const name = each.value; each.value = reply.data[each.name]; return make("p", say("resolved", {name, address: each.value})); });
  if (told.length) answer(place, [...told, make("p", say("resolved_right"))]);
  return told.length > 0;
}

async function tried(made) { // a call that the server has not made, tried by it all the same
  const [{to, value, data}] = made.steps, reply = await fetch("/try", {method: "POST", body: JSON.stringify({account, to, value, data}), headers: {"Content-Type": "application/json"}});
  const told = await reply.json();
  return told.ok ? made : told;
}

function commit(given) { // made here alone: nobody else knows ruling and salt before they are revealed
  const salt = "0x" + guard.word("0x" + [...crypto.getRandomValues(new Uint8Array(32))].map((each) => each.toString(16).padStart(2, "0")).join(""));
  const ruling = {pay: 1, refuse: 2}[given.fields.ruling], dispute = Number(given.shown.case), jury = book.contracts.Jury;
  const sum = guard.commitment(book, dispute, account, ruling, salt), [selector] = Object.entries(book.functions.Jury).find(([, its]) => its.name === "commit");
  const secret = {chain_id: Number(book.chainId), dispute, jury, juror: account, ruling, salt};
  Object.assign(given, {salt});
  return {ok: true, secret, name: `${sum.slice(2)}.json`, chainId: book.chainId, effects: [say("commit_effect")], steps: [{to: jury, value: "0x0", data: selector + guard.word(dispute) + sum.slice(2), description: say("commit_call")}]};
}

function save({secret, name}, go) { // the file first: without it a ruling is lost
  const text = JSON.stringify(secret, Object.keys(secret).sort(), 2), href = URL.createObjectURL(new Blob([text], {type: "application/json"}));
  const link = make("a", say("save_salt"), {href, download: name, className: "button"});
  link.addEventListener("click", () => { go.disabled = false; });
  return make("p", [link, " ", say("save_salt_right")]);
}

// -- sending
async function carry(form, place, calls, reply, steps) {
  const rows = [...steps.children], mark = (row, key) => { row.dataset.state = key; let note = one("[role=status]", row); if (!note) row.append((note = make("p", [], {role: "status"}))); note.textContent = say(key); };
  const able = calls.length > 1 ? await wallet.ask("wallet_getCapabilities", [account, [book.chainId]]).catch(() => ({})) : {};
  let last = {};
  const isAtomic = ["supported", "ready"].includes(able?.[book.chainId]?.atomic?.status);
  if (isAtomic) {
    rows.forEach((row) => mark(row, "in_wallet"));
    const {id} = await patient(wallet.sendAll(calls), place);
    for (let its = {}; !(its.status >= 200); await later(1000)) { its = await wallet.ask("wallet_getCallsStatus", [id]); if (its.status >= 400) throw Object.assign(new Error("failed"), {key: "failed"}); }
    rows.forEach((row) => mark(row, "mined"));
  } else for (const [step, call] of calls.entries()) {
    if (rows[step].dataset.state === "mined") continue; // done before, and the wallet said no to what follows
    mark(rows[step], "in_wallet");
    const hash = await patient(wallet.send(call), place).catch((error) => { mark(rows[step], "not_sent"); throw error; });
    keep("sent", [...kept("sent", []), {hash, text: reply.steps[step].description, chain: book.chainId, act: form.dataset.act}]);
    mark(rows[step], "waiting");
    const isGood = await mined(hash);
    if (isGood && guard.said(call).key) last = await told(hash, form.dataset.act);
    mark(rows[step], isGood ? "mined" : "failed");
    if (!isGood) throw Object.assign(new Error("failed"), {key: "failed"});
  }
  for (const area of all("textarea[data-kind=document]", form)) if (area.value.trim()) fetch("/document", {method: "POST", body: area.value.replace(/\r\n?/g, "\n"), headers: {"Content-Type": "text/plain"}}).catch(() => {});
  keep(draft(form), null);
  const look = make("a", say("look"), {href: `/?account=${account}`, className: "button"});
  answer(place, [make("h2", say("done")), lines(last.told), steps, lines(last.next ?? reply.next, "ul", "next"), look].filter(Boolean), "done");
}

function patient(asked, place) { // a wallet that hangs, or is locked, does not take the button with it
  const note = make("p", say("in_wallet_right"), {role: "status"});
  place.append(note);
  const silence = later(60_000).then(() => { throw Object.assign(new Error("silent"), {key: "silent"}); });
  return Promise.race([asked, silence]).finally(() => note.remove());
}

const told = async (hash, act) => (await fetch(`/sent/${hash}?act=${encodeURIComponent(act)}`).catch(() => null))?.json().catch(() => ({})) ?? {};

async function mined(hash) {
  for (;;) {
    const receipt = await wallet.ask("eth_getTransactionReceipt", [hash]).catch(() => null);
    if (receipt) { keep("sent", kept("sent", []).filter((each) => each.hash !== hash)); return BigInt(receipt.status) === 1n; }
    await later(700);
  }
}

async function sign(form, place) {
  if (!wallet) return tell(Object.assign(new Error("no_wallet"), {key: "connect_first"}), place);
  await rightChain(wallet);
  const given = formOf(form), reply = await ask(form, given);
  if (!reply.ok) return refused(place, reply);
  const typed = guard.ballot(book, given, reply.typed.message.at, now()), {round, at, inFavour, against} = typed.message;
  const row = (key, numbers) => make("div", [make("dt", say(key)), make("dd", numbers.join(", ") || "–")]);
  const go = button("sign_now", () => busy(go, async () => {
    const signature = await patient(wallet.sign(typed), place);
    const file = {schema: "dmo.ballot/2", chain_id: Number(book.chainId), board: book.contracts.IdeaBoard, voter: account, round, at, in_favour: inFavour, against, signature};
    await relayed(form, place, JSON.stringify(file));
  }, place), {className: "first"});
  answer(place, [make("h2", say("ballot_is")), make("dl", [row("for", inFavour), row("against", against)]), lines(reply.effects, "ul", "effects"), go].filter(Boolean));
}

async function relayed(form, place, text) {
  const link = make("a", say("save_ballot"), {href: URL.createObjectURL(new Blob([text], {type: "application/json"})), download: "ballot.json"});
  const whole = [make("p", link), make("p", make("code", text))];
  const reply = book.relay ? await (await fetch("/relay", {method: "POST", body: text, headers: {"Content-Type": "application/json"}})).json() : {ok: true};
  if (!reply.ok) { refused(place, reply); place.append(...whole); return; }
  if (!reply.id) return answer(place, [make("h2", say("signed")), make("p", say("signed_right")), ...whole], "done");
  answer(place, [make("h2", say("signed")), make("p", say("relaying"), {role: "status"}), ...whole], "done");
  for (let its = {}; !["cast", "skipped"].includes(its.state); await later(700)) {
    its = await (await fetch(`/relay/${reply.id}`)).json();
    if (its.state === "cast") answer(place, [make("h2", say("cast")), make("p", say("cast_right", {block: its.block ?? "–"}))], "done");
    if (its.state === "skipped") answer(place, [make("h2", say("skipped")), make("p", its.message), ...whole], "refusal");
  }
}

// -- drafts, and what was sent before
function draft(form) {
  return `draft.${book.name}.${form.dataset.act}`;
}

for (const form of all("form[data-act]")) {
  const key = draft(form), own = (each) => each.name && !each.name.startsWith("_") && each.type !== "hidden" && each.type !== "radio" && each.dataset.kind !== "file";
  for (const [name, value] of kept(key, [])) { const field = form.elements[name]; if (field && "value" in field && own(field) && !field.value) field.value = value; }
  form.addEventListener("input", () => keep(key, [...form.elements].filter((each) => own(each) && each.value).map((each) => [each.name, each.value])));
  form.addEventListener("submit", submitted);
  const press = one("[data-sign]", form), place = one("[data-answer]", form);
  if (press) { press.hidden = false; press.addEventListener("click", () => busy(press, () => sign(form, place), place)); }
  for (const area of all("textarea[data-kind=file]", form)) {
    const pick = make("input", [], {type: "file", ariaLabel: say("from_file")});
    pick.addEventListener("change", async () => { area.value = await pick.files[0].text(); });
    area.before(pick);
  }
}

async function again() { // what was sent before this page was loaded
  for (const sent of kept("sent", []).filter((each) => each.chain === book.chainId)) {
    const place = one("[data-status]");
    place.replaceChildren(make("p", say("sent_before", {text: sent.text})));
    const isGood = await mined(sent.hash), its = await told(sent.hash, sent.act);
    place.replaceChildren(make("p", say(isGood ? "mined_before" : "failed_before", {text: sent.text})), ...[lines(its.told), lines(its.next)].filter(Boolean));
  }
}

for (let tries = 0; !wallet && tries < 10; tries++) await later(50);
if (wallet) again();
