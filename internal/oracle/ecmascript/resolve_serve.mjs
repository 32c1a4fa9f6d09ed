// Resolves the imports of trees in memory as the TypeScript compiler does.
//
//   node resolve_serve.mjs
//
// reads one JSON object a line, {files: {path: text}, links: {path: path}, build:
// [path]}, and answers each with one line, the JSON array of resolve_answers.mjs.
// Paths are relative to a root; a link stands for the folder that it leads to. What
// the configs of build would emit is there for the compiler, and in its answers
// stands for its source.
import ts from "typescript";
import readline from "node:readline";
import { answers } from "./resolve_answers.mjs";

const root = "/tree";

function memory(files, links) {
  const texts = new Map(), folders = new Map([["/", { files: [], directories: ["tree"] }], [root, { files: [], directories: [] }]]);
  const folder = (dir) => {
    if (folders.has(dir)) return folders.get(dir);
    const cut = dir.lastIndexOf("/");
    folder(dir.slice(0, cut)).directories.push(dir.slice(cut + 1));
    const made = { files: [], directories: [] };
    folders.set(dir, made);
    return made;
  };
  for (const [name, text] of Object.entries(files)) {
    const full = `${root}/${name}`, cut = full.lastIndexOf("/");
    texts.set(full, text);
    folder(full.slice(0, cut)).files.push(full.slice(cut + 1));
  }
  const targets = Object.entries(links).map(([from, to]) => [`${root}/${from}`, to === "." ? root : `${root}/${to}`]);
  for (const [from] of targets) folder(from.slice(0, from.lastIndexOf("/")));
  const realpath = (name) => {
    let real = ts.normalizePath(name);
    for (let steps = 0; steps < 8; steps++) {
      const link = targets.find(([from]) => real === from || real.startsWith(from + "/"));
      if (!link) break;
      real = link[1] + real.slice(link[0].length);
    }
    return real.length > 1 && real.endsWith("/") ? real.slice(0, -1) : real;
  };
  const entries = (dir) => folders.get(realpath(dir)) ?? { files: [], directories: [] };
  return {
    useCaseSensitiveFileNames: true,
    getCurrentDirectory: () => root,
    fileExists: (f) => texts.has(realpath(f)),
    readFile: (f) => texts.get(realpath(f)),
    directoryExists: (d) => folders.has(realpath(d)),
    getDirectories: (d) => entries(d).directories,
    realpath,
    readDirectory: (dir, extensions, excludes, includes, depth) =>
      ts.matchFiles(dir, extensions, excludes, includes, true, root, depth, entries, realpath),
  };
}

// outputs maps what some configs would emit to its sources.
function outputs(files, links, build) {
  const host = memory(files, links), back = new Map();
  for (const config of build) {
    const parsed = ts.getParsedCommandLineOfConfigFile(`${root}/${config}`, { declaration: true }, {
      ...host, onUnRecoverableConfigFileDiagnostic() {},
    });
    for (const source of parsed.fileNames.filter((f) => !/\.d\.[cm]?ts$/.test(f))) {
      for (const output of ts.getOutputFileNames(parsed, source, false)) {
        const name = output.slice(root.length + 1);
        if (output.startsWith(root + "/") && !(name in files)) back.set(name, source.slice(root.length + 1));
      }
    }
  }
  return back;
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { files, links, build } = JSON.parse(line);
  const back = outputs(files, links, build ?? []);
  const names = Object.keys(files).filter((f) => !f.split("/").includes("node_modules")).map((f) => `${root}/${f}`);
  const host = memory({ ...files, ...Object.fromEntries([...back.keys()].map((name) => [name, ""])) }, links);
  const list = answers(root, names, host);
  for (const a of list) {
    a.to = back.get(a.to) ?? a.to;
    a.run = back.get(a.run) ?? a.run;
  }
  process.stdout.write(JSON.stringify(list) + "\n");
}
