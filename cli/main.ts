#!/usr/bin/env node
/** `fpr`: the commands of `wire.md`. What each takes is in commands/; what it does is loaded only when it is asked for. */
import { readFileSync } from "node:fs";
import { cac } from "cac";
import { InputError } from "../model/alphabet/input-error.ts";
import { inPackage } from "../properties/package-folder.ts";
import { checkCommand } from "./commands/check.ts";
import { compareCommand } from "./commands/compare.ts";
import { conformCommand } from "./commands/conform.ts";
import { exploreCommand } from "./commands/explore.ts";
import { judgeCommand } from "./commands/judge.ts";
import { linuxCommand } from "./commands/linux.ts";
import { replayCommand } from "./commands/replay.ts";
import { STANDARD_INPUT } from "./flags.ts";
import { finish, STATUS } from "./output.ts";

const cli = cac("fpr");

cli.option("--json", "Say the verdict as one JSON object on the last line");
for (const tell of [
  checkCommand,
  exploreCommand,
  compareCommand,
  conformCommand,
  replayCommand,
  judgeCommand,
  linuxCommand,
])
  tell(cli);

cli.help((sections) => [
  ...sections,
  {
    title: "Exit status",
    body: "  0 all holds, 1 a property is broken, 2 it could not judge (usage, unreadable input, a faulty adapter)",
  },
]);
cli.version(version());

function version(): string {
  const { version: number }: { readonly version: string } = JSON.parse(readFileSync(inPackage("package.json"), "utf8"));
  return number;
}

async function main(): Promise<void> {
  const words = ourWords().map((word) => (word === "-" ? STANDARD_INPUT : word));
  try {
    cli.parse([...words, ...process.argv.slice(words.length)], { run: false });
    if (cli.options["help"] === true || cli.options["version"] === true) return;
    if (cli.matchedCommand === undefined) {
      const [unknown] = cli.args;
      const problem = unknown === undefined ? "no command" : `there is no command ${unknown}`;
      const names = cli.commands.map(({ name }) => name).join(", ");
      throw new InputError({}, `${problem}; there are ${names} (fpr --help)`);
    }
    await cli.runMatchedCommand();
  } catch (error) {
    const problem = usage(error);
    console.error(`fpr: ${problem.message}`);
    finish({ verdict: "unjudged", explanation: problem.message }, ourWords().includes("--json"));
  }
}

/** The words up to `--`: what stands behind it is a program's. */
function ourWords(): string[] {
  const end = process.argv.indexOf("--");
  return end === -1 ? process.argv : process.argv.slice(0, end);
}

/** What cac finds wrong with the words of a command line; anything else is a fault of ours and is thrown on. */
function usage(error: unknown): InputError {
  if (error instanceof InputError) return error;
  if (error instanceof Error && error.name === "CACError") {
    const name = cli.matchedCommandName ?? "";
    const how =
      name === "conform"
        ? "what is the program's goes behind --: fpr conform -- ./adapter"
        : `fpr ${name} --help tells how`;
    return new InputError({}, `${error.message}; ${how}`);
  }
  throw error;
}

// Whoever reads may have seen enough: `fpr compare | head`. What he did not wait for he was not told: that is no `holds`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(process.exitCode ?? STATUS.unjudged);
});
// Status 1 says that a property is broken: an error of ours must not.
process.on("uncaughtException", (error) => {
  console.error(error);
  process.exit(STATUS.unjudged);
});

await main();
