/** Every transition in the small plans of array-percpu:v9. Written by bench/known.ts. */
import { known } from "../known.ts";

export const arrayPercpuV9 = known({
  plans: 13,
  states: 83175,
  transitions: `
administrator: abort; to nothing under way
  offline: isolate
administrator: abort; to offline: undo
  offline: test
administrator: compact above; nothing else
  call | due | rest
administrator: compact at; nothing else
  call | call, holds a batch | call, holds a batch, one open | call, holds a batch, several open | due | due, holds a batch | due, holds a batch, one open | due, holds a batch, several open | rest | rest, holds a batch | rest, holds a batch, one open | rest, holds a batch, several open
administrator: freeze; nothing else
  rest | rest, no device
administrator: freeze; to rest
  due
administrator: hotplug; asks for a pass, to offline: test
  offline: isolate
administrator: hotplug; pages moved, to nothing under way
  holds a batch, offline: remove | holds a batch, one open, offline: remove | offline: remove
administrator: hotplug; to nothing under way
  holds a batch, offline: undo | holds a batch, one open, offline: undo | holds a batch, one open, online: undo | holds a batch, online: undo | holds a batch, several open, offline: undo | holds a batch, several open, online: undo | offline: undo | online: undo
administrator: hotplug; to offline: remove
  holds a batch, offline: test | holds a batch, one open, offline: test | offline: test
administrator: hotplug; to offline: test
  holds a batch, offline: isolate | holds a batch, one open, offline: isolate | holds a batch, several open, offline: isolate | offline: isolate
administrator: offline; to offline: isolate
  holds a batch, nothing under way | holds a batch, one open, nothing under way | holds a batch, several open, nothing under way | nothing under way
administrator: online; asks for a pass, pages moved, to online: undo
  holds a batch, nothing under way | holds a batch, one open, nothing under way | nothing under way
administrator: online; pages moved, to online: undo
  holds a batch, nothing under way | holds a batch, one open, nothing under way | nothing under way
administrator: thaw; asks for a pass, to due
  rest, frozen
administrator: thaw; nothing else
  rest, frozen | rest, no device, frozen
cpu: drain; asks for a pass
  holds a batch | holds a batch, one open | nothing held
cpu: drain; nothing else
  holds a batch | holds a batch, one open | nothing held
cpu: proceed; nothing else
  call | call, holds a batch | call, holds a batch, one open
cpu: proceed; sends a full request
  call, holds a batch
cpu: proceed; sends a full request, to due
  call, holds a batch
cpu: proceed; sends a full request, to rest
  call, holds a batch | call, holds a batch, one open | call, holds a batch, several open | call, holds a batch, someone sleeps
cpu: proceed; sends a part, to rest
  call, holds a batch | call, holds a batch, one open | call, holds a batch, several open | call, holds some
cpu: proceed; takes above, to call
  due | due, holds a batch | due, holds a batch, one open | due, holds some | due, holds some, one open
cpu: proceed; takes at
  call
cpu: proceed; takes at, to call
  due | due, holds a batch | due, holds a batch, one open | due, holds a batch, several open | due, holds some | due, holds some, one open | due, someone sleeps
cpu: proceed; to call
  due | due, holds a batch | due, holds a batch, one open | due, holds a batch, one open, someone sleeps | due, holds a batch, several open | due, holds a batch, someone sleeps | due, holds some | due, holds some, one open | due, someone sleeps
cpu: proceed; to due
  call | call, holds a batch | call, holds a batch, one open
cpu: proceed; to rest
  call | call, holds a batch | call, holds a batch, one open | call, holds a batch, one open, someone sleeps | call, holds a batch, several open | call, holds a batch, someone sleeps | call, holds some | call, holds some, one open | call, someone sleeps
hardware: memory-failure below; got by a split
  call | call, holds a batch | call, holds a batch, one open | due | due, holds a batch | due, holds a batch, one open | rest | rest, holds a batch | rest, holds a batch, one open
hardware: memory-failure below; got whole
  call | call, holds a batch | call, holds a batch, one open | due | due, holds a batch | due, holds a batch, one open | rest | rest, holds a batch | rest, holds a batch, one open
host: ack; asks for a pass, to due
  rest, holds a batch, one open | rest, holds a batch, several open | rest, holds some, one open
host: ack; nothing else
  call, holds a batch, one open | call, holds a batch, several open | call, holds some, one open | due, holds a batch, one open | due, holds a batch, several open | due, holds some, one open
host: discard; nothing else
  holds a batch, one open | holds a batch, several open | holds some, one open
host: register; device moved
  call, no device | rest, no device | rest, no device, frozen
host: unregister; device moved
  call | rest | rest, frozen
host: unregister; device moved, to rest
  due
user: alloc above; got whole
  due, holds a batch | due, holds a batch, one open | due, holds some | rest | rest, holds a batch | rest, holds a batch, one open | rest, holds a batch, several open | rest, holds some | rest, holds some, one open
user: alloc above; out of memory
  due, holds a batch | due, holds a batch, one open | due, holds some | rest | rest, holds a batch | rest, holds a batch, one open | rest, holds a batch, several open | rest, holds some | rest, holds some, one open
user: alloc at; got by a split
  due, holds a batch | due, holds a batch, one open | due, holds some | rest | rest, holds a batch | rest, holds a batch, one open | rest, holds a batch, several open | rest, holds some | rest, holds some, one open
user: alloc at; got whole
  due, holds a batch | due, holds a batch, one open | due, holds a batch, several open | due, holds some | rest | rest, holds a batch | rest, holds a batch, one open | rest, holds a batch, several open | rest, holds some | rest, holds some, one open
user: alloc at; nothing else
  due, holds a batch | rest | rest, holds a batch | rest, holds a batch, one open
user: alloc at; out of memory
  rest
user: alloc at; told to try again
  due, holds a batch | rest | rest, holds a batch | rest, holds a batch, one open
user: alloc below; got by a split
  call | call, holds a batch | call, holds a batch, one open | due | due, holds a batch | due, holds a batch, one open | rest | rest, holds a batch | rest, holds a batch, one open
user: alloc below; got from the CPU's list
  due, holds a batch | rest | rest, holds a batch | rest, holds a batch, one open
user: alloc below; got whole
  call | call, holds a batch | call, holds a batch, one open | due | due, holds a batch | due, holds a batch, one open | rest | rest, holds a batch | rest, holds a batch, one open
user: alloc below; nothing else
  due, holds a batch | rest | rest, holds a batch | rest, holds a batch, one open
user: alloc below; out of memory
  call | due | due, holds a batch | rest | rest, holds a batch | rest, holds a batch, one open
user: alloc below; told to try again
  due, holds a batch | rest | rest, holds a batch | rest, holds a batch, one open
user: free above; freed
  due, holds a batch | due, holds a batch, one open | due, holds some
user: free above; freed beside a held one
  due, holds some
user: free above; freed beside a held one, asks for a pass, to due
  rest, holds some | rest, holds some, one open
user: free above; freed, asks for a pass, to due
  rest | rest, holds a batch | rest, holds a batch, one open | rest, holds a batch, several open | rest, holds some | rest, holds some, one open
user: free at; freed
  due, holds a batch | due, holds a batch, one open | due, holds some | rest | rest, holds a batch | rest, holds a batch, one open | rest, holds a batch, several open | rest, holds some | rest, holds some, one open
user: free at; freed beside a held one
  due, holds a batch | due, holds a batch, one open | due, holds a batch, several open | due, holds a batch, someone sleeps | due, holds some | rest, holds a batch | rest, holds a batch, one open | rest, holds a batch, several open | rest, holds some | rest, holds some, one open
user: free at; freed beside a held one, asks for a pass, to due
  rest, holds a batch | rest, holds a batch, one open | rest, holds a batch, one open, someone sleeps | rest, holds a batch, several open | rest, holds a batch, someone sleeps | rest, holds some | rest, holds some, one open
user: free at; freed, asks for a pass, to due
  rest | rest, holds a batch | rest, holds a batch, one open | rest, holds a batch, several open | rest, holds some | rest, holds some, one open | rest, someone sleeps
user: free at; merged
  due, holds a batch | due, holds a batch, one open | due, holds some | rest | rest, holds a batch | rest, holds a batch, one open | rest, holds a batch, several open | rest, holds some | rest, holds some, one open
user: free at; merged, asks for a pass, to due
  rest | rest, holds a batch | rest, holds a batch, one open | rest, holds a batch, several open | rest, holds some | rest, holds some, one open | rest, someone sleeps
user: free below; freed
  call | call, holds a batch | call, holds a batch, one open | due | due, holds a batch | due, holds a batch, one open | due, holds a batch, someone sleeps | rest | rest, holds a batch | rest, holds a batch, one open | rest, holds a batch, one open, someone sleeps | rest, holds a batch, someone sleeps | rest, someone sleeps
user: free below; kept on the CPU's list
  due, holds a batch | rest | rest, holds a batch | rest, holds a batch, one open
user: free below; kept on the CPU's list, asks for a pass, to due
  rest
user: free below; merged
  call | call, holds a batch | call, holds a batch, one open | due | due, holds a batch | due, holds a batch, one open | due, holds a batch, someone sleeps | rest
user: free below; merged, asks for a pass, to due
  rest | rest, holds a batch | rest, holds a batch, one open | rest, holds a batch, one open, someone sleeps | rest, holds a batch, someone sleeps | rest, someone sleeps
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
worker: work; puts back merged
  call, holds a batch | call, holds a batch, one open | call, holds a batch, several open | call, holds a batch, someone sleeps | call, holds some | due, holds a batch | due, holds a batch, one open | due, holds a batch, several open | due, holds a batch, someone sleeps | due, holds some
worker: work; puts back merged, to rest
  due, holds a batch | due, holds a batch, one open | due, holds a batch, several open | due, holds a batch, someone sleeps | due, holds some
worker: work; puts back unmarked
  call, holds a batch | call, holds a batch, one open | call, holds a batch, several open | call, holds some | due, holds a batch | due, holds a batch, one open | due, holds a batch, several open | due, holds some
worker: work; puts back unmarked, to rest
  due, holds a batch | due, holds a batch, one open | due, holds a batch, several open | due, holds a batch, someone sleeps | due, holds some
`,
  moments: `
ack ok
  holds a batch, one open | holds a batch, several open | holds some, one open
alloc above
  holds a batch | holds a batch, one open | holds a batch, several open | holds some | holds some, one open | nothing held
alloc at
  holds a batch | holds a batch, one open | holds a batch, several open | holds some | holds some, one open | nothing held
alloc below
  holds a batch | holds a batch, one open | nothing held
alloc failed above
  holds a batch | holds a batch, one open | holds a batch, several open | holds some | holds some, one open | nothing held
alloc failed at
  nothing held
alloc failed below
  holds a batch | holds a batch, one open | nothing held
alloc failed: would block at
  holds a batch | holds a batch, one open | nothing held
alloc failed: would block below
  holds a batch | holds a batch, one open | nothing held
discard above
  holds a batch, one open | holds a batch, several open | holds some, one open
discard at
  holds a batch, one open | holds a batch, several open | holds some, one open
free above
  holds a batch | holds a batch, one open | holds a batch, several open | holds some | holds some, one open | nothing held
free at
  holds a batch | holds a batch, one open | holds a batch, several open | holds some | holds some, one open | nothing held
free below
  holds a batch | holds a batch, one open | nothing held
isolate above
  holds a batch | holds a batch, one open | holds some | holds some, one open | nothing held
isolate at
  holds a batch | holds a batch, one open | holds a batch, several open | holds some | holds some, one open | nothing held
offline
  holds a batch | holds a batch, one open | nothing held
online
  holds a batch | holds a batch, one open | nothing held
registered
  nothing held
release unmarked above
  holds a batch | holds a batch, one open | holds some
release unmarked at
  holds a batch | holds a batch, one open | holds a batch, several open | holds some
submit a full request
  holds a batch | holds a batch, one open | holds a batch, several open
submit a part
  holds a batch | holds a batch, one open | holds a batch, several open | holds some
unregistered
  nothing held
`,
});
