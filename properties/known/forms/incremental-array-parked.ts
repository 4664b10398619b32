/** Every transition in the small plans of incremental-array:parked. Written by bench/known.ts. */
import { known } from "../known.ts";

export const incrementalArrayParked = known({
  plans: 11,
  states: 21672,
  transitions: `
administrator: abort; to nothing under way
  offline: isolate
administrator: abort; to offline: undo
  offline: test
administrator: compact above; nothing else
  due | release | rest | take
administrator: compact at; nothing else
  due | release | rest | take
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
administrator: online; pages moved, to online: undo
  holds a batch, nothing under way | holds a batch, one open, nothing under way | nothing under way
administrator: pressure; puts back unmarked
  due, holds a batch | due, holds some | release, holds a batch | release, holds some | rest, holds a batch | rest, holds some | take, holds a batch | take, holds some
administrator: thaw; nothing else
  due, frozen | rest, frozen | rest, no device, frozen
cpu: drain; nothing else
  holds a batch | holds a batch, one open | nothing held
hardware: memory-failure below; got by a split
  due | release | rest | take
hardware: memory-failure below; got whole
  due | release | rest | take
host: ack; nothing else
  wait, holds a batch, one open | wait, holds some, one open
host: discard; nothing else
  holds a batch, one open | holds some, one open
host: hint done; asks for a pass, to due
  rest | rest, frozen | rest, holds a batch | rest, holds some
host: hint done; nothing else
  due | due, frozen | due, holds a batch | due, holds some | release | release, holds a batch | release, holds some | rest, no device | rest, no device, frozen | send, holds a batch | send, holds some | take | take, holds a batch | take, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
host: hint start; asks for a pass, to due
  rest | rest, frozen | rest, holds a batch | rest, holds some
host: hint start; nothing else
  due | due, frozen | due, holds a batch | due, holds some | release | release, holds a batch | release, holds some | rest, no device | rest, no device, frozen | send, holds a batch | send, holds some | take | take, holds a batch | take, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
host: hint stop; asks for a pass, to due
  rest | rest, frozen | rest, holds a batch | rest, holds some
host: hint stop; nothing else
  due | due, frozen | due, holds a batch | due, holds some | release | release, holds a batch | release, holds some | rest, no device | rest, no device, frozen | send, holds a batch | send, holds some | take | take, holds a batch | take, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
host: register; device moved
  rest, no device | rest, no device, frozen
host: unregister; device moved
  rest | rest, frozen
host: unregister; device moved, to rest
  due | due, frozen
host: unregister; nothing else
  release | take
user: alloc above; got whole
  due | due, holds some | release | release, holds some | rest | rest, holds some | send, holds some | take | take, holds some | wait, holds some | wait, holds some, one open
user: alloc above; out of memory
  due | release | rest | take
user: alloc at; got by a split
  due | due, holds a batch | due, holds some | release | release, holds a batch | release, holds some | rest | rest, holds a batch | rest, holds some | send, holds a batch | send, holds some | take | take, holds a batch | take, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc at; got whole
  due | due, holds a batch | due, holds some | release | release, holds a batch | release, holds some | rest | rest, holds a batch | rest, holds some | send, holds a batch | send, holds some | take | take, holds a batch | take, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc at; nothing else
  due | release | rest | take
user: alloc at; out of memory
  due | release | rest | take
user: alloc at; told to try again
  due | release | rest | take
user: alloc below; got by a split
  due | due, holds a batch | release | release, holds a batch | rest | rest, holds a batch | send, holds a batch | take | take, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc below; got from the CPU's list
  due | due, holds a batch | release | release, holds a batch | rest | rest, holds a batch | send, holds a batch | take | take, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc below; got whole
  due | due, holds a batch | release | release, holds a batch | rest | rest, holds a batch | send, holds a batch | take | take, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc below; nothing else
  due | release | rest | take
user: alloc below; out of memory
  due | due, holds a batch | release | release, holds a batch | rest | rest, holds a batch | send, holds a batch | take | take, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc below; told to try again
  due | release | rest | take
user: free above; freed
  due | release | rest | take
user: free above; freed beside a held one
  due, holds some | release, holds some | rest, holds some | send, holds some | take, holds some | wait, holds some | wait, holds some, one open
user: free at; freed
  due | due, holds a batch | due, holds some | due, someone sleeps | release | release, holds a batch | release, holds some | release, someone sleeps | rest | rest, holds a batch | rest, holds some | rest, someone sleeps | send, holds a batch | send, holds some | take | take, holds a batch | take, holds some | take, someone sleeps | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: free at; merged
  due | due, holds a batch | due, holds some | due, someone sleeps | release | release, holds a batch | release, holds some | release, someone sleeps | rest | rest, holds a batch | rest, holds some | rest, someone sleeps | send, holds a batch | send, holds some | take | take, holds a batch | take, holds some | take, someone sleeps | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: free below; freed
  due | due, holds a batch | due, someone sleeps | release | release, holds a batch | release, someone sleeps | rest | rest, holds a batch | rest, someone sleeps | send, holds a batch | take | take, holds a batch | take, someone sleeps | wait, holds a batch | wait, holds a batch, one open
user: free below; kept on the CPU's list
  due | due, holds a batch | release | release, holds a batch | rest | rest, holds a batch | send, holds a batch | take | take, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: free below; merged
  due | due, holds a batch | due, someone sleeps | release | release, holds a batch | release, someone sleeps | rest | rest, holds a batch | rest, someone sleeps | send, holds a batch | take | take, holds a batch | take, someone sleeps | wait, holds a batch | wait, holds a batch, one open
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
  release | take
worker: work; is idle, to rest
  due | due, someone sleeps | release | release, someone sleeps | take | take, someone sleeps
worker: work; nothing else
  take | take, holds a batch
worker: work; puts back unmarked
  release, holds a batch | release, holds some
worker: work; sends a full request, to wait
  send, holds a batch
worker: work; sends a part, to wait
  send, holds some
worker: work; takes above, to send
  take
worker: work; takes at, to send
  take
worker: work; to due
  release | release, someone sleeps | take | take, holds a batch | take, holds some | take, someone sleeps | wait, holds a batch | wait, holds some
worker: work; to release
  due | due, holds a batch | due, holds some | due, someone sleeps | take, holds a batch | take, holds some | wait, holds a batch | wait, holds some
worker: work; to rest
  due, holds a batch | due, holds some | take, holds a batch | take, holds some
worker: work; to take
  due | due, holds a batch | due, holds some | due, someone sleeps | wait, holds a batch | wait, holds some
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
  holds a batch | holds a batch, one open | nothing held
alloc failed: would block at
  nothing held
alloc failed: would block below
  nothing held
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
release unmarked above
  holds a batch | holds some
release unmarked at
  holds a batch
submit a full request
  holds a batch
submit a part
  holds some
unregistered
  nothing held
`,
});
