/** Every transition in the small plans of bubble. Written by bench/known.ts. */
import { known } from "../known.ts";

export const bubble = known({
  plans: 13,
  states: 14979,
  transitions: `
administrator: abort; to nothing under way
  offline: isolate
administrator: abort; to offline: undo
  offline: test
administrator: compact above; nothing else
  due | pick | rest
administrator: compact at; nothing else
  due | pick | rest | submit, holds a batch | wait, holds a batch | wait, holds a batch, one open
administrator: freeze; nothing else
  due | rest | rest, no device
administrator: hotplug; asks for a pass, to offline: test
  offline: isolate
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
  due | pick | rest | submit, holds a batch | wait, holds a batch | wait, holds a batch, one open
hardware: memory-failure below; got by a split of a marked one
  pick | rest
hardware: memory-failure below; got whole
  due | pick | rest | submit, holds a batch | wait, holds a batch | wait, holds a batch, one open
host: ack; nothing else
  wait, holds a batch, one open | wait, holds some, one open
host: discard; nothing else
  holds a batch, one open | holds some, one open
host: register; device moved
  rest, no device | rest, no device, frozen
host: unregister; device moved
  rest | rest, frozen
host: unregister; nothing else
  due | due, frozen | pick | submit, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc above; got a marked one
  due | pick | rest | submit, holds some | wait, holds some | wait, holds some, one open
user: alloc above; got whole
  due | pick | rest | submit, holds some | wait, holds some | wait, holds some, one open
user: alloc above; out of memory
  due | pick | rest
user: alloc above; told to try again
  submit, holds a batch | submit, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc at; got a marked one
  due | pick | rest | submit, holds a batch | submit, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc at; got by a split
  due | pick | rest | submit, holds a batch | submit, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc at; got by a split of a marked one
  due | pick | rest | submit, holds a batch | submit, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc at; got whole
  due | pick | rest | submit, holds a batch | submit, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc at; nothing else
  due | pick | rest | submit, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc at; out of memory
  due | pick | rest
user: alloc at; sleeps
  submit, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc at; told to try again
  due | pick | rest | submit, holds a batch | submit, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: alloc below; got by a split
  due | pick | rest | submit, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc below; got by a split of a marked one
  due | pick | rest | submit, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc below; got from the CPU's list
  due | pick | rest | submit, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc below; got whole
  due | pick | rest | submit, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc below; nothing else
  due | pick | rest | submit, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc below; out of memory
  due | pick | rest
user: alloc below; sleeps
  submit, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: alloc below; told to try again
  due | pick | rest | submit, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: free above; freed
  due | pick | submit, holds some | wait, holds some | wait, holds some, one open
user: free above; freed beside a held one
  submit, holds some | wait, holds some | wait, holds some, one open
user: free above; freed, asks for a pass, to due
  rest
user: free at; freed
  due | due, someone sleeps | pick | pick, someone sleeps | rest | submit, holds a batch | submit, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: free at; freed beside a held one
  submit, holds a batch | submit, holds a batch, someone sleeps | submit, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds a batch, one open, someone sleeps | wait, holds a batch, someone sleeps | wait, holds some | wait, holds some, one open
user: free at; freed, asks for a pass, to due
  rest | rest, someone sleeps
user: free at; merged
  due | due, someone sleeps | pick | pick, someone sleeps | rest | submit, holds a batch | submit, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: free at; merged with a marked one
  due | pick | pick, someone sleeps | rest | submit, holds a batch | submit, holds some | wait, holds a batch | wait, holds a batch, one open | wait, holds some | wait, holds some, one open
user: free at; merged with a marked one, asks for a pass, to due
  rest | rest, someone sleeps
user: free at; merged, asks for a pass, to due
  rest
user: free below; freed
  due | due, someone sleeps | pick | pick, someone sleeps | rest | rest, someone sleeps | submit, holds a batch | submit, holds a batch, someone sleeps | wait, holds a batch | wait, holds a batch, one open | wait, holds a batch, one open, someone sleeps | wait, holds a batch, someone sleeps
user: free below; kept on the CPU's list
  due | pick | rest | submit, holds a batch | wait, holds a batch | wait, holds a batch, one open
user: free below; kept on the CPU's list, asks for a pass, to due
  rest
user: free below; merged
  due | due, someone sleeps | pick | pick, someone sleeps | rest | submit, holds a batch | submit, holds a batch, someone sleeps | wait, holds a batch | wait, holds a batch, one open | wait, holds a batch, one open, someone sleeps | wait, holds a batch, someone sleeps
user: free below; merged with a marked one
  pick | pick, someone sleeps | rest
user: free below; merged with a marked one, asks for a pass, to due
  rest | rest, someone sleeps
user: free below; merged, asks for a pass, to due
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
  pick
worker: work; is idle, to rest
  pick | pick, someone sleeps
worker: work; nothing else
  pick | pick, someone sleeps
worker: work; puts back marked, a sleeper gets it, a sleeper gets nothing, to pick
  wait, holds a batch, someone sleeps
worker: work; puts back marked, a sleeper gets it, to pick
  wait, holds a batch, someone sleeps
worker: work; puts back marked, to pick
  wait, holds a batch | wait, holds a batch, someone sleeps | wait, holds some
worker: work; puts back merged, to pick
  wait, holds some
worker: work; sends a full request, to wait
  submit, holds a batch | submit, holds a batch, someone sleeps
worker: work; sends a part, to wait
  submit, holds some
worker: work; takes above, puts back marked, puts back unmarked, to submit
  wait, holds a batch
worker: work; takes above, puts back marked, to submit
  wait, holds a batch | wait, holds some
worker: work; takes above, puts back unmarked, to submit
  wait, holds a batch | wait, holds a batch, someone sleeps | wait, holds some
worker: work; takes above, to submit
  pick | pick, someone sleeps
worker: work; takes at, puts back marked, to submit
  wait, holds a batch | wait, holds some
worker: work; takes at, takes above, puts back unmarked, to submit
  wait, holds some
worker: work; takes at, takes above, to submit
  pick
worker: work; takes at, to submit
  pick | pick, someone sleeps
worker: work; to pick
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
