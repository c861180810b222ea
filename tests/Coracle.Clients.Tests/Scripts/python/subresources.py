"""Status, scale, eviction, binding, tokens and finalizers: what is written apart from its object."""
import base64
import json

from kubernetes import client

from _shared import NAMESPACE, deployment, equal, holds, refused, until

core, apps, policy = client.CoreV1Api(), client.AppsV1Api(), client.PolicyV1Api()

# Scale, read and written in each way.
apps.create_namespaced_deployment(NAMESPACE, deployment("web", replicas=2))
scale = apps.read_namespaced_deployment_scale("web", NAMESPACE)
equal((scale.kind, scale.api_version, scale.spec.replicas), ("Scale", "autoscaling/v1", 2), "a scale as read")
equal(apps.patch_namespaced_deployment_scale("web", NAMESPACE, {"spec": {"replicas": 3}}).spec.replicas, 3, "a scale as patched")
with refused(409, "Conflict"):
    apps.replace_namespaced_deployment_scale("web", NAMESPACE, scale)
with refused(422, "Invalid"):
    apps.patch_namespaced_deployment_scale("web", NAMESPACE, {"spec": {"replicas": -1}})
available = until(lambda: (lambda found: found if found.status.available_replicas == 3 else None)(apps.read_namespaced_deployment_status("web", NAMESPACE)), "three replicas are available")
equal({c.type: c.status for c in available.status.conditions}, {"Available": "True", "Progressing": "True"}, "conditions of a deployment")
equal(apps.read_namespaced_deployment_scale("web", NAMESPACE).status.selector, "app=web", "the selector of a scale")

# A status is written through its own door only, and that door writes nothing else.
node = client.V1Node(metadata=client.V1ObjectMeta(name=f"{NAMESPACE}-node", labels={"for": NAMESPACE}), spec=client.V1NodeSpec(unschedulable=True))
core.create_node(node)
patched = core.patch_node_status(node.metadata.name, {"spec": {"unschedulable": False}, "status": {"capacity": {"example.com/gadget": "4"}}})
equal((patched.status.capacity["example.com/gadget"], patched.spec.unschedulable), ("4", True), "a node after a patch of its status")
patched = core.patch_node(node.metadata.name, {"status": {"capacity": {"example.com/gadget": "9"}}})
equal(patched.status.capacity["example.com/gadget"], "4", "capacity after a patch that is not of the status")
core.delete_node(node.metadata.name)

# A budget holds an eviction up.
policy.create_namespaced_pod_disruption_budget(NAMESPACE, client.V1PodDisruptionBudget(
    metadata=client.V1ObjectMeta(name="web"),
    spec=client.V1PodDisruptionBudgetSpec(min_available=3, selector=client.V1LabelSelector(match_labels={"app": "web"}))))
until(lambda: policy.read_namespaced_pod_disruption_budget("web", NAMESPACE).status.expected_pods == 3, "the budget counts its pods")
pod = core.list_namespaced_pod(NAMESPACE, label_selector="app=web").items[0].metadata.name
eviction = client.V1Eviction(metadata=client.V1ObjectMeta(name=pod, namespace=NAMESPACE))
with refused(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.") as status:
    core.create_namespaced_pod_eviction(pod, NAMESPACE, eviction)
equal([c["reason"] for c in status["details"]["causes"]], ["DisruptionBudget"], "causes of a refused eviction")
policy.delete_namespaced_pod_disruption_budget("web", NAMESPACE)
core.create_namespaced_pod_eviction(pod, NAMESPACE, eviction)
until(lambda: pod not in [p.metadata.name for p in core.list_namespaced_pod(NAMESPACE).items], "the evicted pod is gone")

# A pod that waits for a scheduler of its own is bound by whoever plays it, once.
core.create_namespaced_pod(NAMESPACE, client.V1Pod(
    metadata=client.V1ObjectMeta(name="mine"),
    spec=client.V1PodSpec(scheduler_name="mine", containers=[client.V1Container(name="main", image="registry.example.com/app:1")])))
target = core.list_node(label_selector="kubernetes.io/os=linux").items[0].metadata.name
binding = client.V1Binding(metadata=client.V1ObjectMeta(name="mine"), target=client.V1ObjectReference(api_version="v1", kind="Node", name=target))
core.create_namespaced_binding(NAMESPACE, binding, _preload_content=False)
until(lambda: core.read_namespaced_pod("mine", NAMESPACE).status.phase == "Running", "the pod that was bound runs")
equal(core.read_namespaced_pod("mine", NAMESPACE).spec.node_name, target, "where the pod runs")
with refused(409, "Conflict"):
    core.create_namespaced_binding(NAMESPACE, binding, _preload_content=False)

# A token for a service account says who it is for, and works.
core.create_namespaced_service_account(NAMESPACE, client.V1ServiceAccount(metadata=client.V1ObjectMeta(name="robot")))
token = core.create_namespaced_service_account_token("robot", NAMESPACE, client.AuthenticationV1TokenRequest(
    spec=client.V1TokenRequestSpec(audiences=[], expiration_seconds=600))).status.token
payload = token.split(".")[1]
claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
equal(claims["sub"], f"system:serviceaccount:{NAMESPACE}:robot", "whom a token is for")
equal(claims["exp"] - claims["iat"], 600, "how long a token lasts")
review = client.AuthenticationV1Api().create_token_review(client.V1TokenReview(spec=client.V1TokenReviewSpec(token=token)))
equal((review.status.authenticated, review.status.user.username), (True, claims["sub"]), "a review of the token")
settings = client.Configuration.get_default_copy()
settings.cert_file = settings.key_file = None
settings.api_key = {"authorization": f"Bearer {token}"}
robot = client.CoreV1Api(client.ApiClient(settings))
with refused(403, "Forbidden", f'pods is forbidden: User "{claims["sub"]}" cannot list resource "pods" in API group "" in the namespace "{NAMESPACE}"'):
    robot.list_namespaced_pod(NAMESPACE)
client.RbacAuthorizationV1Api().create_namespaced_role(NAMESPACE, client.V1Role(
    metadata=client.V1ObjectMeta(name="reader"), rules=[client.V1PolicyRule(api_groups=[""], resources=["pods"], verbs=["list"])]))
client.RbacAuthorizationV1Api().create_namespaced_role_binding(NAMESPACE, client.V1RoleBinding(
    metadata=client.V1ObjectMeta(name="robot-reads"), role_ref=client.V1RoleRef(api_group="rbac.authorization.k8s.io", kind="Role", name="reader"),
    subjects=[{"kind": "ServiceAccount", "name": "robot", "namespace": NAMESPACE}]))
holds(robot.list_namespaced_pod(NAMESPACE).items, "pods, as seen by the service account")

# A finalizer keeps an object until it is taken off.
core.create_namespaced_config_map(NAMESPACE, client.V1ConfigMap(metadata=client.V1ObjectMeta(name="held", finalizers=["example.com/hold"])))
core.delete_namespaced_config_map("held", NAMESPACE)
holds(core.read_namespaced_config_map("held", NAMESPACE).metadata.deletion_timestamp, "a held object is marked")
core.patch_namespaced_config_map("held", NAMESPACE, [{"op": "remove", "path": "/metadata/finalizers"}])
with refused(404, "NotFound"):
    core.read_namespaced_config_map("held", NAMESPACE)
