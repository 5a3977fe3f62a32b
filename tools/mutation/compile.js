// Compiles again and again in one process, where the compiler is warm: one standard JSON input a
// line on stdin, one answer a line on stdout.
"use strict";

const path = require("path");
const readline = require("readline");

console.log = console.error;
const solc = require(path.join(process.argv[2], "node_modules", "solc"));

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(JSON.stringify(JSON.parse(solc.compile(line))) + "\n");
});
