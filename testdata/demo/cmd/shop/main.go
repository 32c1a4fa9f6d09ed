// Command shop totals a cart.
package main

import (
	"fmt"
	"os"

	"example.com/shop/internal/cart"
	"example.com/shop/internal/store"
)

func main() {
	items, err := store.Load(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "shop:", err)
		os.Exit(1)
	}
	fmt.Println(cart.Total(items))
}
