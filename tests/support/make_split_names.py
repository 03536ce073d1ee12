#!/usr/bin/env python3
"""A capture with names in messages of several packets: make_split_names.py FILE

A ClientHello of 1.7 kB to 8.8.8.8 and a request to 8.8.4.4, each in two segments of 1,000 bytes and the
rest; of the request the second one comes first, behind a SYN.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "threads"))
import make_hostile  # noqa: E402  pylint: disable=wrong-import-position


def main(path):
    hello = make_hostile.client_hello("tls.example.com", 1600)
    request = (b"GET /secret HTTP/1.1\r\nCookie: " + b"secret" * 200 +
               b"\r\nHost: http.example.com\r\n\r\n")
    capture = make_hostile.Pcap()
    frames = [(50000, 1, hello[:1000], 16, "08080808"), (50001, 1, b"", 2, "08080404"),
              (50001, 1002, request[1000:], 16, "08080404"),
              (50000, 1001, hello[1000:], 16, "08080808"),
              (50001, 2, request[:1000], 16, "08080404")]
    for i, (port, sequence, payload, flags, to) in enumerate(frames):
        capture.add(i * 10**6, make_hostile.tcp_frame(port, sequence, payload, flags, to))
    pathlib.Path(path).write_bytes(capture.bytes)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
