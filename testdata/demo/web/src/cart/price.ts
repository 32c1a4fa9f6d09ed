import { discount } from "./discount";
import type { Item } from "./item";
import type { Cart } from "./types";

export function priceOf(item: Item, cart: Cart): number {
  return item.cents - discount(item, cart);
}
