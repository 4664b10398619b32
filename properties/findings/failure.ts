/** A recorded failure: what the registry of findings has of each, and where its file is. */
import { relative } from "node:path";
import type { Settings } from "../../model/alphabet/index.ts";
import { scopesFor, type Scope } from "../drivers/scopes.ts";
import type { PropertyId } from "../judges/properties.ts";
import { inPackage } from "../package-folder.ts";

export interface Failure {
  /** The name of its file in test/counterexamples/, without `.json`. */
  readonly id: string;
  readonly design: string;
  /** Empty where the design has only one. */
  readonly variant: string;
  readonly property: PropertyId;
  /** What goes wrong, in one sentence. */
  readonly what: string;
  /** Where the dossier, a seed or our own analysis says so. */
  readonly source: string;
  /** What its explanation must contain, where the design breaks the property in several ways. */
  readonly matches?: string;
  /** Properties that break before it does and are passed over: it is the harm that follows. */
  readonly ignored?: readonly PropertyId[];
  /**
   * Where it is looked for, if it shows nowhere else or too rarely: one of the ordinary scopes by its name, or one of
   * its own. Absent: in all ordinary scopes.
   */
  readonly scope?: string | Scope;
  /** Where an ordinary campaign does not meet it. */
  readonly only?: Unusual;
  /** True where the story was written by hand: a search ends at a shorter one that breaks the same property. */
  readonly byHand?: true;
}

/** What must be different from an ordinary campaign. */
export interface Unusual {
  /** In words, after "only": `under the kernel slow path`. */
  readonly words: string;
  readonly settings?: Partial<Settings>;
  /** Held to more than it claims. */
  readonly claims?: readonly PropertyId[];
}

/** The scopes in which to look for it. */
export function scopesOf({ design, variant, scope: where, only }: Failure): readonly Scope[] {
  const scopes =
    typeof where === "object"
      ? [where]
      : scopesFor(design, variant).filter(({ name }) => where === undefined || name === where);
  return scopes.map((scope) => ({ ...scope, settings: { ...scope.settings, ...only?.settings, variant } }));
}

/** The file of a failure, as one would type it here. */
export function fileOf({ id }: Failure): string {
  const file = inPackage("test", "counterexamples", `${id}.json`);
  const near = relative(process.cwd(), file);
  return near.startsWith("..") ? file : near;
}

/** How to tell it again. */
export function replayCommand(failure: Failure): string {
  return `fpr replay ${fileOf(failure)}`;
}
