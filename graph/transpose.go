package graph

// transpose turns all edges around: from rows of targets to rows of sources,
// each with the index of its edge among the targets.
func transpose(start []EdgeID, target []NodeID) (inStart []EdgeID, source []NodeID, edge []EdgeID) {
	inStart = make([]EdgeID, len(start))
	source = make([]NodeID, len(target))
	edge = make([]EdgeID, len(target))
	fillTransposed(start, target, inStart, source, edge)
	return inStart, source, edge
}

// fillTransposed is [transpose] into given memory; inStart is zero.
func fillTransposed(start []EdgeID, target []NodeID, inStart []EdgeID, source []NodeID, edge []EdgeID) {
	for _, t := range target {
		inStart[t+1]++
	}
	for n := range len(inStart) - 1 {
		inStart[n+1] += inStart[n]
	}
	for n := range len(start) - 1 {
		for e := start[n]; e < start[n+1]; e++ {
			i := inStart[target[e]]
			inStart[target[e]]++
			source[i] = NodeID(n)
			edge[i] = e
		}
	}
	unshift(inStart)
}

// unshift turns the ends of consecutive ranges, which is what their starts have
// become by filling the ranges, into the starts again.
func unshift[T any](start []T) {
	var zero T
	copy(start[1:], start)
	start[0] = zero
}
