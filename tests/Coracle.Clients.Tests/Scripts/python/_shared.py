"""What the scripts share: the configuration, a namespace of one's own, and claims that say what was found instead."""
import atexit
import contextlib
import json
import os
import time

from kubernetes import client, config
from kubernetes.client.rest import ApiException

config.load_kube_config(os.environ["KUBECONFIG"])
NAMESPACE = os.environ["NAMESPACE"]

client.CoreV1Api().create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=NAMESPACE)))
atexit.register(lambda: client.CoreV1Api().delete_namespace(NAMESPACE))


def equal(actual, expected, what):
    if actual != expected:
        raise AssertionError(f"{what}: expected {expected!r}, got {actual!r}")


def holds(claim, what):
    if not claim:
        raise AssertionError(what)


@contextlib.contextmanager
def refused(status, reason, message=None):
    """The lines below are refused, as this client reports a refusal: an ApiException with the server's Status. It is given out, decoded, as it comes."""
    found = {}
    try:
        yield found
    except ApiException as e:
        found.update(json.loads(e.body))
        equal(e.status, status, f"status of {found}")
        equal(found["kind"], "Status", "kind of a refusal")
        equal(found.get("reason"), reason, f"reason of {found}")
        equal(found["code"], status, "code of a refusal")
        if message is not None:
            equal(found["message"], message, "message of a refusal")
    else:
        raise AssertionError(f"expected a refusal with {status} {reason}")


def until(condition, what, seconds=60):
    """What the condition gives, as soon as it is true."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.1)


def config_map(name, labels=None, **data):
    return client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name, labels=labels), data=data or None)


def deployment(name, replicas=1, image="registry.example.com/app:1"):
    return client.V1Deployment(
        metadata=client.V1ObjectMeta(name=name, labels={"app": name}),
        spec=client.V1DeploymentSpec(
            replicas=replicas,
            selector=client.V1LabelSelector(match_labels={"app": name}),
            template=client.V1PodTemplateSpec(
                metadata=client.V1ObjectMeta(labels={"app": name}),
                spec=client.V1PodSpec(containers=[client.V1Container(name="main", image=image)]))))
