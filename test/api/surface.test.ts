/** What a user's compiler and editor see: declarations without errors, and a name and words for every type that he can come to. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const dist = join(import.meta.dirname, "..", "..", "dist");
const entry = join(dist, "api", "index.d.ts");
if (!existsSync(entry)) throw new Error("dist/ is not built: npm run build");

const program = ts.createProgram([entry, join(dist, "api", "vitest.d.ts")], {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  strict: true,
  exactOptionalPropertyTypes: true,
  types: ["node"],
});
const checker = program.getTypeChecker();
const exported = new Set(exportsOf(entry).map(itself));

function exportsOf(path: string): ts.Symbol[] {
  const file = program.getSourceFile(path);
  const module = file && checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`${path} is no module`);
  return checker.getExportsOfModule(module);
}

function itself(symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** Is it declared by us, and not inside another declaration? */
function isOurs({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some(({ parent }) => ts.isSourceFile(parent) && parent.fileName.startsWith(dist));
}

function* namesIn(node: ts.Node): Generator<ts.Symbol> {
  const symbol = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
  if (symbol !== undefined) yield itself(symbol);
  for (const child of node.getChildren()) yield* namesIn(child);
}

test("the declarations are right for whoever does not skip them", () => {
  const ours = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(dist));
  const wrong = ours.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]);
  expect(ours.length).toBeGreaterThan(20);
  expect(wrong.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
});

test("every type that an exported one names is exported", () => {
  const nameless = [...exported].flatMap(({ name, declarations = [] }) => {
    const named = declarations.flatMap((declaration) => [...namesIn(declaration)]);
    return named.filter((one) => isOurs(one) && !exported.has(one)).map((one) => `${one.name}, which ${name} names`);
  });
  expect(exported.size).toBeGreaterThan(50);
  expect(nameless).toEqual([]);
});

test("every export has a docstring", () => {
  const wordless = [...exported].filter((symbol) => symbol.getDocumentationComment(checker).length === 0);
  expect(wordless.map(({ name }) => name)).toEqual([]);
});
