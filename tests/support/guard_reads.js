// What the guard reads of a field in each of several forms, or why it does not.
async ({book, act, name, forms}) => {
  const sources = book.acts[act].arguments[book.acts[act].calls[0]], told = [];
  const source = Object.values(sources).find((one) => one.field === name);
  for (const form of forms) {
    Object.assign(form, {book, used: new Set(), told: []});
    try {
      told.push(await dmoGuard.wanted(source, "uint256", form));
    } catch (error) {
      told.push(error.key);
    }
  }
  return told;
}
