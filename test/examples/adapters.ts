/** The adapters in examples/: what each needs, how it is built and started, and which mistakes it can be asked to make. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";

export const root = join(import.meta.dirname, "../..");
export const page = join(root, "docs/write-an-adapter.md");

/** `npx esbuild` in the build line means the one in node_modules, with no look at the network. */
const env = { ...process.env, PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}` };

export interface Example {
  readonly language: string;
  readonly source: string;
  /** Without this tool it is not run. */
  readonly tool: string;
  /** How it is started, in the folder that it was built in. */
  readonly command: readonly string[];
  /** The mistakes, and the properties that they may break first, whichever of these the oracle meets. */
  readonly bugs: readonly (readonly [name: string, ...properties: readonly string[]])[];
}

export const EXAMPLES: readonly Example[] = [
  {
    language: "C",
    source: "examples/c/adapter.c",
    tool: "cc",
    command: ["./adapter"],
    bugs: [
      ["no-isolate", "exclusion", "ownership"],
      ["self-ack", "host-window"],
    ],
  },
  {
    language: "Python",
    source: "examples/python/adapter.py",
    tool: "python3",
    command: ["python3", "adapter.py"],
    bugs: [
      ["forget-waiter", "stranded"],
      ["over-capacity", "well-formed"],
      ["stale-mark", "truthful-mark"],
    ],
  },
  {
    language: "Rust",
    source: "examples/rust/adapter.rs",
    tool: "rustc",
    command: ["./adapter"],
    bugs: [
      ["oom-while-held", "fake-oom"],
      ["split-too-far", "ownership", "well-formed", "exclusion"],
    ],
  },
  {
    language: "TypeScript",
    source: "examples/typescript/adapter.ts",
    tool: "esbuild",
    command: ["node", "adapter.mjs"],
    bugs: [
      ["submit-unregistered", "quiet"],
      ["stale-merge", "completeness"],
    ],
  },
];

export function isPresent(tool: string): boolean {
  return spawnSync(tool, ["--version"], { env }).status === 0;
}

export function textOf(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** The build line at the top of the file; undefined where it says that nothing is to be built. */
export function buildLine(example: Example): string | undefined {
  const line = /build {3}(.*)/.exec(textOf(example.source))?.[1];
  if (line === undefined) throw new Error(`${example.source} has no build line`);
  return line.startsWith("nothing") ? undefined : line;
}

/** Builds it as its first lines say, in a new folder. Returns the folder. */
export function build(example: Example): string {
  const folder = mkdtempSync(join(tmpdir(), "fpr-example-"));
  cpSync(join(root, example.source), join(folder, basename(example.source)));
  const line = buildLine(example);
  if (line === undefined) return folder;
  const [program = "", ...args] = line.replace(/^npx /, "").split(" ");
  const { status, stderr } = spawnSync(program, args, { cwd: folder, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${line} ends with ${status}:\n${stderr}`);
  return folder;
}
