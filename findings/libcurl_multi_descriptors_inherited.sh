#!/usr/bin/env bash
# A program that is started while a libcurl multi handle exists inherits two descriptors of it.
#
# Versions: libcurl 7.84.0 and 8.7.0, as in curl_cffi 0.5.10 and 0.7.4 from PyPI; in 8.11.1, as in pycurl 7.45.4, it is so
# no more.
# Expected: a library closes on exec what it opens for itself, as libcurl does with its connections to servers when the
# application opens them so (CURLOPT_OPENSOCKETFUNCTION).
# Seen: curl_multi_init() makes the pair by which curl_multi_wakeup() wakes the handle without close-on-exec, two sockets
# or a pipe as the platform has it. No option reaches it, and curl_easy_perform() makes a multi handle of its own.
# Every program started later holds both ends for its whole life.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# inherited PACKAGE CODE: what a child process has open beyond the standard three, once CODE has run.
inherited() {
  python3 -m venv "$1" && "$1/bin/pip" install -q --disable-pip-version-check "$1"
  "$1/bin/python" - "$2" <<'PY'
import subprocess, sys
scope = {}
exec(sys.argv[1], scope)
child = "import os\nfor n in os.listdir('/proc/self/fd'):\n if int(n) > 2 and os.path.exists('/proc/self/fd/' + n): print(os.readlink('/proc/self/fd/' + n).split(':')[0])"
before = subprocess.run([sys.executable, "-c", child], close_fds=False, capture_output=True, text=True).stdout.split()
scope["make"]()
after = subprocess.run([sys.executable, "-c", child], close_fds=False, capture_output=True, text=True).stdout.split()
for name in before:
    after.remove(name)
print(scope["version"](), *sorted(after))
PY
}

cffi='
try:
    from curl_cffi._wrapper import ffi, lib
except ImportError:
    from curl_cffi import ffi, lib
kept = []
version = lambda: ffi.string(lib.curl_version()).decode().split()[0]
make = lambda: kept.append(lib.curl_multi_init())'
pycurl='
import pycurl
kept = []
version = lambda: pycurl.version.split()[1]
make = lambda: kept.append(pycurl.CurlMulti())'

failed=0
expect() {
  local seen
  seen=$(inherited "$1" "$2")
  echo "$1: $seen"
  [[ $seen == "$3" ]] || { echo "changed: expected '$3'"; failed=1; }
}
expect curl_cffi==0.5.10 "$cffi" "libcurl/7.84.0 socket socket"
expect curl_cffi==0.7.4 "$cffi" "libcurl/8.7.0-DEV pipe pipe"
expect pycurl==7.45.4 "$pycurl" "libcurl/8.11.1-DEV"
exit "$failed"
