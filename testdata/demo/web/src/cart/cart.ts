import { priceOf } from "./price";
import type { Cart } from "./types";

export const memberRate = 0.1;

export function newCart(): Cart {
  return { items: [], member: false };
}

export function total(cart: Cart): number {
  return cart.items.reduce((sum, item) => sum + priceOf(item, cart), 0);
}
