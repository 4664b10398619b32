/** Every transition in the small plans of treated-buddy. Written by bench/known.ts. */
import { known } from "../known.ts";

export const treatedBuddy = known({
  plans: 14,
  states: 57746,
  transitions: `
administrator: abort; to nothing under way
  offline: isolate
administrator: abort; to offline: undo
  offline: test
administrator: compact above; nothing else
  fill | rest
administrator: compact at; nothing else
  fill | rest | settle, holds a batch | settle, holds a batch, one open
administrator: freeze; nothing else
  rest | rest, no device
administrator: hotplug; pages moved, to nothing under way
  holds a batch, offline: remove | holds a batch, one open, offline: remove | offline: remove
administrator: hotplug; takes at, asks for a pass, to offline: test
  offline: isolate
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
  holds a batch | holds a batch, one open | nothing held
cpu: drain; takes at, asks for a pass
  nothing held
cpu: proceed; sends a full request, to settle
  react, holds a batch | react, holds a batch, someone sleeps
cpu: proceed; sends a part, to settle
  react, holds some
hardware: memory-failure below; got by a split
  fill | rest | settle, holds a batch | settle, holds a batch, one open
hardware: memory-failure below; got by a split of a marked one
  fill | rest
hardware: memory-failure below; got whole
  fill | react, holds a batch | rest | settle, holds a batch | settle, holds a batch, one open
host: ack; nothing else
  settle, holds a batch, one open | settle, holds some, one open
host: discard; nothing else
  holds a batch, one open | holds some, one open
host: register; device moved
  rest, no device | rest, no device, frozen
host: unregister; device moved
  rest | rest, frozen
host: unregister; nothing else
  fill | react, holds a batch | settle, holds a batch | settle, holds a batch, one open
user: alloc above; got a marked one
  decant, holds some | fill | rest | settle, holds some | settle, holds some, one open
user: alloc above; got whole
  decant, holds some | fill | rest | settle, holds some | settle, holds some, one open
user: alloc above; out of memory
  fill | rest
user: alloc above; told to try again
  decant, holds some | settle, holds a batch | settle, holds a batch, one open | settle, holds some | settle, holds some, one open
user: alloc at; got a marked one
  decant, holds some | fill | rest | settle, holds a batch | settle, holds a batch, one open | settle, holds some | settle, holds some, one open
user: alloc at; got by a split
  decant, holds some | fill | rest | settle, holds a batch | settle, holds a batch, one open | settle, holds some | settle, holds some, one open
user: alloc at; got by a split of a marked one
  decant, holds some | fill | rest | settle, holds a batch | settle, holds a batch, one open | settle, holds some | settle, holds some, one open
user: alloc at; got whole
  decant, holds some | fill | rest | settle, holds a batch | settle, holds a batch, one open | settle, holds some | settle, holds some, one open
user: alloc at; nothing else
  fill | rest | settle, holds a batch | settle, holds a batch, one open
user: alloc at; out of memory
  fill | rest
user: alloc at; sleeps
  settle, holds a batch | settle, holds a batch, one open
user: alloc at; told to try again
  decant, holds some | fill | rest | settle, holds a batch | settle, holds a batch, one open | settle, holds some | settle, holds some, one open
user: alloc below; got by a split
  fill | react, holds a batch | rest | settle, holds a batch | settle, holds a batch, one open
user: alloc below; got by a split of a marked one
  fill | react, holds a batch | rest | settle, holds a batch | settle, holds a batch, one open
user: alloc below; got from the CPU's list
  fill | rest | settle, holds a batch | settle, holds a batch, one open
user: alloc below; got whole
  fill | react, holds a batch | rest | settle, holds a batch | settle, holds a batch, one open
user: alloc below; nothing else
  fill | rest | settle, holds a batch | settle, holds a batch, one open
user: alloc below; out of memory
  fill | rest
user: alloc below; sleeps
  settle, holds a batch | settle, holds a batch, one open
user: alloc below; told to try again
  fill | react, holds a batch | rest | settle, holds a batch | settle, holds a batch, one open
user: free above; freed
  decant, holds some | fill | settle, holds some | settle, holds some, one open
user: free above; freed beside a held one
  decant, holds some | settle, holds some | settle, holds some, one open
user: free above; taken by the reporter, takes at, asks for a pass, to react
  rest
user: free above; taken by the reporter, takes at, takes above, asks for a pass, to react
  rest
user: free at; freed
  decant, holds some | fill | fill, someone sleeps | rest | settle, holds a batch | settle, holds a batch, one open | settle, holds some | settle, holds some, one open
user: free at; freed beside a held one
  decant, holds some | settle, holds a batch | settle, holds a batch, one open | settle, holds a batch, one open, someone sleeps | settle, holds a batch, someone sleeps | settle, holds some | settle, holds some, one open
user: free at; freed, takes above, asks for a pass, to react
  rest
user: free at; freed, takes at, asks for a pass, to react
  rest
user: free at; merged
  decant, holds some | fill | fill, someone sleeps | rest | settle, holds a batch | settle, holds a batch, one open | settle, holds some | settle, holds some, one open
user: free at; merged with a marked one
  decant, holds some | fill | fill, someone sleeps | rest | settle, holds a batch | settle, holds a batch, one open | settle, holds some | settle, holds some, one open
user: free at; merged, takes above, asks for a pass, to react
  rest
user: free at; taken by the reporter, takes above, asks for a pass, to react
  rest | rest, someone sleeps
user: free at; taken by the reporter, takes at, asks for a pass, to react
  rest | rest, someone sleeps
user: free at; taken by the reporter, takes at, takes above, asks for a pass, to react
  rest
user: free below; freed
  fill | fill, someone sleeps | react, holds a batch | rest | rest, someone sleeps | settle, holds a batch | settle, holds a batch, one open | settle, holds a batch, one open, someone sleeps | settle, holds a batch, someone sleeps
user: free below; kept on the CPU's list
  fill | rest | settle, holds a batch | settle, holds a batch, one open
user: free below; kept on the CPU's list, takes at, asks for a pass, to react
  rest
user: free below; merged
  fill | fill, someone sleeps | react, holds a batch | rest | settle, holds a batch | settle, holds a batch, one open | settle, holds a batch, one open, someone sleeps | settle, holds a batch, someone sleeps
user: free below; merged with a marked one
  fill | fill, someone sleeps | rest
user: free below; merged, takes at, asks for a pass, to react
  rest
user: free below; taken by the reporter, takes above, asks for a pass, to react
  rest | rest, someone sleeps
user: free below; taken by the reporter, takes at, asks for a pass, to react
  rest | rest, someone sleeps
user: retry at; got a marked one
  nothing held
user: retry at; got by a split
  nothing held
user: retry at; got by a split of a marked one
  nothing held
user: retry at; got whole
  holds a batch | holds a batch, one open | nothing held
user: retry at; out of memory
  nothing held
user: retry below; got by a split
  holds a batch | holds a batch, one open | nothing held
user: retry below; got by a split of a marked one
  nothing held
user: retry below; got whole
  holds a batch | holds a batch, one open | nothing held
user: retry below; out of memory
  nothing held
user: retry; nothing else
  holds a batch | holds a batch, one open | nothing held
worker: work; device moved, to rest
  fill
worker: work; is idle, to rest
  fill | fill, someone sleeps
worker: work; nothing else
  fill | fill, someone sleeps
worker: work; puts back marked, a sleeper gets it, a sleeper gets nothing, to fill
  settle, holds a batch, someone sleeps
worker: work; puts back marked, a sleeper gets it, to fill
  settle, holds a batch, someone sleeps
worker: work; puts back marked, to decant
  settle, holds a batch
worker: work; puts back marked, to fill
  decant, holds some | settle, holds a batch | settle, holds a batch, someone sleeps | settle, holds some
worker: work; puts back merged, to decant
  settle, holds a batch
worker: work; puts back merged, to fill
  decant, holds some | settle, holds a batch | settle, holds a batch, someone sleeps | settle, holds some
worker: work; puts back merged, to stopped
  settle, holds a batch
worker: work; puts back unmarked, a sleeper gets it, to fill
  settle, holds a batch, someone sleeps
worker: work; takes above, sends a full request, to settle
  fill | fill, someone sleeps
worker: work; takes above, sends a part, to settle
  fill
worker: work; takes at, sends a full request, to settle
  fill | fill, someone sleeps
worker: work; takes at, sends a part, to settle
  fill
worker: work; takes at, takes above, sends a full request, to settle
  fill
`,
  moments: `
ack ok
  holds a batch, one open | holds some, one open
alloc above
  holds some | holds some, one open | nothing held
alloc at
  holds a batch | holds a batch, one open | holds some | holds some, one open | nothing held
alloc below
  holds a batch | holds a batch, one open | nothing held
alloc failed above
  nothing held
alloc failed at
  nothing held
alloc failed below
  nothing held
alloc failed: would block above
  holds a batch | holds a batch, one open | holds some | holds some, one open
alloc failed: would block at
  holds a batch | holds a batch, one open | holds some | holds some, one open | nothing held
alloc failed: would block below
  holds a batch | holds a batch, one open | nothing held
alloc for a sleeper at
  nothing held
alloc for a sleeper below
  nothing held
alloc waits at
  holds a batch | holds a batch, one open
alloc waits below
  holds a batch | holds a batch, one open
discard above
  holds a batch, one open | holds some, one open
discard at
  holds a batch, one open | holds some, one open
free above
  holds some | holds some, one open | nothing held
free at
  holds a batch | holds a batch, one open | holds some | holds some, one open | nothing held
free below
  holds a batch | holds a batch, one open | nothing held
idle
  nothing held
isolate above
  holds some | nothing held
isolate at
  holds some | nothing held
offline
  holds a batch | holds a batch, one open | nothing held
online
  holds a batch | holds a batch, one open | nothing held
registered
  nothing held
release marked above
  holds a batch | holds some
release marked at
  holds a batch | holds some
release unmarked at
  holds a batch | holds some
submit a full request
  holds a batch
submit a part
  holds some
unregistered
  nothing held
`,
});
