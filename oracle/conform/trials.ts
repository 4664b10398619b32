/** Starts a system, again and again, and makes trials of it. */
import { InputError, REQUIRED_ACTIONS, type Geometry } from "../../model/alphabet/index.ts";
import { parseStartAnswer } from "../../model/alphabet/schema.ts";
import type { Scope } from "../../properties/drivers/scopes.ts";
import { AdapterFault, shown } from "./adapter-fault.ts";
import type { Ready, System } from "./system.ts";
import { Trial, faultOf } from "./trial.ts";
import { cut } from "./words.ts";
import type { Watch } from "./watch.ts";

const READY = '`{"ready":{"name":"…","does":["alloc","free",…],"claims":[…]}}`';
const DOES =
  "`does` lists the actions that the program supports; `alloc`, `free`, `work` and `ack` are required, `start` and `stop` always sent";

export class Trials {
  readonly #system: System;
  readonly #watch: Watch | undefined;
  /** Those of one scope are one, begun again. */
  readonly #byScope = new WeakMap<Scope, Trial>();

  /** @param watch who watches all of them; absent: nobody */
  constructor(system: System, watch?: Watch) {
    this.#system = system;
    this.#watch = watch;
  }

  /** @throws AdapterFault where the system can't be started, or what it says of itself is not right */
  enter(scope: Scope): Trial {
    const ready = this.#start(scope.geometry);
    const known = this.#byScope.get(scope);
    if (known !== undefined && String(known.ready.claims) === String(ready.claims)) {
      known.again(ready);
      return known;
    }
    const trial = new Trial(this.#system, scope, ready, this.#watch);
    this.#byScope.set(scope, trial);
    return trial;
  }

  #start(geometry: Geometry): Ready {
    const said = this.#ask(geometry);
    const fault = (problem: string, rule: string): AdapterFault => {
      return new AdapterFault({ problem, rule, sent: shown({ do: "start", geometry }), came: shown({ ready: said }) });
    };
    if (said instanceof Promise) throw fault("it answers with a promise, but `start` answers at once", READY);
    const ready = read(said, (problem) => fault(problem, READY));
    const lacking = REQUIRED_ACTIONS.filter((name) => !ready.does.includes(name));
    if (lacking.length === 0) return ready;
    throw fault(`"does" lacks ${lacking.map((name) => `"${name}"`).join(", ")}`, DOES);
  }

  #ask(geometry: Geometry): Ready {
    try {
      return this.#system.start(geometry);
    } catch (error) {
      throw faultOf(error, { do: "start", geometry });
    }
  }
}

function read(said: Ready, fault: (problem: string) => AdapterFault): Ready {
  try {
    const answer = parseStartAnswer({ ready: said });
    if ("ready" in answer) return { ...answer.ready, name: cut(answer.ready.name) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw fault(`what it says of itself can't be read: ${error.message}`);
  }
  throw fault("it does not say what it is");
}
