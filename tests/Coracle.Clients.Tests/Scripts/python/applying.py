"""Server-side apply from two managers, and manifests from YAML."""
import json

import yaml
from kubernetes import client, dynamic, utils
from kubernetes.dynamic.exceptions import ConflictError

from _shared import NAMESPACE, equal, holds

api = client.ApiClient()
dyn = dynamic.DynamicClient(api)
config_maps = dyn.resources.get(api_version="v1", kind="ConfigMap")


def apply(manager, data, force=None, labels=None):
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shared", "labels": labels}, "data": data}
    # This client sends what is not JSON by its type only as text.
    return config_maps.server_side_apply(name="shared", namespace=NAMESPACE, body=yaml.dump(body), field_manager=manager, force_conflicts=force)


def owners(found):
    return {m["manager"]: sorted(k[2:] for k in m["fieldsV1"]["f:data"] if k != ".") for m in found.to_dict()["metadata"]["managedFields"]}


found = apply("alpha", {"a": "1", "b": "1"})
equal(owners(found), {"alpha": ["a", "b"]}, "owners after the first")
found = apply("beta", {"b": "1", "c": "1"})
equal(owners(found), {"alpha": ["a", "b"], "beta": ["b", "c"]}, "owners after the second, that agrees")

try:
    apply("beta", {"b": "2", "c": "1"})
    raise AssertionError("a conflict was not told")
except ConflictError as e:
    status = json.loads(e.body)
    equal(status["message"], 'Apply failed with 1 conflict: conflict with "alpha": .data.b', "message of a conflict")
    equal(status["details"]["causes"], [{"reason": "FieldManagerConflict", "message": 'conflict with "alpha"', "field": ".data.b"}], "causes of a conflict")

found = apply("beta", {"b": "2", "c": "1"}, force=True)
equal(owners(found), {"alpha": ["a"], "beta": ["b", "c"]}, "owners after force")
equal(found.to_dict()["data"], {"a": "1", "b": "2", "c": "1"}, "data after force")
found = apply("beta", {"c": "1"})
equal(found.to_dict()["data"], {"a": "1", "c": "1"}, "what nobody applies any more is gone")

# An update takes over what it changes.
current = config_maps.get(name="shared", namespace=NAMESPACE)
current.data.a = "9"
found = config_maps.replace(body=current.to_dict(), namespace=NAMESPACE, field_manager="updater")
equal([(m.manager, m.operation) for m in found.metadata.managedFields], [("beta", "Apply"), ("updater", "Update")], "managers after an update, of which one has nothing left")

# Applied where nothing is, it creates.
created = config_maps.server_side_apply(name="fresh", namespace=NAMESPACE, field_manager="alpha",
                                        body=yaml.dump({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "fresh"}, "data": {"color": "red"}}))
holds(created.metadata.uid, "apply creates")

# Manifests of several documents, and what is already there.
manifest = """
apiVersion: v1
kind: Secret
metadata: {name: from-yaml}
stringData: {user: ann}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: from-yaml}
spec:
  replicas: 0
  selector: {matchLabels: {app: y}}
  template:
    metadata: {labels: {app: y}}
    spec: {containers: [{name: main, image: registry.example.com/y}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: from-yaml}
spec: {minAvailable: 50%, selector: {matchLabels: {app: y}}}
"""
utils.create_from_yaml(api, yaml_objects=list(yaml.safe_load_all(manifest)), namespace=NAMESPACE)
equal(client.CoreV1Api().read_namespaced_secret("from-yaml", NAMESPACE).data, {"user": "YW5u"}, "a secret from YAML")
equal(client.PolicyV1Api().read_namespaced_pod_disruption_budget("from-yaml", NAMESPACE).spec.min_available, "50%", "a budget from YAML")
try:
    utils.create_from_yaml(api, yaml_objects=list(yaml.safe_load_all(manifest)), namespace=NAMESPACE)
    raise AssertionError("a second creation was taken")
except utils.FailToCreateError as e:
    equal([json.loads(x.body)["reason"] for x in e.api_exceptions], ["AlreadyExists"] * 3, "reasons of a second creation")
