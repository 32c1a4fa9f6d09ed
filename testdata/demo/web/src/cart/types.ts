import type { Item } from "./item";

export interface Cart {
  items: Item[];
  member: boolean;
}
