/**
 * The package as its users have it: packed, installed into an empty project, and tried with the code of its pages.
 *
 * No network: the package's dependencies are packed from the repository's node_modules and installed as tarballs beside it. The tools
 * that the project runs (vitest, TypeScript) are linked, as they are no part of what is tried.
 */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import wabt from "wabt";

const repository = join(import.meta.dirname, "..", "..");
const tool = (...path: string[]): string => join(repository, "node_modules", ...path);
const project = mkdtempSync(join(tmpdir(), "a-users-project-"));
const pages = ["in-process", "wasm", "monitor"]
  .map((page) => readFileSync(join(repository, "docs", `${page}.md`), "utf8"))
  .join("\n");
let tarball = "";

interface Ended {
  readonly status: number;
  readonly output: string;
}

/** Runs a Node program in the user's project. */
function node(...args: readonly string[]): Ended {
  const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], NO_COLOR: "1" };
  try {
    const output = execFileSync(process.execPath, args, { cwd: project, env, encoding: "utf8", stdio: "pipe" });
    return { status: 0, output };
  } catch (error) {
    if (!(error instanceof Error && "status" in error && "stdout" in error && "stderr" in error)) throw error;
    return { status: Number(error.status), output: `${String(error.stdout)}${String(error.stderr)}` };
  }
}

function npm(cwd: string, ...args: readonly string[]): string {
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: "pipe" });
}

/** The blocks of the pages: "```language file" and what stands in them. */
function blocks(language: string): Map<string, string> {
  const found = pages.matchAll(new RegExp(`^\`\`\`${language} (\\S+)\\n(.*?)^\`\`\`$`, "gms"));
  return new Map([...found].map(([, file, text]) => [file, text]));
}

/** The folders of what a package needs at run time, and of what that needs. */
function needsOf(folder: string): string[] {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return Object.keys(dependencies).flatMap((name) => [tool(name), ...needsOf(tool(name))]);
}

