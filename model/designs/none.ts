/** No reporting at all: the unmodified kernel. The host never learns what is free, and must swap. Source: seed 004. */
import { comesAndGoes, restingReporter } from "../reporter.ts";
import type { Design } from "../reporter.ts";

export const none: Design = {
  id: "none",
  variant: "",
  title: "no reporting: the host must swap",
  source: "seed 004",
  claims: [],
  hearsRefusals: false,
  movesTo: "tail",
  movesKeepMark: true,
  takes: "isolates",
  callersWait: false,
  marks: "never",
  hears: [],
  perCpu: false,

  start: restingReporter,
  canWork: () => false,
  work: () => {},
  ...comesAndGoes,
  describe: () => ({}),
};
