// Acts: from a form to a wallet. Loaded where a form stands; wallet.js hands over what it has.
let host, all, answer, book, button, going, guard, keep, kept, later, lines, make, me, mined, now, one, rightChain, say, spoken, tell, told;

const others = async (does) => does(await import("./others.js"));

export function begin(page) {
  host = page;
  ({all, answer, book, button, going, guard, keep, kept, later, lines, make, me, mined, now, one, rightChain, say, spoken, tell, told} = page);
  all("form[data-act]").forEach(ready);
  all("[data-answered]").forEach(given);
}

function written(value, unit) {
  // an amount as a person reads it
  const [decimals, symbol] = book.units[unit],
    text = value.padStart(decimals + 1, "0"),
    rest = text.slice(text.length - decimals).replace(/0+$/, "");
  const group = book.point === "," ? "." : ",";
  return `${text.slice(0, text.length - decimals).replace(/\B(?=(\d{3})+$)/g, group)}${decimals && rest ? book.point + rest : ""} ${symbol}`;
}

function* leaves(inputs, values, at = "") {
  // every argument by its path, those within structs too
  for (const [place, one] of inputs.entries()) {
    if (one.type === "tuple") yield* leaves(one.components, values[place], `${at}${one.name}.`);
    else yield [at + one.name, values[place]];
  }
}

function shownAs(value, source = {}, kind = "") {
  const text = Array.isArray(value) ? value.flat().join(" ") : value;
  const unit = source.unit ?? (source.shown === "bond" ? "budget" : null);
  if (unit && /^\d+$/.test(text)) return written(text, unit);
  if (kind === "time") return `${text} (${new Date(Number(text) * 1000).toISOString().replace(".000Z", "Z")})`;
  return text.length > 140 ? `${text.slice(0, 132)}…` : text || "–";
}

function decoded(form, call, rule) {
  // what the guard read, not what the server says
  const its = guard.said(call),
    sources = rule.arguments[its.key] ?? {amount: rule.amount},
    {inputs} = book.functions[its.contract][call.data.slice(0, 10)];
  const row = (name, text) => make("div", [make("dt", name), make("dd", make("code", text))]);
  const rows = [
    ...leaves(
      inputs,
      its.arguments.map(([, value]) => value),
    ),
  ].map(([path, value]) => {
    const source = sources[path];
    return row(path, shownAs(value, source, form.elements[source?.field]?.dataset?.kind));
  });
  if (BigInt(call.value)) rows.push(row("value", written(String(BigInt(call.value)), "coin")));
  const parts = [make("summary", `${its.contract}.${its.name}`), make("dl", rows)];
  if (its.unshown.length) parts.push(make("p", say("told_only", {names: its.unshown.join(", ")}), {className: "note"}));
  return make("details", [...parts, make("p", [`${call.to} `, make("code", call.data)], {className: "data"})]);
}

// -- forms
function fieldsOf(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    const key = name.split(".")[0],
      kind = form.elements[name]?.dataset?.kind ?? "choices";
    if (name.startsWith("_") || typeof value !== "string" || !value.trim() || form.elements[name]?.closest?.(".parts")) continue;
    const text = ["document", "file", "prose"].includes(kind) ? value.replace(/\r\n?/g, "\n") : kind === "time" ? moment(value.trim()) : value.trim();
    if (kind === "amount") {
      fields[key] = typed(text);
      continue;
    }
    const parts = ["choices", "numbers", "payees", "terms", "backing"].includes(kind) ? text.split(/\s+/) : text;
    fields[key] = key in fields ? [fields[key], parts].flat() : parts;
  }
  const line = fields.file?.split?.(/^---\s*$/m)[1]?.match(/^builds_on:\s*["']?(\d+[/.]\d+)["']?\s*$/m);
  if (line && form.elements.builds_on && !fields.builds_on) fields.builds_on = form.elements.builds_on.value = line[1];
  if (fields.because && form.elements.file) {
    const parts = [fields.submission, fields.lang, fields.because];
    fields.file = say("reason").replaceAll("{}", () => parts.shift());
    delete fields.because;
  }
  return fields;
}

function typed(text) {
  // 1.500,5 as this language shows it, with a point before decimals; what could be either stays, and is refused
  const found = book.point === "," && text.replaceAll("\u00a0", " ").match(/^(\d{1,3}(?:\.\d{3})+|\d*)(?:,(\d+))?( .*)?$/);
  if (!found || !(text.includes(",") || text.split(".").length > 2) || /^[1-9]\d{0,2},\d{3}( |$)/.test(text)) return text;
  return found[1].replaceAll(".", "") + (found[2] ? `.${found[2]}` : "") + (found[3] ?? "");
}

function moment(text) {
  // Unix seconds, so that everybody reads the same
  if (text.startsWith("+")) return String(BigInt(now()) + guard.duration(text.slice(1)));
  const day = text.match(/^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(Z|[+-]\d\d:\d\d)?)?$/);
  return day ? String(Date.parse(`${day[1]}T${day[2] ?? "00:00"}${day[3] ?? "Z"}`) / 1000) : text;
}

