/** The documents: what they point to is there, and what stands in two of them is the same. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const documents = [
  "README.md",
  "NOTES.md",
  "DESIGNS.md",
  ...readdirSync(join(root, "docs")).map((name) => join("docs", name)),
];

const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** As a heading is called in a link. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

function anchorsIn(path: string): string[] {
  return [...read(path).matchAll(/^#+ (?<heading>.*)$/gmu)].map(({ groups }) => anchorOf(groups?.["heading"] ?? ""));
}

describe.each(documents)("%s", (document) => {
  const text = read(document);

  test("every link leads somewhere", () => {
    const targets = [...text.matchAll(/\]\((?<target>[^)\s]+)\)/gu)].map(({ groups }) => groups?.["target"] ?? "");
    const dead = targets.filter((target) => {
      if (/^https?:/u.test(target)) return false;
      const [path, anchor] = target.split("#");
      const file = path === "" ? document : join(dirname(document), path);
      return !existsSync(join(root, file)) || (anchor !== undefined && !anchorsIn(file).includes(anchor));
    });
    expect(dead).toEqual([]);
  });

  test("every file of the project that is named is there", () => {
    const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const named = [...text.matchAll(/`(?<path>[\w.-]+\/[\w./-]*)`/gu)].map(({ groups }) => groups?.["path"] ?? "");
    const inProject = named.map((path) => path.replace(/^node_modules\/free-page-reporting\//u, ""));
    const ours = inProject.filter((path) => folders.some(({ name }) => path.startsWith(`${name}/`)));
    expect(ours.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

test("the table of the designs in README is that of DESIGNS", () => {
  const table = (text: string): string => /\| design \| 1 not allocated[^]*?\n\n/u.exec(text)?.[0] ?? "";
  expect(table(read("README.md")).split("\n").length).toBeGreaterThan(20);
  expect(table(read("README.md"))).toBe(table(read("DESIGNS.md")));
});
