// Reads paths from standard input, one a line, and prints for each what the
// TypeScript compiler's syntax tree says of its imports, one JSON object a line:
//
//	{"file": …, "broken": true}  where the compiler reports a syntax error
//	{"file": …, "imports": [[specifier, kind, flags, start, end, line, column, names]…], "dynamic": […], "ambient": […]}
//
// Offsets and columns are in bytes. Usage: node scan.mjs TYPESCRIPT < list
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const ts = createRequire(import.meta.url)(process.argv[2]);
const K = ts.SyntaxKind;

const mocks = new Set(["mock", "unmock", "doMock", "doUnmock", "dontMock", "deepUnmock", "setMock", "requireActual",
  "requireMock", "importActual", "importMock", "createMockFromModule", "genMockFromModule", "unstable_mockModule"]);

const literal = (n) => n && (n.kind === K.StringLiteral || n.kind === K.NoSubstitutionTemplateLiteral);

// Whether a node runs later than the file: it stands in a function, or in the
// initializer of an instance's field.
function deferred(node) {
  for (let n = node, p = n.parent; p; n = p, p = p.parent) {
    if (ts.isFunctionLike(p)) {
      // A computed name and a decorator run with the class.
      if (n === p.name || n.kind === K.Decorator) continue;
      return true;
    }
    if (p.kind === K.PropertyDeclaration && n === p.initializer && !p.modifiers?.some((m) => m.kind === K.StaticKeyword)) return true;
  }
  return false;
}

// Whether a try statement with a catch clause, in the same function, holds the node.
function optional(node) {
  for (let n = node, p = n.parent; p; n = p, p = p.parent) {
    if (ts.isFunctionLike(p) && n !== p.name) return false;
    if (p.kind === K.PropertyDeclaration && n === p.initializer && !p.modifiers?.some((m) => m.kind === K.StaticKeyword)) return false;
    if (p.kind === K.TryStatement && n === p.tryBlock && p.catchClause) return true;
  }
  return false;
}

function isRequireName(name) {
  return name && name.kind === K.Identifier && name.text === "require";
}

// Whether a function between the node and the file declares require itself, and
// is not an argument of a call, which passes the real one.
function shadowed(node) {
  for (let p = node.parent; p; p = p.parent) {
    if (!ts.isFunctionLike(p)) continue;
    const passed = p.parent && (p.parent.kind === K.CallExpression || p.parent.kind === K.NewExpression) && p.parent.arguments?.includes(p);
    if (!passed && p.parameters?.some((q) => isRequireName(q.name))) return true;
    if (declares(p)) return true;
  }
  return false;
}

const declared = new Map();
function declares(fn) {
  if (declared.has(fn)) return declared.get(fn);
  let found = false;
  const visit = (n) => {
    if (found) return;
    if (n.kind === K.FunctionDeclaration && isRequireName(n.name)) { found = true; return; }
    if (ts.isFunctionLike(n)) return;
    if (n.kind === K.VariableDeclaration && isRequireName(n.name) && n.initializer) {
      if (!/reateRequire/.test(n.initializer.getText())) found = true;
    }
    ts.forEachChild(n, visit);
  };
  if (fn.body) ts.forEachChild(fn.body, visit);
  declared.set(fn, found);
  return found;
}

