/** Every transition in the small plans of none. Written by bench/known.ts. */
import { known } from "../known.ts";

export const none = known({
  plans: 12,
  states: 1221,
  transitions: `
administrator: abort; to nothing under way
  offline: isolate
administrator: abort; to offline: undo
  offline: test
administrator: compact above; nothing else
  rest
administrator: compact at; nothing else
  rest
administrator: freeze; nothing else
  rest | rest, no device
administrator: hotplug; pages moved, to nothing under way
  offline: remove
administrator: hotplug; to nothing under way
  offline: undo | online: undo
administrator: hotplug; to offline: remove
  offline: test
administrator: hotplug; to offline: test
  offline: isolate
administrator: offline; to offline: isolate
  nothing under way
administrator: online; pages moved, to online: undo
  nothing under way
administrator: thaw; nothing else
  rest, frozen | rest, no device, frozen
cpu: drain; nothing else
  nothing held
hardware: memory-failure below; got by a split
  rest
hardware: memory-failure below; got whole
  rest
host: register; device moved
  rest, no device | rest, no device, frozen
host: unregister; device moved
  rest | rest, frozen
user: alloc above; got whole
  rest
user: alloc above; out of memory
  rest
user: alloc at; got by a split
  rest
user: alloc at; got whole
  rest
user: alloc at; nothing else
  rest
user: alloc at; out of memory
  rest
user: alloc at; told to try again
  rest
user: alloc below; got by a split
  rest
user: alloc below; got from the CPU's list
  rest
user: alloc below; got whole
  rest
user: alloc below; nothing else
  rest
user: alloc below; out of memory
  rest
user: alloc below; told to try again
  rest
user: free above; freed
  rest
user: free at; freed
  rest | rest, someone sleeps
user: free at; merged
  rest | rest, someone sleeps
user: free below; freed
  rest | rest, someone sleeps
user: free below; kept on the CPU's list
  rest
user: free below; merged
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
`,
  moments: `
alloc above
  nothing held
alloc at
  nothing held
alloc below
  nothing held
alloc failed above
  nothing held
alloc failed at
  nothing held
alloc failed below
  nothing held
alloc failed: would block at
  nothing held
alloc failed: would block below
  nothing held
free above
  nothing held
free at
  nothing held
free below
  nothing held
offline
  nothing held
online
  nothing held
registered
  nothing held
unregistered
  nothing held
`,
});
