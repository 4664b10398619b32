import { afterEach, expect, test } from "vitest";
import { DEFAULT_SETTINGS, InputError } from "../../../model/alphabet/index.ts";
import { addDesign, DESIGNS, designOf } from "../../../model/designs/index.ts";
import { createModel } from "../../../model/guest.ts";
import { geometryOf } from "../stage.ts";
import { toy } from "../toy.ts";

const added = () => `added-${DESIGNS.size}`;
let id = added();
afterEach(() => {
  id = added();
});

test("a design from outside: its first variant is the default", () => {
  addDesign(toy({ id, variant: "left", title: "to the left" }));
  addDesign(toy({ id, variant: "right", title: "to the right" }));
  expect(designOf(id).title).toBe("to the left");
  expect(designOf(id, "right").title).toBe("to the right");
  expect(DESIGNS.get(id)?.map(({ variant }) => variant)).toEqual(["left", "right"]);
  const guest = createModel(id, geometryOf({}), { ...DEFAULT_SETTINGS, variant: "right" });
  expect(guest.state.setup.design.variant).toBe("right");
});

test("the same a second time is refused", () => {
  addDesign(toy({ id, variant: "left" }));
  expect(() => addDesign(toy({ id, variant: "left" }))).toThrow(`${id} with variant left already`);
});

test("what there is not is refused with what there is", () => {
  expect(() => designOf("no-such")).toThrow(InputError);
  expect(() => designOf("no-such")).toThrow(/^design: there is no design no-such; there are none, /);
  expect(() => designOf("none", "left")).toThrow("settings.variant: design none has no variant left; it has none");
  addDesign(toy({ id, variant: "left" }));
  expect(() => designOf(id, "up")).toThrow(`design ${id} has no variant up; there are left`);
});