function scan(path) {
  let bytes = readFileSync(path);
  const text = bytes.toString("utf8");
  const file = ts.createSourceFile(path, text, { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseAll }, true);
  if (file.parseDiagnostics.length > 0) {
    return { file: path, broken: true };
  }
  declared.clear();
  const isModule = ts.isExternalModule(file);
  const isJS = (file.flags & ts.NodeFlags.JavaScriptFile) !== 0;
  const imports = [], dynamic = [], ambient = [];
  const makers = new Set(["createRequire"]), aliases = new Set();
  // Byte offsets: ASCII files need no mapping.
  let toByte = (i) => i;
  if (bytes.length !== text.length) {
    const map = new Int32Array(text.length + 1);
    let b = 0;
    for (let i = 0; i < text.length; i++) {
      map[i] = b;
      const c = text.charCodeAt(i);
      if (c < 0x80) b++;
      else if (c < 0x800) b += 2;
      else if (c >= 0xd800 && c < 0xdc00 && i + 1 < text.length) { b += 4; map[++i] = b; }
      else b += 3;
    }
    map[text.length] = b;
    toByte = (i) => map[i];
  }
  const add = (node, kind, flags, names, start = node.getStart(file), end = node.end, specifier = node.text) => {
    const { line } = file.getLineAndCharacterOfPosition(start);
    const s = toByte(start);
    imports.push([specifier, file.isDeclarationFile ? "type" : kind, flags, s, toByte(end), line + 1,
      s - toByte(file.getPositionOfLineAndCharacter(line, 0)) + 1, names]);
  };
  const addDynamic = (node) => dynamic.push(toByte(node.getStart(file)));
  // Names are "name", "name:alias" and with a ! where the name alone is a type.
  const show = (name, alias, typed) => name + (alias && alias !== name ? ":" + alias : "") + (typed ? "!" : "");
  const mode = (attributes) => attributes?.elements?.some((e) => e.name.text === "resolution-mode" && e.value.text === "require") ? "Q" : "";

  const clause = (c) => {
    const names = [];
    if (c?.name) names.push(show("default", c.name.text));
    const b = c?.namedBindings;
    if (b?.kind === K.NamespaceImport) names.push(show("*", b.name.text));
    for (const e of b?.elements ?? []) names.push(show((e.propertyName ?? e.name).text, e.name.text, e.isTypeOnly));
    return names;
  };
  const onlyTypes = (c) => !c.name && c.namedBindings?.elements?.length > 0 && c.namedBindings.elements.every((e) => e.isTypeOnly);
  const typed = (kind, names) => kind === "type" || file.isDeclarationFile ? names.map((n) => n.replace(/!$/, "")) : names;

  const requireCall = (call, name) => {
    if (name === "require" && shadowed(call)) return;
    const resolve = call.expression.kind === K.PropertyAccessExpression && call.expression.name.text === "resolve";
    const arg = call.arguments[0];
    if (!arg) return;
    if (literal(arg) && (resolve || call.arguments.length === 1)) {
      add(arg, deferred(call) ? "deferred" : "static", "Q" + (optional(call) ? "O" : ""), resolve ? [] : ["*"]);
    } else {
      const made = name ? call.expression : resolve ? call.expression.expression.expression : call.expression.expression;
      addDynamic(name ? made : made.name ?? made);
    }
  };

  const visit = (n) => {
    switch (n.kind) {
      case K.ImportDeclaration: {
        const c = n.importClause;
        const kind = c && (c.isTypeOnly || onlyTypes(c)) ? "type" : "static";
        if (literal(n.moduleSpecifier)) add(n.moduleSpecifier, kind, mode(n.attributes), typed(kind, clause(c)));
        for (const e of c?.namedBindings?.elements ?? []) if (e.propertyName?.text === "createRequire") makers.add(e.name.text);
        break;
      }
      case K.ExportDeclaration:
        if (n.moduleSpecifier && literal(n.moduleSpecifier)) {
          const elements = n.exportClause?.elements;
          const kind = n.isTypeOnly || elements?.length > 0 && elements.every((e) => e.isTypeOnly) ? "type" : "static";
          const names = !n.exportClause ? ["*"] : !elements ? [show("*", n.exportClause.name.text)]
            : elements.map((e) => show((e.propertyName ?? e.name).text, e.name.text, e.isTypeOnly));
          add(n.moduleSpecifier, kind, "R" + mode(n.attributes), typed(kind, names));
        }
        break;
      case K.ImportEqualsDeclaration:
        if (n.moduleReference.kind === K.ExternalModuleReference && literal(n.moduleReference.expression)) {
          const exported = n.modifiers?.some((m) => m.kind === K.ExportKeyword);
          add(n.moduleReference.expression, n.isTypeOnly ? "type" : "static", (exported ? "R" : "") + "Q", [show("*", n.name.text)]);
          return;
        }
        break;
      case K.ModuleDeclaration:
        if (n.name.kind === K.StringLiteral) {
          if (!isModule) {
            ambient.push(n.name.text);
            return;
          }
          add(n.name, "type", "", []);
        }
        break;
      case K.ImportType: {
        const a = n.argument.literal;
        if (a?.kind === K.StringLiteral) {
          let q = n.qualifier;
          while (q?.left) q = q.left;
          add(a, "type", mode(n.attributes), [q ? q.text : "*"]);
        }
        break;
      }
      case K.JSDocImportTag:
        if (isJS && literal(n.moduleSpecifier)) add(n.moduleSpecifier, "type", mode(n.attributes), typed("type", clause(n.importClause)));
        break;
      case K.CallExpression: {
        const e = n.expression, arg = n.arguments[0];
        if (e.kind === K.ImportKeyword || e.kind === K.MetaProperty && e.keywordToken === K.ImportKeyword && e.name.text !== "meta") {
          if (literal(arg)) add(arg, "deferred", optional(n) ? "O" : "", ["*"]);
          else if (arg) addDynamic(e);
        } else if (e.kind === K.Identifier && (e.text === "require" || aliases.has(e.text))) {
          requireCall(n, e.text);
        } else if (e.kind === K.PropertyAccessExpression) {
          const on = e.expression, name = e.name.text;
          if (on.kind === K.Identifier && (on.text === "require" || aliases.has(on.text)) && name === "resolve") {
            requireCall(n, on.text);
          } else if (on.kind === K.Identifier && (on.text === "jest" || on.text === "vi") && mocks.has(name)) {
            if (literal(arg)) add(arg, "deferred", "", []);
          } else if (on.kind === K.MetaProperty && (name === "glob" || name === "globEager")) {
            for (const p of literal(arg) ? [arg] : arg?.elements ?? []) if (literal(p)) add(p, "deferred", "P", []);
          }
        }
        const callee = (f) => f.kind === K.CallExpression && (f.expression.kind === K.Identifier ? makers.has(f.expression.text)
          : f.expression.kind === K.PropertyAccessExpression && f.expression.name.text === "createRequire");
        if (callee(e) || e.kind === K.PropertyAccessExpression && e.name.text === "resolve" && callee(e.expression)) requireCall(n);
        if (callee(n)) {
          const p = n.parent;
          const target = p.kind === K.VariableDeclaration ? p.name : p.kind === K.BinaryExpression && p.operatorToken.kind === K.EqualsToken ? p.left : undefined;
          if (target?.kind === K.Identifier && !p.type) aliases.add(target.text);
        }
        break;
      }
      case K.NewExpression: {
        const [a, b] = n.arguments ?? [];
        if (n.expression.kind === K.Identifier && n.expression.text === "URL" && n.arguments?.length === 2 && literal(a) &&
            b.getText(file).replace(/\s/g, "") === "import.meta.url" && !/:|\/$|(^|\/)\.\.?$|^[#?]|^$/.test(a.getText(file).slice(1, -1))) {
          add(a, "deferred", "F", []);
        }
        break;
      }
    }
    if (isJS && n.jsDoc) children.push(...n.jsDoc);
    ts.forEachChild(n, (c) => { children.push(c); });
  };
  // In source order, on an explicit stack: some trees are deeper than node's.
  let children = [];
  for (const stack = [file]; stack.length > 0;) {
    visit(stack.pop());
    stack.push(...children.reverse());
    children = [];
  }

  // The positions of references are those inside of the quotes.
  for (const r of file.referencedFiles) add(r, "type", "F", [], r.pos - 1, r.end + 1, text.slice(r.pos, r.end));
  for (const r of file.typeReferenceDirectives) {
    add(r, "type", "T" + (r.resolutionMode === ts.ModuleKind.CommonJS ? "Q" : ""), [], r.pos - 1, r.end + 1, text.slice(r.pos, r.end));
  }
  // One comment may document several nodes.
  const seen = new Set();
  const once = imports.filter((i) => !seen.has(i[3]) && seen.add(i[3]));
  once.sort((a, b) => a[3] - b[3]);
  return { file: path, imports: once, dynamic: [...new Set(dynamic)].sort((a, b) => a - b), ambient };
}

for await (const path of createInterface({ input: process.stdin })) {
  if (!path) continue;
  let line;
  try {
    line = scan(path);
  } catch (e) {
    line = { file: path, error: String(e.stack ?? e) };
  }
  if (!process.stdout.write(JSON.stringify(line) + "\n")) await new Promise((r) => process.stdout.once("drain", r));
}
