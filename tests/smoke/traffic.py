"""The senders: wrk for volume, curl for variety. Each writes its own list of what it sent and what came back."""

from __future__ import annotations

import hashlib
import shutil
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sent import Sent, read_list

HERE = Path(__file__).resolve().parent
WRK_THREADS = 4
WRK_SECONDS = 120  # far above what the requests take
CURL_AT_ONCE = 3

AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
    " Edg/126.0.2592.61",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.6478.72 Mobile"
    " Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
    " MicroMessenger/8.0.49",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "curl/7.88.1",
)


def send_with_wrk(url: str, requests: int, folder: Path) -> list[Sent]:
    each = -(-requests // WRK_THREADS)
    argv = [shutil.which("wrk") or "wrk", f"-t{WRK_THREADS}", f"-c{WRK_THREADS}", f"-d{WRK_SECONDS}s",
            "-s", str(HERE / "traffic.lua"), url, "--", str(folder), str(each)]
    with (folder / "wrk.log").open("w") as log:
        wrk = subprocess.Popen(argv, stdout=log, stderr=subprocess.STDOUT)
    lists = [folder / f"wrk-{thread}.tsv" for thread in range(1, WRK_THREADS + 1)]
    # wrk sleeps out its duration when its threads have ended; an interrupt lets it say its figures and end.
    while wrk.poll() is None and not all(path.exists() for path in lists):
        time.sleep(0.05)
    if wrk.poll() is None:
        wrk.send_signal(signal.SIGINT)
        wrk.wait()
    missing = [path.name for path in lists if not path.exists()]
    if missing:
        raise RuntimeError(f"wrk ended without {', '.join(missing)}:\n{(folder / 'wrk.log').read_text()}")
    return [request for path in lists for request in read_list(path)]


def curl_request(number: int) -> tuple[str, str, list[str], bytes, str]:
    """Method, path, further arguments, body and expected error of the numbered request."""
    name = f"c-{number}"
    match number % 8:
        case 0 | 1:
            body = f"quantity={number}&colour=dark+red&remark={'%C3%A9' * (number % 40)}".encode()
            return "POST", f"/forms/{name}", ["-H", "Content-Type: application/x-www-form-urlencoded"], body, ""
        case 2 | 3:
            body = f'{{"number":{number},"note":"naïve 値 {number}"}}'.encode()
            return "POST", f"/orders/{name}", ["-H", "Content-Type: application/json"], body, ""
        case 4:
            return "GET", f"/missing/{name}", [], b"", "http_error"
        case 5:
            return "GET", f"/fail/{'std' if number % 16 == 5 else 'other'}/{name}", [], b"", "panic"
        case _:
            return "GET", f"/items/{name}", ["-H", "Accept: text/html", "-H", "Cookie: theme=dark"], b"", ""


def send_one_with_curl(url: str, number: int, folder: Path, ca_file: Path) -> Sent:
    method, path, arguments, body, error_type = curl_request(number)
    agent = AGENTS[number % len(AGENTS)]
    received = folder / f"curl-{number}.body"
    data = ["--data-binary", "@-"] if method == "POST" else []
    argv = ["curl", "-sS", "--noproxy", "*", "--cacert", str(ca_file), "-X", method, "-A", agent, *arguments, *data,
            "-o", str(received), "--write-out", "%{http_code} %{size_download}", url + path]
    done = subprocess.run(argv, input=body, capture_output=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(f"curl {method} {path}: {done.stderr.decode().strip()}")
    status, size = map(int, done.stdout.split())
    digest = hashlib.sha256(received.read_bytes() if received.exists() else b"").hexdigest()
    received.unlink(missing_ok=True)
    return Sent(method, path, status, digest, size, agent, len(body), error_type)


def send_with_curl(url: str, requests: int, folder: Path, ca_file: Path) -> list[Sent]:
    """Writes the list as the other sender does, and reads it back: one form for both."""
    with ThreadPoolExecutor(CURL_AT_ONCE) as pool:
        sent = list(pool.map(lambda number: send_one_with_curl(url, number, folder, ca_file), range(requests)))
    path = folder / "curl.tsv"
    path.write_text("".join("\t".join(map(str, vars(request).values())) + "\n" for request in sent))
    return read_list(path)
