// Package cart adds up what is in a cart.
package cart

import "example.com/shop/internal/price"

// Item is one line of a cart.
type Item struct {
	Name  string
	Price price.Cents
}

// Total is the price of all items.
func Total(items []Item) (sum price.Cents) {
	for _, item := range items {
		sum += item.Price
	}
	return sum
}
