import { total } from "../cart/cart";
import type { Cart } from "../cart/types";

export function printReceipt(cart: Cart): void {
  window.print();
  console.log(total(cart));
}
