// What becomes of each case: what reached the wallet, or why nothing did. Runs in a page and in Node alike.
async ({book, cases}) => {
  const told = [];
  for (const one of cases) {
    const asked = [];
    const wallet = dmoGuard.gate({request: async ({method, params}) => (method === "eth_chainId" ? book.chainId : asked.push([method, params]))});
    let why = null;
    try {
      for (const call of await dmoGuard.check(book, one.act, one.answer, one.form)) await wallet.send(call);
    } catch (error) {
      why = {key: error.key ?? String(error), ...error.values};
    }
    told.push({asked, why});
  }
  return told;
}
