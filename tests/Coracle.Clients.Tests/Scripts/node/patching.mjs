// Every kind of patch, server-side apply, and objects of any kind through one API.
import * as k8s from '@kubernetes/client-node';
import { apps, config, core, deployment, equal, holds, isGone, namespace, refused, script, until } from './_shared.mjs';

const as = (strategy) => k8s.setHeaderOptions('Content-Type', strategy);
const images = (found) => Object.fromEntries(found.spec.template.spec.containers.map((c) => [c.name, c.image]));
const containers = (...list) => ({ spec: { template: { spec: { containers: list } } } });

await script(async () => {
  const web = { name: 'web', namespace };
  await apps.createNamespacedDeployment({ namespace, body: deployment('web', 0) });
  let found = await apps.patchNamespacedDeployment({ ...web, body: containers({ name: 'side', image: 'side:1' }) }, as(k8s.PatchStrategy.StrategicMergePatch));
  equal(images(found), { side: 'side:1', main: 'registry.example.com/app:1' }, 'containers after a strategic merge patch');
  found = await apps.patchNamespacedDeployment({ ...web, body: [{ op: 'test', path: '/spec/replicas', value: 0 }, { op: 'remove', path: '/spec/template/spec/containers/0' }] }, as(k8s.PatchStrategy.JsonPatch));
  equal(Object.keys(images(found)), ['main'], 'containers after a JSON patch');
  found = await apps.patchNamespacedDeployment({ ...web, body: containers({ name: 'only', image: 'only:1' }) }, as(k8s.PatchStrategy.MergePatch));
  equal(images(found), { only: 'only:1' }, 'containers after a merge patch');
  await refused(422, 'Invalid', () => apps.patchNamespacedDeployment({ ...web, body: [{ op: 'test', path: '/spec/replicas', value: 7 }] }, as(k8s.PatchStrategy.JsonPatch)));
  await refused(415, 'UnsupportedMediaType', () => apps.patchNamespacedDeployment({ ...web, body: {} }, as('application/json')));

  // Scale and status. The controller writes too: a conflict is tried again.
  await until('the scale is replaced', async () => {
    const scale = await apps.readNamespacedDeploymentScale(web);
    scale.spec.replicas = 2;
    return apps.replaceNamespacedDeploymentScale({ ...web, body: scale }).catch((e) => e.code === 409 ? false : Promise.reject(e));
  });
  await until('two replicas are available', async () => (await apps.readNamespacedDeploymentStatus(web)).status.availableReplicas === 2);
  found = await apps.patchNamespacedDeploymentStatus({ ...web, body: { spec: { replicas: 9 }, metadata: { annotations: { by: 'status' } } } }, as(k8s.PatchStrategy.MergePatch));
  equal(found.spec.replicas, 2, 'replicas after a patch of the status');

  // Two managers apply.
  const apply = (fieldManager, data, force) => core.patchNamespacedConfigMap(
    { name: 'shared', namespace, fieldManager, force, body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shared' }, data } }, as(k8s.PatchStrategy.ServerSideApply));
  await apply('alpha', { a: '1', b: '1' });
  const conflict = await refused(409, 'Conflict', () => apply('beta', { b: '2' }), 'Apply failed with 1 conflict: conflict with "alpha": .data.b');
  equal(conflict.details.causes.map((c) => [c.reason, c.field]), [['FieldManagerConflict', '.data.b']], 'causes of a conflict');
  found = await apply('beta', { b: '2' }, true);
  equal(found.data, { a: '1', b: '2' }, 'data after force');
  equal(found.metadata.managedFields.map((m) => [m.manager, m.fieldsV1]), [['alpha', { 'f:data': { 'f:a': {} } }], ['beta', { 'f:data': { 'f:b': {} } }]], 'owners after force');
  await refused(422, 'Invalid', () => apply(undefined, { b: '2' }), 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch');

  // Objects of any kind, found by what they say they are.
  const objects = k8s.KubernetesObjectApi.makeApiClient(config);
  const documents = k8s.loadAllYaml(`
apiVersion: v1
kind: Secret
metadata: {name: any, namespace: ${namespace}}
stringData: {user: ann}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: any, namespace: ${namespace}}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: any, namespace: ${namespace}}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
`);
  for (const document of documents) {
    const created = await objects.create(document);
    equal([created.apiVersion, created.kind, created.metadata.name], [document.apiVersion, document.kind, 'any'], 'what was created');
    const patched = await objects.patch({ ...document, metadata: { ...document.metadata, labels: { patched: 'yes' } } }, undefined, undefined, 'any', true, k8s.PatchStrategy.ServerSideApply);
    equal(patched.metadata.labels, { patched: 'yes' }, `labels of a ${document.kind}`);
    equal((await objects.read(document)).metadata.uid, created.metadata.uid, `uid of a ${document.kind}`);
    equal((await objects.list(document.apiVersion, document.kind, namespace, undefined, undefined, undefined, undefined, 'patched=yes')).items.length, 1, `a list of ${document.kind}`);
    await objects.delete(document);
    holds(await isGone(() => objects.read(document)), `a ${document.kind} is gone`);
  }
  await refused(404, 'NotFound', () => objects.read({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'absent', namespace } }), 'configmaps "absent" not found');
});
