/** Faults of a host that drops lazily, serves other devices, swaps, and moves guests away. */
import type { Block } from "../../model/alphabet/index.ts";
import type { Fault } from "./fault.ts";

/** Any design will do for the host's own memory; this one reports much. */
const DESIGN = "page-reporting";
/** The hints that serve a migration, in the form that breaks nothing by itself. */
const HINTING = { design: "free-page-hint", variant: "wait-on-ack" } as const;

const MEMORY: readonly Fault[] = [
  {
    id: "host-drops-for-an-assigned-device",
    what: "Pages are dropped although a device has direct access: it goes on with the old ones.",
    source: "nitesh-wei-host.md HOST-3; duyck-line.md G-2, G-29",
    design: DESIGN,
    killer: "lost-write",
    plant({ environment }) {
      environment.mayDiscard = (request) => !request.lost && request.discarded < request.ranges.length;
    },
  },
  {
    id: "host-drops-what-was-written-since",
    what: "A page that was dropped lazily is taken back although somebody has written to it since.",
    source: "nitesh-wei-host.md 7.1, HOST-14",
    design: DESIGN,
    killer: "lost-write",
    plant({ environment: { contents } }) {
      let dropped: Block[] = [];
      const drop = contents.dropped.bind(contents);
      const squeeze = contents.squeeze.bind(contents);
      contents.dropped = (block) => {
        dropped.push(block);
        return drop(block);
      };
      contents.squeeze = (pages) => {
        for (const block of dropped) drop(block);
        dropped = [];
        return squeeze(pages);
      };
    },
  },
];

const MIGRATION: readonly Fault[] = [
  {
    id: "host-applies-hints-of-an-old-round",
    what: "Hints that were sent before the dirty log was read again are applied after it.",
    source: "nitesh-wei-host.md 2.4 O3, N35",
    design: "get-put-hints",
    variant: "migration",
    scope: "migration, the log read at once",
    killer: "migrated",
    plant({ environment }) {
      const { migration } = environment;
      if (migration === undefined) return;
      const hint = migration.hint.bind(migration);
      migration.hint = (block, _round, by) => {
        if (migration.underWay) migration.beginRound();
        hint(block, migration.rounds, by);
      };
    },
  },
  {
    id: "host-reads-no-log-at-the-end",
    what: "The guest is stopped, and what it wrote last is not sent.",
    source: "nitesh-wei-host.md 2.4, H5",
    ...HINTING,
    killer: "migrated",
    plant({ environment: { migration } }) {
      if (migration === undefined) return;
      const sync = migration.sync.bind(migration);
      const end = migration.end.bind(migration);
      migration.end = (content) => {
        migration.sync = () => undefined;
        const arrived = end(content);
        migration.sync = sync;
        return arrived;
      };
    },
  },
  {
    id: "host-logs-no-first-writes",
    what: "The hypervisor does not log what is written to pages that were hinted.",
    source: "nitesh-wei-host.md 2.4 O4",
    ...HINTING,
    killer: "migrated",
    plant({ environment: { migration } }) {
      if (migration === undefined) return;
      const hint = migration.hint.bind(migration);
      const wrote = migration.wrote.bind(migration);
      let hinted = false;
      migration.hint = (block, round, by) => {
        hinted = true;
        hint(block, round, by);
      };
      migration.wrote = (first, pages) => (hinted ? undefined : wrote(first, pages));
    },
  },
  {
    id: "host-clears-the-whole-chunk",
    what: "A hint takes the whole chunk around it off what is still to be sent.",
    source: "nitesh-wei-host.md 2.3 H3, HOST-5",
    ...HINTING,
    killer: "migrated",
    plant({ environment: { migration } }) {
      if (migration === undefined) return;
      const hint = migration.hint.bind(migration);
      migration.hint = (block, round, by) => {
        hint(block, round, by);
        hint({ pfn: block.pfn + 2 ** block.order, order: block.order }, round, by);
        hint({ pfn: block.pfn - 2 ** block.order, order: block.order }, round, by);
      };
    },
  },
];

export const HOST_HABIT_FAULTS: readonly Fault[] = [...MEMORY, ...MIGRATION];
