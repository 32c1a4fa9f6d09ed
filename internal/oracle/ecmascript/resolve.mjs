// Resolves every import below a folder as the TypeScript compiler does.
//
//   node resolve.mjs ROOT
//
// prints one JSON array of what resolve_answers.mjs says.
import ts from "typescript";
import fs from "node:fs";
import path from "node:path";
import { answers } from "./resolve_answers.mjs";

const root = fs.realpathSync(process.argv[2]);

function list(dir, out) {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    if (entry.name === "node_modules" || entry.name === ".git") continue;
    const full = path.join(dir, entry.name);
    if (entry.isDirectory()) list(full, out);
    else if (entry.isFile()) out.push(full);
  }
  return out;
}

process.stdout.write(JSON.stringify(answers(root, list(root, []), { ...ts.sys, getCurrentDirectory: () => root })));