function formOf(form) {
  const shown = Object.fromEntries(all("[data-shown]", form).map((each) => [each.dataset.shown, JSON.parse(each.dataset.value)]));
  if (form.dataset.dispute) Object.assign(shown, {case: form.dataset.dispute, cases: [form.dataset.dispute]});
  return {account: me.account, fields: fieldsOf(form), shown};
}

async function given(told) {
  // an answer for an account without a wallet here, compared all the same before anybody takes it elsewhere
  const form = told.closest("form"),
    place = one("[data-answer]", form),
    reply = JSON.parse(told.dataset.answered),
    act = form.dataset.act;
  try {
    const calls = await guard.check(book, act, reply, {...formOf(form), account: reply.account}),
      texts = reply.steps.map((step) => step.description);
    told.replaceChildren(await others((its) => its.batch(host, act, reply.account, calls, texts)));
    others((its) => its.wait(host, place, act, reply.account, calls, texts.at(-1)));
  } catch (error) {
    tell(error, place);
  }
}

async function ask(form, given) {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(given.fields)) for (const text of [value].flat()) body.append(name, text);
  for (const name of ["_from", "_publish"])
    if (form.elements[name]?.checked ?? form.elements[name]) body.append(name, name === "_from" ? me.account : "yes");
  if (form.elements._publish && !form.elements._publish.checked) body.append("_publish", "no");
  return reached(form.getAttribute("action"), {method: "POST", body, headers: {Accept: "application/json"}});
}

async function reached(path, more) {
  // what the server answers; one that is away, or not yet back, is said to be
  try {
    return await (await fetch(path, more)).json();
  } catch {
    throw Object.assign(new Error("away"), {key: "away"});
  }
}

function refused(place, {error, next}) {
  const more = lines(next);
  answer(
    place,
    [make("h2", say("refused")), make("p", [make("strong", error.message), " ", error.says || error.hint || ""], {className: "refusal"}), more].filter(
      Boolean,
    ),
  );
}

async function submitted(event) {
  const form = event.target,
    place = one("[data-answer]", form),
    act = form.dataset.act;
  if (["_write", "_safe", "_review"].includes(event.submitter?.name)) return;
  const parts = all(".parts textarea, .parts input", form).filter((each) => !/\.lang$/.test(each.name) && each.value.trim());
  if (parts.length && !all("textarea[data-kind=document]", form).some((each) => each.value.trim())) {
    event.preventDefault();
    later(0).then(() => form.requestSubmit(one("button[name=_write]", form))); // within its own event a form sends nothing
    return;
  }
  if (!me.wallet) return; // the server answers with a page, calldata and all
  event.preventDefault();
  await busy(
    event.submitter,
    async () => {
      await rightChain(me.wallet);
      const given = formOf(form),
        made = act === "dispute commit" ? commit(given) : null,
        reply = made ? await tried(made) : await ask(form, given);
      if (!reply.ok) return refused(place, reply);
      if (resolve(form, place, reply)) return;
      const calls = await guard.check(book, act, reply, given),
        rule = book.acts[act];
      const digests = await Promise.all(
        Object.entries(given.fields)
          .filter(([name]) => form.elements[name]?.dataset?.kind === "document")
          .map(async ([, text]) => make("p", [say("digest"), " ", make("code", await guard.sha256(text))], {className: "note"})),
      );
      const steps = make(
        "ol",
        calls.map((call, step) => make("li", [make("p", reply.steps[step].description), decoded(form, call, rule)])),
        {className: "steps"},
      );
      const texts = reply.steps.map((step) => step.description);
      const code = await me.wallet.ask("eth_getCode", [me.account, "latest"]).catch(() => "0x"),
        isContract = code !== "0x" && !code.startsWith("0xef0100");
      const go = button(calls.length > 1 ? "confirm_steps" : "confirm", () => busy(go, () => carry(form, place, calls, reply, steps), place), {
        className: "first",
        disabled: Boolean(made),
      });
      const saving = made ? save(made, go) : null;
      answer(
        place,
        [
          make("h2", say("previewed")),
          steps,
          lines(reply.effects, "ul", "effects"),
          lines(reply.left_out, "ul", "warn"),
          ...digests,
          isContract ? make("p", say("contract_account"), {className: "note"}) : null,
          isContract ? await others((its) => make("p", its.batch(host, act, me.account, calls, texts))) : null,
          saving,
          go,
        ].filter(Boolean),
      );
      if (isContract) others((its) => its.wait(host, place, act, me.account, calls, texts.at(-1)));
    },
    place,
  );
}

