// Resolves every import below a folder as the TypeScript compiler does.
//
//   node resolve.mjs ROOT
//
// prints one JSON array of {from, specifier, kind, config, to, run}: paths are
// relative to ROOT, "to" is what ts.resolveModuleName answers, "run" the same
// without declarations; null where there is nothing, or it lies in
// node_modules.
import ts from "typescript";
import fs from "node:fs";
import path from "node:path";

const root = fs.realpathSync(process.argv[2]);
const sources = /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs)$/;
const host = { ...ts.sys, getCurrentDirectory: () => root };
const configs = new Map();

function parsed(file) {
  if (configs.has(file)) return configs.get(file);
  configs.set(file, undefined);
  if (!fs.existsSync(file)) return undefined;
  const result = ts.getParsedCommandLineOfConfigFile(file, undefined, {
    ...host, onUnRecoverableConfigFileDiagnostic() {},
  });
  if (result) {
    // Whether JavaScript is a source is for Eddy no question of the config.
    const all = ts.getParsedCommandLineOfConfigFile(file, { allowJs: true }, { ...host, onUnRecoverableConfigFileDiagnostic() {} });
    result.holds = new Set(all.fileNames.map((f) => fs.realpathSync(f)));
  }
  configs.set(file, result);
  return result;
}

function project(config, file, seen = new Set()) {
  const c = parsed(config);
  if (!c || seen.has(config)) return undefined;
  seen.add(config);
  if (c.holds.has(file)) return config;
  for (const ref of c.projectReferences ?? []) {
    const found = project(ts.resolveProjectReferencePath(ref), file, seen);
    if (found) return found;
  }
  return undefined;
}

// The nearest config that holds the file, or else the nearest.
function governing(file) {
  let nearest;
  for (let dir = path.dirname(file); dir.startsWith(root); dir = path.dirname(dir)) {
    for (const name of ["tsconfig.json", "jsconfig.json"]) {
      const config = path.join(dir, name);
      const c = parsed(config);
      if (!c) continue;
      const found = project(config, file);
      if (found) return found;
      if (!nearest) {
        nearest = config;
        if (c.holds.size === 0 && c.projectReferences?.length) {
          nearest = ts.resolveProjectReferencePath(c.projectReferences[0]);
        }
      }
      break;
    }
  }
  return nearest;
}

function optionsOf(config) {
  const options = config ? { ...parsed(config).options } : { allowJs: true };
  if (options.moduleResolution === undefined) {
    const kind = ts.getEmitModuleResolutionKind(options);
    const named = options.module !== undefined;
    if (!config || !named || kind === ts.ModuleResolutionKind.Classic) {
      options.moduleResolution = ts.ModuleResolutionKind.Bundler;
      if (!named) options.module = ts.ModuleKind.ESNext;
    }
  }
  options.resolveJsonModule = true;
  return options;
}

function list(dir, out) {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    if (entry.name === "node_modules" || entry.name === ".git") continue;
    const full = path.join(dir, entry.name);
    if (entry.isDirectory()) list(full, out);
    else if (entry.isFile() && sources.test(entry.name)) out.push(full);
  }
  return out;
}

function imports(sf) {
  const found = [];
  const add = (node, kind) => node && ts.isStringLiteralLike(node) && found.push([node, kind]);
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      const c = node.importClause;
      const named = c?.namedBindings && ts.isNamedImports(c.namedBindings) ? c.namedBindings.elements : [];
      const type = c?.isTypeOnly || (!c?.name && named.length > 0 && named.every((e) => e.isTypeOnly));
      add(node.moduleSpecifier, type ? "type" : "static");
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly ? "type" : "static");
    } else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
      add(node.moduleReference.expression, "require");
    } else if (ts.isImportTypeNode(node)) {
      if (ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, "type");
    } else if (ts.isCallExpression(node) && node.arguments.length >= 1) {
      if (node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], "deferred");
      else if (ts.isIdentifier(node.expression) && node.expression.text === "require" && node.arguments.length === 1) {
        add(node.arguments[0], "require");
      }
    }
    if (!ts.isModuleDeclaration(node) || !ts.isStringLiteral(node.name)) ts.forEachChild(node, visit);
  };
  visit(sf);
  return found;
}

const out = [];
for (const file of list(root, []).sort()) {
  const config = governing(file);
  const options = optionsOf(config);
  const format = ts.getImpliedNodeFormatForFile(file, undefined, host, options);
  const sf = ts.createSourceFile(file, fs.readFileSync(file, "utf8"), { languageVersion: ts.ScriptTarget.ESNext, impliedNodeFormat: format }, true);
  const relative = (r) => {
    const name = r.resolvedModule?.resolvedFileName;
    if (!name) return null;
    const real = fs.realpathSync(name);
    const rel = path.relative(root, real);
    return rel.startsWith("..") || rel.split("/").includes("node_modules") ? null : rel;
  };
  for (const [node, kind] of imports(sf)) {
    const mode = ts.getModeForUsageLocation(sf, node, options);
    const resolve = (o) => relative(ts.resolveModuleName(node.text, file, o, host, undefined, undefined, mode));
    out.push({
      from: path.relative(root, file), specifier: node.text, kind,
      config: config ? path.relative(root, config) : "",
      to: resolve(options), run: resolve({ ...options, noDtsResolution: true }),
    });
  }
}
process.stdout.write(JSON.stringify(out));
