/** Every transition in the small plans of get-put-hints:migration. Written by bench/known.ts. */
import { known } from "../known.ts";

export const getPutHintsMigration = known({
  plans: 12,
  states: 150612,
  transitions: `
administrator: abort; to nothing under way
  offline: isolate
administrator: abort; to offline: undo
  offline: test
administrator: compact above; nothing else
  get | rest | send | wait | wait, one open
administrator: compact at; nothing else
  get | rest | send | wait | wait, one open
administrator: freeze; nothing else
  rest | rest, no device
administrator: hotplug; pages moved, to nothing under way
  offline: remove | one open, offline: remove
administrator: hotplug; to nothing under way
  offline: undo | one open, offline: undo | one open, online: undo | online: undo
administrator: hotplug; to offline: remove
  offline: test | one open, offline: test
administrator: hotplug; to offline: test
  offline: isolate | one open, offline: isolate
administrator: offline; to offline: isolate
  nothing under way | one open, nothing under way
administrator: online; pages moved, to online: undo
  nothing under way | one open, nothing under way
administrator: thaw; nothing else
  rest, frozen | rest, no device, frozen
cpu: drain; nothing else
  nothing held | one open
hardware: memory-failure below; got by a split
  get | rest | send | wait | wait, one open
hardware: memory-failure below; got whole
  get | rest | send | wait | wait, one open
host: ack; nothing else
  wait, one open
host: discard; nothing else
  one open
host: hint done; is idle, to rest
  get
host: hint done; nothing else
  rest | rest, frozen | rest, no device | rest, no device, frozen | send | wait | wait, one open
host: hint start; asks for a pass, to get
  rest
host: hint start; nothing else
  get | rest, frozen | rest, no device | rest, no device, frozen | send | wait | wait, one open
host: hint stop; is idle, to rest
  get
host: hint stop; nothing else
  rest | rest, frozen | rest, no device | rest, no device, frozen | send | wait | wait, one open
host: register; device moved
  rest, no device | rest, no device, frozen
host: unregister; device moved
  rest | rest, frozen
host: unregister; device moved, to rest
  get
host: unregister; nothing else
  send | wait | wait, one open
user: alloc above; got whole
  get | rest | send | wait | wait, one open
user: alloc above; out of memory
  get | rest | send | wait | wait, one open
user: alloc at; got by a split
  get | rest | send | wait | wait, one open
user: alloc at; got whole
  get | rest | send | wait | wait, one open
user: alloc at; nothing else
  get | rest | send | wait
user: alloc at; out of memory
  get | rest | send | wait | wait, one open
user: alloc at; told to try again
  get | rest | send | wait
user: alloc below; got by a split
  get | rest | send | wait | wait, one open
user: alloc below; got from the CPU's list
  get | rest | send | wait | wait, one open
user: alloc below; got whole
  get | rest | send | wait | wait, one open
user: alloc below; nothing else
  get | rest | send | wait
user: alloc below; out of memory
  get | rest | send | wait | wait, one open
user: alloc below; told to try again
  get | rest | send | wait
user: free above; freed
  get | rest | send | wait | wait, one open
user: free at; freed
  get | get, someone sleeps | rest | rest, someone sleeps | send | send, someone sleeps | wait | wait, one open | wait, someone sleeps
user: free at; merged
  get | get, someone sleeps | rest | rest, someone sleeps | send | send, someone sleeps | wait | wait, one open | wait, one open, someone sleeps | wait, someone sleeps
user: free below; freed
  get | get, someone sleeps | rest | rest, someone sleeps | send | send, someone sleeps | wait | wait, one open | wait, one open, someone sleeps | wait, someone sleeps
user: free below; kept on the CPU's list
  get | rest | send | wait | wait, one open
user: free below; merged
  get | get, someone sleeps | rest | rest, someone sleeps | send | send, someone sleeps | wait | wait, one open | wait, one open, someone sleeps | wait, someone sleeps
user: retry at; got by a split
  nothing held | one open
user: retry at; got whole
  nothing held
user: retry at; out of memory
  nothing held
user: retry below; got by a split
  nothing held | one open
user: retry below; got whole
  nothing held | one open
user: retry below; out of memory
  nothing held
user: retry; nothing else
  nothing held
worker: work; device moved, to rest
  wait
worker: work; is idle, to rest
  get | get, someone sleeps | wait | wait, someone sleeps
worker: work; sends a full request, to wait
  send | send, someone sleeps
worker: work; sends a part, to wait
  send
worker: work; to get
  wait | wait, someone sleeps
worker: work; to send
  get | get, someone sleeps
`,
  moments: `
ack ok
  one open
alloc above
  nothing held | one open
alloc at
  nothing held | one open
alloc below
  nothing held | one open
alloc failed above
  nothing held | one open
alloc failed at
  nothing held | one open
alloc failed below
  nothing held | one open
alloc failed: would block at
  nothing held
alloc failed: would block below
  nothing held
discard at
  one open
free above
  nothing held | one open
free at
  nothing held | one open
free below
  nothing held | one open
idle
  nothing held
offline
  nothing held | one open
online
  nothing held | one open
registered
  nothing held
submit a full request
  nothing held
submit a part
  nothing held
unregistered
  nothing held
`,
});
