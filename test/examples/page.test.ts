/** What the page "Write an adapter" shows as printed is what the program prints, word for word. Runs the built program. */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { build, EXAMPLES, isPresent, page as file, root } from "./adapters.ts";

const page = readFileSync(file, "utf8");
const [C, PYTHON] = EXAMPLES;

/** The block of the page that begins so; how fast it was is nobody's promise. */
function shown(begins: string): string {
  const at = page.indexOf(`\n    ${begins}`);
  const lines = page.slice(at + 1).split("\n");
  const end = lines.findIndex((line) => line !== "" && !line.startsWith("    "));
  return anyRate(
    lines
      .slice(0, end)
      .map((line) => line.slice(4))
      .join("\n"),
  );
}

function anyRate(text: string): string {
  return text.replace(/[\d,]+ actions a second/, "N actions a second").trimEnd();
}

/** What `fpr conform` prints of an example, in whose source something was changed. */
function printed(example: (typeof EXAMPLES)[number], words: string, change = (source: string) => source): string {
  const folder = build(example);
  try {
    const source = join(folder, example.source.split("/").at(-1) ?? "");
    writeFileSync(source, change(readFileSync(source, "utf8")));
    const fpr = join(root, "dist/cli/main.js");
    const { stdout } = spawnSync(process.execPath, [fpr, "conform", ...words.split(" ")], {
      cwd: folder,
      encoding: "utf8",
    });
    return anyRate(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.skipIf(!isPresent("python3"))("it holds", () => {
  expect(page).toContain("(`npx fpr conform --runs 300 -- python3 adapter.py`.)");
  expect(printed(PYTHON, "--runs 300 -- python3 adapter.py")).toBe(shown("buddy in Python holds"));
});

test.skipIf(!isPresent("cc"))("it violates", () => {
  const words = "--save found -- ./adapter --bug no-isolate";
  expect(page).toContain(`(\`npx fpr conform ${words}\`, the example in C)`);
  expect(printed(C, words)).toBe(shown("buddy in C violates"));
});

test.skipIf(!isPresent("python3"))("the adapter is at fault", () => {
  const line = '        yield event("free", pfn=pfn, order=order)\n';
  const said = printed(PYTHON, "-- python3 adapter.py", (source) => {
    expect(source).toContain(line);
    return source.replace(line, "");
  });
  const [what, again] = said.split("\n\nTo see it again:\n");
  expect(what).toBe(shown("Nothing was judged").split("\n\nTo see it again:\n")[0]);
  expect(again).toContain('{"do":"free",');
});
