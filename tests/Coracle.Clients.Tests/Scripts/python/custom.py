"""A resource of one's own, from its definition to its end, in two versions, through both of this client's ways to unknown types."""
import json

import yaml
from kubernetes import client, dynamic
from kubernetes.dynamic.exceptions import UnprocessibleEntityError

from _shared import NAMESPACE, equal, holds, refused, until

GROUP, PLURAL = "python.clients.example.com", "boats"
custom, extensions = client.CustomObjectsApi(), client.ApiextensionsV1Api()

spec = {"type": "object", "required": ["length"], "properties": {
    "length": {"type": "integer", "minimum": 1},
    "sails": {"type": "integer", "default": 2},
    "crew": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
             "items": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "role": {"type": "string"}}}}},
    "x-kubernetes-validations": [{"rule": "self.sails <= self.length", "message": "more sails than the boat can carry"}]}
schema = {"openAPIV3Schema": {"type": "object", "properties": {
    "spec": spec, "status": {"type": "object", "properties": {"sails": {"type": "integer"}, "phase": {"type": "string"}}}}}}
subresources = {"status": {}, "scale": {"specReplicasPath": ".spec.sails", "statusReplicasPath": ".status.sails"}}
definition = {
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": f"{PLURAL}.{GROUP}"},
    "spec": {"group": GROUP, "scope": "Namespaced", "names": {"plural": PLURAL, "singular": "boat", "kind": "Boat", "shortNames": ["bt"]},
             "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema, "subresources": subresources},
                          {"name": "v1beta1", "served": True, "storage": False, "schema": schema, "subresources": subresources}]}}
extensions.create_custom_resource_definition(definition)


def established():
    conditions = extensions.read_custom_resource_definition(definition["metadata"]["name"]).status.conditions or []
    return {c.type: c.status for c in conditions}.get("Established") == "True"


until(established, "the definition is established", seconds=10)
boat = lambda name, **spec: {"apiVersion": f"{GROUP}/v1", "kind": "Boat", "metadata": {"name": name}, "spec": spec}
at = (GROUP, "v1", NAMESPACE, PLURAL)

# Created with defaults, pruned, read in the other version.
made = custom.create_namespaced_custom_object(*at, boat("ann", length=9, colour="blue"))
equal(made["spec"], {"length": 9, "sails": 2}, "a boat with its defaults and without what is unknown")
other = custom.get_namespaced_custom_object(GROUP, "v1beta1", NAMESPACE, PLURAL, "ann")
equal((other["apiVersion"], other["spec"], other["metadata"]["uid"]), (f"{GROUP}/v1beta1", made["spec"], made["metadata"]["uid"]), "the same boat in the other version")
equal([i["apiVersion"] for i in custom.list_cluster_custom_object(GROUP, "v1beta1", PLURAL)["items"]], [f"{GROUP}/v1beta1"], "versions in a list")

# Refused by schema and by rule, in this client's words and upstream's.
with refused(422, "Invalid", f'Boat.{GROUP} "bad" is invalid: spec.length: Invalid value: 0: spec.length in body should be greater than or equal to 1'):
    custom.create_namespaced_custom_object(*at, boat("bad", length=0, sails=0))
with refused(422, "Invalid") as status:
    custom.create_namespaced_custom_object(*at, boat("bad", length=1))
equal(status["details"]["causes"], [{"reason": "FieldValueInvalid", "message": "Invalid value: more sails than the boat can carry", "field": "spec"}], "causes of what a rule refuses")
with refused(422, "Invalid"):
    custom.create_namespaced_custom_object(*at, boat("bad"))
with refused(409, "AlreadyExists", f'{PLURAL}.{GROUP} "ann" already exists'):
    custom.create_namespaced_custom_object(*at, boat("ann", length=9))
with refused(404, "NotFound", f'{PLURAL}.{GROUP} "absent" not found'):
    custom.get_namespaced_custom_object(*at, "absent")

