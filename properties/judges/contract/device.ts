/** The host's device, as `unregistered` and `registered` tell of it. Registered at the start. */
export class Device {
  registered = true;
  /** The number of the event with which it went away, where it did. */
  goneAt = 0;

  goes(at: number): void {
    if (this.registered) this.goneAt = at;
    this.registered = false;
  }

  /** Like the other one. */
  copy({ registered, goneAt }: Device): void {
    this.registered = registered;
    this.goneAt = goneAt;
  }
}
