/** What becomes of programs that can't be started, or that have ended and are still heard of. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseGeometry } from "../../../model/alphabet/schema.ts";
import { InputError } from "../../../model/alphabet/index.ts";
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
