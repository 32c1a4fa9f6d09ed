package daemon

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// Handler decides on requests. It is called by several goroutines.
type Handler interface {
	// Accept says at once whether a request will be served.
	Accept(Request) Answer
	// Payload returns the payload of a request that was accepted.
	Payload(ctx context.Context, r Request) ([]byte, error)
}

const (
	maxConnections = 64
	requestTimeout = 5 * time.Second
)

// Serve answers on a listener, which it closes, until ctx is done, nobody has
// asked for as long as idle, or a request finds the server out of date.
func Serve(ctx context.Context, listener net.Listener, handler Handler, idle time.Duration) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(ctx, func() { listener.Close() })()
	// Only while no request is being served does it count as idle.
	var mu sync.Mutex
	busy := 0
	timer := time.AfterFunc(idle, func() {
		mu.Lock()
		defer mu.Unlock()
		if busy == 0 {
			cancel()
		}
	})
	defer timer.Stop()
	use := func(n int) {
		mu.Lock()
		defer mu.Unlock()
		busy += n
		timer.Reset(idle)
	}
	var group sync.WaitGroup
	defer group.Wait()
	places := make(chan struct{}, maxConnections)
	for {
		conn, err := listener.Accept()
		if ctx.Err() != nil {
			if err == nil {
				conn.Close()
			}
			return nil
		}
		if errors.Is(err, net.ErrClosed) {
			return err
		} else if err != nil {
			// Too many open files, or a client that has gone: it will pass.
			select {
			case <-time.After(100 * time.Millisecond):
			case <-ctx.Done():
			}
			continue
		}
		use(1)
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			conn.Close()
			return nil
		}
		group.Go(func() {
			defer func() { <-places }()
			defer conn.Close()
			defer context.AfterFunc(ctx, func() { conn.Close() })()
			if !answer(ctx, conn, handler) {
				cancel()
			}
			use(-1)
		})
	}
}

// answer serves one connection. It reports false where the server is out of date.
func answer(ctx context.Context, conn net.Conn, handler Handler) bool {
	if peerIsSelf(conn) != nil || conn.SetDeadline(time.Now().Add(requestTimeout)) != nil {
		return true
	}
	var request Request
	if readMessage(conn, &request) != nil {
		return true
	}
	a := Answer{Status: Leaving, Message: "another version of Eddy serves this workspace, and ends"}
	if request.Protocol == Protocol {
		a = handler.Accept(request)
	}
	a.Process = os.Getpid()
	// What cannot be written is of no use to anybody: the client does without.
	if writeMessage(conn, a) != nil || a.Status != Served {
		return a.Status != Leaving
	}
	payload, err := handler.Payload(ctx, request)
	if err != nil || conn.SetDeadline(time.Now().Add(answerTimeout)) != nil {
		return true // the client sees the connection end
	}
	_ = writeFrame(conn, payload, maxPayload)
	return true
}
