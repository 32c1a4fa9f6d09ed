// types.ts and this file need each other's types alone: nothing is left of that
// at run time, so it is no cycle.
import type { Cart } from "./types";

export interface Item {
  cents: number;
  cart?: Cart;
}