# Replaced, patched; status and scale apart.
made["spec"]["length"] = 10
made = custom.replace_namespaced_custom_object(*at, "ann", made)
equal(made["metadata"]["generation"], 2, "generation after a change of the spec")
made["status"] = {"phase": "Afloat", "sails": 1}
made["spec"]["length"] = 11
made = custom.replace_namespaced_custom_object_status(*at, "ann", made)
equal((made["status"], made["spec"]["length"], made["metadata"]["generation"]), ({"phase": "Afloat", "sails": 1}, 10, 2), "after a change of the status")
scale = custom.get_namespaced_custom_object_scale(*at, "ann")
equal((scale["kind"], scale["spec"], scale["status"]), ("Scale", {"replicas": 2}, {"replicas": 1}), "scale of a boat")
scale["spec"]["replicas"] = 4
custom.replace_namespaced_custom_object_scale(*at, "ann", scale)
equal(custom.get_namespaced_custom_object(*at, "ann")["spec"]["sails"], 4, "sails after scaling")
found = custom.patch_namespaced_custom_object(*at, "ann", {"spec": {"sails": 5}})
equal(found["spec"]["sails"], 5, "sails after a merge patch")

# The dynamic client learns of it, and of changes by a watch; custom resources have no strategic merge patch.
boats = dynamic.DynamicClient(client.ApiClient()).resources.get(api_version=f"{GROUP}/v1", kind="Boat")
start = boats.get(namespace=NAMESPACE).metadata.resourceVersion
found = boats.patch(name="ann", namespace=NAMESPACE, content_type="application/json-patch+json", body=[{"op": "replace", "path": "/spec/sails", "value": 6}])
equal(found.spec.sails, 6, "sails after a JSON patch")
try:
    boats.patch(name="ann", namespace=NAMESPACE, body={"spec": {"sails": 7}})
    raise AssertionError("a strategic merge patch of a custom resource was taken")
except dynamic.exceptions.DynamicApiError as e:
    equal(e.status, 415, "status of a strategic merge patch")
for event in boats.watch(namespace=NAMESPACE, resource_version=start, timeout=60):
    equal((event["type"], event["object"].spec.sails), ("MODIFIED", 6), "the first event of boats")
    break
try:
    boats.create(namespace=NAMESPACE, body=boat("bad", length=-1))
    raise AssertionError("a boat of negative length was taken")
except UnprocessibleEntityError as e:
    equal(json.loads(e.body)["reason"], "Invalid", "reason of a refusal")

# Two managers apply entries of one list.
crew = lambda *names: yaml.dump({**boat("ann", crew=[{"name": name} for name in names], length=10)})
boats.server_side_apply(name="ann", namespace=NAMESPACE, body=crew("bo"), field_manager="captain", force_conflicts=True)
found = boats.server_side_apply(name="ann", namespace=NAMESPACE, body=crew("cy"), field_manager="mate", force_conflicts=True)
equal([c["name"] for c in found.to_dict()["spec"]["crew"]], ["bo", "cy"], "crew that two managers apply")

# Many are deleted at once; with the definition goes the rest.
for n in range(3):
    custom.create_namespaced_custom_object(*at, boat(f"b{n}", length=3))
custom.delete_namespaced_custom_object(*at, "b0")
equal(len(custom.list_namespaced_custom_object(*at)["items"]), 3, "boats that are left")
custom.delete_collection_namespaced_custom_object(*at)
equal(custom.list_namespaced_custom_object(*at)["items"], [], "boats after all were deleted")
custom.create_namespaced_custom_object(*at, boat("last", length=3))
extensions.delete_custom_resource_definition(definition["metadata"]["name"])


def gone():
    try:
        custom.list_namespaced_custom_object(*at)
    except client.ApiException as e:
        return e.status == 404


until(gone, "the resource is gone with its definition")
