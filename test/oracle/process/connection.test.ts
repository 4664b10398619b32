/** Whose turn it is, however many actions a process is asked. */
import { MessageChannel } from "node:worker_threads";
import { expect, test } from "vitest";
import { newCells, TURN } from "../../../oracle/process/cells.ts";
import { Connection } from "../../../oracle/process/connection.ts";

test("turns go on where they can't be counted on: never negative, even and odd in turn", () => {
  const cells = newCells();
  const { port1, port2 } = new MessageChannel();
  const connection = new Connection(cells, port1);
  Atomics.store(cells, TURN, 2 ** 31 - 3);
  const turns = Array.from({ length: 4 }, () => {
    connection.beginTurn();
    return Atomics.load(cells, TURN);
  });
  port2.close();
  expect(turns).toEqual([2 ** 31 - 2, 2 ** 31 - 1, 0, 1]);
});
