"""Workloads run to their end on simulated nodes: jobs, rollouts, sets with names, what events say."""
from kubernetes import client, watch

from _shared import NAMESPACE, deployment, equal, holds, until

core, apps, batch = client.CoreV1Api(), client.AppsV1Api(), client.BatchV1Api()

# A rollout, followed by a watch of the deployment until all is new.
apps.create_namespaced_deployment(NAMESPACE, deployment("web", replicas=3))
until(lambda: apps.read_namespaced_deployment("web", NAMESPACE).status.available_replicas == 3, "three are available")
apps.patch_namespaced_deployment("web", NAMESPACE, {"spec": {"template": {"spec": {"containers": [{"name": "main", "image": "registry.example.com/app:2"}]}}}})
watcher = watch.Watch()
for event in watcher.stream(apps.list_namespaced_deployment, NAMESPACE, field_selector="metadata.name=web", timeout_seconds=90):
    found = event["object"]
    if found.status.observed_generation == found.metadata.generation and (found.status.updated_replicas, found.status.replicas, found.status.available_replicas) == (3, 3, 3):
        watcher.stop()
        break
else:
    raise AssertionError("the rollout did not end")
until(lambda: {p.spec.containers[0].image for p in core.list_namespaced_pod(NAMESPACE, label_selector="app=web").items} == {"registry.example.com/app:2"}, "all pods have the new image")
sets = apps.list_namespaced_replica_set(NAMESPACE, label_selector="app=web").items
equal(sorted(s.metadata.annotations["deployment.kubernetes.io/revision"] for s in sets), ["1", "2"], "revisions")

# A set whose pods have names, each with a claim on its turn.
apps.create_namespaced_stateful_set(NAMESPACE, client.V1StatefulSet(
    metadata=client.V1ObjectMeta(name="db"),
    spec=client.V1StatefulSetSpec(service_name="db", replicas=2, selector=client.V1LabelSelector(match_labels={"app": "db"}),
                                  template=deployment("db").spec.template)))
until(lambda: apps.read_namespaced_stateful_set("db", NAMESPACE).status.ready_replicas == 2, "two of the set are ready")
equal([p.metadata.name for p in core.list_namespaced_pod(NAMESPACE, label_selector="app=db").items], ["db-0", "db-1"], "names in the set")

# Services choose their endpoints.
core.create_namespaced_service(NAMESPACE, client.V1Service(
    metadata=client.V1ObjectMeta(name="web"), spec=client.V1ServiceSpec(selector={"app": "web"}, ports=[client.V1ServicePort(port=80, target_port=8080)])))
addresses = lambda: [e for s in client.DiscoveryV1Api().list_namespaced_endpoint_slice(NAMESPACE, label_selector="kubernetes.io/service-name=web").items for e in s.endpoints or []]
until(lambda: len(addresses()) == 3, "three endpoints")
holds(core.read_namespaced_service("web", NAMESPACE).spec.cluster_ip, "an address of the service")

# A cron job's job can be made by hand, as kubectl does; the job owns its pods.
template = client.V1JobTemplateSpec(spec=client.V1JobSpec(template=client.V1PodTemplateSpec(
    spec=client.V1PodSpec(restart_policy="Never", containers=[client.V1Container(name="main", image="registry.example.com/job:1")]))))
cron = batch.create_namespaced_cron_job(NAMESPACE, client.V1CronJob(metadata=client.V1ObjectMeta(name="nightly"), spec=client.V1CronJobSpec(schedule="0 3 * * *", job_template=template)))
job = batch.create_namespaced_job(NAMESPACE, client.V1Job(
    metadata=client.V1ObjectMeta(name="now", owner_references=[client.V1OwnerReference(api_version="batch/v1", kind="CronJob", name="nightly", uid=cron.metadata.uid, controller=True)]),
    spec=template.spec))
pods = until(lambda: core.list_namespaced_pod(NAMESPACE, label_selector="batch.kubernetes.io/job-name=now").items, "the job has a pod")
equal(pods[0].metadata.owner_references[0].uid, job.metadata.uid, "owner of the pod")
batch.delete_namespaced_cron_job("nightly", NAMESPACE, propagation_policy="Background")
until(lambda: not batch.list_namespaced_job(NAMESPACE).items, "the job is gone with its cron job")

# Events tell what happened.
of = "involvedObject.kind=Deployment,involvedObject.name=web"
until(lambda: any(e.reason == "ScalingReplicaSet" for e in core.list_namespaced_event(NAMESPACE, field_selector=of).items), "an event of the rollout")
