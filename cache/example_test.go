package cache_test

import (
	"context"
	"fmt"

	"github.com/eddy-build/eddy/cache"
)

// What is worked out about a symbol is kept until its module changes.
func ExampleSymbols_GetOrLoad() {
	ctx := context.Background()
	limits := cache.Limits{Entries: 1000, Bytes: 1 << 20}
	symbols := cache.NewSymbols([4]cache.Limits{limits, limits, limits, limits}, func(text string) int64 { return int64(len(text)) })
	key := cache.Key{Module: "shop/price.ts", Name: "total"}
	load := func() (string, error) {
		fmt.Println("worked out")
		return "function total(): number", nil
	}
	for range 2 {
		text, err := symbols.GetOrLoad(ctx, cache.ClassFunctions, key, load)
		fmt.Println(text, err)
	}
	symbols.InvalidateModule("shop/price.ts")
	_, known := symbols.Get(cache.ClassFunctions, key)
	stats := symbols.Stats()[cache.ClassFunctions]
	fmt.Println(known, stats.Hits, stats.Misses, stats.Loads, stats.Entries)
	// Output:
	// worked out
	// function total(): number <nil>
	// function total(): number <nil>
	// false 1 2 1 0
}
