/** No reporting: the unmodified kernel. The host can only swap. Seed 004. */
import type { ReporterState } from "../../model/alphabet/index.ts";
import { Reporter } from "../reporter.ts";

export class None extends Reporter {
  readonly hearsRefusals = true;

  canWork(): boolean {
    return false;
  }

  work(): void {}

  register(): void {
    if (this.registered) return;
    this.device = "registered";
    this.tell("registered");
  }

  unregister(): void {
    if (!this.registered) return;
    this.device = "unregistered";
    this.tell("unregistered");
  }

  override get resting(): boolean {
    return true;
  }

  describe(): ReporterState {
    return {};
  }
}
