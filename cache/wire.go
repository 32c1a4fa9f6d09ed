package cache

import "github.com/eddy-build/eddy/module"

// Encode gives a state in the format of the store's files, for a program that
// holds it ready for others. It is valid for one key.
func Encode(state *State, key module.Digest) []byte { return encode(state, key) }

// Decode reads what Encode gave under the same key. Every failure is a
// [*module.CacheError] with the reason. The state's strings look into data,
// which must not be written to from then on.
func Decode(data []byte, key module.Digest) (*State, error) {
	state, reason := decode(data, key)
	if state == nil {
		return nil, &module.CacheError{Reason: reason}
	}
	return state, nil
}
