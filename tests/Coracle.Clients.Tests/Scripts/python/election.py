"""Leader election as this client brings it: two candidates, one leads; when it cannot renew any more, the other takes over."""
import json
import threading

from kubernetes import client
from kubernetes.leaderelection import electionconfig, leaderelection
from kubernetes.leaderelection.resourcelock.configmaplock import ConfigMapLock

from _shared import NAMESPACE, equal, holds, until

led, lost = [], []


class Lock(ConfigMapLock):
    """A lock whose holder can be cut off."""
    cut_off = False

    def update(self, name, namespace, updated_record):
        return False if self.cut_off else super().update(name, namespace, updated_record)


def candidate(identity):
    lock = Lock("leader", NAMESPACE, identity)
    settings = electionconfig.Config(lock, lease_duration=8, renew_deadline=3, retry_period=1,
                                     onstarted_leading=lambda: led.append(identity), onstopped_leading=lambda: lost.append(identity))
    threading.Thread(target=leaderelection.LeaderElection(settings).run, daemon=True).start()
    return lock


def holder():
    annotations = client.CoreV1Api().read_namespaced_config_map("leader", NAMESPACE).metadata.annotations
    return json.loads(annotations["control-plane.alpha.kubernetes.io/leader"])["holderIdentity"]


first = candidate("first")
until(lambda: led == ["first"], "the first candidate leads")
equal(holder(), "first", "who holds the lock")
candidate("second")
renewed = lambda: client.CoreV1Api().read_namespaced_config_map("leader", NAMESPACE).metadata.resource_version
version = renewed()
until(lambda: renewed() != version, "the leader renews")
equal(led, ["first"], "who has led while the first renews")

first.cut_off = True
until(lambda: led == ["first", "second"], "the second candidate takes over")
until(lambda: lost == ["first"], "the first has noticed")
holds(holder() == "second", "the second holds the lock")
