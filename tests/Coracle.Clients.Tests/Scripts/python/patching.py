"""Every kind of patch, with this client's two ways to send one."""
from kubernetes import client, dynamic

from _shared import NAMESPACE, config_map, deployment, equal, refused

apps = client.AppsV1Api()
deployments = dynamic.DynamicClient(client.ApiClient()).resources.get(api_version="apps/v1", kind="Deployment")
web = deployment("web", replicas=0)
web.spec.template.spec.containers.append(client.V1Container(name="side", image="registry.example.com/side:1"))
apps.create_namespaced_deployment(NAMESPACE, web)
images = lambda found: {c.name: c.image for c in found.spec.template.spec.containers}

# A dict goes as a strategic merge patch: containers merge by their name.
found = apps.patch_namespaced_deployment("web", NAMESPACE, {"spec": {"template": {"spec": {"containers": [{"name": "main", "image": "registry.example.com/app:2"}]}}}})
equal(images(found), {"main": "registry.example.com/app:2", "side": "registry.example.com/side:1"}, "containers after a strategic merge patch")
found = apps.patch_namespaced_deployment("web", NAMESPACE, {"spec": {"template": {"spec": {"containers": [{"name": "side", "$patch": "delete"}]}}}})
equal(images(found), {"main": "registry.example.com/app:2"}, "containers after a directive to delete one")

# A list goes as a JSON patch.
found = apps.patch_namespaced_deployment("web", NAMESPACE, [
    {"op": "test", "path": "/spec/replicas", "value": 0},
    {"op": "add", "path": "/metadata/annotations", "value": {"example.com/a": "1"}},
    {"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "registry.example.com/app:3"}])
equal((found.metadata.annotations["example.com/a"], images(found)["main"]), ("1", "registry.example.com/app:3"), "after a JSON patch")
found = apps.patch_namespaced_deployment("web", NAMESPACE, [{"op": "move", "from": "/metadata/annotations/example.com~1a", "path": "/metadata/annotations/moved"}])
equal(found.metadata.annotations["moved"], "1", "a moved annotation")
with refused(422, "Invalid"):
    apps.patch_namespaced_deployment("web", NAMESPACE, [{"op": "test", "path": "/spec/replicas", "value": 7}])

# The dynamic client names the type of a patch. A merge patch replaces lists and removes with null.
found = deployments.patch(name="web", namespace=NAMESPACE, content_type="application/merge-patch+json", body={
    "metadata": {"annotations": {"moved": None, "kept": "2"}},
    "spec": {"template": {"spec": {"containers": [{"name": "only", "image": "registry.example.com/only:1"}]}}}})
equal(images(found), {"only": "registry.example.com/only:1"}, "containers after a merge patch")
equal((found.metadata.annotations.kept, found.metadata.annotations.moved), ("2", None), "annotations after a merge patch")
found = deployments.patch(name="web", namespace=NAMESPACE, body={"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}})
equal(found.to_dict()["spec"]["strategy"], {"type": "Recreate"}, "the strategy after $retainKeys")

try:
    deployments.patch(name="web", namespace=NAMESPACE, content_type="application/json", body={})
    raise AssertionError("a patch of an unknown type was taken")
except dynamic.exceptions.DynamicApiError as e:
    equal(e.status, 415, "status of an unknown patch type")
with refused(404, "NotFound", 'deployments.apps "absent" not found'):
    apps.patch_namespaced_deployment("absent", NAMESPACE, {"spec": {"replicas": 1}})
with refused(422, "Invalid"):
    apps.patch_namespaced_deployment("web", NAMESPACE, {"spec": {"selector": {"matchLabels": {"app": "other"}}}})
with refused(409, "Conflict"):
    apps.patch_namespaced_deployment("web", NAMESPACE, {"metadata": {"resourceVersion": "1"}, "spec": {"replicas": 1}})

# A patch that changes nothing writes nothing.
core = client.CoreV1Api()
before = core.create_namespaced_config_map(NAMESPACE, config_map("still", a="1"))
equal(core.patch_namespaced_config_map("still", NAMESPACE, {"data": {"a": "1"}}).metadata.resource_version, before.metadata.resource_version, "the version after no change")
