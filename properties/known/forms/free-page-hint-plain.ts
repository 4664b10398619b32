/** Every transition in the small plans of free-page-hint:plain. Written by bench/known.ts. */
import { known } from "../known.ts";

export const freePageHintPlain = known({
  plans: 11,
  states: 230318,
  transitions: `
administrator: abort; to nothing under way
  offline: isolate
administrator: abort; to offline: undo
  offline: test
administrator: compact above; nothing else
  due | read | release | rest | take
administrator: compact at; nothing else
  due | read | release | rest | take
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
  due, holds a batch | due, holds a batch, one open | due, holds some | kick, holds a batch | park, holds a batch | park, holds a batch, one open | read, holds a batch | read, holds a batch, one open | read, holds some | release, holds a batch | release, holds a batch, one open | release, holds some | rest, holds a batch | rest, holds a batch, one open | rest, holds some | take, holds a batch | take, holds a batch, one open | take, holds some
administrator: thaw; nothing else
  due, frozen | rest, frozen | rest, no device, frozen
cpu: drain; nothing else
  holds a batch | holds a batch, one open | nothing held
hardware: memory-failure below; got by a split
  due | read | release | rest | take
hardware: memory-failure below; got whole
  due | read | release | rest | take
host: ack; nothing else
  due, holds a batch, one open | due, holds a batch, several open | due, holds some, one open | kick, holds a batch, one open | park, holds a batch, one open | park, holds a batch, several open | park, holds some, one open | read, holds a batch, one open | read, holds a batch, several open | read, holds some, one open | release, holds a batch, one open | release, holds a batch, several open | release, holds some, one open | rest, holds a batch, one open | rest, holds a batch, several open | rest, holds some, one open | take, holds a batch, one open | take, holds a batch, several open | take, holds some, one open
host: discard; nothing else
  holds a batch, one open | holds a batch, several open | holds some, one open
host: hint done; asks for a pass, to due
  rest | rest, frozen | rest, holds a batch | rest, holds a batch, frozen | rest, holds a batch, one open | rest, holds a batch, one open, frozen | rest, holds a batch, several open | rest, holds some | rest, holds some, one open
host: hint done; nothing else
  due | due, frozen | due, holds a batch | due, holds a batch, frozen | due, holds a batch, one open | due, holds a batch, one open, frozen | due, holds a batch, several open | due, holds some | due, holds some, one open | kick, holds a batch | kick, holds a batch, one open | kick, holds some | park, holds a batch | park, holds a batch, one open | park, holds a batch, several open | park, holds some | park, holds some, one open | read | read, holds a batch | read, holds a batch, one open | read, holds a batch, several open | read, holds some | read, holds some, one open | release | release, holds a batch | release, holds a batch, one open | release, holds a batch, several open | release, holds some | release, holds some, one open | rest, no device | rest, no device, frozen | take | take, holds a batch | take, holds a batch, one open | take, holds a batch, several open | take, holds some | take, holds some, one open
host: hint start; asks for a pass, to due
  rest | rest, frozen | rest, holds a batch | rest, holds a batch, frozen | rest, holds a batch, one open | rest, holds a batch, one open, frozen | rest, holds a batch, several open | rest, holds some | rest, holds some, one open
host: hint start; nothing else
  due | due, frozen | due, holds a batch | due, holds a batch, frozen | due, holds a batch, one open | due, holds a batch, one open, frozen | due, holds a batch, several open | due, holds some | due, holds some, one open | kick, holds a batch | kick, holds a batch, one open | kick, holds some | park, holds a batch | park, holds a batch, one open | park, holds a batch, several open | park, holds some | park, holds some, one open | read | read, holds a batch | read, holds a batch, one open | read, holds a batch, several open | read, holds some | read, holds some, one open | release | release, holds a batch | release, holds a batch, one open | release, holds a batch, several open | release, holds some | release, holds some, one open | rest, no device | rest, no device, frozen | take | take, holds a batch | take, holds a batch, one open | take, holds a batch, several open | take, holds some | take, holds some, one open
host: hint stop; asks for a pass, to due
  rest | rest, frozen | rest, holds a batch | rest, holds a batch, frozen | rest, holds a batch, one open | rest, holds a batch, one open, frozen | rest, holds a batch, several open | rest, holds some | rest, holds some, one open
host: hint stop; nothing else
  due | due, frozen | due, holds a batch | due, holds a batch, frozen | due, holds a batch, one open | due, holds a batch, one open, frozen | due, holds a batch, several open | due, holds some | due, holds some, one open | kick, holds a batch | kick, holds a batch, one open | kick, holds some | park, holds a batch | park, holds a batch, one open | park, holds a batch, several open | park, holds some | park, holds some, one open | read | read, holds a batch | read, holds a batch, one open | read, holds a batch, several open | read, holds some | read, holds some, one open | release | release, holds a batch | release, holds a batch, one open | release, holds a batch, several open | release, holds some | release, holds some, one open | rest, no device | rest, no device, frozen | take | take, holds a batch | take, holds a batch, one open | take, holds a batch, several open | take, holds some | take, holds some, one open
host: register; device moved
  rest, no device | rest, no device, frozen
host: unregister; asks for a pass, to due
  rest, holds a batch | rest, holds a batch, frozen | rest, holds a batch, one open | rest, holds a batch, one open, frozen
host: unregister; device moved
  rest | rest, frozen
host: unregister; device moved, to rest
  due | due, frozen
host: unregister; nothing else
  due, holds a batch | due, holds a batch, frozen | due, holds a batch, one open | due, holds a batch, one open, frozen | kick, holds a batch | park, holds a batch | park, holds a batch, one open | read | read, holds a batch | read, holds a batch, one open | release | release, holds a batch | release, holds a batch, one open | take | take, holds a batch | take, holds a batch, one open
user: alloc above; got whole
  due | due, holds some | due, holds some, one open | kick, holds some | park, holds some | park, holds some, one open | read | read, holds some | read, holds some, one open | release | release, holds some | release, holds some, one open | rest | rest, holds some | rest, holds some, one open | take | take, holds some | take, holds some, one open
user: alloc above; out of memory
  due | read | release | rest | take
user: alloc at; got by a split
  due | due, holds a batch | due, holds a batch, one open | due, holds some | due, holds some, one open | kick, holds a batch | kick, holds some | park, holds a batch | park, holds a batch, one open | park, holds some | park, holds some, one open | read | read, holds a batch | read, holds a batch, one open | read, holds some | read, holds some, one open | release | release, holds a batch | release, holds a batch, one open | release, holds some | release, holds some, one open | rest | rest, holds a batch | rest, holds a batch, one open | rest, holds some | rest, holds some, one open | take | take, holds a batch | take, holds a batch, one open | take, holds some | take, holds some, one open
user: alloc at; got whole
  due | due, holds a batch | due, holds a batch, one open | due, holds some | due, holds some, one open | kick, holds a batch | kick, holds some | park, holds a batch | park, holds a batch, one open | park, holds some | park, holds some, one open | read | read, holds a batch | read, holds a batch, one open | read, holds some | read, holds some, one open | release | release, holds a batch | release, holds a batch, one open | release, holds some | release, holds some, one open | rest | rest, holds a batch | rest, holds a batch, one open | rest, holds some | rest, holds some, one open | take | take, holds a batch | take, holds a batch, one open | take, holds some | take, holds some, one open
user: alloc at; nothing else
  due | due, holds a batch | due, holds a batch, one open | kick, holds a batch | park, holds a batch | park, holds a batch, one open | read | read, holds a batch | read, holds a batch, one open | release | release, holds a batch | release, holds a batch, one open | rest | rest, holds a batch | rest, holds a batch, one open | take | take, holds a batch | take, holds a batch, one open
user: alloc at; out of memory
  due | read | release | rest | take
user: alloc at; told to try again
  due | due, holds a batch | due, holds a batch, one open | kick, holds a batch | park, holds a batch | park, holds a batch, one open | read | read, holds a batch | read, holds a batch, one open | release | release, holds a batch | release, holds a batch, one open | rest | rest, holds a batch | rest, holds a batch, one open | take | take, holds a batch | take, holds a batch, one open
user: alloc below; got by a split
  due | due, holds a batch | due, holds a batch, one open | kick, holds a batch | kick, holds a batch, one open | park, holds a batch | park, holds a batch, one open | read | read, holds a batch | read, holds a batch, one open | release | release, holds a batch | release, holds a batch, one open | rest | rest, holds a batch | rest, holds a batch, one open | take | take, holds a batch | take, holds a batch, one open
user: alloc below; got from the CPU's list
  due | due, holds a batch | due, holds a batch, one open | kick, holds a batch | park, holds a batch | park, holds a batch, one open | read | read, holds a batch | read, holds a batch, one open | release | release, holds a batch | release, holds a batch, one open | rest | rest, holds a batch | rest, holds a batch, one open | take | take, holds a batch | take, holds a batch, one open
user: alloc below; got whole
  due | due, holds a batch | due, holds a batch, one open | kick, holds a batch | kick, holds a batch, one open | park, holds a batch | park, holds a batch, one open | read | read, holds a batch | read, holds a batch, one open | release | release, holds a batch | release, holds a batch, one open | rest | rest, holds a batch | rest, holds a batch, one open | take | take, holds a batch | take, holds a batch, one open
user: alloc below; nothing else
  due | due, holds a batch | due, holds a batch, one open | kick, holds a batch | park, holds a batch | park, holds a batch, one open | read | read, holds a batch | read, holds a batch, one open | release | release, holds a batch | release, holds a batch, one open | rest | rest, holds a batch | rest, holds a batch, one open | take | take, holds a batch | take, holds a batch, one open
user: alloc below; out of memory
  due | due, holds a batch | due, holds a batch, one open | kick, holds a batch | park, holds a batch | park, holds a batch, one open | read | read, holds a batch | read, holds a batch, one open | release | release, holds a batch | release, holds a batch, one open | rest | rest, holds a batch | rest, holds a batch, one open | take | take, holds a batch | take, holds a batch, one open
user: alloc below; told to try again
  due | due, holds a batch | due, holds a batch, one open | kick, holds a batch | park, holds a batch | park, holds a batch, one open | read | read, holds a batch | read, holds a batch, one open | release | release, holds a batch | release, holds a batch, one open | rest | rest, holds a batch | rest, holds a batch, one open | take | take, holds a batch | take, holds a batch, one open
user: free above; freed
  due | read | release | rest | take
user: free above; freed beside a held one
  due, holds some | due, holds some, one open | kick, holds some | park, holds some | park, holds some, one open | read, holds some | read, holds some, one open | release, holds some | release, holds some, one open | rest, holds some | rest, holds some, one open | take, holds some | take, holds some, one open
user: free at; freed
  due | due, holds a batch | due, holds a batch, one open | due, holds some | due, holds some, one open | due, someone sleeps | kick, holds a batch | kick, holds some | park, holds a batch | park, holds a batch, one open | park, holds some | park, holds some, one open | read | read, holds a batch | read, holds a batch, one open | read, holds some | read, holds some, one open | read, someone sleeps | release | release, holds a batch | release, holds a batch, one open | release, holds some | release, holds some, one open | release, someone sleeps | rest | rest, holds a batch | rest, holds a batch, one open | rest, holds some | rest, holds some, one open | rest, someone sleeps | take | take, holds a batch | take, holds a batch, one open | take, holds some | take, holds some, one open | take, someone sleeps
user: free at; merged
  due | due, holds a batch | due, holds a batch, one open | due, holds some | due, holds some, one open | due, someone sleeps | kick, holds a batch | kick, holds some | park, holds a batch | park, holds a batch, one open | park, holds some | park, holds some, one open | read | read, holds a batch | read, holds a batch, one open | read, holds some | read, holds some, one open | read, someone sleeps | release | release, holds a batch | release, holds a batch, one open | release, holds some | release, holds some, one open | release, someone sleeps | rest | rest, holds a batch | rest, holds a batch, one open | rest, holds some | rest, holds some, one open | rest, someone sleeps | take | take, holds a batch | take, holds a batch, one open | take, holds some | take, holds some, one open | take, someone sleeps
user: free below; freed
  due | due, holds a batch | due, holds a batch, one open | due, someone sleeps | kick, holds a batch | kick, holds a batch, one open | park, holds a batch | park, holds a batch, one open | read | read, holds a batch | read, holds a batch, one open | read, someone sleeps | release | release, holds a batch | release, holds a batch, one open | release, someone sleeps | rest | rest, holds a batch | rest, holds a batch, one open | rest, someone sleeps | take | take, holds a batch | take, holds a batch, one open | take, someone sleeps
user: free below; kept on the CPU's list
  due | due, holds a batch | due, holds a batch, one open | kick, holds a batch | park, holds a batch | park, holds a batch, one open | read | read, holds a batch | read, holds a batch, one open | release | release, holds a batch | release, holds a batch, one open | rest | rest, holds a batch | rest, holds a batch, one open | take | take, holds a batch | take, holds a batch, one open
user: free below; merged
  due | due, holds a batch | due, holds a batch, one open | due, someone sleeps | kick, holds a batch | kick, holds a batch, one open | park, holds a batch | park, holds a batch, one open | read | read, holds a batch | read, holds a batch, one open | read, someone sleeps | release | release, holds a batch | release, holds a batch, one open | release, someone sleeps | rest | rest, holds a batch | rest, holds a batch, one open | rest, someone sleeps | take | take, holds a batch | take, holds a batch, one open | take, someone sleeps
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
  holds a batch | holds a batch, one open | nothing held
worker: work; device moved, to rest
  read | release | take
worker: work; is idle, to rest
  read | read, someone sleeps | release | release, someone sleeps | take | take, someone sleeps
worker: work; puts back unmarked
  release, holds a batch | release, holds a batch, one open | release, holds a batch, someone sleeps | release, holds some
worker: work; puts back unmarked, to take
  kick, holds a batch, one open
worker: work; sends a full request, to park
  kick, holds a batch | kick, holds a batch, someone sleeps
worker: work; sends a part, to park
  kick, holds a batch | kick, holds a batch, one open | kick, holds some
worker: work; takes above, to kick
  take | take, holds a batch | take, holds a batch, one open | take, holds some | take, holds some, one open | take, someone sleeps
worker: work; takes at, to kick
  take | take, holds a batch | take, holds a batch, one open
worker: work; to due
  release | release, someone sleeps | take | take, holds a batch | take, holds a batch, one open | take, holds a batch, one open, someone sleeps | take, holds a batch, several open | take, holds a batch, someone sleeps | take, holds some | take, holds some, one open | take, someone sleeps
worker: work; to read
  due | due, holds a batch | due, holds a batch, one open | due, holds a batch, one open, someone sleeps | due, holds a batch, several open | due, holds a batch, someone sleeps | due, holds some | due, holds some, one open | due, someone sleeps
worker: work; to release
  due | due, holds a batch | due, holds a batch, one open | read | read, holds a batch | read, holds a batch, one open | read, holds a batch, one open, someone sleeps | read, holds a batch, several open | read, holds a batch, someone sleeps | read, holds some | read, holds some, one open | read, someone sleeps | take, holds a batch | take, holds a batch, one open
worker: work; to rest
  read, holds a batch | read, holds a batch, one open | read, holds a batch, one open, someone sleeps | read, holds a batch, several open | read, holds a batch, someone sleeps | read, holds some | read, holds some, one open | take, holds a batch | take, holds a batch, one open | take, holds a batch, one open, someone sleeps | take, holds a batch, several open | take, holds a batch, someone sleeps | take, holds some | take, holds some, one open
worker: work; to take
  park, holds a batch | park, holds a batch, one open | park, holds a batch, one open, someone sleeps | park, holds a batch, several open | park, holds a batch, someone sleeps | park, holds some | park, holds some, one open | read | read, holds a batch | read, holds a batch, one open | read, holds a batch, one open, someone sleeps | read, holds a batch, several open | read, holds a batch, someone sleeps | read, holds some | read, holds some, one open | read, someone sleeps
`,
  moments: `
ack ok
  holds a batch, one open | holds a batch, several open | holds some, one open
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
  holds a batch | holds a batch, one open | nothing held
alloc failed: would block below
  holds a batch | holds a batch, one open | nothing held
discard above
  holds a batch, one open | holds a batch, several open | holds some, one open
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
  holds a batch | holds a batch, one open | holds some | holds some, one open | nothing held
isolate at
  holds a batch | holds a batch, one open | nothing held
offline
  holds a batch | holds a batch, one open | nothing held
online
  holds a batch | holds a batch, one open | nothing held
registered
  nothing held
release unmarked above
  holds a batch | holds a batch, one open | holds some
release unmarked at
  holds a batch | holds a batch, one open
submit a full request
  holds a batch
submit a part
  holds a batch | holds a batch, one open | holds some
unregistered
  nothing held
`,
});
