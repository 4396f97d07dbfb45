"""./run: builds, starts logs-server and the sample services, sends requests through them, and says where to look."""

from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tools.preset import ROOT
from tools.sample import (
    BEAST_PORT,
    BEAST_TLS_PORT,
    HTTPLIB_PORT,
    RELEASE,
    SERVER_PORT,
    Certificate,
    LogsServer,
    SampleService,
    port_or_any,
)
from tools.services import ServiceError

KEPT = ROOT / ".run"
TARGETS = ("logs-server", "httplib_service", "beast_service")
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"
# What is sent at the start, as arguments of curl after its address: something of everything.
REQUESTS = (
    ["/items/1"],
    ["/items/2?colour=dark%20red&token=not-to-be-seen"],
    ["/orders/1", "--json", '{"quantity":3,"note":"as a gift","password":"not-to-be-seen"}'],
    ["/forms/1", "-d", "name=Ada&remark=naïve"],
    ["/missing/1"],
    ["/fail/std/1"],
    ["/fail/other/1"],
    ["/checkout/1", "-d", "user=ada&session=s-1&item=kettle"],
    ["/checkout/2", "-d", "user=ada&session=s-1&item=teapot"],
)


class BuildError(Exception):
    pass


def build() -> None:
    log = ROOT / "build" / "run-build.log"
    log.parent.mkdir(exist_ok=True)
    print(f"building logs-server and the sample services (output in {log.relative_to(ROOT)}) ...", flush=True)
    started = time.monotonic()
    if not (RELEASE.configure(log) and RELEASE.build(log, TARGETS)):
        end = "\n".join(log.read_text(errors="replace").splitlines()[-30:])
        raise BuildError(f"the build failed:\n{end}\n(all of it: {log})")
    print(f"built in {time.monotonic() - started:.0f} s", flush=True)


def send(url: str, certificate: Certificate, *arguments: str) -> None:
    argv = ["curl", "-sS", "--noproxy", "*", "--cacert", str(certificate.file), "-A", AGENT, "-o", "/dev/null", "-w",
            "%{http_code}", url + arguments[0], *arguments[1:]]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
    print(f"  {done.stdout} {' '.join(arguments)}" if done.returncode == 0 else f"  {done.stderr.strip()}", flush=True)


def show(server: LogsServer, httplib: SampleService, beast: SampleService, certificate: Certificate) -> None:
    http, https = beast.urls
    print(f"""
The console:          {server.console}
A sample service:     {httplib.url}  (cpp-httplib)
another sample:       {http}  (Boost.Beast, coroutines)
                      {https} (the same; its certificate is {certificate.file.relative_to(ROOT)})

Send requests of your own, and see them in the console a second later:
  curl {httplib.url}/items/42
  curl --json '{{"quantity":1}}' {httplib.url}/orders/42
  curl {http}/fail/std/42
  curl --cacert {certificate.file.relative_to(ROOT)} {https}/slow
  curl -d 'user=ada&item=teapot' {http}/checkout/42     (also a message, and an error that no status shows)

Find entries by program:
  curl -G -H 'Authorization: Bearer {server.token}' {server.url}/api/v1/logs --data-urlencode 'q=status_code:>=500'

What is stored stays in .run/ for the next ./run; ./run --fresh begins anew. Ctrl-C ends them all.""", flush=True)


def serve() -> int:
    KEPT.mkdir(exist_ok=True)
    certificate = Certificate(KEPT)
    tls = [*certificate.options, "--tls-port", str(port_or_any(BEAST_TLS_PORT))]
    with (LogsServer(KEPT, port_or_any(SERVER_PORT)) as server,
          SampleService("httplib_service", server, KEPT, port_or_any(HTTPLIB_PORT)) as httplib,
          SampleService("beast_service", server, KEPT, port_or_any(BEAST_PORT), tls) as beast):
        for url in (httplib.url, *beast.urls):
            print(f"sending requests to {url}:", flush=True)
            for arguments in REQUESTS:
                send(url, certificate, *arguments)
        show(server, httplib, beast, certificate)
        while server.running and httplib.running and beast.running:
            time.sleep(0.5)
    raise ServiceError("a service has ended by itself; see the logs in .run/")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run", description="Runs logs-server and sample services.")
    parser.add_argument("--fresh", action="store_true", help="begin with an empty data folder")
    parser.add_argument("--smoke", action="store_true", help="2,000 real requests, each compared with its entry")
    arguments = parser.parse_args()
    # Asked to end by a supervisor is the same as Ctrl-C: the services end in order.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        build()
        if arguments.smoke:
            sys.path.insert(0, str(ROOT / "tests" / "smoke"))
            import smoke  # beside its traffic and comparison

            return smoke.main()
        if arguments.fresh:
            shutil.rmtree(KEPT, ignore_errors=True)
        return serve()
    except KeyboardInterrupt:
        print("\nended")
        return 0
    except (BuildError, ServiceError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
