package cache

import "github.com/eddy-build/eddy/module"

// Links are the distinct modules that the Deps of each module lead to, as rows:
// those of module i are Start[i] to Start[i+1]-1, by ascending target. Deps to
// what is no module of the state are left out.
type Links struct {
	Start  []int32 // one more than there are modules
	Target []int32 // number of a module
	First  []int32 // index of the first such Dep in the module's Deps
	Kinds  []module.ImportKinds
	// Count is how many written imports a link stands for, or CountMixed where
	// they are of several kinds or too many.
	Count []uint8
}

// CountMixed is the count of a link that only the Deps can tell.
const CountMixed = 255
