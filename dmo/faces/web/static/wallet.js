// Wallets, and what was sent before. What may reach a wallet guard.js decides; acts.js carries acts to it.
import "./guard.js";

const guard = globalThis.dmoGuard,
  book = JSON.parse(document.getElementById("book").textContent),
  loaded = Date.now();
const one = (selector, at = document) => at.querySelector(selector),
  all = (selector, at = document) => [...at.querySelectorAll(selector)];
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
const later = (ms) =>
  new Promise((done) => {
    setTimeout(done, ms);
  });
const now = () => book.block.time + Math.floor((Date.now() - loaded) / 1000);
const kept = (key, usual = null) => {
  try {
    return JSON.parse(localStorage.getItem("dmo." + key)) ?? usual;
  } catch {
    return usual;
  }
};
const keep = (key, value) => {
  try {
    value === null ? localStorage.removeItem("dmo." + key) : localStorage.setItem("dmo." + key, JSON.stringify(value));
  } catch {
    /* a private window */
  }
};

// -- wallets
const known = new Map();
const me = {wallet: null, account: null}; // who is connected

function announced({info, provider}) {
  if (known.has(info.uuid)) return;
  known.set(info.uuid, {info, gate: guard.gate(provider)});
  if (kept("wallet") === info.rdns && !me.wallet) connect(known.get(info.uuid), true).catch(() => {});
}

function offer() {
  // one button a wallet, with the name that it cannot choose freely
  const place = one("[data-wallets]");
  const icon = (info) => (/^data:image\//.test(info.icon ?? "") ? make("img", [], {src: info.icon, alt: "", width: 24, height: 24}) : null);
  const choice = (its) => button("", () => connect(its).catch(tell), {ariaLabel: `${its.info.name} (${its.info.rdns})`});
  const rows = [...known.values()].map((its) => {
    const made = choice(its);
    made.append(...[icon(its.info), `${its.info.name} `, make("small", its.info.rdns)].filter(Boolean));
    return made;
  });
  place.replaceChildren(...(rows.length ? rows : [make("p", say("no_wallet"), {tabIndex: -1}), make("p", [make("code", location.href)])]));
  place.hidden = false;
  place.firstElementChild.focus();
}

async function connect(its, isQuiet = false) {
  const [found] = await its.gate.ask(isQuiet ? "eth_accounts" : "eth_requestAccounts");
  if (!found || (isQuiet && kept("account") !== found)) return;
  if (!isQuiet) await rightChain(its.gate);
  Object.assign(me, {wallet: its.gate, account: found});
  keep("wallet", its.info.rdns);
  keep("account", found);
  me.wallet.on("accountsChanged", () => {
    keep("account", null);
    location.reload();
  });
  const place = one("[data-account]");
  place.replaceChildren(
    make("a", make("code", `${found.slice(0, 8)}…${found.slice(-6)}`), {
      href: `/account/${found}`,
      title: `${found}, ${its.info.rdns}`,
      className: "who",
    }),
  );
  place.hidden = false;
  all("[data-connect]").forEach((each) => {
    each.hidden = true;
  });
  one("[data-wallets]").hidden = true;
  all("input[name=_from]").forEach((each) => {
    each.value = found;
    each.closest("[data-from]").hidden = true;
  });
  const url = new URL(location.href);
  // whoever comes back sees their own page, unless they look at somebody else's or write something
  const isOther = isQuiet ? !url.searchParams.has("account") && !one("form[data-act]:not(.ballot)") : url.searchParams.get("account") !== found;
  if (isOther) {
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
if (window.ethereum)
  setTimeout(
    () => known.size || announced({info: {uuid: "window", name: say("some_wallet"), rdns: "window.ethereum"}, provider: window.ethereum}),
    200,
  );
all("[data-connect]").forEach((each) => {
  each.hidden = Boolean(me.account);
  each.addEventListener("click", () => (known.size === 1 ? connect([...known.values()][0]).catch(tell) : offer()));
});

// -- what is told
function tell(error, place = one("[data-status]")) {
  const key =
    error.code === 4001
      ? "said_no"
      : error.code === -32002
        ? "asked_already"
        : error.key
          ? `guard_${error.key}`
          : error.code
            ? "wallet_said"
            : "fault";
  answer(
    place,
    [make("p", make("strong", say(key, {text: error.message, ...error.values}))), make("p", book.words?.[`${key}_right`] ?? say("guard_right"))],
    "refusal",
  );
}

function answer(place, parts, className = "") {
  place.replaceChildren(...parts);
  place.className = className;
  place.tabIndex = -1;
  place.focus();
}

const lines = (texts, tag = "ul", className = "") =>
  texts?.length
    ? make(
        tag,
        texts.map((text) => make("li", Array.isArray(text) ? text.map(linked) : text)),
        {className},
      )
    : null;

const linked = ([text, path]) => (path.startsWith("/") ? make("a", text, {href: going(path)}) : text);

function going(path) {
  // where a link leads, in the language that was chosen, for who is connected
  const to = new URL(path, location.origin), lang = new URLSearchParams(location.search).get("lang");
  if (me.account) to.searchParams.set("account", me.account);
  if (lang) to.searchParams.set("lang", lang);
  return to.pathname + to.search + to.hash;
}

// -- what was sent
const spoken = (path) => `${path}${path.includes("?") ? "&" : "?"}lang=${document.documentElement.lang}`;
const told = async (hash, act) =>
  (await fetch(spoken(`/sent/${hash}?act=${encodeURIComponent(act)}`)).catch(() => null))?.json().catch(() => ({})) ?? {};

async function mined(hash) {
  for (;;) {
    const receipt = await me.wallet.ask("eth_getTransactionReceipt", [hash]).catch(() => null);
    if (receipt) {
      keep(
        "sent",
        kept("sent", []).filter((each) => each.hash !== hash),
      );
      return BigInt(receipt.status) === 1n;
    }
    await later(700);
  }
}

async function again() {
  // what was sent before this page was loaded
  for (const sent of kept("sent", []).filter((each) => each.chain === book.chainId)) {
    const place = one("[data-status]");
    place.replaceChildren(make("p", say("sent_before", {text: sent.text})));
    const isGood = await mined(sent.hash),
      its = await told(sent.hash, sent.act);
    place.replaceChildren(
      make("p", say(isGood ? "mined_before" : "failed_before", {text: sent.text})),
      ...[lines(its.told), lines(its.next, "ul", "next")].filter(Boolean),
    );
  }
}

const page = {all, answer, book, button, going, guard, keep, kept, later, lines, make, me, mined, now, one, rightChain, say, spoken, tell, told};
if (kept("awaited", []).length) import("./others.js").then((others) => others.look(page));
if (one("form[data-act]")) (await import("./acts.js")).begin(page); // most visits need no more
for (let tries = 0; !me.wallet && tries < 10; tries++) await later(50);
if (me.wallet) again();
