/** Where the files of this package are: beside the sources as well as beside what is built of them. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A file or folder of the package, by its path in it. */
export function inPackage(...path: readonly string[]): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, "package.json")) && dirname(at) !== at) at = dirname(at);
  return join(at, ...path);
}
