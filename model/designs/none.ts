/** No reporting at all: the unmodified kernel. The host never learns what is free, and must swap. Source: seed 004. */
import type { Design, Reporter } from "../reporter.ts";

export const none: Design = {
  id: "none",
  title: "no reporting: the host must swap",
  source: "seed 004",
  claims: [],
  hearsRefusals: false,
  movesTo: "tail",

  start(geometry): Reporter {
    return {
      device: "registered",
      frozen: false,
      timer: -1,
      phase: "rest",
      reportOrder: geometry.reportOrder,
      request: 0,
      answer: "none",
      batch: [],
    };
  },
  canWork: () => false,
  work: () => {},
  unregister(turn, mine) {
    if (mine.device === "registered") {
      mine.device = "unregistered";
      turn.events.push({ event: "unregistered" });
    }
  },
  register(turn, mine) {
    if (mine.device === "unregistered") {
      mine.device = "registered";
      turn.events.push({ event: "registered" });
    }
  },
  describe: () => ({}),
};
