// Package daemon is how a command asks the server of its workspace for a
// snapshot: the socket, who may use it, and what is said over it. It knows
// nothing of what a snapshot is.
//
// A server listens on a Unix socket in a folder that only its user can enter,
// and holds a lock beside it for as long as it lives, so that a root has one
// server at most and a socket that was left behind is known as such.
//
// A client connects, sends one [Request] and reads one [Answer] and, where its
// status is [Served], one payload; then the connection is closed. Request and
// Answer are JSON of at most 64 KiB, the payload is bytes, at most 1 GiB; each has
// its length before it in four bytes, the most significant first. Whatever goes
// wrong, the client does the work itself.
package daemon

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

// Protocol is the version of what is said; client and server must have the same.
const Protocol = 1

const (
	maxMessage = 64 << 10
	maxPayload = 1 << 30
)

// Request is what a client asks for: the snapshot of a workspace as it is now.
type Request struct {
	Protocol int    `json:"protocol"`
	Tool     string `json:"tool"` // the build of Eddy
	Root     string `json:"root"` // absolute
	Key      string `json:"key"`  // all that the snapshot depends on beside the files
}

// Status says whether a payload follows.
type Status string

// The statuses of an answer.
const (
	Served  Status = "served"
	Other   Status = "other"   // the client's options are not the server's
	Leaving Status = "leaving" // the server is out of date and ends
	Failed  Status = "failed"  // see the message
)

// Answer is what a server says to a request.
type Answer struct {
	Status  Status `json:"status"`
	Message string `json:"message,omitempty"` // for a person
	Process int    `json:"process"`           // the server's
}

func writeMessage(w io.Writer, message any) error {
	data, err := json.Marshal(message)
	if err != nil {
		return err
	}
	return writeFrame(w, data, maxMessage)
}

func readMessage(r io.Reader, message any) error {
	data, err := readFrame(r, maxMessage)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, message)
}

func writeFrame(w io.Writer, data []byte, limit int) error {
	if len(data) > limit {
		return fmt.Errorf("%d bytes are more than the %d of a message", len(data), limit)
	}
	if _, err := w.Write(binary.BigEndian.AppendUint32(nil, uint32(len(data)))); err != nil {
		return err
	}
	_, err := w.Write(data)
	return err
}

func readFrame(r io.Reader, limit int) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if uint64(n) > uint64(limit) {
		return nil, fmt.Errorf("%d bytes are more than the %d of a message", n, limit)
	}
	data := make([]byte, n)
	_, err := io.ReadFull(r, data)
	return data, err
}
