package daemon

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"syscall"
	"time"
)

// How long a client waits before it does the work itself: for the server to be
// there and to say whether it will answer, and for the answer.
const (
	helloTimeout  = 2 * time.Second
	answerTimeout = time.Minute
)

// Ask asks the server on a socket. The payload is nil unless the answer's status
// is Served. Any error means that there is no answer to be had.
func Ask(ctx context.Context, socket string, request Request) (Answer, []byte, error) {
	dialer := net.Dialer{Timeout: helloTimeout}
	conn, err := dialer.DialContext(ctx, "unix", socket)
	if err != nil {
		return Answer{}, nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if err := peerIsSelf(conn); err != nil {
		return Answer{}, nil, err
	}
	request.Protocol = Protocol
	if err := conn.SetDeadline(time.Now().Add(helloTimeout)); err != nil {
		return Answer{}, nil, err
	}
	if err := writeMessage(conn, request); err != nil {
		return Answer{}, nil, fmt.Errorf("ask the server: %w", err)
	}
	var answer Answer
	if err := readMessage(conn, &answer); err != nil {
		return Answer{}, nil, fmt.Errorf("read the server's answer: %w", err)
	}
	if answer.Status != Served {
		return answer, nil, nil
	}
	if err := conn.SetDeadline(time.Now().Add(answerTimeout)); err != nil {
		return Answer{}, nil, err
	}
	payload, err := readFrame(conn, maxPayload)
	if err != nil {
		return Answer{}, nil, fmt.Errorf("read the server's answer: %w", err)
	}
	return answer, payload, nil
}

// NotThere reports whether an error of Ask says that no server is running.
func NotThere(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED)
}
