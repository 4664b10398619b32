/** Random interleavings of the line of Alexander Duyck. */
import { PARTS, tried } from "./tried.ts";

tried(PARTS.duyck);
