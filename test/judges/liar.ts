/** A view that says something else than is so: for judges to catch. */
import type { View } from "../../model/alphabet/index.ts";

export function liar(view: View, lies: Partial<View>): View {
  return new Proxy(view, {
    get(target, key) {
      if (Object.hasOwn(lies, key)) return Reflect.get(lies, key);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
