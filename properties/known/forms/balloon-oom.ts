/** Every transition in the small plans of balloon:oom. Written by bench/known.ts. */
import { known } from "../known.ts";

export const balloonOom = known({
  plans: 11,
  states: 52296,
  transitions: `
administrator: abort; to nothing under way
  offline: isolate
administrator: abort; to offline: undo
  offline: test
administrator: compact above; nothing else
  due | inflate | rest
administrator: compact at; nothing else
  due | due, holds a batch | inflate | inflate, holds a batch | rest | rest, holds a batch | send, holds a batch | tell, holds a batch | tell-wait, holds a batch | tell-wait, holds a batch, one open | wait, holds a batch | wait, holds a batch, one open
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
administrator: thaw; nothing else
  due, frozen | rest, frozen | rest, no device, frozen
clock: tick; nothing else
  due | due, frozen
cpu: drain; nothing else
  holds a batch | holds a batch, one open | nothing held
hardware: memory-failure below; got by a split
  due | due, holds a batch | inflate | inflate, holds a batch | rest | rest, holds a batch | send, holds a batch | tell, holds a batch | tell-wait, holds a batch | tell-wait, holds a batch, one open | wait, holds a batch | wait, holds a batch, one open
hardware: memory-failure below; got whole
  due | due, holds a batch | inflate | inflate, holds a batch | rest | rest, holds a batch | send, holds a batch | tell, holds a batch | tell-wait, holds a batch | tell-wait, holds a batch, one open | wait, holds a batch | wait, holds a batch, one open
host: ack; nothing else
  tell-wait, holds a batch, one open | tell-wait, holds some, one open | wait, holds a batch, one open | wait, holds some, one open
host: balloon; asks for a pass, to due
  rest | rest, holds a batch | rest, holds some
host: balloon; nothing else
  due | due, holds a batch | due, holds some | inflate | inflate, holds a batch | inflate, holds some | leak, holds some | rest | send, holds a batch | send, holds some | tell, holds a batch | tell, holds some | tell-wait, holds a batch | tell-wait, holds a batch, one open | tell-wait, holds some | tell-wait, holds some, one open | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
host: discard; nothing else
  holds a batch, one open | holds some, one open
host: register; device moved
  rest, no device | rest, no device, frozen
host: unregister; asks for a pass, to due
  rest, holds a batch | rest, holds a batch, frozen
host: unregister; device moved
  rest | rest, frozen
host: unregister; device moved, to rest
  due | due, frozen
host: unregister; nothing else
  due, holds a batch | due, holds a batch, frozen | inflate | inflate, holds a batch | send, holds a batch | tell, holds a batch | tell-wait, holds a batch | tell-wait, holds a batch, one open | wait, holds a batch | wait, holds a batch, one open
user: alloc above; got whole
  due | due, holds a batch | due, holds some | inflate | inflate, holds a batch | inflate, holds some | leak, holds some | rest | rest, holds a batch | rest, holds some | send, holds a batch | send, holds some | tell, holds a batch | tell, holds some | tell-wait, holds a batch | tell-wait, holds a batch, one open | tell-wait, holds some | tell-wait, holds some, one open | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc above; out of memory
  due | inflate | inflate, holds a batch | inflate, holds some | rest | send, holds a batch | send, holds some
user: alloc above; told to try again
  due, holds a batch | due, holds some | inflate, holds a batch | inflate, holds some | leak, holds some | send, holds a batch | tell, holds a batch | tell, holds some | tell-wait, holds a batch | tell-wait, holds a batch, one open | tell-wait, holds some | tell-wait, holds some, one open | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc above; told to try again, asks for a pass, to due
  rest, holds a batch | rest, holds some
user: alloc at; got by a split
  due | due, holds a batch | due, holds some | inflate | inflate, holds a batch | inflate, holds some | leak, holds some | rest | rest, holds a batch | rest, holds some | send, holds a batch | send, holds some | tell, holds a batch | tell, holds some | tell-wait, holds a batch | tell-wait, holds a batch, one open | tell-wait, holds some | tell-wait, holds some, one open | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc at; got whole
  due | due, holds a batch | due, holds some | inflate | inflate, holds a batch | inflate, holds some | leak, holds some | rest | rest, holds a batch | rest, holds some | send, holds a batch | send, holds some | tell, holds a batch | tell, holds some | tell-wait, holds a batch | tell-wait, holds a batch, one open | tell-wait, holds some | tell-wait, holds some, one open | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc at; nothing else
  due | due, holds a batch | inflate | inflate, holds a batch | rest | rest, holds a batch | send, holds a batch | tell, holds a batch | tell-wait, holds a batch | tell-wait, holds a batch, one open | wait, holds a batch | wait, holds a batch, one open
user: alloc at; out of memory
  due | inflate | rest
user: alloc at; told to try again
  due | due, holds a batch | due, holds some | inflate | inflate, holds a batch | inflate, holds some | leak, holds some | rest | rest, holds a batch | send, holds a batch | tell, holds a batch | tell, holds some | tell-wait, holds a batch | tell-wait, holds a batch, one open | tell-wait, holds some | tell-wait, holds some, one open | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc at; told to try again, asks for a pass, to due
  rest, holds a batch | rest, holds some
user: alloc below; got by a split
  due | due, holds a batch | inflate | inflate, holds a batch | rest | rest, holds a batch | send, holds a batch | tell, holds a batch | tell-wait, holds a batch | tell-wait, holds a batch, one open | wait, holds a batch | wait, holds a batch, one open
user: alloc below; got from the CPU's list
  due | due, holds a batch | inflate | inflate, holds a batch | rest | rest, holds a batch | send, holds a batch | tell, holds a batch | tell-wait, holds a batch | tell-wait, holds a batch, one open | wait, holds a batch | wait, holds a batch, one open
user: alloc below; got whole
  due | due, holds a batch | inflate | inflate, holds a batch | rest | rest, holds a batch | send, holds a batch | tell, holds a batch | tell-wait, holds a batch | tell-wait, holds a batch, one open | wait, holds a batch | wait, holds a batch, one open
user: alloc below; nothing else
  due | due, holds a batch | inflate | inflate, holds a batch | rest | rest, holds a batch | send, holds a batch | tell, holds a batch | tell-wait, holds a batch | tell-wait, holds a batch, one open | wait, holds a batch | wait, holds a batch, one open
user: alloc below; out of memory
  due | inflate | inflate, holds a batch | rest | send, holds a batch
user: alloc below; told to try again
  due | due, holds a batch | inflate | inflate, holds a batch | rest | rest, holds a batch | send, holds a batch | tell, holds a batch | tell-wait, holds a batch | tell-wait, holds a batch, one open | wait, holds a batch | wait, holds a batch, one open
user: alloc below; told to try again, asks for a pass, to due
  rest, holds a batch
user: free above; freed
  due | due, holds a batch | due, holds some | inflate | inflate, holds a batch | inflate, holds some | leak, holds some | rest | rest, holds a batch | rest, holds some | send, holds a batch | send, holds some | tell, holds a batch | tell, holds some | tell-wait, holds a batch | tell-wait, holds a batch, one open | tell-wait, holds some | tell-wait, holds some, one open | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: free at; freed
  due | due, holds a batch | due, holds some | due, someone sleeps | inflate | inflate, holds a batch | inflate, holds some | inflate, someone sleeps | leak, holds some | rest | rest, holds a batch | rest, holds some | rest, someone sleeps | send, holds a batch | send, holds some | tell, holds a batch | tell, holds some | tell-wait, holds a batch | tell-wait, holds a batch, one open | tell-wait, holds some | tell-wait, holds some, one open | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: free at; freed beside a held one
  due, holds a batch | due, holds a batch, someone sleeps | due, holds some | inflate, holds a batch | inflate, holds a batch, someone sleeps | inflate, holds some | leak, holds some | rest, holds a batch | rest, holds a batch, someone sleeps | rest, holds some | send, holds a batch | send, holds a batch, someone sleeps | send, holds some | tell, holds a batch | tell, holds a batch, someone sleeps | tell, holds some | tell-wait, holds a batch | tell-wait, holds a batch, one open | tell-wait, holds a batch, one open, someone sleeps | tell-wait, holds a batch, someone sleeps | tell-wait, holds some | tell-wait, holds some, one open | wait, holds a batch | wait, holds a batch, one open | wait, holds a batch, one open, someone sleeps | wait, holds a batch, someone sleeps | wait, holds some | wait, holds some, one open
user: free at; merged
  due | due, holds a batch | due, holds some | due, someone sleeps | inflate | inflate, holds a batch | inflate, holds some | inflate, someone sleeps | leak, holds some | rest | rest, holds a batch | rest, holds some | rest, someone sleeps | send, holds a batch | send, holds some | tell, holds a batch | tell, holds some | tell-wait, holds a batch | tell-wait, holds a batch, one open | tell-wait, holds some | tell-wait, holds some, one open | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: free below; freed
  due | due, holds a batch | due, holds a batch, someone sleeps | due, someone sleeps | inflate | inflate, holds a batch | inflate, holds a batch, someone sleeps | inflate, someone sleeps | rest | rest, holds a batch | rest, holds a batch, someone sleeps | rest, someone sleeps | send, holds a batch | send, holds a batch, someone sleeps | tell, holds a batch | tell, holds a batch, someone sleeps | tell-wait, holds a batch | tell-wait, holds a batch, one open | tell-wait, holds a batch, one open, someone sleeps | tell-wait, holds a batch, someone sleeps | wait, holds a batch | wait, holds a batch, one open | wait, holds a batch, one open, someone sleeps | wait, holds a batch, someone sleeps
user: free below; kept on the CPU's list
  due | due, holds a batch | inflate | inflate, holds a batch | rest | rest, holds a batch | send, holds a batch | tell, holds a batch | tell-wait, holds a batch | tell-wait, holds a batch, one open | wait, holds a batch | wait, holds a batch, one open
user: free below; merged
  due | due, holds a batch | due, holds a batch, someone sleeps | due, someone sleeps | inflate | inflate, holds a batch | inflate, holds a batch, someone sleeps | inflate, someone sleeps | rest | rest, holds a batch | rest, holds a batch, someone sleeps | rest, someone sleeps | send, holds a batch | send, holds a batch, someone sleeps | tell, holds a batch | tell, holds a batch, someone sleeps | tell-wait, holds a batch | tell-wait, holds a batch, one open | tell-wait, holds a batch, one open, someone sleeps | tell-wait, holds a batch, someone sleeps | wait, holds a batch | wait, holds a batch, one open | wait, holds a batch, one open, someone sleeps | wait, holds a batch, someone sleeps
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
user: retry; asks for a pass
  holds a batch
user: retry; nothing else
  holds a batch | holds a batch, one open | nothing held
worker: work; device moved, to rest
  inflate
worker: work; is idle, to rest
  due | due, someone sleeps | inflate | inflate, someone sleeps
worker: work; puts back merged, device moved, to rest
  tell-wait, holds a batch
worker: work; puts back merged, is idle, to rest
  leak, holds some | tell-wait, holds a batch | tell-wait, holds a batch, someone sleeps | tell-wait, holds some
worker: work; puts back merged, to inflate
  leak, holds some | tell-wait, holds a batch | tell-wait, holds a batch, someone sleeps | tell-wait, holds some
worker: work; puts back merged, to leak
  tell-wait, holds a batch
worker: work; puts back merged, to rest
  tell-wait, holds a batch
worker: work; puts back merged, to tell
  tell-wait, holds a batch
worker: work; puts back unmarked, device moved, to rest
  tell-wait, holds a batch
worker: work; puts back unmarked, is idle, to rest
  leak, holds some | tell-wait, holds a batch | tell-wait, holds a batch, someone sleeps | tell-wait, holds some
worker: work; puts back unmarked, to inflate
  leak, holds some | tell-wait, holds a batch | tell-wait, holds a batch, someone sleeps | tell-wait, holds some
worker: work; puts back unmarked, to leak
  tell-wait, holds a batch
worker: work; puts back unmarked, to rest
  tell-wait, holds a batch | tell-wait, holds a batch, someone sleeps
worker: work; puts back unmarked, to tell
  tell-wait, holds a batch | tell-wait, holds a batch, someone sleeps
worker: work; sends a full request, to tell-wait
  tell, holds a batch | tell, holds a batch, someone sleeps
worker: work; sends a full request, to wait
  send, holds a batch | send, holds a batch, someone sleeps
worker: work; sends a part, to tell-wait
  tell, holds a batch | tell, holds some
worker: work; sends a part, to wait
  send, holds a batch | send, holds some
worker: work; takes at
  inflate | inflate, holds a batch | inflate, holds a batch, someone sleeps | inflate, holds some | inflate, someone sleeps
worker: work; to due
  inflate | inflate, holds a batch | inflate, holds a batch, someone sleeps | inflate, holds some | inflate, someone sleeps | wait, holds some
worker: work; to inflate
  due | due, holds a batch | due, holds a batch, someone sleeps | due, holds some | due, someone sleeps | tell, holds a batch | tell, holds a batch, someone sleeps | tell, holds some | wait, holds a batch | wait, holds a batch, someone sleeps | wait, holds some
worker: work; to rest
  due, holds a batch | due, holds a batch, someone sleeps | due, holds some | inflate, holds a batch | inflate, holds a batch, someone sleeps | inflate, holds some | tell, holds a batch | tell, holds a batch, someone sleeps | tell, holds some | wait, holds a batch | wait, holds a batch, someone sleeps | wait, holds some
worker: work; to send
  inflate, holds a batch | inflate, holds a batch, someone sleeps | inflate, holds some
worker: work; to tell
  due, holds a batch | due, holds a batch, someone sleeps | due, holds some | inflate, holds a batch | inflate, holds a batch, someone sleeps | inflate, holds some | wait, holds a batch | wait, holds a batch, someone sleeps | wait, holds some
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
  holds a batch | holds some | nothing held
alloc failed at
  nothing held
alloc failed below
  holds a batch | nothing held
alloc failed: would block above
  holds a batch | holds a batch, one open | holds some | holds some, one open
alloc failed: would block at
  holds a batch | holds a batch, one open | holds some | holds some, one open | nothing held
alloc failed: would block below
  holds a batch | holds a batch, one open | nothing held
discard at
  holds a batch, one open | holds some, one open
free above
  holds a batch | holds a batch, one open | holds some | holds some, one open | nothing held
free at
  holds a batch | holds a batch, one open | holds some | holds some, one open | nothing held
free below
  holds a batch | holds a batch, one open | nothing held
idle
  nothing held
isolate at
  holds a batch | holds some | nothing held
offline
  holds a batch | holds a batch, one open | nothing held
online
  holds a batch | holds a batch, one open | nothing held
registered
  nothing held
release unmarked at
  holds a batch | holds some
submit a full request
  holds a batch
submit a part
  holds a batch | holds some
unregistered
  nothing held
`,
});
