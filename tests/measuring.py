"""A function's own binary behind Lambda's Runtime API on loopback, beside the local stack: what the measuring scripts share."""

import base64
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time

PATIENCE = 120  # seconds that anything may take to come up
ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
FUNCTIONS = sorted(folder.name for folder in (ROOT / "functions").iterdir() if (folder / "Cargo.toml").exists())


class RuntimeApi(http.server.ThreadingHTTPServer):
    """Lambda's Runtime API, as far as a function needs it: hands out events and takes answers."""

    daemon_threads = True

    def __init__(self, events):
        super().__init__(("127.0.0.1", 0), Handler)
        self.events = list(events)
        self.answers = []
        self.first_next = None
        self.process, self.busy_before = None, 0
        self.drained = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def address(self):
        return f"127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        now = time.perf_counter()
        api = self.server
        if api.first_next is None:
            api.first_next = now
            api.busy_before = processor(api.process) if api.process else 0
        if not api.events:
            # The next invocation never comes: the caller looks at the process, then ends it.
            api.drained.set()
            threading.Event().wait()
        body = json.dumps(api.events.pop(0)).encode()
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", f"00000000-0000-4000-8000-{len(api.answers):012d}")
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int(time.time() * 1000) + 30_000))
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:ap-northeast-1:000000000000:function:bench")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.server.answers.append((self.path, body))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Run:
    """What one process did: milliseconds to its first request for an event, peak memory in MB, milliseconds on a processor
    from then on, answers, and bytes written to its log."""

    def __init__(self, start, peak, busy, answers, logged):
        self.start, self.peak, self.busy, self.answers, self.logged = start, peak, busy, answers, logged


def run(binary, environment, events=()):
    """One process until it has handled the events."""
    api = RuntimeApi(events)
    variables = {
        "AWS_LAMBDA_RUNTIME_API": api.address(),
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "AWS_LAMBDA_FUNCTION_VERSION": "1",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        **environment,
    }
    log = tempfile.TemporaryFile()
    start = time.perf_counter()
    process = os.posix_spawn(binary, [binary], variables, file_actions=[(os.POSIX_SPAWN_DUP2, log.fileno(), 1)])
    api.process = process
    try:
        if not api.drained.wait(PATIENCE):
            raise SystemExit(f"{binary} never asked for another invocation")
        status = pathlib.Path(f"/proc/{process}/status").read_text()
        busy = processor(process) - api.busy_before
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        logged = os.fstat(log.fileno()).st_size
        log.close()
        api.shutdown()
        api.server_close()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    return Run((api.first_next - start) * 1000, peak / 1024, busy, api.answers, logged)


def processor(process):
    """Milliseconds that a process has been on a processor."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def build(examples=()):
    """Release binaries of all functions and of examples of `lambda-kit`, and the program that runs the local stack."""
    cargo = ["cargo", "build", "--locked", "--manifest-path", str(ROOT / "Cargo.toml")]
    packages = [word for function in FUNCTIONS for word in ("--package", function)]
    subprocess.run([*cargo, "--release", "--bins", *packages], check=True)
    for example in examples:
        subprocess.run([*cargo, "--release", "--package", "lambda-kit", "--example", example], check=True)
    subprocess.run([*cargo, "--package", "local"], check=True)
    return str(TARGET / "debug/sekisho")


def release(name):
    return str(TARGET / "release" / name)


def stack(sekisho, folder):
    """The local stack, and the variables under which a function finds it."""
    process = subprocess.Popen([sekisho, "--port", "0"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    variables = pathlib.Path(folder, ".data/functions.env")
    deadline = time.monotonic() + PATIENCE
    # The last variable's line ends the file.
    while not (variables.exists() and variables.read_text().endswith("\n")):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise SystemExit("the local stack did not come up")
        time.sleep(0.05)
    return process, dict(line.split("=", 1) for line in variables.read_text().splitlines())


def event(number, variables, threat=False):
    """A signed reply by a new author, as API Gateway hands it over."""
    secrets = json.loads(pathlib.Path(variables["SEKISHO_SECRETS"].removeprefix("file:")).read_text())
    ours, root = variables["SEKISHO_X_USER_ID"], "9500000000000000001"
    words = f"お前を殺すぞ {number}" if threat else f"{number}日目の一曲もよかったです"
    post = {
        "id": str(9_800_000_000_000_000_000 + number),
        "author_id": str(8_900_000_000_000_000_000 + number),
        "text": f"@SOCKETS_JP {words}",
        "created_at": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
        "conversation_id": root,
        "in_reply_to_user_id": ours,
        "referenced_tweets": [{"type": "replied_to", "id": root}],
    }
    envelope = {"event_uuid": str(number), "filter": {"user_id": ours}, "event_type": "post.reply.create", "payload": post}
    body = json.dumps({"data": envelope}, ensure_ascii=False)
    mac = hmac.new(secrets["x_consumer_secret"][0].encode(), body.encode(), hashlib.sha256).digest()
    http_context = {"method": "POST", "path": "/x", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": ""}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/x",
        "rawQueryString": "",
        "headers": {"x-twitter-webhooks-signature": "sha256=" + base64.b64encode(mac).decode()},
        "requestContext": {"http": http_context, "requestId": "bench", "stage": "$default", "timeEpoch": 0},
        "body": body,
        "isBase64Encoded": False,
    }
