/** Every transition in the small plans of array-percpu:v8. Written by bench/known.ts. */
import { known } from "../known.ts";

export const arrayPercpuV8 = known({
  plans: 13,
  states: 47216,
  transitions: `
administrator: abort; to nothing under way
  offline: isolate
administrator: abort; to offline: undo
  offline: test
administrator: compact above; nothing else
  busy | rest
administrator: compact at; nothing else
  busy | busy, holds a batch | busy, holds a batch, one open | rest
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
  holds a batch | holds a batch, one open | nothing held
cpu: proceed; device moved, to rest
  busy
cpu: proceed; nothing else
  busy | busy, holds a batch | busy, holds a batch, one open | busy, holds a batch, someone sleeps | busy, holds some | busy, someone sleeps
cpu: proceed; puts back merged
  busy, holds a batch
cpu: proceed; puts back merged, device moved, to rest
  busy, holds a batch
cpu: proceed; puts back merged, to rest
  busy, holds a batch | busy, holds a batch, someone sleeps | busy, holds some
cpu: proceed; puts back unmarked
  busy, holds a batch
cpu: proceed; puts back unmarked, device moved, to rest
  busy, holds a batch
cpu: proceed; puts back unmarked, to rest
  busy, holds a batch | busy, holds a batch, someone sleeps | busy, holds some
cpu: proceed; sends a full request
  busy, holds a batch | busy, holds a batch, someone sleeps
cpu: proceed; sends a part
  busy, holds some
cpu: proceed; takes above
  busy | busy, holds some
cpu: proceed; takes at
  busy | busy, holds some | busy, someone sleeps
cpu: proceed; to rest
  busy | busy, someone sleeps
cpu: proceed; to stopped
  busy, holds a batch
hardware: memory-failure below; got by a split
  busy | busy, holds a batch | busy, holds a batch, one open | rest
hardware: memory-failure below; got whole
  busy | busy, holds a batch | busy, holds a batch, one open | rest
host: ack; nothing else
  busy, holds a batch, one open | busy, holds some, one open
host: discard; nothing else
  holds a batch, one open | holds some, one open
host: register; device moved
  rest, no device | rest, no device, frozen
host: unregister; device moved
  rest | rest, frozen
host: unregister; nothing else
  busy | busy, holds a batch | busy, holds a batch, one open
user: alloc above; got whole
  busy | busy, holds a batch | busy, holds a batch, one open | busy, holds some | busy, holds some, one open | rest
user: alloc above; out of memory
  busy | busy, holds a batch | busy, holds a batch, one open | busy, holds some | busy, holds some, one open | rest
user: alloc at; got by a split
  busy | busy, holds a batch | busy, holds a batch, one open | busy, holds some | busy, holds some, one open | rest
user: alloc at; got whole
  busy | busy, holds a batch | busy, holds a batch, one open | busy, holds some | busy, holds some, one open | rest
user: alloc at; nothing else
  busy | busy, holds a batch | busy, holds a batch, one open | rest
user: alloc at; out of memory
  busy | rest
user: alloc at; told to try again
  busy | busy, holds a batch | busy, holds a batch, one open | rest
user: alloc below; got by a split
  busy | busy, holds a batch | busy, holds a batch, one open | rest
user: alloc below; got from the CPU's list
  busy | busy, holds a batch | busy, holds a batch, one open | rest
user: alloc below; got whole
  busy | busy, holds a batch | busy, holds a batch, one open | rest
user: alloc below; nothing else
  busy | busy, holds a batch | busy, holds a batch, one open | rest
user: alloc below; out of memory
  busy | busy, holds a batch | busy, holds a batch, one open | rest
user: alloc below; told to try again
  busy | busy, holds a batch | busy, holds a batch, one open | rest
user: free above; freed
  busy | busy, holds a batch | busy, holds a batch, one open | busy, holds some | busy, holds some, one open | rest
user: free above; freed beside a held one
  busy, holds some | busy, holds some, one open
user: free above; freed, asks for a pass, to busy
  rest
user: free at; freed
  busy | busy, holds a batch | busy, holds a batch, one open | busy, holds some | busy, holds some, one open | busy, someone sleeps | rest
user: free at; freed beside a held one
  busy, holds a batch | busy, holds a batch, one open | busy, holds a batch, one open, someone sleeps | busy, holds a batch, someone sleeps | busy, holds some | busy, holds some, one open
user: free at; freed, asks for a pass, to busy
  rest | rest, someone sleeps
user: free at; merged
  busy | busy, holds a batch | busy, holds a batch, one open | busy, holds some | busy, holds some, one open | busy, someone sleeps | rest
user: free at; merged, asks for a pass, to busy
  rest | rest, someone sleeps
user: free below; freed
  busy | busy, holds a batch | busy, holds a batch, one open | busy, holds a batch, one open, someone sleeps | busy, holds a batch, someone sleeps | busy, someone sleeps | rest
user: free below; freed, asks for a pass, to busy
  rest | rest, someone sleeps
user: free below; kept on the CPU's list
  busy | busy, holds a batch | busy, holds a batch, one open
user: free below; kept on the CPU's list, asks for a pass, to busy
  rest
user: free below; merged
  busy | busy, holds a batch | busy, holds a batch, one open | busy, holds a batch, one open, someone sleeps | busy, holds a batch, someone sleeps | busy, someone sleeps | rest
user: free below; merged, asks for a pass, to busy
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
  holds a batch, one open | holds some, one open
alloc above
  holds a batch | holds a batch, one open | holds some | holds some, one open | nothing held
alloc at
  holds a batch | holds a batch, one open | holds some | holds some, one open | nothing held
alloc below
  holds a batch | holds a batch, one open | nothing held
alloc failed above
  holds a batch | holds a batch, one open | holds some | holds some, one open | nothing held
alloc failed at
  nothing held
alloc failed below
  holds a batch | holds a batch, one open | nothing held
alloc failed: would block at
  holds a batch | holds a batch, one open | nothing held
alloc failed: would block below
  holds a batch | holds a batch, one open | nothing held
discard above
  holds a batch, one open | holds some, one open
discard at
  holds a batch, one open | holds some, one open
free above
  holds a batch | holds a batch, one open | holds some | holds some, one open | nothing held
free at
  holds a batch | holds a batch, one open | holds some | holds some, one open | nothing held
free below
  holds a batch | holds a batch, one open | nothing held
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
release unmarked above
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
