/**
 * Every failure on record is found again, unaided: random runs from a fixed seed, told only where to look and for what,
 * and shrunk to a story of a few steps. That its file still tells it, counterexamples.test.ts makes sure.
 */
import { NITESH } from "../../properties/findings/nitesh.ts";
import { refound } from "./refound.ts";

refound(NITESH.filter(({ design }) => design !== "bitmap"));
