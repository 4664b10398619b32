/** Every transition in the small plans of get-put-hints:repaired. Written by bench/known.ts. */
import { known } from "../known.ts";

export const getPutHintsRepaired = known({
  plans: 13,
  states: 73944,
  transitions: `
administrator: abort; to nothing under way
  offline: isolate
administrator: abort; to offline: undo
  offline: test
administrator: compact above; nothing else
  get | rest
administrator: compact at; nothing else
  get | rest | send, holds a batch | wait, holds a batch | wait, holds a batch, one open
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
hardware: memory-failure below; got by a split
  get | rest | send, holds a batch | wait, holds a batch | wait, holds a batch, one open
hardware: memory-failure below; got whole
  get | rest | send, holds a batch | wait, holds a batch | wait, holds a batch, one open
host: ack; nothing else
  wait, holds a batch, one open | wait, holds some, one open
host: discard; nothing else
  holds a batch, one open | holds some, one open
host: hint done; is idle, to rest
  get
host: hint done; nothing else
  rest | rest, frozen | rest, no device | rest, no device, frozen | send, holds a batch | send, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
host: hint start; asks for a pass, to get
  rest
host: hint start; nothing else
  get | rest, frozen | rest, no device | rest, no device, frozen | send, holds a batch | send, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
host: hint stop; is idle, to rest
  get
host: hint stop; nothing else
  rest | rest, frozen | rest, no device | rest, no device, frozen | send, holds a batch | send, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
host: register; device moved
  rest, no device | rest, no device, frozen
host: unregister; device moved
  rest | rest, frozen
host: unregister; device moved, to rest
  get
host: unregister; nothing else
  send, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc above; got whole
  get | rest | send, holds some | wait, holds some | wait, holds some, one open
user: alloc above; out of memory
  get | rest
user: alloc above; told to try again
  send, holds some | wait, holds some | wait, holds some, one open
user: alloc at; got by a split
  get | rest | send, holds a batch | send, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc at; got whole
  get | rest | send, holds a batch | send, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc at; nothing else
  get | rest | send, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc at; out of memory
  get | rest
user: alloc at; sleeps
  send, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc at; told to try again
  get | rest | send, holds a batch | send, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc below; got by a split
  get | rest | send, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc below; got from the CPU's list
  get | rest | send, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc below; got whole
  get | rest | send, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc below; nothing else
  get | rest | send, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc below; out of memory
  get | rest
user: alloc below; sleeps
  send, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc below; told to try again
  get | rest | send, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: free above; freed
  get | rest | send, holds some | wait, holds some | wait, holds some, one open
user: free above; freed beside a held one
  send, holds some | wait, holds some | wait, holds some, one open
user: free at; freed
  get | get, someone sleeps | rest | rest, someone sleeps | send, holds a batch | send, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: free at; freed beside a held one
  send, holds a batch | send, holds a batch, someone sleeps | send, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds a batch, one open, someone sleeps | wait, holds a batch, someone sleeps | wait, holds some | wait, holds some, one open
user: free at; merged
  get | get, someone sleeps | rest | rest, someone sleeps | send, holds a batch | send, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: free below; freed
  get | get, someone sleeps | rest | rest, someone sleeps | send, holds a batch | send, holds a batch, someone sleeps | wait, holds a batch | wait, holds a batch, one open | wait, holds a batch, one open, someone sleeps | wait, holds a batch, someone sleeps
user: free below; kept on the CPU's list
  get | rest | send, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: free below; merged
  get | get, someone sleeps | rest | rest, someone sleeps | send, holds a batch | send, holds a batch, someone sleeps | wait, holds a batch | wait, holds a batch, one open | wait, holds a batch, one open, someone sleeps | wait, holds a batch, someone sleeps
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
worker: work; is idle, to rest
  get | get, someone sleeps
worker: work; puts back merged, device moved, to rest
  wait, holds a batch
worker: work; puts back merged, is idle, to rest
  wait, holds a batch | wait, holds a batch, someone sleeps | wait, holds some
worker: work; puts back merged, to get
  wait, holds a batch | wait, holds a batch, someone sleeps | wait, holds some
worker: work; puts back unmarked, a sleeper gets it, a sleeper gets nothing, to get
  wait, holds a batch, someone sleeps
worker: work; puts back unmarked, a sleeper gets it, to get
  wait, holds a batch, someone sleeps
worker: work; puts back unmarked, device moved, to rest
  wait, holds a batch
worker: work; puts back unmarked, is idle, a sleeper gets it, a sleeper gets nothing, to rest
  wait, holds a batch, someone sleeps
worker: work; puts back unmarked, is idle, a sleeper gets it, to rest
  wait, holds a batch, someone sleeps
worker: work; puts back unmarked, is idle, to rest
  wait, holds a batch | wait, holds a batch, someone sleeps | wait, holds some
worker: work; puts back unmarked, to get
  wait, holds a batch | wait, holds a batch, someone sleeps | wait, holds some
worker: work; sends a full request, to wait
  send, holds a batch | send, holds a batch, someone sleeps
worker: work; sends a part, to wait
  send, holds some
worker: work; takes above, to send
  get
worker: work; takes at, to send
  get | get, someone sleeps
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
alloc for a sleeper at
  nothing held
alloc for a sleeper below
  nothing held
alloc waits at
  holds a batch | holds a batch, one open
alloc waits below
  holds a batch | holds a batch, one open
discard above
  holds some, one open
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
  holds a batch | holds some
submit a full request
  holds a batch
submit a part
  holds some
unregistered
  nothing held
`,
});
