/** Numbers as a person reads them. */

/** 1234567 as 1,234,567. */
export function count(amount: number): string {
  return amount.toLocaleString("en-US");
}

/** `1,234 actions`, `1 action`. */
export function counted(amount: number, noun: string): string {
  return `${count(amount)} ${noun}${amount === 1 ? "" : "s"}`;
}
