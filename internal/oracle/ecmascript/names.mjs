// Reads lines "file TAB specifier TAB name" from standard input and prints for
// each what the TypeScript checker says of the module that the specifier means in
// that file, one word a line: "yes" where it has the name (getExportsOfModule, or
// a property of what export = or module.exports is), "no" where it has not,
// "nowhere" where the specifier leads to no module, and "untyped" where a
// declaration is missing or a module has any name. Usage: node names.mjs
// TYPESCRIPT < list
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const ts = createRequire(import.meta.url)(process.argv[2]);
const asked = readFileSync(0, "utf8").split("\n").filter(Boolean).map((line) => line.split("\t"));
const files = [...new Set(asked.map(([file]) => file))];
const program = ts.createProgram(files, {
  allowJs: true, checkJs: false, noEmit: true, noLib: true, types: [], jsx: ts.JsxEmit.Preserve, maxNodeModuleJsDepth: 0,
  target: ts.ScriptTarget.Latest, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
});
const checker = program.getTypeChecker();

for (const [file, specifier, name] of asked) {
  const source = program.getSourceFile(file);
  const literal = source?.imports?.find((n) => n.text === specifier);
  const symbol = literal && checker.getSymbolAtLocation(literal);
  if (!symbol) {
    console.log("nowhere");
    continue;
  }
  if (!symbol.declarations?.some((d) => ts.isSourceFile(d))) {
    console.log("untyped");
    continue;
  }
  const names = new Set(checker.getExportsAndPropertiesOfModule(symbol).map((s) => s.name));
  const assigned = symbol.exports?.has("export=");
  console.log(names.has(name) || (name === "default" && assigned) ? "yes" : "no");
}
