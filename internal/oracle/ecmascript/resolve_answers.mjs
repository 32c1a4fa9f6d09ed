// What the TypeScript compiler resolves the imports of a tree to. resolve.mjs
// asks it of a folder on disk, resolve_serve.mjs of trees in memory.
import ts from "typescript";
import path from "node:path";

const sources = /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs)$/;
// Files of one stem that a config would not hold together.
const endings = [/\.d\.[cm]?ts$/, /(?<!\.d)\.ts$/, /\.tsx$/, /\.js$/, /\.jsx$/, /(?<!\.d)\.[cm]ts$/, /\.[cm]js$/, /\.json$/];

// answers lists every import of some files below root, whose host reads files and
// folders as ts.sys does: {from, specifier, kind, config, to, run}. Paths are
// relative to root, "to" is what ts.resolveModuleName answers, "run" the same
// without declarations; null where there is nothing, or it lies in node_modules.
export function answers(root, names, host) {
  const configs = new Map(), listings = new Map();

  function listed(query) {
    const key = JSON.stringify(query);
    if (!listings.has(key)) listings.set(key, host.readDirectory(...query));
    return listings.get(key);
  }

  function parsed(file) {
    if (configs.has(file)) return configs.get(file);
    configs.set(file, undefined);
    if (!host.fileExists(file)) return undefined;
    const result = ts.getParsedCommandLineOfConfigFile(file, undefined, {
      ...host, onUnRecoverableConfigFileDiagnostic() {},
    });
    if (result) {
      // Whether JavaScript is a source is for Eddy no question of the config, and
      // neither is that a.js is left out where a.ts is.
      result.holds = new Set();
      for (const ending of endings) {
        const all = ts.getParsedCommandLineOfConfigFile(file, { allowJs: true }, {
          ...host, onUnRecoverableConfigFileDiagnostic() {},
          readDirectory: (...query) => listed(query).filter((f) => ending.test(f)),
        });
        all.fileNames.forEach((f) => result.holds.add(host.realpath(f)));
      }
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

  // The nearest config that holds the file, or else one beside the nearest, in the
  // folder of the file's package, that lists it, or else the nearest.
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
          const { files, include } = c.raw;
          if (!files?.length && !include?.length && (files || include)) {
            nearest = c.projectReferences?.map(ts.resolveProjectReferencePath).find((r) => r !== config && parsed(r)) ?? config;
          }
        }
        break;
      }
    }
    let scope = path.dirname(file);
    while (scope !== path.dirname(scope) && !host.fileExists(path.join(scope, "package.json"))) scope = path.dirname(scope);
    if (nearest && path.dirname(nearest) === scope) {
      for (const config of listed([scope, [".json"], [], ["tsconfig*.json"], 1]).sort()) {
        const c = parsed(config);
        if (path.dirname(config) === scope && (c?.raw.files || c?.raw.include) && c.holds.has(file)) return config;
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

  const out = [];
  for (const file of names.filter((f) => sources.test(f)).sort()) {
    const config = governing(file);
    const options = optionsOf(config);
    const format = ts.getImpliedNodeFormatForFile(file, undefined, host, options);
    const sf = ts.createSourceFile(file, host.readFile(file), { languageVersion: ts.ScriptTarget.ESNext, impliedNodeFormat: format }, true);
    const relative = (r) => {
      const name = r.resolvedModule?.resolvedFileName;
      if (!name) return null;
      // Under moduleSuffixes the compiler names the file of a field of package.json
      // without the suffix that it found it with.
      if (!host.fileExists(name)) return undefined;
      const real = host.realpath(name);
      const rel = path.relative(root, real);
      return rel.startsWith("..") || rel.split("/").includes("node_modules") ? null : rel;
    };
    for (const [node, kind] of imports(sf)) {
      const mode = ts.getModeForUsageLocation(sf, node, options);
      const resolve = (o) => {
        try {
          return relative(ts.resolveModuleName(node.text, file, o, host, undefined, undefined, mode));
        } catch (e) {
          if (e instanceof RangeError) return null; // "imports" that lead to themselves have no end for the compiler
          throw e;
        }
      };
      const to = resolve(options), run = resolve({ ...options, noDtsResolution: true });
      if (to === undefined || run === undefined) continue;
      out.push({
        from: path.relative(root, file), specifier: node.text, kind,
        config: config ? path.relative(root, config) : "", to, run,
      });
    }
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
