/** Random interleavings of the designs in which the host asks, and of none. */
import { PARTS, tried } from "./tried.ts";

tried(PARTS.hostDriven);
