/** No reporting: the unmodified kernel. The host can only swap. Seed 004. */
import type { ReporterState } from "../../model/alphabet/index.ts";
import { Reporter } from "../reporter.ts";

export class None extends Reporter {
  override describe(): ReporterState {
    return {};
  }
}
