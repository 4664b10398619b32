/** What a program on a pipe has to keep to, in the words of `wire.md`. */
export const RULES = {
  oneLine:
    "Each line on its standard input is an action; it answers each with exactly one line on standard output; standard error is passed through for the person.",
  start:
    '{"do":"start","geometry":{…}} is answered by {"ready":{"name":"…","does":["alloc","free",…],"claims":[…]}}; a second start is a fresh, empty system.',
  answer: 'An answer is {"events":[…]}: all that happened, in order, the action\'s own event first.',
  stop: '{"do":"stop"} is answered by {"events":[…]}, then the program ends with status 0.',
  text: "Everything is UTF-8 JSON; a .jsonl file holds one object a line.",
  reading: "An unknown `event` or `do`, a missing key, a wrong type, a number out of range or bad UTF-8 is an error.",
  longest: "A line may have 16 MiB.",
  fault:
    'Ending early, a hang, a half line, a second line, text that is no JSON, an answer that does not fit its action, {"error":"…"}, {"unsupported":true} for a listed action, not ending after `stop` or ending otherwise than with 0 is a fault of the adapter.',
} as const;
