/** Every transition in the small plans of sync-hypercall. Written by bench/known.ts. */
import { known } from "../known.ts";

export const syncHypercall = known({
  plans: 14,
  states: 3367,
  transitions: `
administrator: abort; to nothing under way
  offline: isolate
administrator: abort; to offline: undo
  offline: test
administrator: compact above; nothing else
  rest
administrator: compact at; nothing else
  busy, holds a batch | busy, holds a batch, one open | rest
administrator: freeze; nothing else
  rest | rest, no device
administrator: hotplug; pages moved, to nothing under way
  holds a batch, offline: remove | holds a batch, one open, offline: remove | offline: remove
administrator: hotplug; to nothing under way
  holds a batch, offline: undo | holds a batch, one open, offline: undo | holds a batch, one open, online: undo | holds a batch, online: undo | offline: undo | online: undo
administrator: hotplug; to offline: remove
  holds a batch, offline: test | holds a batch, one open, offline: test | offline: test
administrator: hotplug; to offline: test
  holds a batch, offline: isolate | holds a batch, one open, offline: isolate | offline: isolate
administrator: offline; to offline: isolate
  holds a batch, nothing under way | holds a batch, one open, nothing under way | nothing under way
administrator: online; pages moved, to online: undo
  holds a batch, nothing under way | holds a batch, one open, nothing under way | nothing under way
administrator: thaw; nothing else
  rest, frozen | rest, no device, frozen
cpu: drain; nothing else
  nothing held
cpu: drain; takes at, sends a full request, asks for a pass
  nothing held
cpu: proceed; puts back merged, device moved, to rest
  busy, holds a batch
cpu: proceed; puts back merged, to rest
  busy, holds a batch | busy, holds a batch, someone sleeps | busy, holds some
cpu: proceed; puts back unmarked
  busy, holds a batch | busy, holds a batch, one open
cpu: proceed; puts back unmarked, device moved, to rest
  busy, holds a batch
cpu: proceed; puts back unmarked, to rest
  busy, holds a batch | busy, holds a batch, someone sleeps | busy, holds some
hardware: memory-failure below; got by a split
  busy, holds a batch | busy, holds a batch, one open | rest
hardware: memory-failure below; got whole
  busy, holds a batch | busy, holds a batch, one open | rest
host: ack; nothing else
  busy, holds a batch, one open | busy, holds a batch, several open | busy, holds some, one open
host: discard; nothing else
  holds a batch, one open | holds some, one open
host: register; device moved
  rest, no device | rest, no device, frozen
host: unregister; device moved
  rest | rest, frozen
host: unregister; nothing else
  busy, holds a batch | busy, holds a batch, one open
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
  busy, holds a batch | busy, holds a batch, one open | rest
user: alloc below; got from the CPU's list
  rest
user: alloc below; got whole
  busy, holds a batch | busy, holds a batch, one open | rest
user: alloc below; nothing else
  rest
user: alloc below; out of memory
  rest
user: alloc below; told to try again
  busy, holds a batch | busy, holds a batch, one open | rest
user: free above; taken by the reporter, takes above, sends a part, asks for a pass, to busy
  rest
user: free at; taken by the reporter, takes at, sends a full request, asks for a pass, to busy
  rest | rest, someone sleeps
user: free at; taken by the reporter, takes at, sends a part, asks for a pass, to busy
  rest
user: free below; freed
  busy, holds a batch | busy, holds a batch, one open | rest | rest, someone sleeps
user: free below; kept on the CPU's list
  rest
user: free below; kept on the CPU's list, takes at, sends a full request, asks for a pass, to busy
  rest
user: free below; merged
  rest
user: free below; taken by the reporter, takes at, sends a full request
  busy, holds a batch | busy, holds a batch, one open
user: free below; taken by the reporter, takes at, sends a full request, asks for a pass, to busy
  rest | rest, someone sleeps
user: retry at; got by a split
  nothing held
user: retry at; got whole
  holds a batch | holds a batch, one open | nothing held
user: retry at; out of memory
  nothing held
user: retry below; got by a split
  holds a batch | holds a batch, one open | nothing held
user: retry below; got whole
  holds a batch | holds a batch, one open | nothing held
user: retry below; out of memory
  nothing held
user: retry; nothing else
  holds a batch | holds a batch, one open | nothing held
`,
  moments: `
ack ok
  holds a batch, one open | holds a batch, several open | holds some, one open
alloc above
  nothing held
alloc at
  holds a batch | holds a batch, one open | nothing held
alloc below
  holds a batch | holds a batch, one open | nothing held
alloc failed above
  nothing held
alloc failed at
  nothing held
alloc failed below
  nothing held
alloc failed: would block at
  nothing held
alloc failed: would block below
  holds a batch | holds a batch, one open | nothing held
discard above
  holds some, one open
discard at
  holds a batch, one open | holds some, one open
free above
  nothing held
free at
  nothing held
free below
  holds a batch | holds a batch, one open | nothing held
isolate above
  nothing held
isolate at
  holds a batch | holds a batch, one open | nothing held
offline
  holds a batch | holds a batch, one open | nothing held
online
  holds a batch | holds a batch, one open | nothing held
registered
  nothing held
release unmarked above
  holds some
release unmarked at
  holds a batch | holds a batch, one open | holds some
submit a full request
  holds a batch | holds a batch, one open
submit a part
  holds some
unregistered
  nothing held
`,
});
