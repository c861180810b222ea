"""Watches: from a list on, resumed where they ended, selected, and refused when they make no sense."""
import threading

from kubernetes import client, dynamic, watch

from _shared import NAMESPACE, config_map, equal, refused, until

core = client.CoreV1Api()
until(lambda: core.list_namespaced_config_map(NAMESPACE).items, "the authority's certificate for pods")
start = core.list_namespaced_config_map(NAMESPACE).metadata.resource_version


def events(count, **options):
    """The next events, as (type, name), and where the watch can be taken up again."""
    watcher, found = watch.Watch(), []
    for event in watcher.stream(core.list_namespaced_config_map, NAMESPACE, timeout_seconds=60, **options):
        found.append((event["type"], event["object"].metadata.name))
        last = event["object"].metadata.resource_version
        if len(found) == count:
            watcher.stop()
    equal(len(found), count, "events before the watch ended")
    return found, last


# From a list on: everything that comes after it, once, in order.
core.create_namespaced_config_map(NAMESPACE, config_map("one", {"watched": "yes"}, n="1"))
core.patch_namespaced_config_map("one", NAMESPACE, {"data": {"n": "2"}})
core.create_namespaced_config_map(NAMESPACE, config_map("two"))
found, last = events(2, resource_version=start)
equal(found, [("ADDED", "one"), ("MODIFIED", "one")], "events after the list")

# Resumed at the last event seen; what happens while the watch runs comes too.
later = threading.Timer(0.5, lambda: core.delete_namespaced_config_map("one", NAMESPACE))
later.start()
found, last = events(2, resource_version=last)
later.join()
equal(found, [("ADDED", "two"), ("DELETED", "one")], "events after the watch was resumed")

# A selector shows an object that comes to match as added, and one that no longer does as deleted.
core.patch_namespaced_config_map("two", NAMESPACE, {"metadata": {"labels": {"watched": "yes"}}})
core.patch_namespaced_config_map("two", NAMESPACE, {"data": {"n": "1"}})
core.patch_namespaced_config_map("two", NAMESPACE, {"metadata": {"labels": {"watched": None}}})
found, _ = events(3, resource_version=last, label_selector="watched=yes")
equal(found, [("ADDED", "two"), ("MODIFIED", "two"), ("DELETED", "two")], "events of what a selector matches")
found, _ = events(1, field_selector="metadata.name=two")
equal(found, [("ADDED", "two")], "events of one object, beginning with what is there")

# A watch ends in order when its time is over.
equal(list(watch.Watch().stream(core.list_namespaced_config_map, NAMESPACE, field_selector="metadata.name=absent", timeout_seconds=1)), [], "events of nothing")

# The dynamic client's watch.
config_maps = dynamic.DynamicClient(client.ApiClient()).resources.get(api_version="v1", kind="ConfigMap")
for event in config_maps.watch(namespace=NAMESPACE, resource_version=last, timeout=60):
    equal((event["type"], event["object"].metadata.name), ("MODIFIED", "two"), "the dynamic client's first event")
    equal(event["raw_object"]["kind"], "ConfigMap", "the kind within an event")
    break

# What is not a revision is refused.
with refused(422, "Invalid", 'configmaps "" is invalid: resourceVersion: Invalid value: "nonsense": strconv.ParseUint: parsing "nonsense": invalid syntax'):
    core.list_namespaced_config_map(NAMESPACE, resource_version="nonsense", watch=True, timeout_seconds=1)
