package cache

import "github.com/eddy-build/eddy/module"

// Encode gives a state in the format of the store's files, for a program that
// holds it ready for others. It is valid for one key. It returns nil for a state
// that the format cannot hold, of 4 GiB.
func Encode(state *State, key module.Digest) []byte {
	data, _ := encode(state, key)
	return data
}

// Decode reads what Encode gave under the same key. Every failure is a
// [*module.CacheError] with the reason. What it returns looks into data, which
// must not be written to from then on.
func Decode(data []byte, key module.Digest) (*Stored, error) {
	stored, reason := decode(data, key)
	if stored == nil {
		return nil, &module.CacheError{Reason: reason}
	}
	return stored, nil
}
