/** Designs as a person names them: `bitmap` is all its variants, `bitmap:v10` one of them. */
import { DESIGNS, designOf } from "../model/designs/index.ts";

/** One form of a design. */
export interface Form {
  readonly design: string;
  /** Empty where there is only one. */
  readonly variant: string;
}

/**
 * @param names by comma; undefined: every variant of every design
 * @throws InputError where there is no such design or variant
 */
export function variantsOf(names: string | undefined): readonly Form[] {
  if (names === undefined) return [...DESIGNS.keys()].flatMap(allOf);
  return names.split(",").flatMap((name) => {
    const [design, variant] = name.split(":", 2);
    const { id } = designOf(design, variant ?? "");
    return variant === undefined ? allOf(id) : [{ design: id, variant }];
  });
}

function allOf(id: string): readonly Form[] {
  return (DESIGNS.get(id) ?? []).map(({ variant }) => ({ design: id, variant }));
}

export function labelOf({ design, variant }: Form): string {
  return variant === "" ? design : `${design}:${variant}`;
}
