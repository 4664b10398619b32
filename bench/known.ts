/**
 * Writes what there is to visit: explores the small plans of designs to the end, and keeps their transitions in
 * properties/known/. `npm run known -- [DESIGN:VARIANT…]`; without names, all.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { labelOf, variantsOf, type Form } from "../cli/designs.ts";
import { survey } from "../properties/drivers/explore/transitions/survey.ts";
import { pack } from "../properties/known/text.ts";

const FOLDER = join(import.meta.dirname, "..", "properties", "known", "forms");

function fileOf(form: Form): string {
  return `${labelOf(form).replace(":", "-")}.ts`;
}

function nameOf(form: Form): string {
  return labelOf(form).replaceAll(/[:-](.)/g, (_, letter: string) => letter.toUpperCase());
}

function write(form: Form): void {
  const { plans, states, routes, moments } = survey(form.design, form.variant);
  const text = [
    `/** Every transition in the small plans of ${labelOf(form)}. Written by bench/known.ts. */`,
    'import { known } from "../known.ts";',
    "",
    `export const ${nameOf(form)} = known({`,
    `  plans: ${plans},`,
    `  states: ${states},`,
    `  transitions: \`\n${pack(routes.keys())}\`,`,
    `  moments: \`\n${pack(moments)}\`,`,
    "});",
    "",
  ];
  writeFileSync(join(FOLDER, fileOf(form)), text.join("\n"));
  console.log(`${labelOf(form)}: ${routes.size} transitions, ${moments.size} moments in ${states} states`);
}

function writeIndex(forms: readonly Form[]): void {
  const text = [
    "/** By design and variant. Written by bench/known.ts. */",
    'import type { Known } from "./known.ts";',
    ...forms.map((form) => `import { ${nameOf(form)} } from "./forms/${fileOf(form)}";`),
    "",
    "export const KNOWN: ReadonlyMap<string, Known> = new Map([",
    ...forms.map((form) => `  ["${labelOf(form)}", ${nameOf(form)}],`),
    "]);",
    "",
  ];
  writeFileSync(join(FOLDER, "..", "index.ts"), text.join("\n"));
}

mkdirSync(FOLDER, { recursive: true });
const names = process.argv.slice(2);
const forms = variantsOf(undefined);
for (const form of names.length === 0 ? forms : variantsOf(names.join(","))) write(form);
writeIndex(forms);
