"""Objects from their creation to their end: reading, selecting, paging, replacing, refusals, deletion in each propagation."""
from kubernetes import client

from _shared import NAMESPACE, config_map, deployment, equal, holds, refused, until

core, apps = client.CoreV1Api(), client.AppsV1Api()

# Every namespace gets one for its pods, a moment after its creation.
until(lambda: core.list_namespaced_config_map(NAMESPACE).items, "the authority's certificate for pods")

# Created, read, replaced.
made = core.create_namespaced_config_map(NAMESPACE, config_map("first", {"n": "1"}, color="red"))
holds(made.metadata.uid and made.metadata.resource_version and made.metadata.creation_timestamp.tzinfo, "the server's part of the metadata")
equal(core.read_namespaced_config_map("first", NAMESPACE).data, {"color": "red"}, "data as read")
made.data = {"color": "green"}
replaced = core.replace_namespaced_config_map("first", NAMESPACE, made)
equal(replaced.data, {"color": "green"}, "data as replaced")
holds(replaced.metadata.resource_version != made.metadata.resource_version, "a change gives a new resource version")
equal(replaced.metadata.managed_fields[0].operation, "Update", "operation of the owner")

# Refusals come as this client's exception with upstream's words.
with refused(404, "NotFound", 'configmaps "absent" not found') as status:
    core.read_namespaced_config_map("absent", NAMESPACE)
equal(status["details"], {"name": "absent", "kind": "configmaps"}, "details of a 404")
with refused(409, "AlreadyExists", 'configmaps "first" already exists'):
    core.create_namespaced_config_map(NAMESPACE, config_map("first"))
with refused(409, "Conflict", 'Operation cannot be fulfilled on configmaps "first": the object has been modified; please apply your changes to the latest version and try again'):
    core.replace_namespaced_config_map("first", NAMESPACE, made)
with refused(422, "Invalid") as status:
    core.create_namespaced_config_map(NAMESPACE, config_map("Not_A_Name"))
equal([(c["reason"], c["field"]) for c in status["details"]["causes"]], [("FieldValueInvalid", "metadata.name")], "causes of a 422")
bad = deployment("bad")
bad.spec.replicas = -1
bad.spec.selector.match_labels = {"app": "other"}
with refused(422, "Invalid") as status:
    apps.create_namespaced_deployment(NAMESPACE, bad)
equal([c["field"] for c in status["details"]["causes"]], ["spec.replicas", "spec.template.metadata.labels"], "fields of a 422")
with refused(400, "BadRequest"):
    core.list_namespaced_config_map(NAMESPACE, label_selector="a in (")
with refused(404, "NotFound", 'namespaces "absent" not found'):
    core.create_namespaced_config_map("absent", config_map("x"))

# A dry run says what would be and leaves nothing.
equal(core.create_namespaced_config_map(NAMESPACE, config_map("dry"), dry_run="All").metadata.name, "dry", "the answer of a dry run")
with refused(404, "NotFound"):
    core.read_namespaced_config_map("dry", NAMESPACE)

# Selected by labels and fields.
for n in range(25):
    core.create_namespaced_config_map(NAMESPACE, config_map(f"many-{n:02}", {"set": "many", "parity": "even" if n % 2 == 0 else "odd"}))
names = lambda found: [item.metadata.name for item in found.items]
equal(len(names(core.list_namespaced_config_map(NAMESPACE, label_selector="set=many,parity!=odd"))), 13, "config maps by labels")
equal(len(names(core.list_namespaced_config_map(NAMESPACE, label_selector="parity in (odd, neither),set"))), 12, "config maps by a set of values")
equal(names(core.list_namespaced_config_map(NAMESPACE, field_selector="metadata.name=many-07")), ["many-07"], "config maps by name")
equal(names(core.list_config_map_for_all_namespaces(field_selector=f"metadata.namespace={NAMESPACE}", label_selector="n")), ["first"], "config maps of all namespaces")

# Page by page: every object once, all of one revision, though things change meanwhile.
pages, token, versions, left = [], None, set(), []
while True:
    page = core.list_namespaced_config_map(NAMESPACE, label_selector="set=many", limit=10, _continue=token)
    pages.append(names(page))
    versions.add(page.metadata.resource_version)
    left.append(page.metadata.remaining_item_count)
    if len(pages) == 1:
        core.delete_namespaced_config_map("many-20", NAMESPACE)
        core.create_namespaced_config_map(NAMESPACE, config_map("many-99", {"set": "many"}))
    token = page.metadata._continue
    if not token:
        break
equal([len(page) for page in pages], [10, 10, 5], "sizes of pages")
equal(sum(pages, []), [f"many-{n:02}" for n in range(25)], "objects over all pages")
equal(len(versions), 1, "revisions of the pages")
equal(left, [None, None, None], "what remains, which a selector leaves open")
equal(core.list_namespaced_config_map(NAMESPACE, limit=10).metadata.remaining_item_count, 17, "what remains without a selector")

# Deleted one by one, all that are selected, and with what is owned or without.
gone = core.delete_namespaced_config_map("many-00", NAMESPACE)
equal((gone.status, gone.details.name, gone.details.kind), ("Success", "many-00", "configmaps"), "the answer of a deletion")
with refused(409, "Conflict"):
    core.delete_namespaced_config_map("many-01", NAMESPACE, body=client.V1DeleteOptions(preconditions=client.V1Preconditions(uid="another")))
core.delete_collection_namespaced_config_map(NAMESPACE, label_selector="set=many")
equal(names(core.list_namespaced_config_map(NAMESPACE, label_selector="set=many")), [], "what is left of a deleted collection")

for policy, owned_stay in [("Orphan", True), ("Foreground", False), ("Background", False)]:
    name = f"web-{policy.lower()}"
    apps.create_namespaced_deployment(NAMESPACE, deployment(name, replicas=0))
    owned = lambda: apps.list_namespaced_replica_set(NAMESPACE, label_selector=f"app={name}").items
    until(owned, f"{name} has a replica set")
    apps.delete_namespaced_deployment(name, NAMESPACE, propagation_policy=policy)

    def deployment_gone():
        try:
            apps.read_namespaced_deployment(name, NAMESPACE)
        except client.ApiException as e:
            return e.status == 404
    until(deployment_gone, f"{name} is gone")
    if owned_stay:
        equal([o.metadata.owner_references for o in owned()], [None], "owners of what was left behind")
    else:
        until(lambda: not owned(), f"what {name} owned is gone")
