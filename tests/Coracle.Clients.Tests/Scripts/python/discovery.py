"""What a server says of itself, through each of this client's ways to ask."""
from kubernetes import client, dynamic
from kubernetes.dynamic.exceptions import ResourceNotFoundError

from _shared import equal, holds, refused

version = client.VersionApi().get_code()
equal((version.major, version.minor), ("1", "36"), "version")
holds(version.git_version.startswith("v1.36."), f"git version {version.git_version}")

core = client.CoreApi().get_api_versions()
equal(core.versions, ["v1"], "versions of the core group")
holds(core.server_address_by_client_cid_rs[0].server_address, "an address for clients")

groups = {group.name: group for group in client.ApisApi().get_api_versions().groups}
for name, preferred in [("apps", "v1"), ("batch", "v1"), ("autoscaling", "v2"), ("networking.k8s.io", "v1"), ("apiextensions.k8s.io", "v1")]:
    equal(groups[name].preferred_version.version, preferred, f"preferred version of {name}")
equal([v.version for v in groups["autoscaling"].versions], ["v2", "v1"], "versions of autoscaling")
equal(client.AppsApi().get_api_group().preferred_version.group_version, "apps/v1", "preferred version in the group's own document")

resources = {resource.name: resource for resource in client.CoreV1Api().get_api_resources().resources}
equal(resources["pods"].short_names, ["po"], "short names of pods")
equal(resources["pods"].categories, ["all"], "categories of pods")
equal(resources["nodes"].namespaced, False, "scope of nodes")
for name in ["pods/log", "pods/exec", "pods/eviction", "pods/binding", "serviceaccounts/token", "namespaces/finalize", "replicationcontrollers/scale"]:
    holds(name in resources, f"{name} is served")
scale = next(r for r in client.AppsV1Api().get_api_resources().resources if r.name == "deployments/scale")
equal((scale.group, scale.version, scale.kind), ("autoscaling", "v1", "Scale"), "kind of deployments/scale")

# The dynamic client reads the same and finds resources by kind, plural and short name.
dyn = dynamic.DynamicClient(client.ApiClient())
equal(dyn.version["kubernetes"]["gitVersion"], version.git_version, "the dynamic client's version")
equal(dyn.resources.get(api_version="v1", kind="Pod").name, "pods", "resource of the kind Pod")
equal(dyn.resources.get(group="apps", api_version="v1", kind="Deployment").subresources["scale"].kind, "Scale", "scale of deployments")
equal({r.group for r in dyn.resources.search(kind="Event")}, {"", "events.k8s.io"}, "groups with a kind Event")
equal(dyn.resources.get(short_names=["deploy"]).kind, "Deployment", "kind with the short name deploy")
try:
    dyn.resources.get(api_version="example.com/v1", kind="Nothing")
    raise AssertionError("a kind that is not served was found")
except ResourceNotFoundError:
    pass

# Who one is, what one may, and how tokens can be checked from outside.
review = client.AuthorizationV1Api().create_self_subject_access_review(client.V1SelfSubjectAccessReview(
    spec=client.V1SelfSubjectAccessReviewSpec(resource_attributes=client.V1ResourceAttributes(verb="delete", resource="nodes"))))
equal(review.status.allowed, True, "an administrator may delete nodes")
keys = client.OpenidApi().get_service_account_issuer_open_id_keyset()
holds("kty" in str(keys), f"keys of the issuer: {keys}")
holds("issuer" in client.WellKnownApi().get_service_account_issuer_open_id_configuration(), "the issuer's configuration")

with refused(404, "NotFound"):
    client.CustomObjectsApi().list_cluster_custom_object("example.com", "v1", "nothings")
