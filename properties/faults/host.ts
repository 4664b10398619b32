/** Faults of the host: what a correct guest cannot help, and a judge must see. */
import { pagesOf } from "../../model/alphabet/index.ts";
import type { Fault } from "./fault.ts";

const DESIGN = "page-reporting";

export const HOST_FAULTS: readonly Fault[] = [
  {
    id: "host-discards-after-its-ack",
    what: "The host answers first and drops the pages afterwards.",
    source: "duyck-line.md G-27",
    design: DESIGN,
    killer: "host-window",
    plant({ environment }) {
      const observe = environment.observe.bind(environment);
      environment.observe = (event, index, of) => {
        const late = environment.requests.find((one) => event.event === "ack" && one.request === event.request);
        const violation = observe(event, index, of);
        if (late !== undefined && environment.mayDiscard(late)) environment.requests.push(late);
        return violation;
      };
    },
  },
  {
    id: "host-discards-beyond-the-range",
    what: "The host drops the page behind the range, as one that rounds up.",
    source: "duyck-line.md G-26",
    design: DESIGN,
    killer: "host-window",
    also: ["well-formed"],
    plant({ environment }) {
      const discard = environment.discard.bind(environment);
      environment.discard = (number) => {
        const event = discard(number);
        return event && { ...event, pfn: event.pfn + pagesOf(event.order), order: 0 };
      };
    },
  },
  {
    id: "host-discards-before-submit",
    what: "The host reads ranges that the guest is still writing down, and drops them before they are submitted.",
    source: "duyck-line.md H.2 S2",
    design: DESIGN,
    killer: "host-window",
    plant({ environment }) {
      const observe = environment.observe.bind(environment);
      environment.observe = (event, index, of) => {
        if (event.event === "isolate")
          environment.requests.push({ request: 1, ranges: [event], discarded: 0, lost: false });
        return observe(event, index, of);
      };
    },
  },
  {
    id: "host-books-another-request",
    what: "The host drops the right pages and books them under the number of another request.",
    source: "duyck-line.md G-21, G-59",
    design: DESIGN,
    killer: "host-window",
    alone: true,
    plant({ environment }) {
      const discard = environment.discard.bind(environment);
      environment.discard = (number) => {
        const event = discard(number);
        return event && { ...event, request: number + 1 };
      };
    },
  },
  {
    id: "host-discards-poisoned-pages",
    what: "The host drops pages although the guest expects its poison in them.",
    source: "duyck-line.md G-28, G-28b",
    design: DESIGN,
    killer: "lost-write",
    alone: true,
    plant({ environment }) {
      environment.mayDiscard = (request) => !request.lost && request.discarded < request.ranges.length;
    },
  },
  {
    id: "host-never-answers",
    what: "The host's answer never reaches the guest: the worker waits forever.",
    source: "duyck-line.md G-24, G-25",
    design: "reported-boundary",
    killer: "rest",
    plant({ environment }) {
      const action = environment.action.bind(environment);
      environment.action = (step) => (step.do === "ack" ? undefined : action(step));
    },
  },
];
