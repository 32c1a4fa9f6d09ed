import { useState } from "react";
import { newCart, total } from "@/cart/cart";
import type { Cart } from "@/cart/types";

export function Checkout() {
  const [cart] = useState<Cart>(newCart);
  const print = () => import("./receipt").then((m) => m.printReceipt(cart));
  return <button onClick={print}>{total(cart)}</button>;
}
