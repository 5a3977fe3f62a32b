// A ballot of one round, signed without any server: the file, its text and a QR code come out.
const guard = globalThis.dmoGuard,
  book = JSON.parse(document.getElementById("book").textContent);
const one = (selector) => document.querySelector(selector),
  form = one("form"),
  place = one("output");
const say = (key, values = {}) => (book.words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const make = (tag, inner = [], more = {}) => {
  const made = Object.assign(document.createElement(tag), more);
  made.append(...[inner].flat());
  return made;
};
const known = new Map();

function told(parts) {
  place.replaceChildren(...parts);
  place.focus();
}

function wrong(error) {
  const key = error.code === 4001 ? "said_no" : error.key ? `guard_${error.key}` : "wallet_said";
  told([make("p", make("strong", say(key, {text: error.message, ...error.values}))), make("p", book.words[`${key}_right`] ?? say("guard_right"))]);
}

function chosen() {
  const choices = [...form.querySelectorAll("input[type=radio]:checked")].map((each) => each.value).filter(Boolean);
  if (!choices.length) throw Object.assign(new Error("nothing"), {key: "unsaid", values: {field: say("for")}});
  return {choices: [String(book.round), ...choices]};
}

function typed(account) {
  const at = Math.max(Math.floor(Date.now() / 1000), book.block.time);
  return guard.ballot(book, {account, fields: chosen(), shown: {}}, at, at);
}

function written({message}, signature) {
  // as dmo ballot sign writes it
  const {voter, round, at, inFavour, against} = message;
  return JSON.stringify({
    schema: "dmo.ballot/2",
    chain_id: Number(book.chainId),
    board: book.contracts.IdeaBoard,
    voter,
    round,
    at,
    in_favour: inFavour,
    against,
    signature,
  });
}

function saved(text, name, key) {
  return make("a", say(key), {href: URL.createObjectURL(new Blob([text], {type: "application/json"})), download: name});
}

function picture(text) {
  // drawn without any string of markup
  const rows = globalThis.dmoQr(text),
    at = "http://www.w3.org/2000/svg";
  if (!rows) return make("p", say("long_qr"));
  const svg = document.createElementNS(at, "svg"),
    path = document.createElementNS(at, "path"),
    size = rows.length + 8;
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", say("qr"));
  path.setAttribute("d", rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join(""));
  svg.append(path);
  return svg;
}

async function sign({gate}) {
  try {
    const [account] = await gate.ask("eth_requestAccounts");
    const ballot = typed(account),
      text = written(ballot, await gate.sign(ballot));
    told([
      make("h2", say("signed")),
      make("p", say("signed_right")),
      make("p", saved(text, "ballot.json", "save_ballot")),
      picture(text),
      make("pre", text, {tabIndex: 0}),
    ]);
  } catch (error) {
    wrong(error);
  }
}

function unsigned(event) {
  event.preventDefault();
  try {
    const ballot = typed(form.elements.voter.value.trim()),
      text = written(ballot, "0x");
    if (!/^0x[0-9a-fA-F]{40}$/.test(ballot.message.voter))
      throw Object.assign(new Error(""), {key: "unresolved", values: {text: ballot.message.voter}});
    told([
      make("h2", say("unsigned")),
      make("p", say("unsigned_right")),
      make("p", saved(text, "ballot.unsigned.json", "save_ballot")),
      make("pre", JSON.stringify(guard.said(ballot) ? ballot : {}, null, 1), {tabIndex: 0}),
    ]);
  } catch (error) {
    wrong(error);
  }
}

window.addEventListener("eip6963:announceProvider", ({detail: {info, provider}}) => {
  if (known.has(info.uuid)) return;
  known.set(info.uuid, guard.gate(provider));
  const press = make("button", [say("sign_with", {name: info.name}), " ", make("small", info.rdns)], {type: "button"});
  press.addEventListener("click", () => sign({gate: known.get(info.uuid)}));
  one("#wallets").append(press);
});
window.dispatchEvent(new Event("eip6963:requestProvider"));
form.addEventListener("submit", unsigned);
