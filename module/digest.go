package module

import (
	"crypto/sha256"
	"encoding/hex"
)

// Digest is a SHA-256. The zero digest means "not computed".
type Digest [sha256.Size]byte

// DigestOf returns the digest of some bytes.
func DigestOf(b []byte) Digest { return sha256.Sum256(b) }

// String returns the digest in lower-case hexadecimal.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// IsZero reports whether the digest was not computed.
func (d Digest) IsZero() bool { return d == Digest{} }
