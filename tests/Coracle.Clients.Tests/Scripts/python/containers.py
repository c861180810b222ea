"""What runs in containers: logs, commands with input and output, attaching, forwarded ports, files."""
import json

from kubernetes import client
from kubernetes.stream import portforward, stream
from kubernetes.stream.ws_client import ERROR_CHANNEL

from _shared import NAMESPACE, equal, holds, refused, until

core = client.CoreV1Api()


def pod(name, command, **more):
    core.create_namespaced_pod(NAMESPACE, client.V1Pod(
        metadata=client.V1ObjectMeta(name=name, labels={"app": name}),
        spec=client.V1PodSpec(termination_grace_period_seconds=0, containers=[client.V1Container(name="main", image="coracle/tests:1", command=command, **more)])))


def ready(name):
    conditions = core.read_namespaced_pod(name, NAMESPACE).status.conditions or []
    return any(c.type == "Ready" and c.status == "True" for c in conditions)


pod("talker", ["sh", "-c", "echo one; echo two >&2; echo three; sleep 3600"])
pod("web", ["sh", "-c", "mkdir /www; echo a page > /www/index.html; httpd -f -p 8080 -h /www"])
pod("echo", ["sh", "-c", "echo ready; cat"], stdin=True, stdin_once=True)
for name in ["talker", "web", "echo"]:
    until(lambda: ready(name), f"{name} is ready")

# Logs: whole, in part, with times, and as they come.
log = until(lambda: (lambda found: found if found.count("\n") == 3 else None)(core.read_namespaced_pod_log("talker", NAMESPACE)), "three lines of log")
equal(sorted(log.split()), ["one", "three", "two"], "a log")
equal(core.read_namespaced_pod_log("talker", NAMESPACE, container="main", tail_lines=1, limit_bytes=3), "thr" if log.endswith("three\n") else "two", "the beginning of a log's last line")
equal(len(core.read_namespaced_pod_log("talker", NAMESPACE, timestamps=True).splitlines()[0].split()), 2, "parts of a line with its time")
with refused(400, "BadRequest", 'previous terminated container "main" in pod "talker" not found'):
    core.read_namespaced_pod_log("talker", NAMESPACE, previous=True)
with refused(400, "BadRequest", "container other is not valid for pod talker"):
    core.read_namespaced_pod_log("talker", NAMESPACE, container="other")
followed = core.read_namespaced_pod_log("talker", NAMESPACE, follow=True, tail_lines=0, _preload_content=False)
lines = (line for line in followed.stream(amt=1))
run = lambda name, *command, **more: stream(core.connect_get_namespaced_pod_exec, name, NAMESPACE, command=list(command), stdout=True, stderr=True, stdin=False, tty=False, **more)
equal(run("talker", "sh", "-c", "echo four > /proc/1/fd/1"), "", "output of a command that speaks into the log")
text = b""
while not text.endswith(b"\n"):
    text += next(lines)
equal(text, b"four\n", "a line that came while the log was followed")
followed.release_conn()

# Commands: what they print, how they end, what they are told.
equal(run("talker", "echo", "hello"), "hello\n", "output of a command")
session = run("talker", "sh", "-c", "echo out; echo err >&2; exit 7", _preload_content=False)
session.run_forever(timeout=60)
equal((session.read_stdout(), session.read_stderr(), session.returncode), ("out\n", "err\n", 7), "output, errors and exit code")
session = stream(core.connect_get_namespaced_pod_exec, "talker", NAMESPACE, command=["sh"], stdin=True, stdout=True, stderr=True, tty=False, _preload_content=False)
session.write_stdin("echo $((40 + 2))\n")
equal(session.readline_stdout(timeout=60), "42", "answer of a shell")
session.write_stdin("exit 3\n")
session.run_forever(timeout=60)
equal(session.returncode, 3, "exit code of a shell")
session = stream(core.connect_get_namespaced_pod_exec, "talker", NAMESPACE, command=["sh", "-c", "test -t 0 && echo terminal"], stdin=True, stdout=True, stderr=False, tty=True, _preload_content=False)
session.run_forever(timeout=60)
equal(session.read_stdout(), "terminal\r\n", "what a command with a terminal prints")
session = run("talker", "absent", _preload_content=False)
session.run_forever(timeout=60)
outcome = json.loads(session.read_channel(ERROR_CHANNEL))
equal((outcome["status"], outcome["reason"]), ("Failure", "InternalError"), "how a command that is not there ends")

# Attached to what runs.
session = stream(core.connect_get_namespaced_pod_attach, "echo", NAMESPACE, container="main", stdin=True, stdout=True, stderr=True, tty=False, _preload_content=False)
session.write_stdin("typed\n")
equal(session.readline_stdout(timeout=60), "typed", "what an attached process answers")
session.close()

# A forwarded port, as a socket.
forwarded = portforward(core.connect_get_namespaced_pod_portforward, "web", NAMESPACE, ports="8080")
socket = forwarded.socket(8080)
socket.setblocking(True)
socket.sendall(b"GET / HTTP/1.0\r\nHost: web\r\n\r\n")
answer = b""
while chunk := socket.recv(1024):
    answer += chunk
socket.close()
holds(answer.endswith(b"a page\n"), f"the page: {answer}")
equal(forwarded.error(8080), None, "errors of a forwarded port")
