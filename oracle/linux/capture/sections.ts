/** A text in sections, each of which begins with a line `== name`. */
import { InputError } from "../../../model/alphabet/index.ts";
import { forEachLine } from "./text.ts";

export interface Section {
  /** The line of its `== name`. */
  readonly line: number;
  readonly lines: string[];
}

/** By name. @throws InputError where the file can't be read */
export async function readSections(path: string): Promise<Map<string, Section>> {
  const sections = new Map<string, Section>();
  let current: Section | undefined;
  await forEachLine(path, (text, line) => {
    const title = /^== (.+?)\s*$/.exec(text)?.[1];
    if (title === undefined) current?.lines.push(text);
    else sections.set(title, (current = { line, lines: [] }));
  });
  return sections;
}

/** @throws InputError (without the file) where there is no such section */
export function required(sections: ReadonlyMap<string, Section>, name: string): Section {
  const section = sections.get(name);
  if (section === undefined)
    throw new InputError({ key: `== ${name}` }, `the section is missing, expected one "== ${name}"`);
  return section;
}

export function broken(section: Section, expected: string): InputError {
  return new InputError({ line: section.line }, `the section can't be understood, expected ${expected}`);
}
