// What becomes of everything that a page may try with a wallet behind the gate.
async ({book, one}) => {
  const asked = [], told = [], chain = {is: book.chainId};
  const request = async ({method}) => {
    asked.push(method);
    return method === "eth_chainId" ? chain.is : null;
  };
  const wallet = dmoGuard.gate({request}), [call] = await dmoGuard.check(book, one.act, one.answer, one.form);
  const tried = async (does) => {
    try {
      await does();
      told.push("passed");
    } catch (error) {
      told.push(error.key ?? String(error));
    }
  };
  await tried(() => wallet.send({...call}));
  await tried(() => wallet.send({from: call.from, to: call.to, data: "0x", value: "0x0"}));
  await tried(() => wallet.sign({message: {voter: call.from}}));
  await tried(() => wallet.sendAll([call, {...call}]));
  await tried(() => wallet.sendAll([]));
  await tried(() => wallet.ask("eth_sendTransaction", [call]));
  await tried(() => wallet.ask("personal_sign", ["0x", call.from]));
  await tried(() => wallet.ask("wallet_sendCalls", []));
  chain.is = "0x1";
  await tried(() => wallet.send(call));
  chain.is = book.chainId;
  await tried(() => wallet.send(call));
  await tried(() => wallet.sendAll([call]));
  await tried(() => (call.to = "0x66"));
  return {told, asked};
}
