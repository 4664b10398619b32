/** Folders that a person names: made with those above them, or refused at once. */
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../oracle/folder.ts";
import { scratchFolder } from "../scratch-folder.ts";

const place = scratchFolder();

test("is made with those above it, which are told", () => {
  const folder = join(place, "one", "two");
  expect(makeFolder(folder)).toEqual([join(place, "one"), folder]);
  expect(statSync(folder).isDirectory()).toBe(true);
  expect(makeFolder(folder)).toEqual([]);
});

test.each(["file", "file/below"])("%s can't be one", (name) => {
  writeFileSync(join(place, "file"), "");
  expect(() => makeFolder(join(place, name))).toThrow(/is no folder: /);
});

test("nor can one in a place of the kernel's: it does not hang there", () => {
  expect(() => makeFolder("/proc/kept/here")).toThrow(/^\/proc\/kept: is no folder: ENOENT/);
});
