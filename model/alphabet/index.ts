/** The alphabet: the one thing that model, implementation, properties and oracle share. */
export * from "./action.ts";
export * from "./event.ts";
export * from "./geometry.ts";
export * from "./guest.ts";
export * from "./settings.ts";
export * from "./units.ts";
export * from "./wire.ts";
export * from "./words.ts";
export * from "./input-error.ts";
