import type { Item } from "./item";
import type { Cart } from "./types";
import { memberRate } from "./cart";

export function discount(item: Item, cart: Cart): number {
  return cart.member ? item.cents * memberRate : 0;
}
