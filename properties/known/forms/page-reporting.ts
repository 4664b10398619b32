/** Every transition in the small plans of page-reporting. Written by bench/known.ts. */
import { known } from "../known.ts";

export const pageReporting = known({
  plans: 15,
  states: 46910,
  transitions: `
administrator: abort; to nothing under way
  offline: isolate
administrator: abort; to offline: undo
  offline: test
administrator: compact above; nothing else
  due | finish | list | rest | zone
administrator: compact at; nothing else
  due | finish | full, holds a batch | full-wait, holds a batch | full-wait, holds a batch, one open | left-wait, holds a batch | left-wait, holds a batch, one open | list | list, holds a batch | rest | zone
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
administrator: set-order above; nothing else
  due | finish | full, holds a batch | full-wait, holds a batch | full-wait, holds a batch, one open | left-wait, holds a batch | left-wait, holds a batch, one open | list | list, holds a batch | rest | zone
administrator: set-order at; nothing else
  due | finish | full, holds a batch | full-wait, holds a batch | full-wait, holds a batch, one open | left-wait, holds a batch | left-wait, holds a batch, one open | list | list, holds a batch | rest | zone
administrator: thaw; nothing else
  due, frozen | rest, frozen | rest, no device, frozen
clock: tick; nothing else
  due
cpu: drain; asks for a pass
  nothing held
cpu: drain; nothing else
  holds a batch | holds a batch, one open | nothing held
hardware: memory-failure below; got by a split
  due | finish | left-wait, holds a batch | left-wait, holds a batch, one open | list | list, holds a batch | rest | zone
hardware: memory-failure below; got by a split of a marked one
  due | finish | list | rest | zone
hardware: memory-failure below; got whole
  due | finish | left-wait, holds a batch | left-wait, holds a batch, one open | list | list, holds a batch | rest | zone
host: ack; nothing else
  full-wait, holds a batch, one open | left-wait, holds a batch, one open | left-wait, holds some, one open
host: discard; nothing else
  holds a batch, one open | holds some, one open
host: refuse; nothing else
  left-wait, holds a batch, one open | left-wait, holds some, one open
host: register; asks for a pass, device moved, to due
  rest, no device | rest, no device, frozen
host: unregister; device moved
  rest | rest, frozen
host: unregister; device moved, to rest
  due | due, frozen
host: unregister; nothing else
  finish | left-wait, holds a batch | left-wait, holds a batch, one open | list | list, holds a batch | zone
user: alloc above; got a marked one
  due | finish | left-wait, holds some | left-wait, holds some, one open | list | list, holds some | rest | zone
user: alloc above; got whole
  due | finish | left-wait, holds some | left-wait, holds some, one open | list | list, holds some | rest | zone
user: alloc above; out of memory
  due | finish | list | rest | zone
user: alloc above; told to try again
  left-wait, holds a batch | left-wait, holds a batch, one open | left-wait, holds some | left-wait, holds some, one open | list, holds a batch | list, holds some
user: alloc at; got a marked one
  due | finish | left-wait, holds a batch | left-wait, holds a batch, one open | left-wait, holds some | left-wait, holds some, one open | list | list, holds a batch | list, holds some | rest | zone
user: alloc at; got by a split
  due | finish | full, holds a batch | full-wait, holds a batch | full-wait, holds a batch, one open | left-wait, holds a batch | left-wait, holds a batch, one open | left-wait, holds some | left-wait, holds some, one open | list | list, holds a batch | list, holds some | rest | zone
user: alloc at; got by a split of a marked one
  due | finish | left-wait, holds a batch | left-wait, holds a batch, one open | left-wait, holds some | left-wait, holds some, one open | list | list, holds a batch | list, holds some | rest | zone
user: alloc at; got whole
  due | finish | full, holds a batch | full-wait, holds a batch | full-wait, holds a batch, one open | left-wait, holds a batch | left-wait, holds a batch, one open | left-wait, holds some | left-wait, holds some, one open | list | list, holds a batch | list, holds some | rest | zone
user: alloc at; nothing else
  due | finish | left-wait, holds a batch | left-wait, holds a batch, one open | list | list, holds a batch | rest | zone
user: alloc at; out of memory
  due | finish | list | rest | zone
user: alloc at; sleeps
  left-wait, holds a batch | left-wait, holds a batch, one open | list, holds a batch
user: alloc at; told to try again
  due | finish | full, holds a batch | full-wait, holds a batch | full-wait, holds a batch, one open | left-wait, holds a batch | left-wait, holds a batch, one open | left-wait, holds some | left-wait, holds some, one open | list | list, holds a batch | list, holds some | rest | zone
user: alloc below; got by a split
  due | finish | full, holds a batch | full-wait, holds a batch | full-wait, holds a batch, one open | left-wait, holds a batch | left-wait, holds a batch, one open | list | list, holds a batch | rest | zone
user: alloc below; got by a split of a marked one
  due | finish | left-wait, holds a batch | left-wait, holds a batch, one open | list | list, holds a batch | rest | zone
user: alloc below; got from the CPU's list
  due | finish | full, holds a batch | full-wait, holds a batch | full-wait, holds a batch, one open | left-wait, holds a batch | left-wait, holds a batch, one open | list | list, holds a batch | rest | zone
user: alloc below; got whole
  due | finish | full, holds a batch | full-wait, holds a batch | full-wait, holds a batch, one open | left-wait, holds a batch | left-wait, holds a batch, one open | list | list, holds a batch | rest | zone
user: alloc below; nothing else
  due | finish | left-wait, holds a batch | left-wait, holds a batch, one open | list | list, holds a batch | rest | zone
user: alloc below; out of memory
  due | finish | list | rest | zone
user: alloc below; sleeps
  left-wait, holds a batch | left-wait, holds a batch, one open | list, holds a batch
user: alloc below; told to try again
  due | finish | full, holds a batch | full-wait, holds a batch | full-wait, holds a batch, one open | left-wait, holds a batch | left-wait, holds a batch, one open | list | list, holds a batch | rest | zone
user: free above; freed
  due | finish | left-wait, holds some | left-wait, holds some, one open | list | list, holds some | zone
user: free above; freed beside a held one
  left-wait, holds some | left-wait, holds some, one open | list, holds some
user: free above; freed, asks for a pass, to due
  rest
user: free at; freed
  due | due, someone sleeps | finish | finish, someone sleeps | full, holds a batch | full-wait, holds a batch | full-wait, holds a batch, one open | left-wait, holds a batch | left-wait, holds a batch, one open | left-wait, holds some | left-wait, holds some, one open | list | list, holds a batch | list, holds some | list, someone sleeps | rest | zone | zone, someone sleeps
user: free at; freed beside a held one
  full, holds a batch | full-wait, holds a batch | full-wait, holds a batch, one open | left-wait, holds a batch | left-wait, holds a batch, one open | left-wait, holds a batch, one open, someone sleeps | left-wait, holds a batch, someone sleeps | left-wait, holds some | left-wait, holds some, one open | list, holds a batch | list, holds a batch, someone sleeps | list, holds some
user: free at; freed, asks for a pass, to due
  rest | rest, someone sleeps
user: free at; merged
  due | due, someone sleeps | finish | finish, someone sleeps | full, holds a batch | full-wait, holds a batch | full-wait, holds a batch, one open | left-wait, holds a batch | left-wait, holds a batch, one open | left-wait, holds some | left-wait, holds some, one open | list | list, holds a batch | list, holds some | list, someone sleeps | zone | zone, someone sleeps
user: free at; merged with a marked one
  due | due, someone sleeps | finish | finish, someone sleeps | left-wait, holds a batch | left-wait, holds a batch, one open | left-wait, holds some | left-wait, holds some, one open | list | list, holds a batch | list, holds some | zone | zone, someone sleeps
user: free at; merged with a marked one, asks for a pass, to due
  rest | rest, someone sleeps
user: free at; merged, asks for a pass, to due
  rest | rest, someone sleeps
user: free below; freed
  due | due, someone sleeps | finish | finish, someone sleeps | full, holds a batch | full-wait, holds a batch | full-wait, holds a batch, one open | left-wait, holds a batch | left-wait, holds a batch, one open | left-wait, holds a batch, one open, someone sleeps | left-wait, holds a batch, someone sleeps | list | list, holds a batch | list, holds a batch, someone sleeps | list, someone sleeps | rest | rest, someone sleeps | zone | zone, someone sleeps
user: free below; kept on the CPU's list
  due | finish | full, holds a batch | full-wait, holds a batch | full-wait, holds a batch, one open | left-wait, holds a batch | left-wait, holds a batch, one open | list | list, holds a batch | rest | zone
user: free below; kept on the CPU's list, asks for a pass, to due
  rest
user: free below; merged
  due | due, someone sleeps | finish | finish, someone sleeps | full, holds a batch | full-wait, holds a batch | full-wait, holds a batch, one open | left-wait, holds a batch | left-wait, holds a batch, one open | left-wait, holds a batch, one open, someone sleeps | left-wait, holds a batch, someone sleeps | list | list, holds a batch | list, holds a batch, someone sleeps | list, someone sleeps | rest | zone | zone, someone sleeps
user: free below; merged with a marked one
  due | due, someone sleeps | finish | finish, someone sleeps | list | list, someone sleeps | rest | zone | zone, someone sleeps
user: free below; merged with a marked one, asks for a pass, to due
  rest | rest, someone sleeps
user: free below; merged, asks for a pass, to due
  rest | rest, someone sleeps
user: retry at; got a marked one
  nothing held
user: retry at; got by a split
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
  finish
worker: work; is idle, to rest
  finish | finish, someone sleeps
worker: work; nothing else
  list | list, holds a batch | list, holds some | list, someone sleeps | zone
worker: work; puts back marked, a sleeper gets it, a sleeper gets nothing, to finish
  left-wait, holds a batch, someone sleeps
worker: work; puts back marked, a sleeper gets it, to finish
  left-wait, holds a batch, someone sleeps
worker: work; puts back marked, puts back merged, to finish
  left-wait, holds a batch
worker: work; puts back marked, to finish
  left-wait, holds a batch | left-wait, holds a batch, someone sleeps | left-wait, holds some
worker: work; puts back marked, to list
  full-wait, holds a batch
worker: work; puts back marked, to zone
  left-wait, holds a batch
worker: work; puts back merged, puts back unmarked, to finish
  left-wait, holds a batch
worker: work; puts back merged, to finish
  left-wait, holds a batch | left-wait, holds a batch, someone sleeps | left-wait, holds some
worker: work; puts back merged, to list
  full-wait, holds a batch
worker: work; puts back unmarked, a sleeper gets it, to finish
  left-wait, holds a batch, someone sleeps
worker: work; puts back unmarked, to finish
  left-wait, holds a batch | left-wait, holds some
worker: work; sends a full request, to full-wait
  full, holds a batch
worker: work; sends a full request, to left-wait
  list, holds a batch | list, holds a batch, someone sleeps
worker: work; sends a part, to left-wait
  list, holds some
worker: work; takes above
  list | list, holds some
worker: work; takes above, puts back marked, to list
  full-wait, holds a batch
worker: work; takes above, puts back merged, to full
  full-wait, holds a batch
worker: work; takes above, puts back unmarked, to list
  full-wait, holds a batch
worker: work; takes above, to full
  list
worker: work; takes at
  list | list, someone sleeps
worker: work; takes at, puts back marked, to list
  full-wait, holds a batch
worker: work; takes at, puts back merged, to list
  full-wait, holds a batch
worker: work; takes at, to full
  list
worker: work; to due
  finish | finish, someone sleeps
worker: work; to finish
  list | list, someone sleeps | zone | zone, someone sleeps
worker: work; to full
  list, holds a batch
worker: work; to list
  zone | zone, someone sleeps
worker: work; to zone
  due | due, someone sleeps | list
`,
  moments: `
ack ok
  holds a batch, one open | holds some, one open
ack refused
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
  holds a batch | holds some
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
