/**
 * Serves one of the project's own designs over standard input and output: `wire.md`, "The live protocol".
 *
 *     node --import tsx test/oracle/own/serve.ts '{"design":"page-reporting","variant":"","system":"impl"}'
 */
import { readSync, writeSync } from "node:fs";
import type { Geometry, WireAction } from "../../../model/alphabet/index.ts";
import { parseGeometry } from "../../../model/alphabet/schema.ts";
import type { Form } from "./form.ts";
import { GuestSystem } from "./guest-system.ts";

/** What stands on a line: the other side is our own driver. */
type Line = WireAction | { readonly do: "start"; readonly geometry: Geometry } | { readonly do: "stop" };

/** Blocks until a line is there: nothing else happens here. */
function* linesOfStandardInput(): Generator<string> {
  const bytes = Buffer.alloc(1 << 16);
  let rest = "";
  for (let read = readSync(0, bytes); read > 0; read = readSync(0, bytes)) {
    const lines = (rest + bytes.toString("utf8", 0, read)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

function answer(system: GuestSystem, line: Line): object {
  try {
    if (line.do === "start") return { ready: system.start(parseGeometry(line.geometry)) };
    if (line.do === "stop") return { events: [] };
    return { events: system.perform(line) };
  } catch (problem) {
    return { error: problem instanceof Error ? problem.message : String(problem) };
  }
}

function serve(system: GuestSystem): void {
  for (const text of linesOfStandardInput()) {
    const line: Line = JSON.parse(text);
    writeSync(1, `${JSON.stringify(answer(system, line))}\n`);
    if (line.do === "stop") return;
  }
}

const form: Form = JSON.parse(process.argv[2]);
serve(new GuestSystem(form));
