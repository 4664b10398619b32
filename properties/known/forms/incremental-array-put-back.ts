/** Every transition in the small plans of incremental-array:put-back. Written by bench/known.ts. */
import { known } from "../known.ts";

export const incrementalArrayPutBack = known({
  plans: 13,
  states: 8516,
  transitions: `
administrator: abort; to nothing under way
  offline: isolate
administrator: abort; to offline: undo
  offline: test
administrator: compact above; nothing else
  due | rest | take
administrator: compact at; nothing else
  due | rest | take
administrator: freeze; nothing else
  due | rest | rest, no device
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
administrator: online; asks for a pass, pages moved, to online: undo
  nothing under way
administrator: online; pages moved, to online: undo
  holds a batch, nothing under way | holds a batch, one open, nothing under way | nothing under way
administrator: thaw; nothing else
  due, frozen | rest, frozen | rest, no device, frozen
clock: tick; nothing else
  due
cpu: drain; asks for a pass
  nothing held
cpu: drain; nothing else
  holds a batch | holds a batch, one open | nothing held
hardware: memory-failure below; got by a split
  due | rest | take
hardware: memory-failure below; got whole
  due | rest | take
host: ack; nothing else
  wait, holds a batch, one open | wait, holds some, one open
host: discard; nothing else
  holds a batch, one open | holds some, one open
host: register; asks for a pass, device moved, to due
  rest, no device | rest, no device, frozen
host: unregister; device moved
  rest | rest, frozen
host: unregister; device moved, to rest
  due | due, frozen
host: unregister; nothing else
  take
user: alloc above; got a marked one
  due | rest | send, holds some | take | wait, holds some | wait, holds some, one open
user: alloc above; got whole
  due | rest | send, holds some | take | wait, holds some | wait, holds some, one open
user: alloc above; out of memory
  due | rest | take
user: alloc above; told to try again
  send, holds some | wait, holds some | wait, holds some, one open
user: alloc at; got by a split
  due | rest | send, holds a batch | send, holds some | take | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc at; got by a split of a marked one
  due | rest | send, holds a batch | send, holds some | take | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc at; got whole
  due | rest | send, holds a batch | send, holds some | take | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc at; nothing else
  due | rest | take
user: alloc at; out of memory
  due | rest | take
user: alloc at; told to try again
  due | rest | send, holds a batch | send, holds some | take | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc below; got by a split
  due | rest | send, holds a batch | take | wait, holds a batch | wait, holds a batch, one open
user: alloc below; got by a split of a marked one
  due | rest | send, holds a batch | take | wait, holds a batch | wait, holds a batch, one open
user: alloc below; got from the CPU's list
  due | rest | send, holds a batch | take | wait, holds a batch | wait, holds a batch, one open
user: alloc below; got whole
  due | rest | send, holds a batch | take | wait, holds a batch | wait, holds a batch, one open
user: alloc below; nothing else
  due | rest | take
user: alloc below; out of memory
  due | rest | take
user: alloc below; told to try again
  due | rest | send, holds a batch | take | wait, holds a batch | wait, holds a batch, one open
user: free above; freed
  due | take
user: free above; freed beside a held one
  send, holds some | wait, holds some | wait, holds some, one open
user: free above; freed, asks for a pass, to due
  rest
user: free at; freed
  due | due, someone sleeps | rest | rest, someone sleeps | send, holds a batch | send, holds some | take | take, someone sleeps | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: free at; merged
  due | due, someone sleeps | send, holds a batch | send, holds some | take | take, someone sleeps | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: free at; merged, asks for a pass, to due
  rest | rest, someone sleeps
user: free below; freed
  due | due, someone sleeps | rest | rest, someone sleeps | send, holds a batch | take | take, someone sleeps | wait, holds a batch | wait, holds a batch, one open
user: free below; kept on the CPU's list
  due | rest | send, holds a batch | take | wait, holds a batch | wait, holds a batch, one open
user: free below; kept on the CPU's list, asks for a pass, to due
  rest
user: free below; merged
  due | due, someone sleeps | rest | rest, someone sleeps | send, holds a batch | take | take, someone sleeps | wait, holds a batch | wait, holds a batch, one open
user: free below; merged, asks for a pass, to due
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
worker: work; device moved, to rest
  take
worker: work; is idle, to rest
  take | take, someone sleeps
worker: work; nothing else
  take
worker: work; puts back marked, to take
  wait, holds a batch | wait, holds some
worker: work; sends a full request, to wait
  send, holds a batch
worker: work; sends a part, to wait
  send, holds some
worker: work; takes above, to send
  take
worker: work; takes at, to send
  take
worker: work; to due
  take | take, someone sleeps
worker: work; to take
  due | due, someone sleeps
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
  holds some | holds some, one open
alloc failed: would block at
  holds a batch | holds a batch, one open | holds some | holds some, one open | nothing held
alloc failed: would block below
  holds a batch | holds a batch, one open | nothing held
discard above
  holds some, one open
discard at
  holds a batch, one open
free above
  holds some | holds some, one open | nothing held
free at
  holds a batch | holds a batch, one open | holds some | holds some, one open | nothing held
free below
  holds a batch | holds a batch, one open | nothing held
idle
  nothing held
isolate above
  nothing held
isolate at
  nothing held
offline
  holds a batch | holds a batch, one open | nothing held
online
  holds a batch | holds a batch, one open | nothing held
registered
  nothing held
release marked above
  holds a batch | holds some
release marked at
  holds a batch
submit a full request
  holds a batch
submit a part
  holds some
unregistered
  nothing held
`,
});
