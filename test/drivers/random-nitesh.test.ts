/** Random interleavings of the line of Nitesh Lal. */
import { PARTS, tried } from "./tried.ts";

tried(PARTS.nitesh);
