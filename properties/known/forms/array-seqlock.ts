/** Every transition in the small plans of array-seqlock. Written by bench/known.ts. */
import { known } from "../known.ts";

export const arraySeqlock = known({
  plans: 13,
  states: 24609,
  transitions: `
administrator: abort; to nothing under way
  offline: isolate
administrator: abort; to offline: undo
  offline: test
administrator: compact above; nothing else
  rest
administrator: compact at; nothing else
  busy, holds a batch | rest
administrator: freeze; nothing else
  rest | rest, no device
administrator: hotplug; pages moved, to nothing under way
  holds a batch, offline: remove | offline: remove
administrator: hotplug; to nothing under way
  holds a batch, offline: undo | holds a batch, online: undo | offline: undo | online: undo
administrator: hotplug; to offline: remove
  holds a batch, offline: test | offline: test
administrator: hotplug; to offline: test
  holds a batch, offline: isolate | offline: isolate
administrator: offline; to offline: isolate
  holds a batch, nothing under way | nothing under way
administrator: online; pages moved, to online: undo
  holds a batch, nothing under way | nothing under way
administrator: thaw; nothing else
  rest, frozen | rest, no device, frozen
cpu: drain; nothing else
  nothing held
cpu: proceed; a sleeper gets it
  busy, holds a batch, someone sleeps
cpu: proceed; a sleeper gets it, to rest
  busy, holds a batch, someone sleeps
cpu: proceed; device moved, to rest
  busy, holds a batch
cpu: proceed; nothing else
  busy, holds a batch | busy, holds some
cpu: proceed; sends a full request
  busy, holds some
cpu: proceed; sends a part
  busy, holds some
cpu: proceed; to rest
  busy, holds a batch | busy, holds a batch, someone sleeps | busy, holds some
hardware: memory-failure below; got by a split
  busy, holds a batch | rest
hardware: memory-failure below; got whole
  busy, holds a batch | rest
host: ack; nothing else
  busy, holds some, one open
host: discard; nothing else
  holds some, one open
host: register; device moved
  rest, no device | rest, no device, frozen
host: unregister; device moved
  rest | rest, frozen
host: unregister; nothing else
  busy, holds a batch
user: alloc above; got whole
  rest
user: alloc above; out of memory
  rest
user: alloc at; got by a split
  rest
user: alloc at; got whole
  rest
user: alloc at; nothing else
  rest
user: alloc at; out of memory
  rest
user: alloc at; told to try again
  rest
user: alloc below; got by a split
  busy, holds a batch | rest
user: alloc below; got from the CPU's list
  rest
user: alloc below; got whole
  busy, holds a batch | rest
user: alloc below; nothing else
  rest
user: alloc below; out of memory
  rest
user: alloc below; sleeps
  busy, holds a batch
user: alloc below; told to try again
  busy, holds a batch | rest
user: free above; freed
  rest
user: free above; taken by the reporter, asks for a pass, to busy
  rest
user: free at; freed
  rest
user: free at; merged
  rest
user: free at; taken by the reporter, asks for a pass, to busy
  rest | rest, someone sleeps
user: free below; freed
  rest
user: free below; merged
  rest
user: free below; taken by the reporter
  busy, holds a batch | busy, holds a batch, someone sleeps
user: free below; taken by the reporter, asks for a pass, to busy
  rest | rest, someone sleeps
user: retry at; got by a split
  nothing held
user: retry at; got whole
  nothing held
user: retry at; out of memory
  nothing held
user: retry below; got by a split
  nothing held
user: retry below; got whole
  nothing held
user: retry below; out of memory
  nothing held
user: retry; nothing else
  nothing held
`,
  moments: `
ack ok
  holds some, one open
alloc above
  nothing held
alloc at
  nothing held
alloc below
  holds a batch | nothing held
alloc failed above
  nothing held
alloc failed at
  nothing held
alloc failed below
  nothing held
alloc failed: would block at
  nothing held
alloc failed: would block below
  holds a batch | nothing held
alloc for a sleeper below
  holds a batch
alloc waits below
  holds a batch
discard above
  holds some, one open
discard at
  holds some, one open
free above
  nothing held
free at
  nothing held
free below
  holds a batch | nothing held
offline
  holds a batch | nothing held
online
  holds a batch | nothing held
registered
  nothing held
submit a full request
  holds some
submit a part
  holds some
unregistered
  holds a batch | nothing held
`,
});
