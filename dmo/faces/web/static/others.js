// Accounts whose owners send elsewhere, such as a Safe's: its file, and waiting until the chain has it.
const quoted = (value) => JSON.stringify(value);

function serial(value) {
  // as the Transaction Builder sums it up
  if (Array.isArray(value)) return `[${value.map(serial).join(",")}]`;
  if (value === null || typeof value !== "object") return quoted(value);
  const keys = Object.keys(value).sort();
  return `{${quoted(keys)}${keys.map((key) => `${serial(value[key])},`).join("")}}`;
}

export function batch(page, act, account, calls, texts) {
  // the file, of calls that the guard has passed
  const {book, guard, make, now, say} = page;
  const meta = {name: `dmo ${act}`, description: texts.join("; "), txBuilderVersion: "dmo", createdFromSafeAddress: account, createdFromOwnerAddress: ""};
  const rows = calls.map(({to, data, value}) => ({to, value: String(BigInt(value)), data, contractMethod: null, contractInputsValues: null}));
  const whole = {version: "1.0", chainId: String(Number(book.chainId)), createdAt: now() * 1000, meta, transactions: rows};
  const checksum = guard.keccak(new TextEncoder().encode(serial(whole)));
  const text = JSON.stringify({...whole, meta: {...meta, checksum}}, null, 2),
    href = URL.createObjectURL(new Blob([text], {type: "application/json"}));
  return make("a", say("batch"), {href, download: `${act.replaceAll(" ", "-")}.json`, className: "button"});
}

const happened = async ({act, account, since, to, data}) => {
  const more = {method: "POST", body: JSON.stringify({act, account, since, to, data}), headers: {"Content-Type": "application/json"}};
  return (await fetch("/happened", more).catch(() => null))?.json().catch(() => ({})) ?? {};
};

const seen = (page, its) =>
  [page.make("p", page.say("seen", {block: its.block})), page.lines(its.told), page.onward(its)].filter(Boolean);

function forget(page, one) {
  page.keep(
    "awaited",
    page.kept("awaited", []).filter((each) => each.data !== one.data || each.since !== one.since),
  );
}

export async function wait(page, place, act, account, calls, text) {
  // until the event of the act is there; remembered, so that a later visit looks as well
  const {book, guard, keep, kept, later, make, say} = page;
  const call = calls.find((each) => guard.said(each).key) ?? calls.at(-1),
    one = {act, account, text, since: book.block.number, to: call.to, data: call.data, chain: book.chainId};
  keep("awaited", [...kept("awaited", []).filter((each) => each.data !== one.data), one].slice(-20));
  const note = make("p", say("awaited"), {role: "status"});
  place.append(note);
  while (note.isConnected) {
    const its = await happened(one);
    if (its.state === "unknown") return note.remove();
    if (its.state === "mined") {
      forget(page, one);
      return page.answer(place, seen(page, its), "done");
    }
    await later(2000);
  }
}

export async function look(page) {
  // what was waited for on an earlier visit
  for (const one of page.kept("awaited", []).filter((each) => each.chain === page.book.chainId)) {
    const its = await happened(one);
    if (its.state !== "mined") continue;
    forget(page, one);
    page.one("[data-status]").append(page.make("p", page.say("mined_before", {text: one.text})), ...seen(page, its));
  }
}
