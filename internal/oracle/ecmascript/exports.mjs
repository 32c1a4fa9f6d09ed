// Reads paths from standard input, one a line, and prints for each what the
// TypeScript checker says of its exports (getExportsOfModule, with the properties of
// what is assigned to module.exports; no other file is resolved), one JSON object a line:
//
//	{"file": …, "broken": true}  where the compiler reports a syntax error
//	{"file": …, "module": …, "assigned": …, "exports": ["name kind"…]}
//
// A kind is function, type, constant, variable, module; "passed" for what another
// module declares, and "?" for a property of CommonJS. Usage: node exports.mjs
// TYPESCRIPT < list
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const ts = createRequire(import.meta.url)(process.argv[2]);
const K = ts.SyntaxKind;
const files = readFileSync(0, "utf8").split("\n").filter(Boolean);
const options = { noResolve: true, noLib: true, allowJs: true, checkJs: false, target: ts.ScriptTarget.Latest,
  module: ts.ModuleKind.ESNext, moduleDetection: ts.ModuleDetectionKind.Legacy, types: [], jsx: ts.JsxEmit.Preserve };

function kindOf(d, checker, depth = 0) {
  switch (d.kind) {
    case K.FunctionDeclaration: return "function";
    case K.ClassDeclaration: case K.InterfaceDeclaration: case K.TypeAliasDeclaration: case K.EnumDeclaration:
    case K.JSDocTypedefTag: case K.JSDocCallbackTag: case K.JSDocEnumTag: return "type";
    case K.ModuleDeclaration: return "module";
    case K.VariableDeclaration: case K.BindingElement: {
      let n = d;
      while (n.kind !== K.VariableDeclarationList) n = n.parent;
      return n.flags & ts.NodeFlags.Const ? "constant" : "variable"; // using is Let|Const's own flag
    }
    case K.NamespaceExport: return "passed";
    case K.ImportEqualsDeclaration: return d.moduleReference.kind === K.ExternalModuleReference ? "passed" : "variable";
    case K.ImportSpecifier: case K.ImportClause: case K.NamespaceImport: return "passed";
    case K.ExportSpecifier: {
      if (d.parent.parent.moduleSpecifier) return "passed";
      return local(checker.getExportSpecifierLocalTargetSymbol(d), checker, depth);
    }
    case K.ExportAssignment:
      if (d.expression.kind !== K.Identifier) return "constant";
      return local(checker.getSymbolAtLocation(d.expression), checker, depth);
  }
  return "?";
}

function local(symbol, checker, depth) {
  const first = symbol?.declarations?.[0];
  return !first || depth > 2 ? "variable" : kindOf(first, checker, depth + 1);
}

for (let from = 0; from < files.length; from += 200) {
  const part = files.slice(from, from + 200);
  const program = ts.createProgram(part, options);
  const checker = program.getTypeChecker();
  for (const file of part) {
    const sf = program.getSourceFile(file);
    if (!sf || sf.parseDiagnostics.length > 0) {
      console.log(JSON.stringify({ file, broken: true }));
      continue;
    }
    const symbol = sf.symbol;
    if (!symbol) {
      console.log(JSON.stringify({ file, module: false, exports: [] }));
      continue;
    }
    const assigned = symbol.exports?.has("export=") ?? false;
    const exports = new Set();
    // What a comment says of its type, which is another file's, is not looked at.
    for (const d of symbol.exports?.get("export=")?.declarations ?? []) {
      const right = d.kind === K.BinaryExpression ? d.right : d.parent?.kind === K.BinaryExpression ? d.parent.right : undefined;
      if (right?.kind === K.ObjectLiteralExpression) for (const p of right.properties) if (p.name) exports.add(p.name.text + " ?");
    }
    for (const s of assigned ? checker.getExportsAndPropertiesOfModule(symbol) : checker.getExportsOfModule(symbol)) {
      for (const d of s.declarations ?? []) {
        const kind = kindOf(d, checker);
        // A member given to an exported function is a declaration of the function.
        if (d.getSourceFile() === sf && !(kind === "?" && ts.isExternalModule(sf))) exports.add(s.name + " " + kind);
      }
    }
    console.log(JSON.stringify({ file, module: ts.isExternalModule(sf), assigned, exports: [...exports].sort() }));
  }
}