async function busy(pressed, does, place) {
  if (pressed) pressed.disabled = true;
  try {
    await does();
  } catch (error) {
    if (!error.key && !error.code) console.debug(error);
    tell(error, place);
  } finally {
    if (pressed) pressed.disabled = false;
  }
}

function resolve(form, place, reply) {
  // a name becomes the address that it stands for, for the person to see
  const names = all("[data-kind=account]", form).filter(
    (each) => each.name in (reply.data ?? {}) && each.value.trim() && !/^0x[0-9a-f]{40}$/i.test(each.value.trim()),
  );
  const told = names.map((each) => {
    const name = each.value;
    each.value = reply.data[each.name];
    return make("p", say("resolved", {name, address: each.value}));
  });
  if (told.length) answer(place, [...told, make("p", say("resolved_right"))]);
  return told.length > 0;
}

async function tried(made) {
  // a call that the server has not made, tried by it all the same
  const [{to, value, data}] = made.steps,
    told = await reached(spoken("/try"), {
      method: "POST",
      body: JSON.stringify({account: me.account, to, value, data}),
      headers: {"Content-Type": "application/json"},
    });
  return told.ok ? made : told;
}

function commit(given) {
  // made here alone: nobody else knows ruling and salt before they are revealed
  const salt = "0x" + guard.word("0x" + [...crypto.getRandomValues(new Uint8Array(32))].map((each) => each.toString(16).padStart(2, "0")).join(""));
  const ruling = {pay: 1, refuse: 2}[given.fields.ruling],
    dispute = Number(given.shown.case),
    jury = book.contracts.Jury;
  const sum = guard.commitment(book, dispute, me.account, ruling, salt),
    [selector] = Object.entries(book.functions.Jury).find(([, its]) => its.name === "commit");
  const secret = {chain_id: Number(book.chainId), dispute, jury, juror: me.account, ruling, salt};
  Object.assign(given, {salt});
  return {
    ok: true,
    secret,
    name: `${sum.slice(2)}.json`,
    chainId: book.chainId,
    effects: [say("commit_effect")],
    steps: [{to: jury, value: "0x0", data: selector + guard.word(dispute) + sum.slice(2), description: say("commit_call")}],
  };
}

function save({secret, name}, go) {
  // the file first: without it a ruling is lost
  const text = JSON.stringify(secret, Object.keys(secret).sort(), 2),
    href = URL.createObjectURL(new Blob([text], {type: "application/json"}));
  const link = make("a", say("save_salt"), {href, download: name, className: "button"});
  link.addEventListener("click", () => {
    go.disabled = false;
  });
  return make("p", [link, " ", say("save_salt_right")]);
}

// -- sending
async function carry(form, place, calls, reply, steps) {
  const rows = [...steps.children],
    mark = (row, key) => {
      row.dataset.state = key;
      let note = one("[role=status]", row);
      if (!note) row.append((note = make("p", [], {role: "status"})));
      note.textContent = say(key);
    };
  const able = calls.length > 1 ? await me.wallet.ask("wallet_getCapabilities", [me.account, [book.chainId]]).catch(() => ({})) : {};
  let last = {};
  const isAtomic = ["supported", "ready"].includes(able?.[book.chainId]?.atomic?.status);
  if (isAtomic) {
    rows.forEach((row) => mark(row, "in_wallet"));
    const {id} = await patient(me.wallet.sendAll(calls), place);
    for (;;) {
      const its = await me.wallet.ask("wallet_getCallsStatus", [id]);
      if (its.status >= 400) throw Object.assign(new Error("failed"), {key: "failed"});
      if (its.status >= 200) {
        const hash = its.receipts?.at(-1)?.transactionHash;
        if (hash) last = await told(hash, form.dataset.act);
        break;
      }
      await later(1000);
    }
    rows.forEach((row) => mark(row, "mined"));
  } else
    for (const [step, call] of calls.entries()) {
      if (rows[step].dataset.state === "mined") continue; // done before, and the wallet said no to what follows
      mark(rows[step], "in_wallet");
      const hash = await patient(me.wallet.send(call), place).catch((error) => {
        mark(rows[step], "not_sent");
        throw error;
      });
      keep("sent", [...kept("sent", []), {hash, text: reply.steps[step].description, chain: book.chainId, act: form.dataset.act}]);
      mark(rows[step], "waiting");
      const isGood = await mined(hash);
      if (isGood && guard.said(call).key) {
        const its = await told(hash, form.dataset.act);
        if (its.told?.length) last = its; // of several steps one is the act itself
      }
      mark(rows[step], isGood ? "mined" : "failed");
      if (!isGood) throw Object.assign(new Error("failed"), {key: "failed"});
    }
  for (const area of all("textarea[data-kind=document]", form))
    if (area.value.trim())
      fetch("/document", {method: "POST", body: area.value.replace(/\r\n?/g, "\n"), headers: {"Content-Type": "text/plain"}}).catch(() => {});
  keep(draft(form), null);
  answer(place, [make("h2", say("done")), lines(last.told), steps, lines(last.next?.length ? last.next : reply.next, "ul", "next"), onward()].filter(Boolean), "done");
}

