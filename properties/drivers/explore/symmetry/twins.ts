/** Two states of the implementation that are one of the model: what tells them apart, for whoever has to find out why. */
import type { GuestCells } from "../../../../impl/cells.ts";
import type { Expander } from "../expander.ts";
import { pathTo } from "../path.ts";
import type { States } from "../states/table.ts";

/** @returns the first pair, or undefined. @param textOf the state of the model for which an id stands */
export function twins({ world, moves }: Expander, table: States, textOf: (id: number) => string): string | undefined {
  const key = new Int32Array(table.words);
  const cells = new Int32Array(world.length);
  const seen = new Map<string, number>();
  const read = (id: number): Int32Array => {
    table.read(id, key);
    world.enterKey(key);
    world.gather(cells);
    return cells.slice();
  };
  const told = (id: number): string => {
    const path = pathTo(table, { state: id, move: undefined });
    return path.length === 0 ? "the start" : path.map((move) => JSON.stringify(moves.all[move])).join(" ");
  };
  for (let id = 0; id < table.size; id++) {
    const state = read(id);
    const text = `${textOf(id)}\n${state.subarray(world.cells.length).join()}`;
    const twin = seen.get(text);
    seen.set(text, id);
    if (twin === undefined) continue;
    return `two of its states are one in the model, and differ in ${difference(world.cells, read(twin), state)}: ${told(twin)}; and ${told(id)}`;
  }
  return undefined;
}

/** The cells in which they differ, by what they mean. */
function difference({ rows }: GuestCells, one: Int32Array, other: Int32Array): string {
  const places = rows.flatMap(({ name, at, length }) =>
    Array.from({ length }, (_, place) => ({ name: `${name} ${place}`, cell: at + place })),
  );
  return places
    .filter(({ cell }) => one[cell] !== other[cell])
    .map(({ name, cell }) => `${name} (${one[cell]} and ${other[cell]})`)
    .join(", ");
}