beforeAll(async () => {
  if (!existsSync(join(repository, "dist", "api", "index.js"))) throw new Error("dist/ is not built: npm run build");
  const folders = [...new Set(needsOf(repository))];
  const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", project];
  const packed: { name: string; filename: string }[] = JSON.parse(npm(repository, ...pack, ".", ...folders));
  tarball = join(project, packed[0].filename);
  const needs = Object.fromEntries(packed.map(({ name, filename }) => [name, `file:${filename}`]));
  write(
    "package.json",
    JSON.stringify({ name: "a-users-project", type: "module", private: true, dependencies: needs }),
  );
  npm(project, "install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund");
  for (const name of ["vitest", "typescript", "@types/node"]) {
    mkdirSync(dirname(join(project, "node_modules", name)), { recursive: true });
    symlinkSync(tool(name), join(project, "node_modules", name));
  }
  for (const [file, text] of blocks("ts")) write(file, text);
  const [[name, text]] = blocks("wat");
  const { buffer } = (await wabt()).parseWat(name, text, { bulk_memory: true }).toBinary({});
  write(name.replace(".wat", ".wasm"), buffer);
}, 300_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

function write(file: string, content: string | Uint8Array): void {
  writeFileSync(join(project, file), content);
}

/** What a test of the user's prints: without the colours, and without the indentation of the reporter. */
function vitest(...files: readonly string[]): Ended {
  return node(join(project, "node_modules", "vitest", "vitest.mjs"), "run", "--reporter=default", ...files);
}

describe("a user's suite of ten lines", () => {
  test("an allocator that keeps to the contract passes, in TypeScript and in WASM", () => {
    const { status, output } = vitest("first-fit.test.ts", "wasm-first-fit.test.ts", "regression.test.ts");
    expect(output).toContain("Tests  3 passed");
    expect(status).toBe(0);
  });

  test("one that does not fails with the story that its page shows", () => {
    const { status, output } = vitest("hasty.test.ts");
    expect(output).toContain(shown("hasty.test.ts"));
    expect(status).toBe(1);
  });

  test("an answer that does not fit is no verdict, with and without .not", () => {
    write(
      "rude.test.ts",
      `import "free-page-reporting/vitest";
      import { expect, test } from "vitest";
      import { FirstFit } from "./first-fit.js";
      class Rude extends FirstFit {
        override perform(action) {
          return action.do === "free" ? [] : super.perform(action);
        }
      }
      test("is", () => expect(new Rude()).toConform());
      test("is not", () => expect(new Rude()).not.toConform());
      test("no system", () => expect({ start: 1 }).toConform());
      test("holds, though it should not", () => expect(new FirstFit()).not.toConform({ runs: 9 }));`,
    );
    const { status, output } = vitest("rude.test.ts");
    rmSync(join(project, "rude.test.ts"));
    expect(
      output.match(/Nothing was judged, since the adapter does not keep to the protocol/g)?.length,
    ).toBeGreaterThan(1);
    expect(output).toContain('the answer to "free" is empty');
    expect(output).toContain("expected a system: an object with the methods start(geometry) and perform(action)");
    expect(output).toContain("first fit holds: 9 runs");
    expect(output).toContain("Tests  4 failed");
    expect(status).toBe(1);
  });
});

test("types are right, those of the matcher, too; what is compiled runs under plain Node", () => {
  write(
    "wrong.ts",
    `import { expect } from "vitest";
    // @ts-expect-error: there is no such option
    expect(1).toConform({ rums: 3 });`,
  );
  write("adapter.ts", readFileSync(join(repository, "examples", "typescript", "adapter.ts")));
  // As strict as `tsc --init` is. Whether declarations are right, surface.test.ts tells, and how a bundler finds them, attw.
  const strict = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--verbatimModuleSyntax"];
  const target = ["--target", "es2023", "--module", "nodenext", "--types", "node", "--outDir", "out"];
  const options = [...strict, "--skipLibCheck", ...target];
  const files = [...blocks("ts").keys(), "adapter.ts", "wrong.ts"];
  expect(node(tool("typescript", "bin", "tsc"), ...options, ...files)).toEqual({ status: 0, output: "" });
  const { status, output } = node("--test", "out/first-fit.node.js");
  expect(output).toContain("# pass 1");
  expect(status).toBe(0);
  for (const file of ["watch", "strength", "judge"]) {
    expect(node(`out/${file}.js`)).toEqual({ status: 0, output: shown(`${file}.ts`) });
  }
});

describe("the tarball", () => {
  test("opens nothing but what it exports", () => {
    const open = `await import("free-page-reporting").then(({ conform }) => console.log(typeof conform));
      for (const path of ["dist/api/index.js", "api/index.ts", "package.json"])
        await import("free-page-reporting/" + path).catch(({ code }) => console.log(code));`;
    const { output } = node("--input-type=module", "--eval", open);
    expect(output.split("\n")).toEqual(["function", ...Array(3).fill("ERR_PACKAGE_PATH_NOT_EXPORTED"), ""]);
  });

  test("has the command line, which judges what was compiled above", () => {
    const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
    expect(npm(project, "exec", "--offline", "fpr", "--", "--version")).toContain(version);
    const judged = npm(
      project,
      "exec",
      "--offline",
      "fpr",
      "--",
      "conform",
      "--runs",
      "20",
      "--",
      "node",
      "out/program.js",
    );
    expect(judged).toContain("first fit holds: 20 runs");
  });

  test("needs vitest for the matcher alone", () => {
    const dist = join(project, "node_modules", "free-page-reporting", "dist");
    const code = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".js"));
    const needing = code.filter((path) => readFileSync(join(dist, path), "utf8").includes('"vitest"'));
    expect(needing).toEqual([join("api", "vitest.js")]);
  });

  test("has types of the matcher that fit every vitest: its interfaces change from version to version", () => {
    const types = readFileSync(
      join(project, "node_modules", "free-page-reporting", "dist", "api", "vitest.d.ts"),
      "utf8",
    );
    expect(types).toContain("toConform");
    expect(types).not.toMatch(/["']vitest["']/);
  });

  test("is clean for publint and attw", () => {
    expect(node(tool("publint", "src", "cli.js"), "run", tarball, "--strict").output).toContain("All good!");
    const attw = node(tool("@arethetypeswrong", "cli", "dist", "index.js"), tarball, "--profile", "esm-only");
    expect({ ...attw, output: attw.status === 0 ? "" : attw.output }).toEqual({ status: 0, output: "" });
  });
});

/** What the pages say that a file prints. */
function shown(file: string): string {
  const text = blocks("text").get(file);
  if (text === undefined) throw new Error(`no page shows what ${file} prints`);
  return text;
}