function onward() {
  return make("a", say("look"), {href: going("/"), className: "button first"});
}

function patient(asked, place) {
  // a wallet that hangs, or is locked, does not take the button with it
  const note = make("p", say("in_wallet_right"), {role: "status"});
  place.append(note);
  const silence = later(60_000).then(() => {
    throw Object.assign(new Error("silent"), {key: "silent"});
  });
  return Promise.race([asked, silence]).finally(() => note.remove());
}

async function sign(form, place) {
  if (!me.wallet) return tell(Object.assign(new Error("no_wallet"), {key: "connect_first"}), place);
  await rightChain(me.wallet);
  const given = formOf(form),
    reply = await ask(form, given);
  if (!reply.ok) return refused(place, reply);
  const typed = guard.ballot(book, given, reply.typed.message.at, now()),
    {round, at, inFavour, against} = typed.message;
  const row = (key, numbers) => make("div", [make("dt", say(key)), make("dd", numbers.join(", ") || "–")]);
  const go = button(
    "sign_now",
    () =>
      busy(
        go,
        async () => {
          const signature = await patient(me.wallet.sign(typed), place);
          const file = {
            schema: "dmo.ballot/2",
            chain_id: Number(book.chainId),
            board: book.contracts.IdeaBoard,
            voter: me.account,
            round,
            at,
            in_favour: inFavour,
            against,
            signature,
          };
          await relayed(form, place, JSON.stringify(file));
        },
        place,
      ),
    {className: "first"},
  );
  answer(
    place,
    [make("h2", say("ballot_is")), make("dl", [row("for", inFavour), row("against", against)]), lines(reply.effects, "ul", "effects"), go].filter(
      Boolean,
    ),
  );
}

async function relayed(form, place, text) {
  const link = make("a", say("save_ballot"), {href: URL.createObjectURL(new Blob([text], {type: "application/json"})), download: "ballot.json"});
  const whole = [make("p", link), make("p", make("code", text))];
  const reply = book.relay
    ? await reached(spoken("/relay"), {method: "POST", body: text, headers: {"Content-Type": "application/json"}}).catch((error) => {
        tell(error, place);
        place.append(...whole);
      })
    : {ok: true};
  if (!reply) return;
  if (!reply.ok) {
    refused(place, reply);
    place.append(...whole);
    return;
  }
  if (!reply.id) return answer(place, [make("h2", say("signed")), make("p", say("signed_right")), ...whole], "done");
  answer(place, [make("h2", say("signed")), make("p", say("relaying"), {role: "status"}), ...whole], "done");
  for (;;) {
    const its = await reached(spoken(`/relay/${reply.id}`)).catch(() => ({}));
    if (its.state === "cast")
      return answer(place, [make("h2", say("cast")), make("p", say("cast_right", {block: its.block ?? "–"})), onward()], "done");
    if (its.state === "skipped") return answer(place, [make("h2", say("skipped")), make("p", its.message), ...whole], "refusal");
    if (its.state === "unknown") {
      tell(Object.assign(new Error("forgotten"), {key: "forgotten"}), place);
      return place.append(...whole);
    }
    await later(700);
  }
}

// -- drafts
function draft(form) {
  return `draft.${book.name}.${form.dataset.act}`;
}

function ready(form) {
  const key = draft(form),
    own = (each) => each.name && !each.name.startsWith("_") && each.type !== "hidden" && each.type !== "radio" && each.dataset.kind !== "file";
  for (const [name, value] of kept(key, [])) {
    const field = form.elements[name];
    if (field && "value" in field && own(field) && !field.value) field.value = value;
  }
  form.addEventListener("input", () =>
    keep(
      key,
      [...form.elements].filter((each) => own(each) && each.value).map((each) => [each.name, each.value]),
    ),
  );
  form.addEventListener("submit", submitted);
  const press = one("[data-sign]", form),
    place = one("[data-answer]", form);
  if (press) {
    press.hidden = false;
    press.addEventListener("click", () => busy(press, () => sign(form, place), place));
  }
  for (const area of all("textarea[data-kind=file]", form)) {
    const pick = make("input", [], {type: "file", ariaLabel: say("from_file")});
    pick.addEventListener("change", async () => {
      area.value = await pick.files[0].text();
    });
    area.before(pick);
  }
}
