/** What becomes of programs that can't be started, or that have ended and are still heard of. */
import { writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { InputError } from "../../../model/alphabet/index.ts";
import { parseGeometry } from "../../../model/alphabet/schema.ts";
import { ENDED, HELD_OPEN, newCells, TURN } from "../../../oracle/process/cells.ts";
import { Keeper, type Reply } from "../../../oracle/process/keeper.ts";
import { replayProgram } from "../../../oracle/process/replay-program.ts";

const small = parseGeometry({ maxOrder: 0, zones: [{ start: 0, pages: 2 }] });

describe("a program that can't be started is refused, whatever its name is:", () => {
  test.each([
    ["longer than a name may be", `./${"x".repeat(5000)}`],
    ["with a zero byte", "./with\0zero"],
    ["beneath a file", join(import.meta.filename, "adapter")],
  ])(
    "%s",
    async (_, program) => {
      const error = await replayProgram([program], small, [], 1).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InputError);
      expect(error).toMatchObject({ message: expect.stringContaining("can't start ") });
    },
    5000,
  );
});

describe("the output of a program that has ended", () => {
  afterEach(() => void vi.useRealTimers());

  test("may be read to its end for a few looks, however many were taken before", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const cells = newCells();
    const keeper = new Keeper({ command: ["sh", "-c", "read line"], timeout: 10 }, cells);
    const pipes = await new Promise<Reply>((resolve) => void keeper.serve("fresh", resolve));
    if (pipes === "none" || "problem" in pipes) throw new Error("it did not start");
    const look = (): number => {
      vi.advanceTimersByTime(500);
      return Atomics.load(cells, TURN);
    };
    Atomics.store(cells, TURN, 1);
    expect(Array.from({ length: 8 }, look)).toEqual(Array.from({ length: 8 }, () => 1));
    writeSync(pipes.write, "end\n");
    while (Atomics.load(cells, ENDED) === 0) await sleep(5);
    expect([look(), look(), look()]).toEqual([1, 1, HELD_OPEN]);
    await keeper.close();
  });
});
